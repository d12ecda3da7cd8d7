/**
 * Checks the lines of a state, and their step from the one before; shares no code with any engine.
 */
import assert from 'node:assert/strict';
import type { HoldDump, OrderDump, SaleDump, StateDump, WaitlistDump } from '../../src/engine/dump.ts';
import { civilMsOf } from './civil.ts';

/**
 * The possible states of a hold, by the state of the entry that it was offered to. An entry that
 * books is never offered one.
 */
const holdsOf: Readonly<Record<string, readonly (string | undefined)[]>> = {
  waiting: [undefined],
  offered: ['active'],
  served: ['confirmed'],
  left: [undefined, 'released', 'expired'],
};

/** `limits`: max units of each customer, by number of the sale; null for no limit. */
export function auditLines(state: StateDump, limits: readonly (number | null)[]): void {
  const inLine = new Set<string>();
  const waiting = state.sales.map(() => 0);
  for (const [number, entry] of state.waitlist.entries()) {
    const { sale, customer, quantity, hold: offer, books } = entry;
    const hold: HoldDump | undefined = offer === null ? undefined : state.holds[offer];
    const expected = books ? [undefined] : holdsOf[entry.state];
    assert.ok(expected?.includes(hold?.state), `entry ${number} is ${entry.state}, its hold ${hold?.state}`);
    auditBooking(state, number);
    if (hold !== undefined) {
      const offered = [hold.entry, hold.sale, hold.customer, hold.quantity];
      assert.deepEqual(offered, [number, sale, customer, quantity], `entry ${number} and its hold agree`);
    }
    const waits = entry.state === 'waiting';
    assert.equal(entry.ahead, waits ? waiting[sale] : null, `how many wait before entry ${number}`);
    if (waits) waiting[sale]! += 1;
    if (!waits && entry.state !== 'offered') continue;
    const place = `${customer} in the line of sale ${sale}`;
    assert.ok(!inLine.has(place), `${place} twice`);
    inLine.add(place);
  }
  for (const [number, hold] of state.holds.entries()) {
    if (hold.entry !== null)
      assert.equal(state.waitlist[hold.entry]?.hold, number, 'an offer and its entry name each other');
  }
  assert.equal(new Set(state.owedOffers).size, state.owedOffers.length, 'a sale is owed once');
  for (const sale of state.owedOffers) {
    assert.ok(
      takesOrders(state, sale) && firstThatFits(state, sale, limits) !== undefined,
      `sale ${sale} is owed in vain`,
    );
  }
}

/** An entry that books is never offered; served, it has an order of its own. */
function auditBooking(state: StateDump, number: number): void {
  const entry = state.waitlist[number]!;
  if (entry.books) assert.notEqual(entry.state, 'offered', `entry ${number} books`);
  const booked = entry.books && entry.state === 'served';
  assert.equal(entry.order !== null, booked, `entry ${number} has an order exactly when it booked one`);
  if (entry.order === null) return;
  const order: OrderDump | undefined = state.orders[entry.order];
  const quantity = order?.lines.reduce((sum, line) => sum + line.quantity, 0);
  const sales = new Set(order?.lines.map(({ sale }) => sale));
  assert.deepEqual([order?.customer, quantity], [entry.customer, entry.quantity], `the order of entry ${number}`);
  assert.deepEqual([[...sales], order?.hold, order?.entry], [[entry.sale], null, null], `the order of entry ${number}`);
}

/** What may not change in a line from one state to the next, and what must. */
export function auditLinesStep(before: StateDump, after: StateDump, limits: readonly (number | null)[]): void {
  for (const [number, entry] of before.waitlist.entries()) {
    const next = after.waitlist[number]!;
    const { state, ahead: _, hold, order, ...fixed } = entry;
    const { state: nextState, ahead: __, hold: nextHold, order: nextOrder, ...nextFixed } = next;
    assert.deepEqual(nextFixed, fixed, `entry ${number} stays what it is`);
    if (state === 'left' || state === 'served') assert.deepEqual(next, entry, `entry ${number} ends once`);
    if (order !== nextOrder) assert.ok(nextOrder! >= before.orders.length, `entry ${number} got a new order`);
    if (state === 'offered') assert.ok(nextState !== 'waiting' && nextHold === hold, `entry ${number} keeps its offer`);
  }
  for (const sale of returned(before, after)) {
    if (after.owedOffers.includes(sale) || !takesOrders(after, sale)) continue;
    const left = firstThatFits(after, sale, limits);
    assert.ok(left === undefined || left >= before.waitlist.length, `entry ${left} was not offered what came back`);
  }
}

/** Sales that got stock back in between: from an ended hold, a cancelled line or a new seat. */
function returned(before: StateDump, after: StateDump): Set<number> {
  const sales = new Set<number>();
  for (const [number, { sale, state }] of before.holds.entries()) {
    if (state === 'active' && ['released', 'expired'].includes(after.holds[number]!.state)) sales.add(sale);
  }
  for (const [number, sale] of after.sales.entries()) {
    const was = before.sales[number];
    if (was === undefined) continue;
    const there = new Map(was.seats.map(({ seat, state }) => [seat, state]));
    const comesBack = sale.seats.some(({ seat, state }) => state === 'available' && there.get(seat) !== 'available');
    if (comesBack) sales.add(number);
  }
  for (const [number, order] of before.orders.entries()) {
    for (const [at, { sale, cancelledAt }] of order.lines.entries()) {
      if (cancelledAt !== after.orders[number]!.lines[at]!.cancelledAt) sales.add(sale);
    }
  }
  return sales;
}

function firstThatFits(state: StateDump, number: number, limits: readonly (number | null)[]): number | undefined {
  const sale: SaleDump = state.sales[number]!;
  const max = limits[number] ?? Infinity;
  const fits = (entry: WaitlistDump): boolean =>
    entry.sale === number &&
    entry.state === 'waiting' &&
    entry.quantity <= sale.capacity - sale.sold - sale.held &&
    entry.quantity + (sale.units[entry.customer ?? ''] ?? 0) <= max;
  const found = state.waitlist.findIndex(fits);
  return found < 0 ? undefined : found;
}

function takesOrders(state: StateDump, number: number): boolean {
  const { state: saleState, opened, closesAtMs, removed } = state.sales[number]!;
  return !removed && saleState === 'open' && opened && civilMsOf(state) < (closesAtMs ?? Infinity);
}
