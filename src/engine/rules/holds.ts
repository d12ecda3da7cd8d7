/** Holds: stock set aside until a deadline. Each hold ends exactly once. */
import type { Ref } from '../base/ref.ts';
import { noRef, refOf, rowOf } from '../base/ref.ts';
import { changeKinds } from '../changes.ts';
import type { Command } from '../command.ts';
import { scopes } from '../command.ts';
import { extensionOf, termsOf } from '../commands/holds.ts';
import { linesOf } from '../commands/lines.ts';
import type { Outcome } from '../outcome.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import { customerOf } from './customers.ts';
import { addLines, startOrder } from './order-lines.ts';
import { giveSeats, takeSeats } from './seat-choice.ts';
import { giveBackHeld, moveToSold, setAside, stockReturned, touch } from './stock.ts';
import type { State } from '../state.ts';
import { holdStates } from '../tables/holds.ts';
import { none } from '../tables/keys.ts';
import { seatStates } from '../tables/seats.ts';
import { waitStates } from '../tables/waitlist.ts';

export function hold(state: State, command: Command, outcome: Outcome): void {
  const lines = linesOf(command);
  const { holdMs, maxOfCustomer, maxOfAddress, address } = termsOf(command);
  const sale = lines.sale[0]!;
  const customer = customerOf(state, command);
  const quantity = lines.quantity[0]!;
  const list = state.sales.seated.get(sale) === 1 ? takeSeats(state, state.chosen.seats, 0, quantity) : 0;
  const row = placeHold(state, sale, quantity, customer, holdMs, noRef, list);
  // A hold by the native door has a key with the sale as its scope. A hold with another scope
  // belongs to the door of its sale.
  if (command.scope !== scopes.sale) state.holds.placedBy.set(row, state.sales.door.get(sale));
  if (maxOfCustomer > 0 && customer > 0) {
    state.holds.ofCustomer.set(row, 1);
    state.heldByCustomer.change(sale, rowOf(customer), quantity);
  }
  if (maxOfAddress > 0) {
    state.holds.address.set(row, address);
    state.heldByAddress.change(sale, address, quantity);
  }
  outcome.thing = row;
  outcome.remaining = state.sales.available(sale);
}

/**
 * Sets stock aside; returns the hold's row. `entry`: the waitlist entry, for an offer. `list`: its
 * list of seats, 0 for none.
 */
export function placeHold(
  state: State,
  sale: number,
  quantity: number,
  customer: Ref,
  holdMs: number,
  entry: Ref,
  list: number,
): number {
  const { sales, holds, nowMs } = state;
  setAside(state, sale, quantity, customer);
  const row = holds.count;
  holds.count += 1;
  holds.sale.set(row, sale);
  holds.quantity.set(row, quantity);
  holds.customer.add(row, customer);
  holds.state.add(row, holdStates.active);
  holds.amount.set(row, sales.amount.get(sale));
  holds.createdAtMs.set(row, state.civilMs);
  holds.holdMs.set(row, holdMs);
  holds.deadlineMs.set(row, nowMs + holdMs);
  holds.position.set(row, state.position);
  holds.order.add(row, noRef);
  holds.firstKey.set(row, none);
  holds.entry.add(row, entry);
  holds.placedBy.add(row, 0);
  holds.ofCustomer.add(row, 0);
  holds.address.add(row, 0);
  holds.seats.add(row, list);
  if (list > 0) giveSeats(state, list, quantity, seatStates.held, refOf(row));
  holds.doorNumber.add(row, holds.namespaces.add(sales.door.get(sale), row));
  state.deadlines.push(nowMs + holdMs, row);
  state.changes.add(changeKinds.hold, row, state.position);
  touch(state, sale);
  return row;
}

export function refusalOfHold(state: State, command: Command): OutcomeRow | null {
  const holds = state.holds;
  const hold = command.target;
  if (hold >= holds.count) return outcomes.UNKNOWN_HOLD;
  if (command.customerLength > 0) {
    const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
    if (customer < 0 || refOf(customer) !== holds.customer.get(hold)) return outcomes.NOT_YOURS;
  }
  switch (holds.state.get(hold)) {
    case holdStates.confirmed:
      return outcomes.HOLD_CONFIRMED;
    case holdStates.released:
      return outcomes.HOLD_RELEASED;
    case holdStates.expired:
      return outcomes.HOLD_EXPIRED;
    default:
      // Past its deadline a hold has expired, swept or not.
      return state.nowMs >= holds.deadlineMs.get(hold) ? outcomes.HOLD_EXPIRED : null;
  }
}

export function confirm(state: State, command: Command, outcome: Outcome): void {
  const { sales, holds, orders } = state;
  const row = command.target;
  const sale = holds.sale.get(row);
  const quantity = holds.quantity.get(row);
  finish(state, row, holdStates.confirmed);
  moveToSold(state, sale, quantity);
  const made = orders.count;
  startOrder(state, holds.customer.get(row), refOf(row), sale);
  addLines(state, made, sale, quantity, holds.amount.get(row), holds.seats.get(row));
  holds.order.set(row, refOf(made));
  endEntry(state, row, waitStates.served);
  state.changes.add(changeKinds.hold, row, state.position);
  touch(state, sale);
  outcome.thing = made;
  outcome.remaining = sales.available(sale);
}

/** Moves the deadline: never back, and never past the sale's longest hold. */
export function extend(state: State, command: Command, outcome: Outcome): void {
  const { sales, holds } = state;
  const row = command.target;
  const placedAtMs = state.placedAtMs(row);
  const capMs = placedAtMs + Math.max(sales.maxHoldMs.get(holds.sale.get(row)), holds.holdMs.get(row));
  // The request names a civil time; deadlines are log time.
  const untilMs = extensionOf(command).untilMs - state.civil.offsetMs;
  const deadlineMs = Math.max(holds.deadlineMs.get(row), Math.min(untilMs, capMs));
  holds.deadlineMs.set(row, deadlineMs);
  state.changes.add(changeKinds.hold, row, state.position);
  outcome.thing = row;
  outcome.remaining = deadlineMs - placedAtMs;
}

export function release(state: State, command: Command, outcome: Outcome): void {
  const row = command.target;
  endHold(state, row, holdStates.released);
  outcome.thing = row;
  outcome.remaining = state.sales.available(state.holds.sale.get(row));
}

/** Ends an active hold without an order: its stock and the customer's units go back. */
export function endHold(state: State, row: number, ended: number): void {
  const { holds } = state;
  finish(state, row, ended);
  const sale = holds.sale.get(row);
  const quantity = holds.quantity.get(row);
  const customer = holds.customer.get(row);
  giveBackHeld(state, sale, quantity, customer);
  const list = holds.seats.get(row);
  if (list > 0) giveSeats(state, list, quantity, seatStates.available, noRef);
  endEntry(state, row, waitStates.left);
  state.changes.add(changeKinds.hold, row, state.position);
  stockReturned(state, sale);
}

/**
 * Ends a hold, in whichever way, once: it no longer counts for its customer and address, and the
 * retention of its keys begins.
 */
function finish(state: State, row: number, ended: number): void {
  const { holds, heldByCustomer, heldByAddress, keys } = state;
  if (holds.state.get(row) !== holdStates.active) throw new Error(`hold ${row} would end twice`);
  holds.state.set(row, ended);
  keys.holdEnded(holds.firstKey.get(row), Math.ceil(state.keyTimeMs / 1000));
  const sale = holds.sale.get(row);
  const quantity = holds.quantity.get(row);
  if (holds.ofCustomer.get(row) === 1) heldByCustomer.change(sale, rowOf(holds.customer.get(row)), -quantity);
  const address = holds.address.get(row);
  if (address > 0) heldByAddress.change(sale, address, -quantity);
}

/** Moves the waitlist entry that the hold was offered to, when there is one. */
function endEntry(state: State, hold: number, ended: number): void {
  const entry = state.holds.entry.get(hold);
  if (entry === noRef) return;
  state.waitlist.move(rowOf(entry), ended);
  state.changes.add(changeKinds.waitlist, rowOf(entry), state.position);
}
