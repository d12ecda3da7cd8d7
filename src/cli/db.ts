/** `holdfast db make` and `holdfast db remove`: a data folder's beginning and its end. */
import fs from 'node:fs';
import path from 'node:path';
import { lockFolder } from '../log/file/lock.ts';
import { LogLockedError } from '../log/log.ts';
import { hasSegment, isOwnFile, namesIn } from '../store/folder.ts';
import { UserError } from '../store/user-error.ts';
import type { CliCommand } from './command.ts';
import { confirmed } from './confirmed.ts';
import { readFolderArgs } from './folder-flags.ts';
import { replayedEngine } from './replayed.ts';
import { whatElseIn } from './seeded-cards.ts';

export const makeDb: CliCommand = {
  summary: 'Make an empty data folder',
  usage: `holdfast db make [--data ./data]

  Makes the folder, for its owner alone; \`seed cards\`, \`seed\` or the first start fill it. A folder that is there stays as it is.`,
  run: async (args) => {
    const { folder } = readFolderArgs(args, []);
    if (hasSegment(namesIn(folder))) console.log(`${folder} is there, with a store in it; nothing changed`);
    else {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      console.log(
        `${folder} is there; \`npm run seed-db\` fills it with accounts, and the first start with the demonstration`,
      );
    }
    return 0;
  },
};

export const removeDb: CliCommand = {
  summary: 'Remove a data folder',
  usage: `holdfast db remove [--data ./data] [--yes]

  Deletes the store in the folder, its SQLite views with it, and the folder when nothing else is in it. Does not ask when the store holds
  nothing but the demonstration and accounts of \`seed cards\`; else it asks, unless --yes. Refused while a server holds the folder.`,
  run: async (args) => {
    const { folder, flags } = readFolderArgs(args, ['yes']);
    const names = namesIn(folder).filter((name) => isOwnFile(name));
    if (names.length === 0) {
      console.log(`${folder} has no store in it; nothing to remove`);
      return 0;
    }
    // Taken before the folder is looked at, to keep a server from starting in between.
    const lock = lockedBy(folder);
    try {
      if (!flags.yes && !(await mayGo(folder))) {
        console.log('nothing was removed');
        return 1;
      }
      for (const name of namesIn(folder).filter((each) => isOwnFile(each))) {
        fs.rmSync(path.join(folder, name), { recursive: true });
      }
    } finally {
      lock.release();
    }
    const left = namesIn(folder);
    if (left.length === 0) fs.rmdirSync(folder);
    console.log(left.length === 0 ? `${folder} is gone` : `the store in ${folder} is gone; ${left.join(', ')} stayed`);
    return 0;
  },
};

/** @throws UserError while a server holds the folder */
function lockedBy(folder: string): ReturnType<typeof lockFolder> {
  try {
    return lockFolder(folder);
  } catch (error) {
    if (!(error instanceof LogLockedError)) throw error;
    throw new UserError(`a server holds ${folder}: stop it first. Nothing was removed`);
  }
}

/** Whether nothing in the folder would be missed, or the user says so. */
async function mayGo(folder: string): Promise<boolean> {
  const more = hasSegment(namesIn(folder)) ? whatElseIn((await replayedEngine(folder)).state) : [];
  if (more.length === 0) return true;
  const question = `${folder} holds ${more.join(', ')} of its own. Delete all of it?`;
  return await confirmed(question, `${folder} holds ${more.join(', ')} of its own; pass --yes to delete them`);
}
