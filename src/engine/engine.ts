/**
 * The state machine: `apply(command, position, time)` changes state and leaves an outcome. Same
 * log, same state, same outcomes, same snapshot, on any machine. No I/O, no clock, no randomness,
 * and only logged settings.
 *
 *     empty --genesis--> running --any command--> running
 *
 * The caller's duties:
 * 1. Apply every record of the log once, in order, with its position and its batch's time; time
 *    never goes back.
 * 2. Read `outcome` before the next call; it is one reused object.
 * 3. Ask `refusal` only about a command that was not appended, and trust it only while nothing is
 *    due (`nextDueMs`).
 */
import type { Command } from './command.ts';
import { isFree, kindName, kinds } from './command.ts';
import type { Genesis } from './commands/running.ts';
import { Outcome } from './outcome.ts';
import type { OutcomeRow } from './outcomes.ts';
import { outcomes } from './outcomes.ts';
import { keepKey, replay } from './rules/kept-keys.ts';
import { applyEffect, mayRefuse, refusalOf, remembersRefusals } from './rules/kinds.ts';
import { afterCommand, beforeCommand, nextDueMs } from './rules/time.ts';
import { State } from './state.ts';

export class Engine {
  readonly outcome = new Outcome();
  /** Last applied position; 0 before the first record. */
  position = 0;
  /** Log time of the last applied record, ms. */
  nowMs = 0;
  /** Rolling hash of all outcomes up to `position`, two unsigned 32-bit halves. */
  hashLow = 0x811c9dc5;
  hashHigh = 0x9e3779b9;
  private current: State | null = null;
  private readonly memory = new Outcome();

  get state(): State {
    if (this.current === null) throw new Error('the log has no genesis record yet');
    return this.current;
  }

  get isEmpty(): boolean {
    return this.current === null;
  }

  /** Continues from a restored state. */
  restore(state: State, position: number, nowMs: number, hashLow: number, hashHigh: number): void {
    this.current = state;
    this.position = position;
    this.nowMs = nowMs;
    state.position = position;
    state.nowMs = nowMs;
    this.hashLow = hashLow;
    this.hashHigh = hashHigh;
  }

  /** The earliest log time at which something is due without a command; Infinity for none. */
  nextDueMs(): number {
    return this.current === null ? Infinity : nextDueMs(this.current);
  }

  /**
   * Whether new keyed commands are refused because the limit of kept keys is reached. Keys of free
   * calls have a limit of their own and do not count here.
   */
  get isKeysFull(): boolean {
    return this.current !== null && this.current.keysAreFull(false);
  }

  apply(command: Command, position: number, nowMs: number): Outcome {
    if (position !== this.position + 1) throw new Error(`position ${position} does not follow ${this.position}`);
    if (nowMs < this.nowMs)
      throw new Error(`log time went back from ${this.nowMs} to ${nowMs} at position ${position}`);
    const previousMs = this.nowMs;
    this.position = position;
    this.nowMs = nowMs;
    const outcome = this.outcome;
    outcome.begin(command.kind, position, nowMs);
    let expired = 0;
    if (this.current === null) {
      this.begin(command);
    } else {
      const state = this.current;
      state.position = position;
      state.nowMs = nowMs;
      // Before keys are reclaimed: a store forgets no key for the time in which it did not run.
      if (command.kind === kinds.started) state.idleMs += nowMs - previousMs;
      expired = beforeCommand(state, previousMs);
      if (command.keyLength > 0) this.decideKeyed(state, command);
      else this.decide(state, command);
      afterCommand(state);
    }
    this.mix(expired);
    return outcome;
  }

  /**
   * The answer that the command's key already has; null when the key is new or the command has
   * none. Leaves the key's hash in `state.keyHash`. Changes no state. The outcome is reused by the
   * next call of this or of `refusal`.
   */
  replayOf(command: Command): Outcome | null {
    const row = this.state.findKey(command);
    if (row < 0) return null;
    const outcome = this.memory;
    outcome.begin(command.kind, this.position, this.nowMs);
    replay(this.state, command, row, outcome);
    return outcome;
  }

  /**
   * The refusal of a command at the present log time, or null when the log has to decide: nothing
   * refuses the command, or its refusals are pinned to its key. Changes no state.
   */
  refusal(command: Command): Outcome | null {
    const { state } = this;
    let row: OutcomeRow | null = null;
    if (command.keyLength > 0 && state.keysAreFull(isFree(command.kind))) row = outcomes.KEYS_FULL;
    else if (!remembersRefusals(state, command)) row = mayRefuse(state, command);
    if (row === null) return null;
    const outcome = this.memory;
    outcome.refuse(row, command.kind, this.position, this.nowMs);
    return outcome;
  }

  private begin(command: Command): void {
    if (command.kind !== kinds.genesis)
      throw new Error(`the first record is a ${kindName(command.kind)}, not a genesis`);
    this.current = new State(command.body as Genesis);
    this.current.position = this.position;
    this.current.nowMs = this.nowMs;
  }

  private decideKeyed(state: State, command: Command): void {
    const outcome = this.outcome;
    const known = state.findKey(command);
    if (known >= 0) {
      replay(state, command, known, outcome);
      return;
    }
    if (state.keysAreFull(isFree(command.kind))) {
      outcome.row = outcomes.KEYS_FULL;
      return;
    }
    this.decide(state, command);
    const pinned = outcome.row.number >= 20 && remembersRefusals(state, command);
    if (outcome.ok || pinned) keepKey(state, command, outcome);
  }

  private decide(state: State, command: Command): void {
    const outcome = this.outcome;
    if (this.nowMs > command.notAfterMs) {
      outcome.row = outcomes.TOO_LATE;
      return;
    }
    const refusal = refusalOf(state, command);
    if (refusal !== null) {
      outcome.row = refusal;
      return;
    }
    applyEffect(state, command, outcome);
  }

  /**
   * Folds the outcome into the rolling hash: what was decided, about what, and what expired on the
   * way.
   */
  private mix(expired: number): void {
    const { outcome } = this;
    const flags = outcome.row.number | (outcome.replayed ? 0x100 : 0) | (expired << 9);
    let low = this.hashLow ^ flags;
    let high = this.hashHigh ^ outcome.thing;
    low = Math.imul(low, 0x85ebca6b) ^ (high >>> 13);
    high = Math.imul(high ^ outcome.remaining, 0xc2b2ae35) ^ (low >>> 16);
    this.hashLow = Math.imul(low, 0x27d4eb2f) >>> 0;
    this.hashHigh = Math.imul(high ^ low, 0x165667b1) >>> 0;
  }
}
