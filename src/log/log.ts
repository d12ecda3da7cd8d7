/**
 * The ordered, durable log: the interface that every backend implements and one conformance suite
 * checks.
 *
 * Positions number records from 1 without gaps; 0 means "before the first record". A batch is one
 * group commit. Its records lie back to back, encoded by `engine/record.ts`; the log never looks
 * inside them.
 *
 * The caller's duties:
 * 1. One `append` at a time: wait for its promise before the next.
 * 2. Apply only what `subscribe` brings, never what was appended: the batches of other writers come
 *    the same way.
 * 3. After `LogFailedError`, stop: what the disk has is unknown until a recovery has read it.
 */

/** A batch as a writer appends it. */
export interface AppendBatch {
  /** Number of records in `records`; at least 1. */
  readonly count: number;
  /** Proposed log time, ms since the epoch; the log never lets time go back. */
  readonly timeMs: number;
  /** Id of the writer: random for each start of a process, an integer below 2^48. */
  readonly nodeId: number;
  /** The writer's own number of the first record; the next records count up from it. */
  readonly firstNumber: number;
  /**
   * An earlier position and the rolling hash of all outcomes up to it (two unsigned 32-bit halves).
   */
  readonly checkPosition: number;
  readonly checkLow: number;
  readonly checkHigh: number;
  /** Encoded records, back to back. The log copies what it needs before `append` returns. */
  readonly records: Uint8Array;
}

/** A durable batch as a subscriber receives it. `records` is only valid during the call. */
export interface Batch extends AppendBatch {
  /** Position of the first record. */
  readonly first: number;
}

export type OnBatch = (batch: Batch) => void;

export interface Log {
  /**
   * Makes one batch durable, hands it to the subscribers (synchronously, before the promise
   * resolves), then resolves.
   * @throws LogFullError nothing of it was written and nothing of it will appear; the log goes on,
   * and the caller may try again.
   * @throws LogFailedError it is unknown what was written, or a subscriber threw; the log is dead,
   * and so must the process be.
   */
  append(batch: AppendBatch): Promise<void>;
  /**
   * Brings every durable batch from the one that holds position `from`, in order, and then each new
   * one as it becomes durable. Resolves when it has brought all that was durable at the call. The
   * first batch may begin before `from`.
   * @throws LogTrimmedError when `from` is older than what is kept.
   */
  subscribe(from: number, onBatch: OnBatch): Promise<Subscription>;
  /**
   * Reads the batch that holds `position`; null when that is not durable yet.
   * @throws LogTrimmedError
   */
  read(position: number): Promise<Batch | null>;
  /** The position after the last durable record: 1 for an empty log. */
  end(): Promise<number>;
  /** The oldest position that is still kept. */
  start(): number;
  /** Log time of the last durable batch, ms; 0 for an empty log. */
  lastTimeMs(): number;
  /** Drops the whole segments that lie before position `before`. */
  trim(before: number): Promise<void>;
  /** Ends all subscriptions and lets the next writer in. Appended batches stay. */
  close(): Promise<void>;
}

export interface Subscription {
  cancel(): void;
}

/**
 * Certain: nothing was written. Retry when there is room again, or when whatever else was missing
 * is back.
 */
export class LogFullError extends Error {
  override readonly name = 'LogFullError';
}

/**
 * Reads a log that another process may be writing, as far as its watermark vouches for it. Changes
 * nothing.
 */
export interface LogReader {
  /**
   * Brings every batch from the one that holds `from`, up to the end at that time; `stopped` ends
   * it early.
   * @throws LogTrimmedError, LogDamagedError
   */
  read(from: number, onBatch: OnBatch, stopped?: () => boolean): Promise<LogReading>;
}

/** The result of a read. */
export interface LogReading {
  /** The oldest position that is kept. */
  readonly start: number;
  /** The position after the last durable one. */
  readonly end: number;
  /** The position after the last one brought: read on from there. */
  readonly next: number;
}

/** It is unknown what was written. The process must end; recovery finds out. */
export class LogFailedError extends Error {
  override readonly name = 'LogFailedError';
}

/** Another process is writing this log. */
export class LogLockedError extends Error {
  override readonly name = 'LogLockedError';
}

/** The folder cannot be used; the message says what to do. Nothing was changed. */
export class LogFolderError extends Error {
  override readonly name = 'LogFolderError';
}

/**
 * The files on the disk cannot be trusted; the message names file and offset and says what to do.
 * Nothing was changed.
 */
export class LogDamagedError extends Error {
  override readonly name = 'LogDamagedError';
  readonly file: string;
  readonly offset: number;

  constructor(message: string, file: string, offset: number) {
    super(message);
    this.file = file;
    this.offset = offset;
  }
}

/** The requested position is older than the start of the log. */
export class LogTrimmedError extends Error {
  override readonly name = 'LogTrimmedError';
}
