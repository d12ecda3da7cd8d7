/**
 * One running replica: it groups commands into batches, appends them to the log, applies what the
 * log's subscription brings, and hands each caller the outcome of its own record.
 *
 *     starting --recovered--> serving --close--> closed
 *                                |
 *                                +--log failed, replicas differ, engine broke--> failed
 *
 * A node that failed serves nothing more: its process must end.
 *
 * Invariants: nothing is applied that is not durable; nothing is answered that is not applied,
 * except what needs no log (a replayed key, a refusal that is true at this position); one batch is
 * in flight at a time; positions are applied in order, once.
 */
import type { Genesis } from '../engine/commands/running.ts';
import { Command, kinds } from '../engine/command.ts';
import { Engine } from '../engine/engine.ts';
import type { KindDuty } from '../engine/rules/kinds.ts';
import { duties } from '../engine/rules/kinds.ts';
import type { Outcome } from '../engine/outcome.ts';
import type { Batch, Log, Subscription } from '../log/log.ts';
import type { OnApplied } from '../replica/replay.ts';
import { Replay } from '../replica/replay.ts';
import { Batcher } from './batcher.ts';
import { CivilClock } from './civil-clock.ts';
import type { TimeSource } from './clock.ts';
import { LogClock, systemTime } from './clock.ts';
import { Duties } from './duties.ts';
import { UnknownResultError } from './errors.ts';
import type { WritesRefused } from './fullness.ts';
import { Fullness } from './fullness.ts';
import { Intake } from './intake.ts';
import type { Watcher } from './listeners.ts';
import { Listeners } from './listeners.ts';
import { keyAt, timeAt } from './log-reads.ts';
import type { Caller, Render } from './pending.ts';
import { Pending } from './pending.ts';

/** How often it checks for callers that have waited too long, and the clock, ms. */
const lookEveryMs = 500;

export interface NodeOptions {
  readonly log: Log;
  /** Empty, or restored from a snapshot of this log. */
  readonly engine?: Engine;
  readonly time?: TimeSource;
  /** How long a command may wait for its outcome, ms. */
  readonly maxWaitMs?: number;
  /** Max commands in flight; beyond it commands are refused, not taken. */
  readonly maxInFlight?: number;
  /** The records that it appends on its own; default: the duties of the table of kinds. */
  readonly duties?: readonly KindDuty[];
  /**
   * Called with what an operator should know: that the machine's clock and the store's dates
   * differ.
   */
  readonly onNotice?: (message: string) => void;
  /** Called once when the node cannot continue; the process must end soon after. */
  readonly onFailure?: (error: Error) => void;
}

export class Node {
  readonly engine: Engine;
  readonly clock: LogClock;
  readonly civil: CivilClock;
  /** Random per process start; marks this node's own records. */
  readonly nodeId = Math.floor(Math.random() * 2 ** 48);

  private readonly log: Log;
  private readonly replay: Replay;
  private readonly batcher: Batcher;
  private readonly intake: Intake;
  private readonly duties: Duties;
  private readonly listeners: Listeners;
  private readonly fullness = new Fullness(() => this.duties.tickNow());
  private readonly onFailure: (error: Error) => void;
  private readonly timer: ReturnType<typeof setInterval>;
  private subscription: Subscription | null = null;
  private stopped: 'serving' | 'closed' | 'failed' = 'serving';
  private failure: Error | null = null;

  private constructor(options: NodeOptions) {
    const { log, engine = new Engine(), maxWaitMs = 10_000, maxInFlight = 65_536, time = systemTime } = options;
    this.log = log;
    this.engine = engine;
    this.onFailure = options.onFailure ?? (() => {});
    this.replay = new Replay(engine);
    this.listeners = new Listeners(engine, maxWaitMs);
    this.clock = new LogClock(log.lastTimeMs(), time);
    const { clock, fullness, nodeId } = this;
    const events = {
      untaken: (pending: Pending, error: Error) => this.intake.settleError(pending, error),
      through: (restMs: number) => this.duties.arm(restMs),
      failed: (error: Error) => this.fail(error),
    };
    const batcher = new Batcher({ log, engine, clock, nodeId, fullness, events });
    this.batcher = batcher;
    this.intake = new Intake({ engine, batcher, maxWaitMs, maxInFlight });
    this.duties = new Duties({ engine, clock, batcher, duties: options.duties ?? duties });
    this.civil = new CivilClock({
      clock,
      engine,
      submit: async (command) => await this.submit(command, () => undefined, undefined),
      onNotice: options.onNotice ?? (() => {}),
    });
    this.timer = setInterval(() => this.look(), lookEveryMs);
    this.timer.unref();
  }

  /**
   * Replays the log from where the engine stands and begins to serve.
   * @throws DivergedError, or what the log throws.
   */
  static async start(options: NodeOptions): Promise<Node> {
    const node = new Node(options);
    try {
      node.subscription = await node.log.subscribe(node.engine.position + 1, (batch) => node.onBatch(batch));
    } catch (error) {
      clearInterval(node.timer);
      throw error;
    }
    node.clock.begin(node.civil.offsetMs);
    node.duties.arm();
    return node;
  }

  /** Why the node cannot continue; null while it can. */
  get failureReason(): Error | null {
    return this.failure;
  }

  get isServing(): boolean {
    return this.stopped === 'serving';
  }

  /**
   * Why writes are refused for now; null while they are not. The refusal ends without a restart.
   */
  get writesRefused(): WritesRefused | null {
    return this.fullness.refused(this.engine);
  }

  get pendingCommands(): number {
    return this.batcher.count;
  }

  /** Writes the first record of an empty log. */
  async begin(genesis: Genesis): Promise<void> {
    if (!this.engine.isEmpty) throw new Error('the log has begun already');
    const command = new Command().reset(kinds.genesis);
    command.body = genesis;
    await new Promise<unknown>((resolve, reject) => {
      this.batcher.add(command, new Pending(() => undefined, undefined, { resolve, reject }));
    });
  }

  /** Appends the record of this start, before any other. `epoch`: random, 12 hexadecimal digits. */
  async announceStart(epoch: string): Promise<void> {
    await this.submit(this.civil.started(epoch), () => undefined, undefined);
  }

  /**
   * Like `announceStart`, for a process that may write nothing: the record goes right before its
   * first one.
   */
  announceLater(epoch: string): void {
    this.batcher.announce(this.civil.started(epoch));
  }

  /**
   * Brings one command to its outcome and renders that: at once for a replayed key or a refusal
   * that needs no log, else when the record is durable and applied. The command is encoded before
   * this returns, so the caller may reuse it. The promise rejects with NotTakenError (certain) or
   * UnknownResultError (a retry with the same key tells).
   */
  submit<Answer, Context>(
    command: Command,
    render: Render<Answer, Context>,
    context: Context,
  ): Answer | Promise<Answer> {
    return this.intake.submit(command, render, context);
  }

  /**
   * Like `submit`, for a caller that takes its answer itself and is also the context: no promise is
   * made.
   */
  submitTo<Answer, Context extends Caller<Answer>>(
    command: Command,
    render: Render<Answer, Context>,
    caller: Context,
  ): void {
    this.intake.submitTo(command, render, caller);
  }

  /**
   * The earlier outcome of a command's key; null when the key had no effect. Appends nothing.
   * Returns a promise while a command with that key is in flight: ask again when it resolves.
   */
  recall(command: Command): Outcome | Promise<void> | null {
    const known = this.intake.keyed(command);
    return known === 'in flight' ? this.reached(this.engine.position + 1) : known;
  }

  /**
   * Calls a watcher with what each batch changed, after the batch is applied and its callers are
   * answered; not during recovery. The changes are only valid during the call. Returns a function
   * that stops the watch.
   */
  watch(watcher: Watcher): () => void {
    return this.listeners.watch(watcher);
  }

  /** Resolves when this replica has applied `position`; rejects after `maxWaitMs`. */
  reached(position: number): Promise<void> {
    return this.listeners.reached(position);
  }

  /**
   * The idempotency key, as sent, of the record at a position; null when the record has none or is
   * no longer kept.
   */
  keyAt(position: number): Promise<string | null> {
    return keyAt(this.log, position);
  }

  /** The oldest position that the log keeps. */
  get keptFrom(): number {
    return this.log.start();
  }

  /** Log time of the record at a position, ms; null when there is none or it is no longer kept. */
  timeAt(position: number): Promise<number | null> {
    return timeAt(this.log, position);
  }

  /**
   * Takes no more commands, lets those in flight finish, and stops appending. The log stays open
   * for its owner.
   */
  async close(): Promise<void> {
    if (this.stopped === 'serving') {
      this.stopped = 'closed';
      this.intake.stop(null);
      this.duties.stop();
      await this.batcher.drain();
    }
    this.stopTimers();
    this.subscription?.cancel();
  }

  /** Ends the node: the log failed, replicas differ, or its files are gone. */
  fail(error: Error): void {
    if (this.stopped === 'failed') return;
    this.stopped = 'failed';
    this.failure = error;
    this.stopTimers();
    this.intake.stop(error);
    const told = new UnknownResultError('the log failed; the same key tells, once the store is back');
    this.batcher.stop((pending) => this.intake.settleError(pending, told));
    this.onFailure(error);
  }

  /** The only place where commands are applied, the node's own and those of other writers alike. */
  private onBatch(batch: Batch): void {
    if (this.stopped === 'failed') return;
    try {
      const isOwn = this.batcher.isSent(batch);
      this.replay.apply(batch, isOwn ? this.onApplied : null);
      if (isOwn) this.batcher.brought();
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
    this.clock.observe(batch.timeMs);
    this.listeners.applied();
  }

  private readonly onApplied: OnApplied = (_, outcome) => {
    const pending = this.batcher.callerAt(this.engine.position);
    if (pending !== null) this.intake.settle(pending, outcome);
  };

  /**
   * Answers callers in bounded time even when the log hangs: a command cannot take effect later
   * (`notAfterMs`).
   */
  private look(): void {
    this.batcher.giveUp(this.clock.nowMs(), (pending) =>
      this.intake.settleError(pending, new UnknownResultError('the log did not answer in time; the same key tells')),
    );
    if (this.stopped === 'serving') this.civil.look();
  }

  private stopTimers(): void {
    clearInterval(this.timer);
    this.fullness.stop();
    this.duties.stop();
  }
}
