/** Checks a state, and its step from the one before, against the engine's invariants; shares no code with any engine. */
import assert from 'node:assert/strict';
import type { LineDump, StateDump } from '../../src/engine/dump.ts';

/** `limited`: whether each sale, by number, was made with a limit per customer. */
export function auditState(state: StateDump, limited: readonly boolean[]): void {
  const sold = state.sales.map(() => 0);
  const held = state.sales.map(() => 0);
  const units = state.sales.map(() => new Map<string, number>());
  const count = (customer: string | null, { sale, quantity }: Pick<LineDump, 'sale' | 'quantity'>): void => {
    const ofSale = units[sale]!;
    if (customer !== null && limited[sale]) ofSale.set(customer, (ofSale.get(customer) ?? 0) + quantity);
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
    assert.deepEqual(sale.units, Object.fromEntries(units[number]!), `units of the customers of sale ${number}`);
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
