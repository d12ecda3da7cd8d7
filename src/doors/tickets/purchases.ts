/** Purchases of the tickets dialect: order lines in its events. */
import { doors } from '../../engine/command.ts';
import { none } from '../../engine/tables/keys.ts';
import type { State } from '../../engine/state.ts';
import { formatId, formatTime, parseId } from '../kit/ids.ts';

/** The body of a successful purchase, and of its replays. */
export function purchaseBody(remaining: number): string {
  return `{"success":true,"seatsRemaining":${remaining}}`;
}

/** Lines scanned before other requests have their turn. */
const sliceLines = 10_000;

/** A page of the lines of one event, or of all, newest first. */
export async function newestLines(
  state: State,
  events: readonly number[],
  limit: number,
  page: number,
): Promise<number[]> {
  // Lines of a sale are linked backwards, and line numbers grow with time: a merge by the largest
  // head.
  const heads = events.map((event) => state.sales.lastLine.get(event)).filter((line) => line !== none);
  const first = (page - 1) * limit;
  const slice = Math.max(1, Math.floor(sliceLines / Math.max(1, heads.length)));
  const found: number[] = [];
  for (let passed = 0; found.length < limit && heads.length > 0; passed += 1) {
    if (passed % slice === slice - 1) await new Promise((resolve) => setImmediate(resolve));
    const at = largest(heads);
    const line = heads[at]!;
    if (passed >= first) found.push(line);
    const previous = state.lines.previousOfSale.get(line);
    if (previous === none) heads.splice(at, 1);
    else heads[at] = previous;
  }
  return found;
}

function largest(values: readonly number[]): number {
  let at = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[at]!) at = i;
  return at;
}

export function allEvents(state: State): readonly number[] {
  return state.sales.namespaces.rowsOf(doors.tickets);
}

/** First line of the purchase with an id, or -1. */
export function findPurchase(state: State, id: string): number {
  const order = parseId('order', state.genesis.cell, id);
  if (order < 0 || order >= state.orders.count) return -1;
  const line = state.orders.firstLine.get(order);
  return state.sales.door.get(state.lines.sale.get(line)) === doors.tickets ? line : -1;
}

/** A purchase by its line; `key`: as sent, null if it is no longer kept. */
export function purchaseView(state: State, line: number, key: string | null): Record<string, unknown> {
  const { lines, orders } = state;
  const order = lines.order.get(line);
  return {
    id: formatId('order', state.genesis.cell, order),
    eventId: formatId('sale', state.genesis.cell, lines.sale.get(line)),
    quantity: lines.quantity.get(line),
    idempotencyKey: key,
    statusCode: 200,
    responseBody: purchaseBody(lines.remaining.get(line)),
    wasSuccessful: true,
    createdAt: formatTime(orders.createdAtMs.get(order)),
  };
}

/**
 * Totals over all events: orders, cancelled ones included, and seats now sold, each under both of
 * its names.
 */
export function purchaseTotals(state: State): { totalPurchases: number; totalSeats: number; seatsSold: number } {
  let totalPurchases = 0;
  let seatsSold = 0;
  for (const event of allEvents(state)) {
    totalPurchases += state.sales.lineCount.get(event);
    seatsSold += state.sales.sold.get(event);
  }
  return { totalPurchases, totalSeats: seatsSold, seatsSold };
}
