/** Brings the SQL views of a stopped folder to the end of its log, in this process. */
import type { FollowerView } from '../store/follower-records.ts';
import { SqlFollower } from '../followers/sql/follower.ts';
import type { SqlPlace } from '../followers/sql/open.ts';
import { openSqlDatabase } from '../followers/sql/open.ts';
import { FileLogReader } from '../log/file/reader.ts';

/**
 * Returns the database's name once it has everything.
 * @throws what the follower throws
 */
export async function caughtUp(folder: string, sql: SqlPlace): Promise<string> {
  const ending = new AbortController();
  let place = '';
  const follower = await SqlFollower.start({
    folder,
    log: new FileLogReader({ folder }),
    openDatabase: async () => {
      const database = await openSqlDatabase(sql);
      place = database.place;
      return database;
    },
    onNotice: (message) => console.error(message),
    // It says so when all that it read is written.
    onProgress: ({ state }: FollowerView) => {
      if (state === 'following') ending.abort();
    },
    signal: ending.signal,
  });
  try {
    await follower.run();
  } finally {
    await follower.close();
  }
  return place;
}

/**
 * Brings the schema up to date; says what that did.
 * @throws DatabaseUnavailableError, SchemaError
 */
export async function migrated(sql: SqlPlace): Promise<string[]> {
  const database = await openSqlDatabase(sql);
  try {
    const applied = await database.migrate();
    if (applied.length === 0) return [`${database.place} is up to date`];
    return applied.map((name) => `${database.place}: ${name}`);
  } finally {
    await database.close();
  }
}
