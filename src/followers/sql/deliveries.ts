/**
 * Writes to a database that may go away: one write at a time, in order, retried until it succeeds.
 * After a failure with an unknown result the database's position decides. Unmoved: the write is
 * repeated. At the write's end: it was written. Anywhere else: another follower writes there.
 *
 * Invariant: `stored` is the position of the last write known to have committed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { samePosition } from './place-in-log.ts';
import type { RowBatch, SqlDatabase, StoredPosition } from './database.ts';
import { ConstraintError, DatabaseUnavailableError } from './database.ts';

const shortestPauseMs = 100;
const longestPauseMs = 10_000;

export interface DeliveriesOptions {
  readonly openDatabase: () => Promise<SqlDatabase>;
  readonly signal: AbortSignal;
  readonly onNotice: (message: string) => void;
  /** Told when the database went away or is back. */
  readonly onChange: () => void;
}

type Fill = Parameters<SqlDatabase['rebuild']>[0];

export class Deliveries {
  stored: StoredPosition | null = null;
  /** Why the database cannot be used; null when it can. */
  away: string | null = null;
  private readonly options: DeliveriesOptions;
  private database: SqlDatabase | null = null;
  /** The last durable position that the database reported; it holds while the database is away. */
  private durable: StoredPosition | null = null;
  private readonly cell = 0;
  /** The write in progress. Its rejection is delivered once, to the next caller. */
  private writing: Promise<void> = Promise.resolve();

  constructor(options: DeliveriesOptions) {
    this.options = options;
  }

  get place(): string {
    return this.database?.place ?? 'the database';
  }

  /** The last position known to survive a power cut of the database's machine. */
  durablePosition(): StoredPosition | null {
    this.durable = this.database?.durablePosition() ?? this.durable;
    return this.durable;
  }

  /** Opens the database and brings its schema up to date. Resolves with its position. */
  async open(): Promise<StoredPosition | null> {
    this.stored = await this.whenThere(async (database) => await database.position(this.cell));
    return this.stored;
  }

  /** Waits for the previous write, then starts this one without waiting for it. */
  async send(batch: RowBatch, to: StoredPosition): Promise<void> {
    await this.writing;
    this.writing = this.deliver(batch, this.stored, to);
    // The next caller gets the rejection; until then it must not count as unhandled.
    this.writing.catch(() => undefined);
  }

  /**
   * Waits until everything sent is written. The database may then make it durable, or must do so
   * now.
   */
  async idle(settle: 'due' | 'now' = 'due'): Promise<void> {
    await this.writing;
    try {
      await this.database?.settle(settle);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
    }
  }

  async rebuild(fill: Fill): Promise<void> {
    this.stored = await this.whenThere(async (database) => {
      await database.rebuild(fill);
      return await database.position(this.cell);
    });
  }

  async close(): Promise<void> {
    await this.writing.catch(() => undefined);
    await this.letGo();
  }

  private async deliver(batch: RowBatch, from: StoredPosition | null, to: StoredPosition): Promise<void> {
    let tried = false;
    try {
      await this.whenThere(async (database) => {
        const there = tried ? await database.position(this.cell) : from;
        if (samePosition(there, to)) return;
        tried = true;
        // Any other position: the database itself notices, and throws.
        await database.write(batch, from, to);
      });
    } catch (error) {
      throw error instanceof ConstraintError ? refused(error, from, to) : error;
    }
    this.stored = to;
  }

  /**
   * Runs an action on the database, retried while the database is away.
   * @throws errors other than being away; an AbortError at the end
   */
  private async whenThere<Result>(work: (database: SqlDatabase) => Promise<Result>): Promise<Result> {
    for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        const result = await work((this.database ??= await this.openDatabase()));
        if (this.away !== null) this.back();
        return result;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError)) throw error;
        this.gone(error);
        await this.letGo();
        await sleep(pauseMs, undefined, { signal: this.options.signal });
      }
    }
  }

  private async openDatabase(): Promise<SqlDatabase> {
    this.options.signal.throwIfAborted();
    const database = await this.options.openDatabase();
    try {
      for (const name of await database.migrate()) this.options.onNotice(`${database.place}: schema ${name}`);
      return database;
    } catch (error) {
      await database.close().catch(() => undefined);
      throw error;
    }
  }

  private async letGo(): Promise<void> {
    const { database } = this;
    this.durablePosition();
    this.database = null;
    await database?.close().catch(() => undefined);
  }

  private gone(error: DatabaseUnavailableError): void {
    if (this.away === null) this.options.onNotice(`the database is away and is tried again: ${error.message}`);
    this.away = error.message;
    this.options.onChange();
  }

  private back(): void {
    this.away = null;
    this.options.onNotice('the database is back');
    this.options.onChange();
  }
}

function refused(error: ConstraintError, from: StoredPosition | null, to: StoredPosition): ConstraintError {
  return new ConstraintError(
    `the rows of positions ${(from?.position ?? 0) + 1} to ${to.position} break a rule of the schema, and nothing of them was written: ${error.message}`,
    { cause: error },
  );
}
