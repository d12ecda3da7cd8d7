/**
 * Follows the log into a SQL database: applies it to an engine of its own and writes what changed
 * in batches, each in one transaction with its position.
 *
 *     starting --at the database's position--> catching-up --at the log's end--> following
 *                                                  ^------the log runs ahead--------'
 *     any of them --the database is away--> waiting --it is back--> where it was
 *     any of them --rows refused, outcomes differ, not this log, somebody else follows--> it throws, and is done
 *
 * Invariants. `engine` is at or past `filled`, whose rows are written or in flight. `stored` is the
 * database's last known position. At most one write is in flight, and it owns its batch.
 */
import type { Batch, LogReader } from '../../log/log.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Command } from '../../engine/command.ts';
import { Engine } from '../../engine/engine.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { LogTrimmedError } from '../../log/log.ts';
import { Replay } from '../../replica/replay.ts';
import { replayStart } from '../../store/replay-start.ts';
import { loadNewestSnapshot } from '../../store/snapshot-files.ts';
import { UserError } from '../../store/user-error.ts';
import type { FollowerState, FollowerView } from '../../store/follower-records.ts';
import { noOutcomes } from '../../store/follower-records.ts';
import { Deliveries } from './deliveries.ts';
import { everything } from './everything.ts';
import { isConfirmed, pursue } from '../pursuit.ts';
import type { Pursuer } from '../pursuit.ts';
import type { SnapshotWriter } from '../snapshots/snapshot-writer.ts';
import { applyInParts } from './parts.ts';
import { positionOf, RepairNeededError, requireOfThisLog } from './place-in-log.ts';
import { FillableBatch } from './row-batch.ts';
import { RowCollector } from './rows.ts';
import type { SqlDatabase, StoredPosition } from './database.ts';

/** A transaction holds at most this many records… */
const batchRecords = 50_000;
/** …or what was read in this time, ms, since other readers of the database wait for it… */
const batchMs = 200;
/** …or what this many things changed with: one record may make a hall of 100,000 seats. */
const batchThings = 100_000;

export interface FollowerOptions {
  /** The data folder, where snapshots are. */
  readonly folder: string;
  readonly log: LogReader;
  readonly openDatabase: () => Promise<SqlDatabase>;
  /** Writes snapshots of its replica; absent for none. */
  readonly snapshots?: SnapshotWriter;
  readonly onNotice: (message: string) => void;
  /** Told after every change of what `view` gives. */
  readonly onProgress?: (view: FollowerView) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

export class SqlFollower implements Pursuer {
  private readonly options: FollowerOptions;
  private readonly deliveries: Deliveries;
  private replay = new Replay(new Engine());
  private collector = new RowCollector(this.replay.engine);
  private readonly batches = [new FillableBatch(), new FillableBatch()] as const;
  private turn = 0;
  /** The batch of the log in whose middle the last transaction ended. */
  private rest: Batch | null = null;
  /** The engine's position when rows were last taken from it. */
  private filled = 0;
  private state: FollowerState = 'starting';

  private constructor(options: FollowerOptions) {
    this.options = options;
    this.deliveries = new Deliveries({
      openDatabase: options.openDatabase,
      signal: options.signal,
      onNotice: options.onNotice,
      onChange: () => this.tell(),
    });
  }

  /**
   * Opens the database, brings its schema up to date, and replays an engine to its position.
   * @throws RepairNeededError, SchemaError, DivergedError, LogDamagedError; AbortError when stopped
   */
  static async start(options: FollowerOptions): Promise<SqlFollower> {
    const follower = new SqlFollower(options);
    try {
      await follower.begin();
      return follower;
    } catch (error) {
      await follower.close();
      throw error;
    }
  }

  /** Follows until the signal. @throws as `start`, and ConstraintError, FollowedElsewhereError */
  run(): Promise<void> {
    return pursue(this, this.options.signal);
  }

  /**
   * Reads a stretch of the log and hands over its rows. Resolves with whether there is more to
   * read.
   */
  async step(): Promise<boolean> {
    const more = this.rest === null ? await this.readOn() : this.goOn(this.rest);
    if (this.engine.position > this.filled) await this.hand();
    await nextTurn();
    return more;
  }

  /** Resolves when all that was read is written. */
  async written(): Promise<StoredPosition | null> {
    await this.deliveries.idle();
    return this.deliveries.stored;
  }

  /**
   * The follower's progress. It says nothing of the database until that is known to be of this log.
   */
  view(): FollowerView {
    const { away } = this.deliveries;
    const stored = this.state === 'starting' ? null : this.deliveries.stored;
    const safe = stored === null ? null : this.deliveries.durablePosition();
    // A write is noted as stored a moment after it is durable.
    const durable = (safe?.position ?? 0) > (stored?.position ?? 0) ? stored : safe;
    return {
      state: away === null ? this.state : 'waiting',
      position: stored?.position ?? 0,
      logTimeMs: stored?.timeMs ?? 0,
      durablePosition: durable?.position ?? 0,
      durableHash: durable?.hash ?? noOutcomes,
      message: away,
    };
  }

  async close(): Promise<void> {
    await this.deliveries.close();
  }

  get engine(): Engine {
    return this.replay.engine;
  }

  /**
   * Writes a snapshot when one is due, at a position that the log's writer has confirmed, since
   * servers start from it. The position must be durable in the database, since followers start from
   * it too.
   */
  async snapshot(): Promise<void> {
    const { snapshots, log, signal } = this.options;
    await snapshots?.writeIfDue(this.engine, performance.now(), signal, async () => {
      if (!(await isConfirmed(log, this.replay))) return false;
      await this.deliveries.idle('now');
      this.tell();
      return this.view().durablePosition === this.engine.position;
    });
  }

  async enter(state: 'catching-up' | 'following'): Promise<void> {
    if (state === 'following') await this.deliveries.idle();
    this.become(state);
  }

  private async begin(): Promise<void> {
    this.tell();
    const stored = await this.deliveries.open();
    const { folder, onNotice } = this.options;
    const engine = stored === null ? await this.firstEngine() : loadNewestSnapshot(folder, onNotice, stored.position);
    this.replay = new Replay(engine);
    this.collector = new RowCollector(engine);
    if (stored !== null) await this.replayTo(stored.position);
    if (stored !== null) requireOfThisLog(stored, engine, this.deliveries.place);
    else if (!engine.isEmpty) await this.writeEverything();
    this.collector.begin(!engine.isEmpty);
    this.filled = engine.position;
    this.become('catching-up');
  }

  /**
   * Without a position the tables are empty, and the log's first record is needed; or, of a trimmed
   * log, the oldest snapshot that it continues: so the tables have all that it still tells.
   */
  private async firstEngine(): Promise<Engine> {
    const { log, folder } = this.options;
    try {
      return await replayStart(log, folder);
    } catch (error) {
      if (error instanceof UserError) throw new RepairNeededError(error.message, { cause: error });
      throw error;
    }
  }

  private async readOn(): Promise<boolean> {
    const { engine, collector } = this;
    const until = engine.position + batchRecords;
    const untilMs = performance.now() + batchMs;
    const reading = await this.read(
      (batch) => {
        if (!this.take(batch)) this.rest = { ...batch, records: batch.records.slice() };
      },
      () => engine.position >= until || performance.now() >= untilMs || collector.pending >= batchThings,
    );
    if (reading.end <= engine.position) {
      throw new RepairNeededError(
        `the log ends at position ${reading.end - 1} and ended behind ${engine.position} before: it was replaced under its follower`,
      );
    }
    return this.rest !== null || reading.next < reading.end;
  }

  private goOn(rest: Batch): boolean {
    if (this.take(rest)) this.rest = null;
    return true;
  }

  /**
   * Applies a batch of the log, or as much as makes a transaction; returns whether it is through.
   */
  private take(batch: Batch): boolean {
    const { replay, collector } = this;
    const applied = (command: Command, outcome: Outcome): void => collector.applied(command, outcome);
    const isThrough = applyInParts(replay, batch, applied, Infinity, () => {
      collector.collect();
      return collector.pending >= batchThings;
    });
    collector.collect();
    return isThrough;
  }

  /** Applies the log up to a position, or as far as it goes. */
  private async replayTo(position: number): Promise<void> {
    const { engine, replay } = this;
    const { signal } = this.options;
    await this.read(
      (batch) => replay.apply(batch, null, position),
      () => engine.position >= position || signal.aborted,
    );
    signal.throwIfAborted();
  }

  /** The log's beginning is trimmed: the tables begin with the state of a snapshot. */
  private async writeEverything(): Promise<void> {
    const { engine } = this;
    this.options.onNotice(
      `the log's beginning is gone: the tables begin with the snapshot at position ${engine.position}, without the keys of its orders`,
    );
    await this.deliveries.rebuild(async (write) => {
      for (const batch of everything(engine.state, () => null)) await write(batch);
      return positionOf(engine);
    });
  }

  private async read(onBatch: Parameters<LogReader['read']>[1], stopped: () => boolean): ReturnType<LogReader['read']> {
    try {
      return await this.options.log.read(this.engine.position + 1, onBatch, stopped);
    } catch (error) {
      if (!(error instanceof LogTrimmedError)) throw error;
      throw new RepairNeededError(
        `${this.deliveries.place} stands at a position from which the log was trimmed (${error.message}): ` +
          '`holdfast reconcile --repair` builds the tables anew',
        { cause: error },
      );
    }
  }

  /** Takes the rows out of the engine and sends them once the previous ones are written. */
  private async hand(): Promise<void> {
    const batch = this.batches[this.turn]!;
    this.turn = 1 - this.turn;
    this.collector.batch(batch);
    this.filled = this.engine.position;
    await this.deliveries.send(batch.filled(), positionOf(this.engine));
    this.tell();
  }

  private become(state: FollowerState): void {
    this.state = state;
    this.tell();
  }

  private tell(): void {
    this.options.onProgress?.(this.view());
  }
}
