/** `holdfast backup`: a consistent copy of a data folder, also while the store runs. */
import path from 'node:path';
import { formatTime } from '../doors/kit/ids.ts';
import type { CliCommand } from './command.ts';
import { UserError } from '../store/user-error.ts';
import { parseFlags } from './flags.ts';
import { dataFolderOf, requireLog } from './folder-flags.ts';
import type { FolderCopy } from '../store/copy.ts';
import { copyInto } from './copy-into.ts';

/** Pause after each MiB: the store may sync on the same disk. */
const pauseMs = 5;

const usage = `holdfast backup [--data ./data] --to FOLDER

  Copies log, newest snapshot and secret into an empty folder; the store may run and sell meanwhile. All that was answered before
  the command began is in the copy. Every record is checked on the way. The copy is a data folder: \`holdfast restore\`
  makes a store of it again, to its end or to a point before, and \`holdfast inspect --data FOLDER\` says what is in it.
  It holds the secret that signs tokens, and whatever customers have told: keep it as you keep the original.`;

export const backup: CliCommand = {
  summary: 'Copy a data folder, while the store runs',
  usage,
  run: async (args) => {
    const { values: given } = parseFlags(args, { data: 'string', to: 'string' });
    const from = dataFolderOf(given.data);
    if (given.to === undefined) throw new UserError(`name an empty folder for the copy with --to\n\n${usage}`);
    const to = path.resolve(given.to);
    requireLog(from);
    const copy = await copyInto({ from, to, flag: '--to', pauseMs, isStore: false });
    console.log(`backed up ${from} in ${to}`);
    console.log(describeCopy(copy));
    return 0;
  },
};

/** Describes the content of a copy, in indented lines. */
export function describeCopy({ log, snapshots, hasSecret }: FolderCopy): string {
  const mebibytes = (log.bytes / 1024 / 1024).toFixed(1);
  const [newest] = snapshots;
  return [
    `  up to position ${log.end - 1}, ${formatTime(log.lastTimeMs)}`,
    `  ${log.segments} ${log.segments === 1 ? 'segment' : 'segments'} from position ${log.start}, ${mebibytes} MiB`,
    newest === undefined ? '  no snapshot' : `  snapshot at position ${newest}`,
    hasSecret ? '  the secret of its tokens' : '  no secret: none is in the folder',
  ].join('\n');
}
