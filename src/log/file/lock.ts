/**
 * One writer per folder: an exclusive transaction that stays open on `lock.sqlite`.
 *
 * It is the only lock that both runtimes offer without native code and that the kernel drops
 * however the process dies. So a stale lock never has to be removed by hand. Nothing is written to
 * the database.
 *
 * The kernel's lock belongs to the process: no other code of this process may open and close
 * `lock.sqlite` (a backup that copies the folder leaves it out), or the lock is gone. Reading the
 * metadata of the file, as here, does not open it.
 */
import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorCode } from '../disk.ts';
import type { DiskLock } from '../disk.ts';
import { LogFolderError, LogLockedError } from '../log.ts';
import { isSameFile } from './same-file.ts';

export const lockName = 'lock.sqlite';
/** A user who may open the file could hold the lock and keep the store out. */
const ownerOnly = 0o600;

/**
 * @throws LogLockedError when another process, or this one already, writes in the folder
 * @throws LogFolderError when the lock cannot be taken for another reason
 */
export function lockFolder(folder: string): DiskLock {
  const path = join(folder, lockName);
  let database: DatabaseSync | undefined;
  try {
    makeFile(path);
    database = new DatabaseSync(path);
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
    const held = database;
    const known = statSync(path, { bigint: true });
    return { isInPlace: () => isSameFile(path, known), release: () => held.close() };
  } catch (error) {
    database?.close();
    const why = error instanceof Error ? error.message : String(error);
    if (!isBusy(why)) throw new LogFolderError(`${flawOf(folder, path, why)}. Nothing was changed`, { cause: error });
    throw new LogLockedError(
      `another process is writing in ${folder}; one folder takes one writer: stop the other one, or choose another folder`,
      { cause: error },
    );
  }
}

/**
 * Makes the file, or restricts an existing one, for its owner only: SQLite would make it readable
 * by every user. Never opens an existing file: that would drop a lock of this process.
 */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', ownerOnly));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    try {
      if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) chmodSync(path, ownerOnly);
    } catch {
      // Another user's file: the next step shows whether it can be locked.
    }
  }
}

function flawOf(folder: string, path: string, why: string): string {
  return /not a database|malformed|SQLITE_NOTADB|SQLITE_CORRUPT/i.test(why)
    ? `${path} is no lock (${why}): nothing is kept in it, so remove it, when no store runs in ${folder}, and start again`
    : `the folder ${folder} cannot be written (${lockName}: ${why})`;
}

/** Both runtimes word SQLITE_BUSY alike; their error codes differ. */
function isBusy(message: string): boolean {
  return /database is locked|SQLITE_BUSY/.test(message);
}
