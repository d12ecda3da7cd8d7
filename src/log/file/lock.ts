/**
 * One writer per folder: an exclusive transaction that stays open on `lock.sqlite`.
 *
 * It is the one lock that both runtimes offer without native code and that the kernel drops when the process dies, however
 * it dies: no stale lock ever has to be removed by hand. Nothing is written to the database.
 *
 * The kernel's lock belongs to the process: no other code of this process may open and close `lock.sqlite` (a backup that
 * copies the folder leaves it out), or the lock is gone.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DiskLock } from '../disk.ts';
import { LogLockedError } from '../log.ts';

export const LOCK_NAME = 'lock.sqlite';

/** @throws LogLockedError when another process, or this one already, writes in the folder. */
export function lockFolder(folder: string): DiskLock {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(folder, LOCK_NAME));
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
    const held = database;
    return { release: () => held.close() };
  } catch (error) {
    database?.close();
    const why = error instanceof Error ? error.message : String(error);
    if (!isBusy(why))
      throw new Error(`the folder ${folder} cannot be written (${LOCK_NAME}: ${why})`, { cause: error });
    throw new LogLockedError(
      `another process is writing in ${folder}; one folder takes one writer: stop the other one, or choose another folder`,
      { cause: error },
    );
  }
}

/** Both runtimes word SQLITE_BUSY alike; their error codes differ. */
function isBusy(message: string): boolean {
  return /database is locked|SQLITE_BUSY/.test(message);
}
