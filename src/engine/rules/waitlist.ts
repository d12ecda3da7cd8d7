/** The waitlist of a sale: joining and leaving it. */
import { rowOf } from '../base/ref.ts';
import { changeKinds } from '../changes.ts';
import type { Command } from '../command.ts';
import { linesOf } from '../commands/lines.ts';
import type { Outcome } from '../outcome.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import { customerOf } from './customers.ts';
import { endHold } from './holds.ts';
import { isLineFull, refusalOfLine } from './lines.ts';
import type { State } from '../state.ts';
import { holdStates } from '../tables/holds.ts';
import { waitStates } from '../tables/waitlist.ts';

/**
 * The refusals of a line, except those for missing stock: waiting for stock is the purpose of a
 * join.
 */
export function refusalOfJoin(state: State, command: Command): OutcomeRow | null {
  // Without a line of its own, a stale one of the reused command would decide.
  const lines = linesOf(command);
  if (lines.count !== 1 || lines.asksSeats || lines.partial) return outcomes.INVALID_QUANTITY;
  const refusal = refusalOfLine(state, command, 0);
  if (refusal !== null && refusal !== outcomes.SOLD_OUT) return refusal;
  const sale = lines.sale[0]!;
  if (lines.quantity[0]! > state.sales.capacity.get(sale)) return outcomes.SOLD_OUT;
  if (refusal === null && state.waitlist.waitingOf(sale) === 0) return outcomes.STILL_AVAILABLE;
  return isLineFull(state, command, sale) ? outcomes.WAITLIST_FULL : null;
}

/**
 * A partial order that finds no stock becomes a join, so its key falls under the limit for free
 * calls. Call it right after nothing else refused the order.
 */
export function refusalOfJoinsKey(state: State, command: Command): OutcomeRow | null {
  if (!linesOf(command).partial || command.keyLength === 0 || state.version < 2) return null;
  return state.chosen.count === 0 && state.keysAreFull(true) ? outcomes.KEYS_FULL : null;
}

/** Joins a sale's line; no effect for a customer who is in it already. */
export function joinWaitlist(state: State, command: Command, outcome: Outcome): void {
  const { waitlist } = state;
  const lines = linesOf(command);
  const before = waitlist.count;
  const customer = rowOf(customerOf(state, command));
  const entry = standInLine(state, lines.sale[0]!, customer, lines.quantity[0]!, lines.partial);
  if (waitlist.count === before) outcome.row = outcomes.NO_EFFECT;
  outcome.thing = entry;
  outcome.remaining = waitlist.ahead(entry);
}

/**
 * Puts a customer in line, or finds their entry; returns it. `books`: returned stock is sold to the
 * customer, not held.
 */
export function standInLine(state: State, sale: number, customer: number, quantity: number, books: boolean): number {
  const { waitlist } = state;
  const known = waitlist.find(sale, customer);
  if (known >= 0 && waitlist.state.get(known) <= waitStates.offered) return known;
  const entry = waitlist.add(sale, customer, quantity, books, state.position, state.civilMs);
  state.changes.add(changeKinds.waitlist, entry, state.position);
  return entry;
}

export function refusalOfLeave(state: State, command: Command): OutcomeRow | null {
  const { waitlist } = state;
  const entry = command.target;
  if (entry >= waitlist.count) return outcomes.UNKNOWN_ENTRY;
  return waitlist.state.get(entry) > waitStates.offered ? outcomes.ENTRY_ENDED : null;
}

/** Leaves the line; releases an offer. */
export function leaveWaitlist(state: State, command: Command, outcome: Outcome): void {
  const { waitlist } = state;
  const entry = command.target;
  outcome.thing = entry;
  if (waitlist.state.get(entry) === waitStates.offered) {
    const hold = rowOf(waitlist.hold.get(entry));
    endHold(state, hold, holdStates.released);
    return;
  }
  waitlist.move(entry, waitStates.left);
  state.changes.add(changeKinds.waitlist, entry, state.position);
}
