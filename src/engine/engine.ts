/**
 * The state machine: `apply(command, position, time)` changes state and leaves an outcome. Same log, same state, same
 * outcomes, same snapshot, on any machine. No I/O, no clock, no randomness, no settings but logged ones.
 *
 *     empty --genesis--> running --any command--> running
 *
 * The caller's duties:
 * 1. Apply every record of the log once, in order, with its position and its batch's time; time never goes back.
 * 2. Read `outcome` before the next call; it is one reused object.
 * 3. Ask `refusal` only about what has not been appended, and trust it only while nothing is due (`nextDueMs`).
 */
import type { Command, Genesis } from './command.ts';
import { isFree, kindName, kinds, scopes } from './command.ts';
import { Outcome } from './outcome.ts';
import type { OutcomeRow } from './outcomes.ts';
import { outcomeOf, outcomes } from './outcomes.ts';
import { dropStale, sweep } from './rules/expiry.ts';
import { applyEffect, refusalOf } from './rules/kinds.ts';
import { makeOffers } from './rules/offers.ts';
import { refusalOfJoinsKey } from './rules/waitlist.ts';
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

  /** The earliest log time at which something happens by itself; Infinity when nothing will. */
  nextDueMs(): number {
    if (this.current === null) return Infinity;
    if (this.current.owedOffers.length > 0) return this.nowMs;
    const { deadlines, windows, civil } = this.current;
    const dueMs = Math.min(deadlines.firstDueMs(), windows.nextMs() - civil.offsetMs);
    return this.isKeysFull || this.current.keysAreFull(true) ? Math.min(dueMs, this.keysDueMs()) : dueMs;
  }

  /** Whether new keyed commands are refused, since as many keys are kept as may be. Those of free calls stop nothing else. */
  get isKeysFull(): boolean {
    return this.current !== null && this.current.keysAreFull(false);
  }

  /** Log time at which a record frees a key. While they are full such commands are refused from memory, and no record might come. */
  private keysDueMs(): number {
    const { keys, settings, idleMs } = this.state;
    return keys.reclaimDueMs(settings.orderKeyRetentionMs, settings.holdKeyRetentionMs) + idleMs;
  }

  apply(command: Command, position: number, nowMs: number): Outcome {
    if (position !== this.position + 1) throw new Error(`position ${position} does not follow ${this.position}`);
    if (nowMs < this.nowMs)
      throw new Error(`log time went back from ${this.nowMs} to ${nowMs} at position ${position}`);
    const previousMs = this.nowMs;
    this.position = position;
    this.nowMs = nowMs;
    const outcome = this.outcome;
    outcome.refuse(outcomes.OK, command.kind, position, nowMs);
    let expired = 0;
    if (this.current === null) {
      this.begin(command);
    } else {
      const state = this.current;
      state.position = position;
      state.nowMs = nowMs;
      // Before keys are reclaimed: a store that stood still has forgotten none.
      if (command.kind === kinds.started) state.idleMs += nowMs - previousMs;
      expired = sweep(state, previousMs);
      // Before the command: what came back belongs to the line first.
      makeOffers(state);
      state.keys.reclaim(state.keyTimeMs, state.settings.orderKeyRetentionMs, state.settings.holdKeyRetentionMs);
      if (command.keyLength > 0) this.decideKeyed(state, command);
      else this.decide(state, command);
      makeOffers(state);
      dropStale(state);
    }
    this.mix(expired);
    return outcome;
  }

  /**
   * The answer that a command's key has already, or null when the key is new (or there is none). Leaves the key's hash in
   * `state.keyHash`. Nothing changes. The outcome is reused by the next call of this or of `refusal`.
   */
  replayOf(command: Command): Outcome | null {
    const row = this.state.findKey(command);
    if (row < 0) return null;
    const outcome = this.memory;
    outcome.refuse(outcomes.OK, command.kind, this.position, this.nowMs);
    this.replay(this.state, command, row, outcome);
    return outcome;
  }

  /**
   * The refusal of a command at the present log time, or null when the log has to decide: because nothing refuses it, or
   * because its refusals are pinned to its key. Nothing changes.
   */
  refusal(command: Command): Outcome | null {
    const { state } = this;
    let row: OutcomeRow | null = null;
    if (command.keyLength > 0 && state.keysAreFull(isFree(command.kind))) row = outcomes.KEYS_FULL;
    else if (!this.remembers(state, command)) row = reasonAgainst(state, command);
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
      this.replay(state, command, known, outcome);
      return;
    }
    if (state.keysAreFull(isFree(command.kind))) {
      outcome.row = outcomes.KEYS_FULL;
      return;
    }
    this.decide(state, command);
    const pinned = outcome.row.number >= 20 && this.remembers(state, command);
    if (outcome.ok || pinned) this.keepKey(state, command);
  }

  private decide(state: State, command: Command): void {
    const outcome = this.outcome;
    if (this.nowMs > command.notAfterMs) {
      outcome.row = outcomes.TOO_LATE;
      return;
    }
    const refusal = reasonAgainst(state, command);
    if (refusal !== null) {
      outcome.row = refusal;
      return;
    }
    applyEffect(state, command, outcome);
  }

  private keepKey(state: State, command: Command): void {
    const { keys, keyHash, holds } = state;
    const { outcome } = this;
    const row = keys.add(keyHash.h0, keyHash.h1, keyHash.h2, keyHash.h3);
    keys.fingerprintLow.set(row, command.fingerprintLow);
    keys.fingerprintHigh.set(row, command.fingerprintHigh);
    keys.position.set(row, this.position);
    keys.seconds.set(row, Math.ceil(state.keyTimeMs / 1000));
    keys.remaining.set(row, outcome.remaining);
    keys.thing.set(row, outcome.thing);
    keys.settle(row, outcome.kind, outcome.row.number);
    const ofHold = command.kind === kinds.hold || command.kind === kinds.extend;
    if (ofHold && outcome.ok) {
      const hold = outcome.thing;
      holds.firstKey.set(hold, keys.keepWithHold(row, holds.firstKey.get(hold)));
    } else if (command.scope === scopes.hold) {
      keys.keepEnded(row);
    } else {
      keys.keepLasting(row);
    }
  }

  private replay(state: State, command: Command, row: number, outcome: Outcome): void {
    const { keys } = state;
    if (
      keys.fingerprintLow.get(row) !== command.fingerprintLow >>> 0 ||
      keys.fingerprintHigh.get(row) !== command.fingerprintHigh >>> 0
    ) {
      outcome.row = outcomes.KEY_REUSED;
      return;
    }
    outcome.row = outcomeOf(keys.outcome.get(row));
    outcome.kind = keys.kind.get(row);
    outcome.position = keys.position.get(row);
    outcome.thing = keys.thing.get(row);
    outcome.remaining = keys.remaining.get(row);
    outcome.replayed = true;
  }

  /** Whether refusals of this command are pinned to its key: when any sale it names was made so. */
  private remembers(state: State, command: Command): boolean {
    if (command.keyLength === 0) return false;
    for (let line = 0; line < command.lineCount; line += 1) {
      const sale = command.lineSale[line]!;
      // A removed sale is unknown, also here.
      if (sale >= state.sales.count || state.sales.removed.get(sale) === 1) continue;
      if (state.sales.remembers.get(sale) === 1) return true;
    }
    return false;
  }

  /** Folds the outcome into the rolling hash: what was decided, about what, and what expired on the way. */
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

/** What a command is refused for, the room for its key included where it comes to a join; null for nothing. */
function reasonAgainst(state: State, command: Command): OutcomeRow | null {
  return refusalOf(state, command) ?? refusalOfJoinsKey(state, command);
}
