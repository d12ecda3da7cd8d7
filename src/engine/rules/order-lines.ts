/** Makes an order: its row and its lines. */
import type { Ref } from '../base/ref.ts';
import { noRef, refOf } from '../base/ref.ts';
import { changeKinds } from '../changes.ts';
import { giveSeats } from './seat-choice.ts';
import type { State } from '../state.ts';
import { seatStates } from '../tables/seats.ts';

/**
 * Begins an order without lines. `firstSale`: sale of the first line; its door numbers the order.
 */
export function startOrder(state: State, customer: Ref, hold: Ref, firstSale: number): void {
  const { orders, lines } = state;
  const row = orders.count;
  orders.count += 1;
  orders.firstLine.set(row, lines.count);
  orders.customer.add(row, customer);
  orders.createdAtMs.set(row, state.civilMs);
  orders.position.set(row, state.position);
  orders.hold.add(row, hold);
  orders.entry.add(row, noRef);
  orders.doorNumber.add(row, orders.namespaces.add(state.sales.door.get(firstSale), row));
  state.changes.add(changeKinds.order, row, state.position);
}

/** Adds one line, or one for each seat where the sale sells seats as separate lines. */
export function addLines(
  state: State,
  order: number,
  sale: number,
  quantity: number,
  amount: number,
  list: number,
): void {
  if (list === 0 || state.sales.linePerSeat.get(sale) === 0) return addLine(state, order, sale, quantity, amount, list);
  for (let i = 0; i < quantity; i += 1) addLine(state, order, sale, 1, amount, list + i);
}

function addLine(state: State, row: number, sale: number, quantity: number, amount: number, list: number): void {
  const { sales, orders, lines } = state;
  const line = lines.count;
  lines.count += 1;
  orders.lineCount.set(row, line - orders.firstLine.get(row) + 1);
  lines.order.set(line, row);
  lines.sale.set(line, sale);
  lines.quantity.set(line, quantity);
  lines.amount.set(line, amount);
  lines.remaining.set(line, sales.available(sale));
  lines.cancelledAt.add(line, 0);
  lines.seats.add(line, list);
  lines.previousOfSale.set(line, sales.lastLine.get(sale));
  sales.lastLine.set(sale, line);
  sales.lineCount.set(sale, sales.lineCount.get(sale) + 1);
  if (list > 0) giveSeats(state, list, quantity, seatStates.sold, refOf(line));
}
