/** PATCH /v1/sales/{id}, and what a sale is called as time passes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestStore } from '../../http/support/store.ts';
import { assertProblem, atNoon, changeSale, hold, makeSale, order, stock, timeAt } from './support.ts';

async function statusOf(store: TestStore, sale: string): Promise<unknown> {
  return (await store.get(`/v1/sales/${sale}`)).body['status'];
}

describe('changing a sale', () => {
  test('changing a sale changes what it names and nothing else', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 10, { price: { amount: 5, currency: 'EUR' }, maxPerOrder: 3 });
      const before = (await store.get(`/v1/sales/${sale}`)).body;
      const changed = await changeSale(store, sale, { name: 'Renamed', capacity: 12 });
      assert.equal(changed.status, 200);
      assert.deepEqual(changed.json, {
        ...before,
        name: 'Renamed',
        capacity: 12,
        available: 12,
        position: store.nth(2),
      });
      assert.equal(changed.header('Holdfast-Position'), store.nth(2));
      assert.equal((await store.get(`/v1/sales/${sale}`)).text, changed.text);
    }));

  test('changing a sale clears terms with null', () =>
    atNoon(async (store) => {
      const window = { opensAt: timeAt(60), closesAt: timeAt(120) };
      const sale = await makeSale(store, 10, { price: { amount: 5, currency: 'EUR' }, ...window });
      const cleared = await changeSale(store, sale, { price: null, opensAt: null, closesAt: null });
      const { price, opensAt, closesAt, status } = cleared.body;
      assert.deepEqual([price, opensAt, closesAt, status], [null, null, null, 'open']);
      const bought = await order(store, sale, { quantity: 1 });
      assert.deepEqual([bought.status, bought.body['total']], [201, null]);
    }));

  test('changing a sale never goes below what is sold and held', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 10);
      await order(store, sale, { quantity: 3 });
      await hold(store, sale, { quantity: 4 });
      assertProblem(await changeSale(store, sale, { capacity: 6 }), 'CAPACITY_TOO_LOW');
      assert.deepEqual(await stock(store, sale), { sold: 3, held: 4, available: 3 });
      assert.equal((await changeSale(store, sale, { capacity: 7 })).status, 200);
      assert.deepEqual(await stock(store, sale), { sold: 3, held: 4, available: 0 });
    }));

  test('changing a sale keeps its currency, and its order of times', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 10, { price: { amount: 5, currency: 'EUR' }, opensAt: timeAt(60) });
      assertProblem(await changeSale(store, sale, { price: { amount: 5, currency: 'USD' } }), 'CURRENCY_MISMATCH');
      assertProblem(await changeSale(store, sale, { closesAt: timeAt(60) }), 'INVALID_WINDOW');
      assertProblem(await changeSale(store, sale, { opensAt: timeAt(10), closesAt: timeAt(5) }), 'INVALID_WINDOW');
    }));

  test('changing a sale is refused for what is malformed or nothing at all', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 10);
      const cases = [
        {},
        { kind: 'counted' },
        { status: 'sold_out' },
        { capacity: null },
        { name: null },
        { maxPerOrder: 2 },
        [],
      ];
      for (const change of cases)
        assertProblem(await changeSale(store, sale, change as Record<string, unknown>), 'INVALID_REQUEST');
      assertProblem(await changeSale(store, 'sale_0_9', { capacity: 1 }), 'UNKNOWN_SALE');
      assertProblem(
        await changeSale(store, sale, { opensAt: '2026-13-01T00:00:00Z' }),
        'INVALID_REQUEST',
        /^\/opensAt /,
      );
    }));
});

describe('the status of a sale', () => {
  test('the status of a sale follows its window: scheduled, open, closed', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 10, { opensAt: timeAt(60), closesAt: timeAt(120) });
      assert.equal(await statusOf(store, sale), 'scheduled');
      assertProblem(await order(store, sale, { quantity: 1 }), 'NOT_OPEN');
      await store.advance(59_999);
      assertProblem(await hold(store, sale, { quantity: 1 }), 'NOT_OPEN');
      await store.advance(1);
      assert.equal(await statusOf(store, sale), 'open');
      assert.equal((await order(store, sale, { quantity: 1 })).status, 201);
      await store.advance(59_999);
      assert.equal((await order(store, sale, { quantity: 1 })).status, 201);
      await store.advance(1);
      assert.equal(await statusOf(store, sale), 'closed');
      assertProblem(await order(store, sale, { quantity: 1 }), 'CLOSED');
    }));

  test('the status of a sale is sold_out when all is sold, not while some is only held', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 2);
      await order(store, sale, { quantity: 1 });
      const held = await hold(store, sale, { quantity: 1 });
      assert.equal(await statusOf(store, sale), 'open');
      assertProblem(await order(store, sale, { quantity: 1 }), 'SOLD_OUT');
      await store.post(`/v1/holds/${held.string('id')}/confirm`, undefined, 'confirm');
      assert.equal(await statusOf(store, sale), 'sold_out');
    }));

  test('the status of a sale can be paused and resumed, closed and reopened by the operator', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5);
      assert.equal((await changeSale(store, sale, { status: 'paused' })).body['status'], 'paused');
      const paused = await order(store, sale, { quantity: 1 });
      assertProblem(paused, 'PAUSED');
      assert.equal(paused.body['retryable'], true);
      assert.equal((await changeSale(store, sale, { status: 'closed' })).body['status'], 'closed');
      assertProblem(await order(store, sale, { quantity: 1 }), 'CLOSED');
      assert.equal((await changeSale(store, sale, { status: 'open' })).body['status'], 'open');
      assert.equal((await order(store, sale, { quantity: 1 })).status, 201);
    }));

  test('the status of a sale is closed for good by its time, whatever the operator said', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5, { closesAt: timeAt(10) });
      await changeSale(store, sale, { status: 'open' });
      await store.advance(10_000);
      assert.equal(await statusOf(store, sale), 'closed');
      await changeSale(store, sale, { closesAt: timeAt(20) });
      assert.equal(await statusOf(store, sale), 'open');
    }));
});
