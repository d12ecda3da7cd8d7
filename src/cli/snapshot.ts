/** `holdfast snapshot` writes a snapshot of a stopped folder; the next start then replays less. */
import { snapshotPositions } from '../store/snapshot-files.ts';
import type { CliCommand } from './command.ts';
import { readFolderArgs, requireLog } from './folder-flags.ts';
import { openStopped } from './opened.ts';

export const snapshot: CliCommand = {
  summary: 'Write a snapshot of a stopped data folder',
  usage: `holdfast snapshot [--data ./data]

  A clean shutdown writes one too. The newest two are kept. Refused while a server holds the folder.`,
  run: async (args) => {
    const { folder } = readFolderArgs(args, []);
    requireLog(folder);
    const started = performance.now();
    const progress = setInterval(() => console.error(`replaying the log, ${seconds(started)} s so far`), 1000);
    try {
      const store = await openStopped(folder);
      const { position } = store.node.engine;
      const had = snapshotPositions(folder).includes(position);
      await store.close();
      console.log(
        had
          ? `there is a snapshot at position ${position} already`
          : `snapshot at position ${position}, ${seconds(started)} s`,
      );
      return 0;
    } finally {
      clearInterval(progress);
    }
  },
};

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}
