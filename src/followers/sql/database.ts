/**
 * A SQL database as the follower sees it. One implementation a dialect; code above this file does
 * not know which.
 *
 * Duties of an implementation:
 * 1. `write` is one transaction: the rows and the move of the position, or nothing. If another
 *    writer has moved the position meanwhile, this write fails.
 * 2. It throws the errors below for the conditions that they name. Only after
 *    `DatabaseUnavailableError` may it be unknown whether a `write` took effect; `position` then
 *    tells.
 * 3. Statements are made from the manifest (`schema.ts`) once, and take values only as parameters.
 */
import type { Cell } from './cells.ts';
import type { Table, TableName } from './table.ts';

/** The position at which the rows are true. */
export interface StoredPosition {
  readonly cell: number;
  /** Which log: a digest of its genesis record, 32 hexadecimal digits. */
  readonly log: string;
  readonly position: number;
  /** Which history of that log: the epoch at the position; null if the log has none there. */
  readonly epoch: string | null;
  /** Rolling outcome hash at the position, 16 hexadecimal digits. */
  readonly hash: string;
  /** Log time of the position's record, ms. */
  readonly timeMs: number;
}

/**
 * Rows of one table, column by column, in the order of the manifest. All columns have `count`
 * cells. Ids are distinct.
 */
export interface TableRows {
  readonly table: Table;
  readonly count: number;
  readonly columns: readonly (readonly Cell[])[];
}

/**
 * Changed rows, each once, as at the batch's end. Tables come in write order; those without a row
 * are left out. Existing rows get their changing columns (`changes` in the manifest) and keep the
 * others; new ones are inserted whole. The arrays are reused once `write` has resolved or rejected.
 */
export type RowBatch = readonly TableRows[];

/**
 * Takes a stretch of a table's rows, by id, column by column in the order of the manifest; integers
 * come as numbers. Valid during the call.
 */
export type OnRows = (columns: readonly (readonly Cell[])[], count: number) => void;

/** Rows with ids above `after`, up to `upTo`. */
export interface IdRange {
  readonly after: number;
  readonly upTo: number;
}

/** The rows and their position at one instant, unaffected by later writes. */
export interface SqlReading {
  readonly position: StoredPosition | null;
  /** Taps of earlier days were dropped on demand; null while none were. */
  readonly tapsFromDay: number | null;
  /** Every row of a table, or those of a range, ids ascending. */
  readAll(table: TableName, onRows: OnRows, range?: IdRange): Promise<void>;
}

/** What is kept after old taps were dropped. */
export interface RetainedTaps {
  /** The first day of which taps are kept; null while there is no tap. */
  readonly fromDay: number | null;
}

export interface SqlDatabase {
  readonly dialect: 'sqlite' | 'postgres';
  /** For messages: a path, or an address without its password. */
  readonly place: string;
  /**
   * Runs the migrations that are missing, one transaction each; returns their names.
   * @throws SchemaError
   */
  migrate(): Promise<readonly string[]>;
  /** The position of a cell; null before the first write. */
  position(cell: number): Promise<StoredPosition | null>;
  /**
   * Writes rows and moves the position from `from` (null: there is none yet) to `to`, in one
   * transaction.
   * @throws FollowedElsewhereError (nothing was written), ConstraintError (nothing was written),
   * DatabaseUnavailableError (unknown)
   */
  write(batch: RowBatch, from: StoredPosition | null, to: StoredPosition): Promise<void>;
  /**
   * Call it now and then while there is nothing to write. Makes the last writes durable against a
   * power cut, when that is due or at once.
   */
  settle(when: 'due' | 'now'): Promise<void>;
  /**
   * The last position written here that would survive a power cut of the database's machine; null
   * if none is known to.
   */
  durablePosition(): StoredPosition | null;
  /**
   * Replaces everything in one transaction: empties the tables, lets `fill` write batches, and sets
   * the position that it returns. When it throws, nothing has changed.
   */
  rebuild(fill: (write: (batch: RowBatch) => Promise<void>) => Promise<StoredPosition>): Promise<void>;
  /**
   * Drops the taps of old days, in steps, so that neither a follower nor a reader waits for long:
   * those before the newest `days` days of which there is a tap. The days are noted first, so a
   * call that was broken off is completed by the next.
   */
  retainTaps(cell: number, days: number): Promise<RetainedTaps>;
  /** Reads at one instant. */
  reading<Result>(cell: number, use: (reading: SqlReading) => Promise<Result>): Promise<Result>;
  /**
   * The columns that the database really has, by table, for the test that compares them with the
   * manifest.
   */
  describe(): Promise<Readonly<Record<string, readonly DescribedColumn[]>>>;
  close(): Promise<void>;
}

export interface DescribedColumn {
  readonly name: string;
  readonly type: 'integer' | 'text' | 'other';
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly generated: boolean;
  /** Table whose `id` it refers to, and whether that is checked at the end of the transaction. */
  readonly refers: { readonly table: string; readonly later: boolean } | null;
}

/** The database's schema is not one that this program can write. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/**
 * The database's position is not the one that this follower left: another follower writes to it.
 */
export class FollowedElsewhereError extends Error {
  override readonly name = 'FollowedElsewhereError';
}

/**
 * A CHECK, a key or a reference refused a row: the engine's state contradicts the schema's
 * invariants.
 */
export class ConstraintError extends Error {
  override readonly name = 'ConstraintError';
}

/** The database cannot be reached, or is busy for too long. A retry may succeed. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}
