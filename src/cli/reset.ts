/** `holdfast reset`: empties a data folder and stocks the demonstration. Asks first. */
import fs from 'node:fs';
import path from 'node:path';
import { lockFolder } from '../log/file/lock.ts';
import { isOwnFile, namesIn } from '../store/folder.ts';
import type { CliCommand } from './command.ts';
import { confirmed } from './confirmed.ts';
import { readFolderArgs } from './folder-flags.ts';
import { stockFolder } from './seed.ts';

export const reset: CliCommand = {
  summary: 'Empty a data folder and stock the demonstration',
  usage: `holdfast reset [--data ./data] [--yes]

  Deletes every sale, order and key in the folder, the SQLite views with them. Asks, unless --yes. Refused while a server holds the folder.
  Views in another database stay until \`holdfast reconcile --repair\`.`,
  run: async (args) => {
    const { folder, flags } = readFolderArgs(args, ['yes']);
    const names = namesIn(folder).filter((name) => isOwnFile(name));
    if (names.length > 0) {
      // Taken before the question, to keep a server from starting in between.
      const lock = lockFolder(folder);
      try {
        if (!flags.yes && !(await mayDelete(folder))) {
          console.log('nothing was changed');
          return 1;
        }
        for (const name of names) fs.rmSync(path.join(folder, name), { recursive: true });
      } finally {
        lock.release();
      }
    }
    await stockFolder(folder);
    return 0;
  },
};

function mayDelete(folder: string): Promise<boolean> {
  return confirmed(
    `Delete every sale, order and key in ${folder}?`,
    `reset deletes everything in ${folder}; pass --yes to mean it`,
  );
}
