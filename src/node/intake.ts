/**
 * Takes commands in and answers their callers: from memory, together with the command in flight
 * that has the same key, or by a record of their own.
 */
import { Command } from '../engine/command.ts';
import type { KeyedHash } from '../engine/base/keyed-hash.ts';
import type { Engine } from '../engine/engine.ts';
import { Outcome } from '../engine/outcome.ts';
import { outcomes } from '../engine/outcomes.ts';
import { RecordReader } from '../engine/record.ts';
import type { Batcher } from './batcher.ts';
import { NotTakenError, stoppedError } from './errors.ts';
import type { Caller, Joined, Render } from './pending.ts';
import { answer, join, KeysInFlight, Pending } from './pending.ts';

/** What memory knows of a command. One reused object: read it before the next command. */
interface Known {
  /** The answer, when it needs no record. */
  outcome: Outcome | null;
  /** The command in flight that has the same key. */
  first: Pending | null;
  /** Has the hash of the command's key, until the next look-up; null without a key. */
  keyHash: KeyedHash | null;
}

export interface IntakeOptions {
  readonly engine: Engine;
  readonly batcher: Batcher;
  /** How long a command may wait for its outcome, ms. */
  readonly maxWaitMs: number;
  /** Max commands in flight; beyond it commands are refused, not taken. */
  readonly maxInFlight: number;
}

export class Intake {
  private readonly engine: Engine;
  private readonly batcher: Batcher;
  private readonly maxWaitMs: number;
  private readonly maxInFlight: number;
  private readonly inFlight = new KeysInFlight();
  private readonly known: Known = { outcome: null, first: null, keyHash: null };
  private isStopped = false;
  private failure: Error | null = null;

  constructor({ engine, batcher, maxWaitMs, maxInFlight }: IntakeOptions) {
    this.engine = engine;
    this.batcher = batcher;
    this.maxWaitMs = maxWaitMs;
    this.maxInFlight = maxInFlight;
  }

  /** As `Node.submit`. */
  submit<Answer, Context>(
    command: Command,
    render: Render<Answer, Context>,
    context: Context,
  ): Answer | Promise<Answer> {
    if (this.isStopped) return Promise.reject(stoppedError(this.failure));
    const known = this.recall(command);
    if (known.outcome !== null) return render(known.outcome, context);
    return new Promise((resolve, reject) => {
      const caller = { resolve, reject } as Caller<unknown>;
      this.take(command, new Pending(render as Render<unknown, unknown>, context, caller), known);
    });
  }

  /** As `Node.submitTo`. */
  submitTo<Answer, Context extends Caller<Answer>>(
    command: Command,
    render: Render<Answer, Context>,
    caller: Context,
  ): void {
    if (this.isStopped) {
      caller.reject(stoppedError(this.failure));
      return;
    }
    const known = this.recall(command);
    if (known.outcome !== null) caller.resolve(render(known.outcome, caller));
    else this.take(command, new Pending(render as Render<unknown, unknown>, caller, caller), known);
  }

  /**
   * The outcome of a command's key; null when the key had no effect.
   * @throws NotTakenError once the intake is stopped
   */
  keyed(command: Command): Outcome | 'in flight' | null {
    if (this.isStopped) throw stoppedError(this.failure);
    const outcome = this.engine.replayOf(command);
    if (outcome !== null) return outcome;
    return this.inFlight.find(this.engine.state.keyHash) === null ? null : 'in flight';
  }

  /** Answers the caller of an applied record and the callers that joined it. */
  settle(pending: Pending, outcome: Outcome): void {
    if (pending.keyed) this.inFlight.delete(pending);
    const { joined } = pending;
    pending.joined = null;
    answer(pending, outcome);
    if (joined !== null) this.settleJoined(joined, new Outcome().copyFrom(outcome));
  }

  /** Rejects the caller and those that joined it: there is no outcome. */
  settleError(pending: Pending, error: Error): void {
    if (pending.keyed) this.inFlight.delete(pending);
    pending.caller.reject(error);
    for (const { pending: other } of pending.joined ?? []) other.caller.reject(error);
    pending.joined = null;
  }

  /** Takes no more commands. `failure`: null when the store is shutting down. */
  stop(failure: Error | null): void {
    this.isStopped = true;
    this.failure = failure;
  }

  private recall(command: Command): Known {
    const { engine, known } = this;
    const nowMs = this.batcher.turnNowMs();
    command.notAfterMs = nowMs + this.maxWaitMs;
    known.outcome = null;
    known.first = null;
    known.keyHash = null;
    if (command.keyLength > 0) {
      known.outcome = engine.replayOf(command);
      if (known.outcome !== null) return known;
      const { keyHash } = engine.state;
      known.keyHash = keyHash;
      known.first = this.inFlight.find(keyHash);
      if (known.first !== null) return known;
    }
    // While something is due, memory is out of date: the log decides.
    if (engine.nextDueMs() > nowMs) known.outcome = engine.refusal(command);
    return known;
  }

  /** Sends a command that memory cannot answer. */
  private take(command: Command, pending: Pending, { first, keyHash }: Known): void {
    if (first !== null) {
      join(first, command, pending);
      return;
    }
    if (this.batcher.count >= this.maxInFlight) {
      pending.caller.reject(new NotTakenError('too many requests are in flight; nothing of this one was taken'));
      return;
    }
    pending.untilMs = command.notAfterMs;
    if (keyHash !== null) this.inFlight.add(pending, command, keyHash);
    this.batcher.add(command, pending);
  }

  private settleJoined(joined: readonly Joined[], first: Outcome): void {
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

  private resubmit(pending: Pending, record: Uint8Array): void {
    const command = new Command();
    const reader = new RecordReader();
    reader.reset(record);
    reader.next(command);
    // In a later turn of the loop: this one is still applying the batch that freed the key.
    setImmediate(() => {
      if (this.isStopped) {
        pending.caller.reject(stoppedError(this.failure));
        return;
      }
      try {
        const known = this.recall(command);
        if (known.outcome !== null) answer(pending, known.outcome);
        else this.take(command, pending, known);
      } catch (error) {
        pending.caller.reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }
}
