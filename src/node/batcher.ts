/**
 * Groups commands into batches and appends them, one at a time. The callers of a batch wait here
 * until the log brings it back.
 *
 *     open --turn of the loop, or 512 commands--> sent --append is through--> (the next one)
 *
 * Commands are encoded as they come, into one of two writers that take turns.
 */
import type { Command } from '../engine/command.ts';
import type { Engine } from '../engine/engine.ts';
import { RecordWriter } from '../engine/record.ts';
import type { Batch, Log } from '../log/log.ts';
import { LogFullError } from '../log/log.ts';
import type { LogClock } from './clock.ts';
import { noRoomError } from './errors.ts';
import type { Fullness } from './fullness.ts';
import { fullRetryMs } from './fullness.ts';
import type { Pending } from './pending.ts';

/** A batch closes at this many commands… */
const batchCommands = 512;
/** …or at this many bytes: one command may bring thousands of taps… */
const batchBytes = 1 << 20;
/**
 * …or after this many turns of the event loop: while each turn brings more commands, waiting makes
 * syncs rarer.
 */
const batchTurns = 3;

/** Callbacks for what becomes of batches. */
export interface BatchEvents {
  /** The command was not taken. */
  untaken(pending: Pending, error: Error): void;
  /** An append has finished. The node's own records wait at least `restMs`. */
  through(restMs: number): void;
  /** The log failed: the node must stop. */
  failed(error: Error): void;
}

export interface BatcherOptions {
  readonly log: Log;
  readonly engine: Engine;
  readonly clock: LogClock;
  /** Marks the batches of this node. */
  readonly nodeId: number;
  readonly fullness: Fullness;
  readonly events: BatchEvents;
}

export class Batcher {
  private readonly log: Log;
  private readonly engine: Engine;
  private readonly clock: LogClock;
  private readonly nodeId: number;
  private readonly fullness: Fullness;
  private readonly events: BatchEvents;

  private open = new RecordWriter();
  private openPending: (Pending | null)[] = [];
  private sent = new RecordWriter();
  private sentPending: (Pending | null)[] = [];
  /** Number of the sent batch's first command, and its position once the log brings it. */
  private sentFirst = 0;
  private sentPosition = 0;
  private nextNumber = 1;
  private announcement: Command | null = null;
  private appending = false;
  private scheduled = false;
  private turns = 0;
  private countAtLastTurn = 0;
  private lastNowMs = 0;
  private stopped = false;
  private drained: (() => void) | null = null;

  constructor({ log, engine, clock, nodeId, fullness, events }: BatcherOptions) {
    this.log = log;
    this.engine = engine;
    this.clock = clock;
    this.nodeId = nodeId;
    this.fullness = fullness;
    this.events = events;
  }

  /** Commands on their way. */
  get count(): number {
    return this.openPending.length + this.sentPending.length;
  }

  /** Whether no record is on its way. */
  get isIdle(): boolean {
    return this.open.count === 0 && !this.appending;
  }

  /**
   * Log time, read once for all commands of one turn of the event loop: that saves two clock calls
   * a command.
   */
  turnNowMs(): number {
    if (!this.scheduled) this.lastNowMs = this.clock.nowMs();
    return this.lastNowMs;
  }

  /** Puts a record before the next one. */
  announce(command: Command): void {
    this.announcement = command;
  }

  /**
   * Encodes a command into the open batch, so the caller may reuse it. `pending`: its caller; null
   * for none.
   */
  add(command: Command, pending: Pending | null): void {
    if (this.announcement !== null) {
      this.open.add(this.announcement);
      this.openPending.push(null);
      this.announcement = null;
    }
    this.open.add(command);
    this.openPending.push(pending);
    this.schedule();
  }

  /**
   * Whether a batch that the log brings is the sent one. If so, `callerAt` gives its callers until
   * `brought`.
   */
  isSent(batch: Batch): boolean {
    const isOwn = batch.nodeId === this.nodeId && batch.firstNumber === this.sentFirst && this.sentPending.length > 0;
    if (isOwn) this.sentPosition = batch.first;
    return isOwn;
  }

  /** The caller of the record at a position of the sent batch; null for none. */
  callerAt(position: number): Pending | null {
    return this.sentPending[position - this.sentPosition] ?? null;
  }

  /** The whole sent batch is applied. */
  brought(): void {
    this.sentPending = [];
  }

  /** Removes the callers that have waited past their time; their commands go on. */
  giveUp(nowMs: number, tell: (pending: Pending) => void): void {
    if (this.count === 0) return;
    for (const list of [this.sentPending, this.openPending]) {
      for (let i = 0; i < list.length; i += 1) {
        const pending = list[i];
        if (pending == null || pending.untilMs >= nowMs) continue;
        list[i] = null;
        tell(pending);
      }
    }
  }

  /** Resolves when no record is on its way. */
  async drain(): Promise<void> {
    if (this.count > 0 || this.appending) await new Promise<void>((resolve) => (this.drained = resolve));
  }

  /** Stops appending. `tell`: called for each waiting caller. */
  stop(tell: (pending: Pending) => void): void {
    this.stopped = true;
    for (const list of [this.sentPending, this.openPending]) {
      for (const pending of list) if (pending !== null) tell(pending);
    }
    this.sentPending = [];
    this.openPending = [];
    if (this.drained !== null) this.drained();
  }

  private schedule(): void {
    if (this.scheduled || this.appending) return;
    this.scheduled = true;
    // Read here, whether a caller or a tick schedules the turn: all its commands get the present
    // time.
    this.lastNowMs = this.clock.nowMs();
    setImmediate(() => this.turn());
  }

  private turn(): void {
    this.scheduled = false;
    const { count } = this.open;
    if (count === 0 || this.appending || this.stopped) return;
    const isFull = count >= batchCommands || this.open.byteLength >= batchBytes;
    if (count > this.countAtLastTurn && this.turns < batchTurns && !isFull) {
      this.countAtLastTurn = count;
      this.turns += 1;
      this.schedule();
      return;
    }
    this.commit();
  }

  private commit(): void {
    [this.open, this.sent] = [this.sent, this.open];
    [this.openPending, this.sentPending] = [this.sentPending, this.openPending];
    this.turns = 0;
    this.countAtLastTurn = 0;
    this.appending = true;
    this.sentFirst = this.nextNumber;
    this.nextNumber += this.sent.count;
    this.log
      .append({
        count: this.sent.count,
        timeMs: Math.floor(this.clock.nowMs()),
        nodeId: this.nodeId,
        firstNumber: this.sentFirst,
        checkPosition: this.engine.position,
        checkLow: this.engine.hashLow,
        checkHigh: this.engine.hashHigh,
        records: this.sent.bytes(),
      })
      .then(
        () => this.afterAppend(),
        (error: unknown) => this.afterFailedAppend(error),
      );
  }

  private afterAppend(): void {
    this.appending = false;
    this.fullness.logTook();
    if (this.sentPending.length > 0 && !this.stopped) {
      this.events.failed(new Error('a batch is durable and was not brought back by the subscription'));
    }
    this.sent.clear();
    this.next(0);
  }

  private afterFailedAppend(error: unknown): void {
    this.appending = false;
    if (!(error instanceof LogFullError)) {
      this.events.failed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.fullness.logRefused();
    const untaken = this.sentPending;
    this.sentPending = [];
    this.sent.clear();
    for (const pending of untaken) if (pending !== null) this.events.untaken(pending, noRoomError(error));
    this.next(fullRetryMs);
  }

  private next(restMs: number): void {
    if (this.open.count > 0) this.schedule();
    else if (this.drained !== null) this.drained();
    this.events.through(restMs);
  }
}
