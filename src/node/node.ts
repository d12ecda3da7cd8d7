/**
 * One running replica: it groups commands into batches, appends them to the log, applies what the log's subscription
 * brings, and hands each caller the outcome of its own record.
 *
 *     starting --recovered--> serving --close--> closed
 *                                |
 *                                +--log failed, replicas differ, engine broke--> failed (the process must end)
 *
 * Invariants: nothing is applied that is not durable; nothing is answered that is not applied, but for what needs no log (a replayed
 * key, a refusal that is true at this position); one batch is in flight at a time; positions are applied in order, once.
 */
import type { Genesis } from '../engine/commands/running.ts';
import { Command, kinds } from '../engine/command.ts';
import { Engine } from '../engine/engine.ts';
import { Outcome } from '../engine/outcome.ts';
import { outcomes } from '../engine/outcomes.ts';
import { RecordReader, RecordWriter } from '../engine/record.ts';
import type { Batch, Log, Subscription } from '../log/log.ts';
import { LogFullError } from '../log/log.ts';
import type { TimeSource } from './clock.ts';
import { CivilClock } from './civil-clock.ts';
import { LogClock, systemTime } from './clock.ts';
import { NotTakenError, noRoomError, stoppedError, UnknownResultError } from './errors.ts';
import type { Watcher } from './listeners.ts';
import { Listeners } from './listeners.ts';
import { OutcomeChecks } from '../replica/outcome-checks.ts';
import { Fullness, fullRetryMs, type WritesRefused } from './fullness.ts';
import { keyAt, timeAt } from './log-reads.ts';
import { answer, join, KeysInFlight, Pending, type Render, type Target } from './pending.ts';
import { Ticker } from './ticker.ts';

/** A batch closes at so many commands… */
const batchCommands = 512;
/** …or after so many turns of the event loop: while each turn brings more commands, waiting makes the sync rarer. */
const batchTurns = 3;

export interface NodeOptions {
  readonly log: Log;
  /** Empty, or restored from a snapshot of this log. */
  readonly engine?: Engine;
  readonly time?: TimeSource;
  /** How long a command may wait for its outcome, ms. */
  readonly maxWaitMs?: number;
  /** Most commands in flight; beyond it they are refused untaken. */
  readonly maxInFlight?: number;
  /** Told what an operator should know: that the clock of the machine and the store's dates differ. */
  readonly onNotice?: (message: string) => void;
  /** Called once when the node cannot go on; the process must end soon after. */
  readonly onFailure?: (error: Error) => void;
}

export class Node {
  readonly engine: Engine;
  readonly clock: LogClock;
  readonly civil: CivilClock;
  /** Random per process start; marks this node's own records. */
  readonly nodeId = Math.floor(Math.random() * 2 ** 48);
  /** Batches and commands made durable here, for statistics. */
  batches = 0;
  commands = 0;

  private readonly log: Log;
  private readonly maxWaitMs: number;
  private readonly maxInFlight: number;
  private readonly onFailure: (error: Error) => void;
  private readonly reader = new RecordReader();
  private readonly command = new Command();
  private readonly tick = new Command();
  private readonly checks = new OutcomeChecks();
  private readonly inFlight = new KeysInFlight();
  private readonly listeners: Listeners;
  private readonly fullness = new Fullness(() => this.tickNow());

  private open = new RecordWriter();
  private openPending: (Pending | null)[] = [];
  private sent = new RecordWriter();
  private sentPending: (Pending | null)[] = [];
  private sentFirst = 0;
  private nextNumber = 1;
  private appending = false;
  private scheduled = false;
  private turns = 0;
  private announcement: Command | null = null;
  private countAtLastTurn = 0;
  private lastNowMs = 0;
  private first: Pending | undefined = undefined;

  private subscription: Subscription | null = null;
  private readonly ticker = new Ticker(() => this.onTick());
  private readonly waitTimer: ReturnType<typeof setInterval>;
  private stopped: 'serving' | 'closed' | 'failed' = 'serving';
  private failure: Error | null = null;
  private drained: (() => void) | null = null;

  private constructor(options: NodeOptions) {
    this.log = options.log;
    this.engine = options.engine ?? new Engine();
    this.maxWaitMs = options.maxWaitMs ?? 10_000;
    this.maxInFlight = options.maxInFlight ?? 65_536;
    this.onFailure = options.onFailure ?? (() => {});
    this.listeners = new Listeners(this.engine, this.maxWaitMs);
    this.clock = new LogClock(this.log.lastTimeMs(), options.time ?? systemTime);
    this.civil = new CivilClock({
      clock: this.clock,
      engine: this.engine,
      submit: async (command) => await this.submit(command, () => undefined, undefined),
      onNotice: options.onNotice ?? (() => {}),
    });
    this.checks.remember(this.engine);
    this.waitTimer = setInterval(() => this.look(), 500);
    this.waitTimer.unref();
  }

  /** Replays the log from where the engine stands and begins to serve. @throws DivergedError, or what the log throws. */
  static async start(options: NodeOptions): Promise<Node> {
    const node = new Node(options);
    try {
      node.subscription = await node.log.subscribe(node.engine.position + 1, (batch) => node.onBatch(batch));
    } catch (error) {
      clearInterval(node.waitTimer);
      throw error;
    }
    node.clock.begin(node.civil.offsetMs);
    node.armTick();
    return node;
  }

  /** Why the node cannot go on; null while it can. */
  get failureReason(): Error | null {
    return this.failure;
  }

  get isServing(): boolean {
    return this.stopped === 'serving';
  }

  /** Why writes are refused for now; null while they are not. It passes by itself. */
  get writesRefused(): WritesRefused | null {
    return this.fullness.refused(this.engine);
  }

  get pendingCommands(): number {
    return this.openPending.length + this.sentPending.length;
  }

  /** Writes the first record of an empty log. */
  async begin(genesis: Genesis): Promise<void> {
    if (!this.engine.isEmpty) throw new Error('the log has begun already');
    const command = new Command().reset(kinds.genesis);
    command.body = genesis;
    await new Promise<unknown>((resolve, reject) => {
      this.enqueue(command, new Pending(() => undefined, undefined, { resolve, reject }));
    });
  }

  /** Says in the log that a process goes on with it; before anything else. `epoch`: random, 12 hexadecimal digits. */
  async announceStart(epoch: string): Promise<void> {
    await this.submit(this.civil.started(epoch), () => undefined, undefined);
  }

  /** The same for a process that may write nothing: right before its first record. */
  announceLater(epoch: string): void {
    this.announcement = this.civil.started(epoch);
  }

  /**
   * Brings one command to its outcome and renders it: at once for a replayed key or a refusal that needs no log, else when its
   * record is durable and applied. The command is encoded before this returns, so the caller may reuse it.
   * The promise rejects with NotTakenError (certain) or UnknownResultError (the same key tells).
   */
  submit<Answer, Context>(
    command: Command,
    render: Render<Answer, Context>,
    context: Context,
  ): Answer | Promise<Answer> {
    if (this.stopped !== 'serving') return Promise.reject(stoppedError(this.failure));
    const outcome = this.fromMemory(command);
    if (outcome !== null) return render(outcome, context);
    return new Promise((resolve, reject) => {
      const target = { resolve, reject } as Target<unknown>;
      this.take(command, new Pending(render as Render<unknown, unknown>, context, target));
    });
  }

  /** The same for a caller that takes its answer by itself and is the context too: no promise is made. */
  submitTo<Answer, Caller extends Target<Answer>>(
    command: Command,
    render: Render<Answer, Caller>,
    caller: Caller,
  ): void {
    if (this.stopped !== 'serving') {
      caller.reject(stoppedError(this.failure));
      return;
    }
    const outcome = this.fromMemory(command);
    if (outcome !== null) caller.resolve(render(outcome, caller));
    else this.take(command, new Pending(render as Render<unknown, unknown>, caller, caller));
  }

  /**
   * Calls a watcher with what each batch changed, once it is applied and its callers are answered; not for what recovery replays.
   * The changes are only valid during the call. Returns what stops it.
   */
  watch(watcher: Watcher): () => void {
    return this.listeners.watch(watcher);
  }

  /** Resolves when this replica has applied `position`; rejects after `maxWaitMs`. */
  reached(position: number): Promise<void> {
    return this.listeners.reached(position);
  }

  /** The idempotency key, as sent, of the record at a position; null when it has none or is no longer kept. */
  keyAt(position: number): Promise<string | null> {
    return keyAt(this.log, position);
  }

  /** Log time of the record at a position, ms; null when it is not there, or no longer kept. */
  timeAt(position: number): Promise<number | null> {
    return timeAt(this.log, position);
  }

  /** Takes no more commands, lets those in flight finish, and stops ticking. The log stays open for whoever owns it. */
  async close(): Promise<void> {
    if (this.stopped === 'serving') {
      this.stopped = 'closed';
      if (this.pendingCommands > 0 || this.appending) await new Promise<void>((resolve) => (this.drained = resolve));
    }
    this.stopTimers();
    this.subscription?.cancel();
  }

  /**
   * The outcome of a command that needs no log, or null. Leaves the hash of its key in the state's `keyHash`, and in `first` the
   * command in flight that has the same key.
   */
  private fromMemory(command: Command): Outcome | null {
    const { engine } = this;
    const nowMs = this.turnNowMs();
    command.notAfterMs = nowMs + this.maxWaitMs;
    this.first = undefined;
    if (command.keyLength > 0) {
      const replay = engine.replayOf(command);
      if (replay !== null) return replay;
      const { keyHash } = engine.state;
      this.first = this.inFlight.find(keyHash.h0, keyHash.h1, keyHash.h2, keyHash.h3);
      if (this.first !== undefined) return null;
    }
    // While something is due, memory is behind the truth: the log decides.
    return engine.nextDueMs() > nowMs ? engine.refusal(command) : null;
  }

  /** Puts a command on its way, right after `fromMemory` had no answer to it. */
  private take(command: Command, pending: Pending): void {
    if (this.first !== undefined) {
      join(this.first, command, pending);
      return;
    }
    if (this.pendingCommands >= this.maxInFlight) {
      pending.target.reject(new NotTakenError('too many requests are in flight; nothing of this one was taken'));
      return;
    }
    pending.untilMs = command.notAfterMs;
    if (command.keyLength > 0) {
      const { keyHash } = this.engine.state;
      this.inFlight.add(pending, command, keyHash.h0, keyHash.h1, keyHash.h2, keyHash.h3);
    }
    this.enqueue(command, pending);
  }

  /** Log time, read once for all that arrives in one turn of the event loop: two clock calls a command are worth saving. */
  private turnNowMs(): number {
    if (!this.scheduled) this.lastNowMs = this.clock.nowMs();
    return this.lastNowMs;
  }

  private enqueue(command: Command, pending: Pending | null): void {
    if (this.announcement !== null) {
      this.open.add(this.announcement);
      this.openPending.push(null);
      this.announcement = null;
    }
    this.open.add(command);
    this.openPending.push(pending);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled || this.appending) return;
    this.scheduled = true;
    // Whoever schedules the turn, a caller or a tick: those that come in it have the time of now.
    this.lastNowMs = this.clock.nowMs();
    setImmediate(() => this.turn());
  }

  private turn(): void {
    this.scheduled = false;
    const { count } = this.open;
    if (count === 0 || this.appending || this.stopped === 'failed') return;
    if (count > this.countAtLastTurn && this.turns < batchTurns && count < batchCommands) {
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
    if (this.sentPending.length > 0 && this.stopped !== 'failed') {
      this.fail(new Error('a batch is durable and was not brought back by the subscription'));
    }
    this.sent.clear();
    this.next();
  }

  private afterFailedAppend(error: unknown): void {
    this.appending = false;
    if (!(error instanceof LogFullError)) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.fullness.logRefused();
    const untaken = this.sentPending;
    this.sentPending = [];
    this.sent.clear();
    for (const pending of untaken) if (pending !== null) this.settleError(pending, noRoomError(error));
    this.next(fullRetryMs);
  }

  private next(leastTickMs = 0): void {
    if (this.open.count > 0) this.schedule();
    else if (this.drained !== null) this.drained();
    this.armTick(leastTickMs);
  }

  /** The one place where commands are applied, one's own and others' alike. */
  private onBatch(batch: Batch): void {
    if (this.stopped === 'failed') return;
    const { engine, reader, command } = this;
    try {
      this.checks.compare(batch);
      reader.reset(batch.records);
      const own = batch.nodeId === this.nodeId && batch.firstNumber === this.sentFirst && this.sentPending.length > 0;
      let position = batch.first;
      for (let i = 0; reader.next(command); i += 1, position += 1) {
        if (position <= engine.position) continue;
        const outcome = engine.apply(command, position, batch.timeMs);
        const pending = own ? this.sentPending[i] : null;
        if (pending != null) this.settle(pending, outcome);
      }
      if (position !== batch.first + batch.count)
        throw new Error(`the batch at ${batch.first} has not ${batch.count} records`);
      if (own) this.sentPending = [];
      this.batches += 1;
      this.commands += batch.count;
      this.checks.remember(engine);
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
    this.clock.observe(batch.timeMs);
    this.listeners.applied();
  }

  private settle(pending: Pending, outcome: Outcome): void {
    if (pending.keyed) this.inFlight.delete(pending);
    const joined = pending.joined;
    pending.joined = null;
    answer(pending, outcome);
    if (joined !== null) this.settleJoined(joined, new Outcome().copyFrom(outcome));
  }

  private settleJoined(joined: NonNullable<Pending['joined']>, first: Outcome): void {
    for (const { pending, sameFingerprint, record } of joined) {
      if (sameFingerprint) {
        answer(pending, Object.assign(new Outcome().copyFrom(first), { replayed: first.ok }));
      } else if (first.ok) {
        const reused = new Outcome();
        reused.refuse(outcomes.KEY_REUSED, first.kind, first.position, first.timeMs);
        answer(pending, reused);
      } else {
        this.resubmit(pending, record);
      }
    }
  }

  private settleError(pending: Pending, error: Error): void {
    if (pending.keyed) this.inFlight.delete(pending);
    pending.target.reject(error);
    for (const { pending: other } of pending.joined ?? []) other.target.reject(error);
    pending.joined = null;
  }

  private resubmit(pending: Pending, record: Uint8Array): void {
    const command = new Command();
    const reader = new RecordReader();
    reader.reset(record);
    reader.next(command);
    // In a later turn: this one is still applying the batch that freed the key.
    setImmediate(() => {
      if (this.stopped !== 'serving') {
        pending.target.reject(stoppedError(this.failure));
        return;
      }
      try {
        const outcome = this.fromMemory(command);
        if (outcome !== null) answer(pending, outcome);
        else this.take(command, pending);
      } catch (error) {
        pending.target.reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Waits for the next thing that happens by itself; ticks at once while something is overdue. */
  private armTick(leastMs = 0): void {
    if (this.stopped === 'serving') this.ticker.arm(this.engine.nextDueMs(), () => this.clock.nowMs(), leastMs);
  }

  private onTick(): void {
    if (this.engine.nextDueMs() <= this.clock.nowMs()) this.tickNow();
    else this.armTick();
  }

  /** A batch that is on its way carries the time along; the next tick is armed when it has been applied. */
  private tickNow(): void {
    if (this.stopped !== 'serving' || this.open.count > 0 || this.appending) return;
    this.enqueue(this.tick.reset(kinds.tick), null);
  }

  private look(): void {
    this.giveUpWaiting();
    if (this.stopped === 'serving') this.civil.look();
  }

  /** A caller is answered in bounded time even when the log hangs; its command cannot take effect later (`notAfterMs`). */
  private giveUpWaiting(): void {
    if (this.pendingCommands === 0) return;
    const nowMs = this.clock.nowMs();
    for (const list of [this.sentPending, this.openPending]) {
      for (let i = 0; i < list.length; i += 1) {
        const pending = list[i];
        if (pending == null || pending.untilMs >= nowMs) continue;
        list[i] = null;
        this.settleError(pending, new UnknownResultError('the log did not answer in time; the same key tells'));
      }
    }
  }

  /** The end: the log failed, replicas differ, or what it stands on is gone. */
  fail(error: Error): void {
    if (this.stopped === 'failed') return;
    this.stopped = 'failed';
    this.failure = error;
    this.stopTimers();
    const told = new UnknownResultError('the log failed; the same key tells, once the store is back');
    for (const list of [this.sentPending, this.openPending]) {
      for (const pending of list) if (pending !== null) this.settleError(pending, told);
    }
    this.sentPending = [];
    this.openPending = [];
    if (this.drained !== null) this.drained();
    this.onFailure(error);
  }

  private stopTimers(): void {
    clearInterval(this.waitTimer);
    this.fullness.stop();
    this.ticker.stop();
  }
}
