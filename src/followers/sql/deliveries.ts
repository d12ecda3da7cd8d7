/**
 * Writes to a database that may go away: one at a time, in order, each until it is there. After a failure whose result is unknown the database's own
 * position tells: where it was before the write, it is written again; where it would be after it, it was written; elsewhere, somebody else follows.
 *
 * Invariant: `stored` is the position of the last write that is known to be there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { samePosition } from './place-in-log.ts';
import type { RowBatch, SqlStore, StoredPosition } from './database.ts';
import { ConstraintError, StoreUnavailableError } from './database.ts';

const shortestPauseMs = 100;
const longestPauseMs = 10_000;

export interface DeliveriesOptions {
  readonly openStore: () => Promise<SqlStore>;
  readonly signal: AbortSignal;
  readonly onNotice: (message: string) => void;
  /** Told when the database went away or is back. */
  readonly onChange: () => void;
}

type Fill = Parameters<SqlStore['rebuild']>[0];

export class Deliveries {
  stored: StoredPosition | null = null;
  /** Why the database cannot be used; null when it can. */
  away: string | null = null;
  private readonly options: DeliveriesOptions;
  private store: SqlStore | null = null;
  /** What the database promised last: it holds while that is away. */
  private durable: StoredPosition | null = null;
  private readonly cell = 0;
  /** The write that is on its way; rejects once, for whoever asks next. */
  private writing: Promise<void> = Promise.resolve();

  constructor(options: DeliveriesOptions) {
    this.options = options;
  }

  get place(): string {
    return this.store?.place ?? 'the database';
  }

  /** The last position that would outlive a power cut of the database's machine, as far as is known. */
  durablePosition(): StoredPosition | null {
    this.durable = this.store?.durablePosition() ?? this.durable;
    return this.durable;
  }

  /** Opens the database and brings its schema up to date; gives the position that it has. */
  async open(): Promise<StoredPosition | null> {
    this.stored = await this.whenThere(async (store) => await store.position(this.cell));
    return this.stored;
  }

  /** Waits for the write before, then begins this one and does not wait for it. */
  async send(batch: RowBatch, to: StoredPosition): Promise<void> {
    await this.writing;
    this.writing = this.deliver(batch, this.stored, to);
    // Whoever comes next hears of it; until then it is nobody's.
    this.writing.catch(() => undefined);
  }

  /** All that was sent is written; the database may make it outlive a power cut, or is to do so now. */
  async idle(settle: 'due' | 'now' = 'due'): Promise<void> {
    await this.writing;
    try {
      await this.store?.settle(settle);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }

  async rebuild(fill: Fill): Promise<void> {
    this.stored = await this.whenThere(async (store) => {
      await store.rebuild(fill);
      return await store.position(this.cell);
    });
  }

  async close(): Promise<void> {
    await this.writing.catch(() => undefined);
    await this.letGo();
  }

  private async deliver(batch: RowBatch, from: StoredPosition | null, to: StoredPosition): Promise<void> {
    let tried = false;
    try {
      await this.whenThere(async (store) => {
        const there = tried ? await store.position(this.cell) : from;
        if (samePosition(there, to)) return;
        tried = true;
        // Where it is elsewhere, the store itself finds out, and says so.
        await store.write(batch, from, to);
      });
    } catch (error) {
      throw error instanceof ConstraintError ? refused(error, from, to) : error;
    }
    this.stored = to;
  }

  /** Does something with the database, again and again while it is away. @throws what is not about its being away; an AbortError at the end */
  private async whenThere<Result>(work: (store: SqlStore) => Promise<Result>): Promise<Result> {
    for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        const result = await work((this.store ??= await this.openStore()));
        if (this.away !== null) this.back();
        return result;
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        this.gone(error);
        await this.letGo();
        await sleep(pauseMs, undefined, { signal: this.options.signal });
      }
    }
  }

  private async openStore(): Promise<SqlStore> {
    this.options.signal.throwIfAborted();
    const store = await this.options.openStore();
    try {
      for (const name of await store.migrate()) this.options.onNotice(`${store.place}: schema ${name}`);
      return store;
    } catch (error) {
      await store.close().catch(() => undefined);
      throw error;
    }
  }

  private async letGo(): Promise<void> {
    const { store } = this;
    this.durablePosition();
    this.store = null;
    await store?.close().catch(() => undefined);
  }

  private gone(error: StoreUnavailableError): void {
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
