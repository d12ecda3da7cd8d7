/** /api/v1/stats: what is counted, and what is not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Statistics } from '../../../src/doors/tickets/statistics.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';
import { buy, freshKey, openEvent, withEvent } from './support.ts';

interface Counters {
  readonly totalRequests: number;
  readonly successPurchases: number;
  readonly failedPurchases: number;
}

async function counted(store: TestStore): Promise<Counters> {
  const { totalRequests, successPurchases, failedPurchases } = (await store.get('/api/v1/stats')).json as Counters;
  return { totalRequests, successPurchases, failedPurchases };
}

/** What an action adds, the reading itself left out. */
async function added(store: TestStore, action: () => Promise<unknown>): Promise<Counters> {
  const before = await counted(store);
  await action();
  const after = await counted(store);
  return {
    totalRequests: after.totalRequests - before.totalRequests - 1,
    successPurchases: after.successPurchases - before.successPurchases,
    failedPurchases: after.failedPurchases - before.failedPurchases,
  };
}

describe('the statistics', () => {
  test('the statistics have exactly the documented members', () =>
    withEvent(
      50,
      async (store) => {
        await buy(store, 2);
        const { p95Latency, ...rest } = (await store.get('/api/v1/stats')).body;
        const event = (await store.get('/api/v1/events')).body['data'] as { id: string }[];
        assert.deepEqual(rest, {
          totalRequests: 2,
          successPurchases: 1,
          failedPurchases: 0,
          cacheStats: {
            seatCache: { eventId: event[0]?.id, totalSeats: 50, seatsSold: 2, lastUpdated: Date.UTC(2026, 5, 1, 12) },
            idempotencyCacheSize: 1,
          },
        });
        assert.ok(typeof p95Latency === 'number' && p95Latency > 0 && p95Latency < 5000);
      },
      { manualTime: true },
    ));

  test('the statistics exist before the first event', () =>
    withStore({}, async (store) => {
      const { totalRequests, p95Latency, cacheStats } = (await store.get('/api/v1/stats')).body;
      assert.deepEqual([totalRequests, p95Latency, cacheStats], [0, 0, { seatCache: null, idempotencyCacheSize: 0 }]);
    }));

  test('the statistics count a purchase once, and its replay as a request only', () =>
    withEvent(50, async (store) => {
      const key = freshKey();
      const one = { totalRequests: 1, successPurchases: 1, failedPurchases: 0 };
      assert.deepEqual(await added(store, () => buy(store, 1, key)), one);
      assert.deepEqual(await added(store, () => buy(store, 1, key)), { ...one, successPurchases: 0 });
      const body = { eventId: 'sale_0_1', quantity: 1, idempotencyKey: 'in the body' };
      assert.deepEqual(await added(store, () => store.post('/api/v1/purchases', body, null)), one);
      assert.deepEqual(await added(store, () => store.post('/api/v1/purchases', body, null)), {
        ...one,
        successPurchases: 0,
      });
    }));

  test('the statistics count a sold-out purchase as failed, and a malformed or reused one as a request only', () =>
    withEvent(1, async (store) => {
      const request = { totalRequests: 1, successPurchases: 0, failedPurchases: 0 };
      assert.deepEqual(await added(store, () => buy(store, 2)), { ...request, failedPurchases: 1 });
      assert.deepEqual(await added(store, () => buy(store, 0)), request);
      assert.deepEqual(await added(store, () => store.post('/api/v1/purchase', { quantity: 1 }, null)), request);
      await buy(store, 1, 'used');
      assert.deepEqual(await added(store, () => buy(store, 2, 'used')), request);
    }));

  test('the statistics count a purchase that the store could not take as failed', () =>
    withEvent(5, async (store) => {
      await store.node.close();
      const failed = await added(store, async () => assert.equal((await buy(store, 1)).status, 503));
      assert.deepEqual(failed, { totalRequests: 1, successPurchases: 0, failedPurchases: 1 });
    }));

  test('the statistics count reads of this door as requests, and leave out other doors', () =>
    withEvent(5, async (store) => {
      const reads = await added(store, async () => {
        await store.get('/api/v1/event');
        await store.get('/api/v1/events');
        await store.get('/v1/sales');
        await store.get('/health');
      });
      assert.deepEqual(reads, { totalRequests: 2, successPurchases: 0, failedPurchases: 0 });
    }));

  test('the statistics count many at once without losing one', () =>
    withEvent(100, async (store) => {
      await openEvent(store, 60);
      const all = await added(store, () => Promise.all(Array.from({ length: 80 }, () => buy(store, 1))));
      assert.deepEqual(all, { totalRequests: 80, successPurchases: 60, failedPurchases: 20 });
    }));

  test('the statistics give the 95th percentile of the last 4,096 latencies', () => {
    const statistics = new Statistics();
    assert.equal(statistics.p95Latency(), 0);
    for (let ms = 1; ms <= 100; ms += 1) statistics.count(false, 200, ms + 0.25);
    assert.equal(statistics.p95Latency(), 95.25);
    for (let i = 0; i < 4096; i += 1) statistics.count(false, 200, 0.5);
    assert.equal(statistics.p95Latency(), 0.5);
  });
});
