/** Orders: a sale at once, a partial one, and cancellation. */
import type { Ref } from '../base/ref.ts';
import { noRef, refOf, rowOf } from '../base/ref.ts';
import { changeKinds } from '../changes.ts';
import type { Command } from '../command.ts';
import { kinds } from '../command.ts';
import { cancellationOf } from '../commands/cancellation.ts';
import type { Lines } from '../commands/lines.ts';
import { linesOf } from '../commands/lines.ts';
import type { Outcome } from '../outcome.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { lower, outcomes } from '../outcomes.ts';
import { customerOf } from './customers.ts';
import { refusalOfLine, refusalOfShape } from './lines.ts';
import { addLines, startOrder } from './order-lines.ts';
import { giveSeats, takeSeats } from './seat-choice.ts';
import { giveBackSold, sell, stockReturned, touch } from './stock.ts';
import { joinWaitlist, refusalOfJoinsKey, standInLine } from './waitlist.ts';
import type { State } from '../state.ts';
import { seatStates } from '../tables/seats.ts';
import { waitStates } from '../tables/waitlist.ts';

export function refusalOfOrder(state: State, command: Command): OutcomeRow | null {
  const lines = linesOf(command);
  let refusal = lines.count === 0 ? outcomes.INVALID_QUANTITY : refusalOfShape(command);
  for (let line = 0; line < lines.count; line += 1) {
    refusal = lower(refusal, refusalOfLine(state, command, line));
  }
  if (currenciesDiffer(state, lines)) refusal = lower(refusal, outcomes.CURRENCY_MISMATCH);
  return refusal ?? refusalOfJoinsKey(state, command);
}

/** A line without a currency, or of an unknown sale, agrees with any other. */
function currenciesDiffer(state: State, lines: Lines): boolean {
  let first: string | null = null;
  for (let line = 0; line < lines.count; line += 1) {
    const currency = state.sales.currency[lines.sale[line]!] ?? null;
    if (first !== null && currency !== null && currency !== first) return true;
    first ??= currency;
  }
  return false;
}

export function order(state: State, command: Command, outcome: Outcome): void {
  const { sales, orders, chosen } = state;
  const lines = linesOf(command);
  const customer = customerOf(state, command);
  const row = orders.count;
  startOrder(state, customer, noRef, lines.sale[0]!);
  let taken = 0;
  for (let i = 0; i < lines.count; i += 1) {
    const sale = lines.sale[i]!;
    const quantity = lines.partial ? chosen.count : lines.quantity[i]!;
    let list = 0;
    if (sales.seated.get(sale) === 1) {
      list = takeSeats(state, chosen.seats, taken, quantity);
      taken += quantity;
    }
    sellLines(state, row, sale, quantity, customer, list);
  }
  outcome.thing = row;
  outcome.remaining = sales.available(lines.sale[0]!);
}

/** Orders what is available; the customer waits for the rest. */
export function partialOrder(state: State, command: Command, outcome: Outcome): void {
  const lines = linesOf(command);
  const rest = lines.quantity[0]! - state.chosen.count;
  if (rest === 0) return order(state, command, outcome);
  if (state.chosen.count === 0) {
    outcome.kind = kinds.joinWaitlist;
    return joinWaitlist(state, command, outcome);
  }
  order(state, command, outcome);
  const customer = rowOf(state.orders.customer.get(outcome.thing));
  const entry = standInLine(state, lines.sale[0]!, customer, rest, true);
  state.orders.entry.set(outcome.thing, refOf(entry));
}

/** Sells returned seats to an entry that books. `state.chosen` has the seats. */
export function bookEntry(state: State, sale: number, entry: number): void {
  const { orders, waitlist, chosen, changes } = state;
  const customer = waitlist.customer.get(entry);
  const row = orders.count;
  startOrder(state, customer, noRef, sale);
  sellLines(state, row, sale, chosen.count, customer, takeSeats(state, chosen.seats, 0, chosen.count));
  waitlist.move(entry, waitStates.served);
  waitlist.order.set(entry, refOf(row));
  changes.add(changeKinds.waitlist, entry, state.position);
}

/** Moves units from available to sold, as lines of an order. `list`: list of seats, 0 for none. */
function sellLines(state: State, order: number, sale: number, quantity: number, customer: Ref, list: number): void {
  sell(state, sale, quantity, customer);
  touch(state, sale);
  addLines(state, order, sale, quantity, state.sales.amount.get(sale), list);
}

export function refusalOfCancel(state: State, command: Command): OutcomeRow | null {
  const { orders, lines } = state;
  const order = command.target;
  if (order >= orders.count) return outcomes.UNKNOWN_ORDER;
  const first = orders.firstLine.get(order);
  const lineCount = orders.lineCount.get(order);
  let refusal: OutcomeRow | null = null;
  const named = cancellationOf(command);
  for (let i = 0; i < named.count; i += 1) {
    const line = named.lines[i]!;
    if (line >= lineCount) refusal = lower(refusal, outcomes.UNKNOWN_LINE);
    else if (lines.cancelledAt.get(first + line) > 0) refusal = lower(refusal, outcomes.LINE_CANCELLED);
  }
  let standing = 0;
  for (let line = 0; line < lineCount; line += 1) if (lines.cancelledAt.get(first + line) === 0) standing += 1;
  if (standing === 0) refusal = lower(refusal, outcomes.ORDER_CANCELLED);
  return refusal;
}

export function cancel(state: State, command: Command, outcome: Outcome): void {
  const { orders, lines } = state;
  const row = command.target;
  const first = orders.firstLine.get(row);
  const named = cancellationOf(command);
  if (named.count === 0) {
    const lineCount = orders.lineCount.get(row);
    for (let line = 0; line < lineCount; line += 1) cancelLine(state, row, first + line);
  } else {
    for (let i = 0; i < named.count; i += 1) cancelLine(state, row, first + named.lines[i]!);
  }
  state.changes.add(changeKinds.cancelled, row, state.position);
  outcome.thing = row;
  outcome.remaining = state.sales.available(lines.sale.get(first));
}

/** Passes over a line that is cancelled already: a request may name the same line twice. */
function cancelLine(state: State, row: number, line: number): void {
  const { orders, lines } = state;
  if (lines.cancelledAt.get(line) > 0) return;
  lines.cancelledAt.set(line, state.position);
  // Gated: a state must be the same, whether it was replayed or restored from an older snapshot.
  if (state.version >= 2) state.cancellations.add(state.position, state.civilMs);
  const sale = lines.sale.get(line);
  const quantity = lines.quantity.get(line);
  const customer = orders.customer.get(row);
  giveBackSold(state, sale, quantity, customer);
  const list = lines.seats.get(line);
  if (list > 0) giveSeats(state, list, quantity, seatStates.available, noRef);
  stockReturned(state, sale);
}
