/** `holdfast db make` and `holdfast db remove`: a data folder's beginning and its end. */
import fs from 'node:fs';
import path from 'node:path';
import type { Engine } from '../engine/engine.ts';
import type { SqlPlace } from '../followers/sql/open.ts';
import { removeViews } from '../followers/sql/open.ts';
import { logDigest } from '../followers/sql/place-in-log.ts';
import { lockFolder } from '../log/file/lock.ts';
import { LogLockedError } from '../log/log.ts';
import { hasSegment, isOwnFile, namesIn } from '../store/folder.ts';
import { UserError } from '../store/user-error.ts';
import { migrated } from './caught-up.ts';
import type { CliCommand } from './command.ts';
import { programFolder } from './command.ts';
import { confirmed } from './confirmed.ts';
import { parseFlags } from './flags.ts';
import { dataFolderOf } from './folder-flags.ts';
import { replayedEngine } from './replayed.ts';
import { whatElseIn } from './seeded-cards.ts';
import { environmentOf, namedSqlPlace } from './settings.ts';

export const makeDb: CliCommand = {
  summary: 'Make an empty data folder',
  usage: `holdfast db make [--data ./data] [--sql sqlite]

  Makes the folder, for its owner alone; \`seed cards\`, \`seed\` or the first start fill it. A folder that is there stays as it is. Where
  --sql, HOLDFAST_SQL or DATABASE_URL names a database, it gets the schema of the SQL views.`,
  run: async (args) => {
    const { folder, sql } = readDbArgs(args, false);
    if (hasSegment(namesIn(folder))) console.log(`${folder} is there, with a store in it; nothing changed`);
    else {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      console.log(
        `${folder} is there; \`npm run seed-db\` fills it with accounts, and the first start with the demonstration`,
      );
    }
    if (sql !== null) for (const line of await migrated(sql)) console.log(line);
    return 0;
  },
};

export const removeDb: CliCommand = {
  summary: 'Remove a data folder',
  usage: `holdfast db remove [--data ./data] [--sql sqlite] [--yes]

  Deletes the store in the folder, its SQLite views with it, and the folder when nothing else is in it. Does not ask when the store holds
  nothing but the demonstration and accounts of \`seed cards\`; else it asks, unless --yes. Refused while a server holds the folder. Where
  --sql, HOLDFAST_SQL or DATABASE_URL names a database with the views of this store, they go too.`,
  run: async (args) => {
    const { folder, sql, yes } = readDbArgs(args, true);
    const names = namesIn(folder).filter((name) => isOwnFile(name));
    if (names.length === 0) {
      console.log(`${folder} has no store in it; nothing to remove`);
      return 0;
    }
    // Taken before the folder is looked at, to keep a server from starting in between.
    const lock = lockedBy(folder);
    try {
      const engine = hasSegment(names) ? await replayedEngine(folder) : null;
      if (!yes && engine !== null && !(await mayGo(folder, engine))) {
        console.log('nothing was removed');
        return 1;
      }
      if (sql !== null) await removeViews(sql, engine === null ? null : logDigest(engine));
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
async function mayGo(folder: string, { state }: Engine): Promise<boolean> {
  const more = whatElseIn(state);
  if (more.length === 0) return true;
  const question = `${folder} holds ${more.join(', ')} of its own. Delete all of it?`;
  return await confirmed(question, `${folder} holds ${more.join(', ')} of its own; pass --yes to delete them`);
}

interface DbArguments {
  readonly folder: string;
  /** Null where no database is named. */
  readonly sql: SqlPlace | null;
  readonly yes: boolean;
}

function readDbArgs(args: readonly string[], mayAsk: boolean): DbArguments {
  const known = { data: 'string', sql: 'string' } as const;
  const { values } = parseFlags<Record<string, 'string' | 'boolean'>>(
    args,
    mayAsk ? { ...known, yes: 'boolean' } : known,
  );
  const folder = dataFolderOf(values['data']);
  const named = values['sql'] === undefined ? undefined : String(values['sql']);
  const sql = namedSqlPlace(named, environmentOf(programFolder), folder);
  return { folder, sql, yes: values['yes'] === true };
}
