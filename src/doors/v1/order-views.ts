/**
 * Orders as JSON, written by hand since they are the hot answers: as they were made, and as they
 * stand.
 */
import { customerId } from '../../engine/tables/customers.ts';
import { isCancelled, OrderSums } from '../../engine/order-sums.ts';
import type { State } from '../../engine/state.ts';
import { writePosition } from '../kit/positions.ts';
import { formatId, formatTime } from '../kit/ids.ts';
import { labelsText, seatsMember } from './views.ts';

/** Reused for one order after the other. */
const sums = new OrderSums();

/**
 * The top members of an order made on one sale. Where each seat is a line of its own, the lines are
 * summed.
 */
function topOf(state: State, first: number, lineCount: number): string {
  const { lines, genesis } = state;
  let quantity = 0;
  const labels: string[] = [];
  for (let line = first; line < first + lineCount; line += 1) {
    const lineQuantity = lines.quantity.get(line);
    const list = lines.seats.get(line);
    quantity += lineQuantity;
    if (list > 0) labels.push(labelsText(state, list, lineQuantity));
  }
  const seats = labels.length === 0 ? '' : `"seats":[${labels.join(',')}],`;
  return `"sale":"${formatId('sale', genesis.cell, lines.sale.get(first))}","quantity":${quantity},${seats}`;
}

/** Whether an order looks like one made on one sale: it has one line, or one for each seat. */
function isSingleOrder({ orders, lines, sales }: State, row: number): boolean {
  const first = orders.firstLine.get(row);
  const lineCount = orders.lineCount.get(row);
  const sale = lines.sale.get(first);
  if (lineCount === 1) return true;
  if (sales.linePerSeat.get(sale) === 0) return false;
  for (let line = first + 1; line < first + lineCount; line += 1) if (lines.sale.get(line) !== sale) return false;
  return true;
}

/**
 * An order as of a position, in the form that answers to its creation have always had: an old key
 * gets its first answer byte for byte. Cancellations of engine version 1 use this form too.
 * `single`: made on one sale, whose id, quantity and seats are top members too.
 */
export function madeOrderText(state: State, row: number, asOf: number, single: boolean): string {
  const { orders, lines, sales } = state;
  const first = orders.firstLine.get(row);
  const end = first + orders.lineCount.get(row);
  let linesText = '';
  let total = 0;
  let currency: string | null = null;
  let stands = false;
  for (let line = first; line < end; line += 1) {
    const amount = lines.amount.get(line);
    const cancelled = isCancelled(state, line, asOf);
    stands ||= !cancelled;
    if (!Number.isNaN(amount)) {
      currency = sales.currency[lines.sale.get(line)] ?? null;
      total += amount * lines.quantity.get(line);
    }
    linesText += lineText(state, line, line > first, cancelled);
  }
  const totalText = currency === null ? 'null' : moneyText(total, currency);
  return (
    `${orderHead(state, row, single, linesText)}"status":"${stands ? 'confirmed' : 'cancelled'}",` +
    `"total":${totalText},${orderEnd(state, row)}}`
  );
}

/** An order right after a cancellation; a retry gets the same. */
export function cancelledOrderText(state: State, row: number, position: number): string {
  const isOld = state.cancellations.timeAt(position) === null;
  return isOld ? madeOrderText(state, row, position, isSingleOrder(state, row)) : orderText(state, row, position);
}

/**
 * An order as of a position, `Infinity` for the present: the answer to reads, lists and
 * cancellations.
 */
export function orderText(state: State, row: number, asOf: number): string {
  const { orders, lines } = state;
  const first = orders.firstLine.get(row);
  const end = first + orders.lineCount.get(row);
  let linesText = '';
  const activeLabels: string[] = [];
  let seated = false;
  for (let line = first; line < end; line += 1) {
    const cancelled = isCancelled(state, line, asOf);
    const list = lines.seats.get(line);
    linesText += lineText(state, line, line > first, cancelled);
    if (list === 0) continue;
    seated = true;
    if (!cancelled) activeLabels.push(labelsText(state, list, lines.quantity.get(line)));
  }
  const { status, currency, total, activeQuantity, activeTotal, cancelledTotal, cancelledAt } = sums.of(
    state,
    row,
    asOf,
  );
  const cancelledAtMs = cancelledAt === 0 ? null : state.cancellations.timeAt(cancelledAt);
  const seats = seated ? `"seats":[${activeLabels.join(',')}],` : '';
  return (
    `${orderHead(state, row, isSingleOrder(state, row), linesText)}"status":"${status}",` +
    `"total":${moneyText(total, currency)},` +
    `"active":{"quantity":${activeQuantity},${seats}"total":${moneyText(activeTotal, currency)}},` +
    `"cancelledTotal":${moneyText(cancelledTotal, currency)},` +
    `"cancelledAt":${cancelledAtMs === null ? 'null' : `"${formatTime(cancelledAtMs)}"`},${orderEnd(state, row)}}`
  );
}

function moneyText(amount: number, currency: string | null): string {
  return `{"amount":${amount},"currency":${currency === null ? 'null' : `"${currency}"`}}`;
}

function orderHead(state: State, row: number, single: boolean, linesText: string): string {
  const { orders, genesis } = state;
  const customer = customerId(state, orders.customer.get(row));
  const top = single ? topOf(state, orders.firstLine.get(row), orders.lineCount.get(row)) : '';
  return (
    `{"id":"${formatId('order', genesis.cell, row)}",${top}"lines":[${linesText}],` +
    `"customer":${customer === null ? 'null' : JSON.stringify(customer)},`
  );
}

function orderEnd(state: State, row: number): string {
  const { orders } = state;
  const createdAt = formatTime(orders.createdAtMs.get(row));
  return `"createdAt":"${createdAt}","position":"${writePosition(state, orders.position.get(row))}"`;
}

function lineText(state: State, line: number, follows: boolean, cancelled: boolean): string {
  const { lines, sales, genesis } = state;
  const sale = lines.sale.get(line);
  const quantity = lines.quantity.get(line);
  const amount = lines.amount.get(line);
  // The currency of a price is that of its sale, which never changes.
  const price = Number.isNaN(amount) ? 'null' : `{"amount":${amount},"currency":"${sales.currency[sale]}"}`;
  return (
    `${follows ? ',' : ''}{"sale":"${formatId('sale', genesis.cell, sale)}","quantity":${quantity},` +
    `${seatsMember(state, lines.seats.get(line), quantity)}"price":${price},"status":"${cancelled ? 'cancelled' : 'confirmed'}"}`
  );
}
