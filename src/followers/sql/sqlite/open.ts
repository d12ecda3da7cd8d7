/** Opens a SQLite file, and says what its errors mean to a follower. */
import fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ConstraintError, SchemaError, DatabaseUnavailableError } from '../database.ts';

/** How long a statement waits for another writing process, ms. */
const busyMs = 1000;

/** Opens it for writing. */
export function openSqlite(file: string): DatabaseSync {
  // Names and e-mails are for the file's owner only; SQLite gives the same rights to its side
  // files.
  fs.closeSync(fs.openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file);
  try {
    database.exec(`
      pragma busy_timeout = ${busyMs};
      pragma journal_mode = wal;
      pragma synchronous = normal;
      pragma wal_autocheckpoint = 0;
      pragma journal_size_limit = ${64 << 20};
      pragma foreign_keys = on;
      pragma temp_store = memory;
      pragma cache_size = ${-(64 << 10)};
    `);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite's primary result codes. */
const codes = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
} as const;
const mismatch = 20;
const notADatabase = 26;

/** Runs an action, and turns SQLite's errors into those of `SqlDatabase`. */
export function translated<Result>(place: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw translate(place, error);
  }
}

function translate(place: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const options = { cause: error };
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
  switch (code) {
    case codes.constraint:
    case mismatch:
      return new ConstraintError(`${place} refuses a row: ${error.message}`, options);
    case codes.busy:
    case codes.locked:
      return new DatabaseUnavailableError(`${place} is held by another process (${error.message})`, options);
    case codes.readOnly:
    case codes.io:
    case codes.full:
    case codes.cannotOpen:
      return new DatabaseUnavailableError(`${place} cannot be written (${error.message})`, options);
    case codes.corrupt:
    case notADatabase:
      return new SchemaError(
        `${place} is damaged, or no database (${error.message}): move it aside with its -wal and -shm files, and it is built anew from the log`,
        options,
      );
    default:
      // A schema that is not ours: no such table, no such column.
      return code === 1
        ? new SchemaError(`${place} does not have the schema it says (${error.message})`, options)
        : error;
  }
}
