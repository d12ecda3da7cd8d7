/**
 * Checks a state, and its step from the one before, against the engine's invariants; shares no code
 * with any engine.
 */
import assert from 'node:assert/strict';
import type { LineDump, StateDump } from '../../src/engine/dump.ts';

/** `limits`: max units of each customer, by number of the sale; null for no limit. */
export function auditState(state: StateDump, limits: readonly (number | null)[]): void {
  const sold = state.sales.map(() => 0);
  const held = state.sales.map(() => 0);
  const units = state.sales.map(() => new Map<string, number>());
  const count = (customer: string | null, { sale, quantity }: Pick<LineDump, 'sale' | 'quantity'>): void => {
    const ofSale = units[sale]!;
    if (customer !== null && limits[sale] != null) ofSale.set(customer, (ofSale.get(customer) ?? 0) + quantity);
  };
  for (const hold of state.holds) {
    assert.equal(hold.order !== null, hold.state === 'confirmed', 'exactly the confirmed holds have an order');
    if (hold.state !== 'active') continue;
    held[hold.sale]! += hold.quantity;
    count(hold.customer, hold);
  }
  for (const [number, order] of state.orders.entries()) {
    if (order.hold !== null)
      assert.equal(state.holds[order.hold]?.order, number, 'an order and its hold name each other');
    for (const line of order.lines.filter((line) => line.cancelledAt === 0)) {
      sold[line.sale]! += line.quantity;
      count(order.customer, line);
    }
  }
  for (const [number, sale] of state.sales.entries()) {
    assert.equal(sale.sold, sold[number], `sold of sale ${number} is the sum of its standing lines`);
    assert.equal(sale.held, held[number], `held of sale ${number} is the sum of its active holds`);
    assert.ok(sale.sold + sale.held <= sale.capacity, `sale ${number} is oversold`);
    const most = Math.max(0, ...units[number]!.values());
    assert.ok(most <= (limits[number] ?? Infinity), `a customer of sale ${number} has more than the limit`);
    assert.deepEqual(sale.units, Object.fromEntries(units[number]!), `units of the customers of sale ${number}`);
  }
  auditNumbers(state);
}

/** Small numbers count from 1 within a door; where there is no door they are 0. */
function auditNumbers(state: StateDump): void {
  const next = { hold: new Map<number, number>(), order: new Map<number, number>() };
  const counted = (kind: keyof typeof next, door: number): number => {
    const number = door === 0 ? 0 : (next[kind].get(door) ?? 0) + 1;
    next[kind].set(door, number);
    return number;
  };
  for (const hold of state.holds) assert.equal(hold.doorNumber, counted('hold', state.sales[hold.sale]!.door));
  for (const order of state.orders) {
    assert.equal(order.doorNumber, counted('order', state.sales[order.lines[0]!.sale]!.door));
  }
  for (const door of new Set(state.customers.map((customer) => customer.door))) {
    const numbers = state.customers.filter((customer) => customer.door === door).map(({ doorNumber }) => doorNumber);
    const expected = numbers.map((_, at) => (door === 0 ? 0 : at + 1));
    assert.deepEqual(
      numbers.toSorted((one, other) => one - other),
      expected,
      `numbers of the customers of door ${door}`,
    );
  }
}

/** What may not change from one state to the next. */
export function auditStep(before: StateDump, after: StateDump): void {
  assert.ok(after.nowMs >= before.nowMs && after.position === before.position + 1, 'time and position go forward');
  for (const [number, hold] of before.holds.entries()) {
    const next = after.holds[number]!;
    const { state: _, deadlineMs, order: __, ...fixed } = hold;
    const { state: ___, deadlineMs: nextDeadlineMs, order: ____, ...nextFixed } = next;
    assert.deepEqual(nextFixed, fixed, `hold ${number} stays what it is`);
    assert.ok(nextDeadlineMs >= deadlineMs, `hold ${number} is never shortened`);
    if (hold.state !== 'active') assert.deepEqual(next, hold, `hold ${number} ends once`);
    if (next.state === 'confirmed' && hold.state === 'active') {
      assert.ok(after.nowMs < hold.deadlineMs, `hold ${number} was confirmed before its deadline`);
    }
    if (next.state === 'expired') assert.ok(after.nowMs >= hold.deadlineMs, `hold ${number} expired at its deadline`);
  }
  for (const [number, customer] of before.customers.entries()) {
    const { id, doorNumber, door, removed } = after.customers[number]!;
    assert.equal(id, customer.id, `customer ${number} keeps the id`);
    if (customer.removed) assert.ok(removed, `customer ${number} was removed, and stays so`);
    if (customer.doorNumber > 0) assert.deepEqual([door, doorNumber], [customer.door, customer.doorNumber]);
  }
  for (const [number, order] of before.orders.entries()) {
    const lines = after.orders[number]!.lines.map((line, at) => {
      const was = order.lines[at]!.cancelledAt;
      if (line.cancelledAt !== was)
        assert.deepEqual([was, line.cancelledAt], [0, after.position], 'a line is cancelled once');
      return { ...line, cancelledAt: was };
    });
    assert.deepEqual({ ...after.orders[number]!, lines }, order, `order ${number} stays what it is`);
  }
}
