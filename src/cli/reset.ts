/** `holdfast reset`: empties a data folder and stocks the demonstration. Asks first. */
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { lockFolder } from '../log/file/lock.ts';
import { isOwnFile, namesIn } from '../store/folder.ts';
import type { CliCommand } from './command.ts';
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
        if (!flags.yes && !(await confirmed(folder))) {
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

async function confirmed(folder: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error(`holdfast: reset deletes everything in ${folder}; pass --yes to mean it`);
    return false;
  }
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`Delete every sale, order and key in ${folder}? Type yes: `);
  prompt.close();
  return answer.trim().toLowerCase() === 'yes';
}
