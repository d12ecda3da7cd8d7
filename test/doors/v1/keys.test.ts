/**
 * Whose a key of the native API is, and what it stands for. What holds of the keys of every door is
 * in test/conformance.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import { assertProblem, asOperator, atNoon, guarded, hold, makeSale, order, stock } from './support.ts';

const tally = (answers: readonly Answer[]): Record<string, number> => {
  const counted: Record<string, number> = {};
  for (const { status } of answers) counted[status] = (counted[status] ?? 0) + 1;
  return counted;
};

describe('a key', () => {
  test('a key belongs to its sale, its hold, its order: elsewhere it is another key', () =>
    atNoon(async (store) => {
      const [one, two] = [await makeSale(store, 9), await makeSale(store, 9)];
      const answers = [
        await order(store, one, { quantity: 1 }, 'same'),
        await order(store, two, { quantity: 1 }, 'same'),
      ];
      assert.deepEqual(tally(answers), { 201: 2 });
      assert.notEqual(answers[0]?.body['id'], answers[1]?.body['id']);
      const holds = await Promise.all([1, 2].map(() => hold(store, one, { quantity: 1 })));
      for (const placed of holds) {
        assert.equal((await store.post(`/v1/holds/${placed.string('id')}/confirm`, undefined, 'same')).status, 201);
      }
      for (const { body } of answers) {
        assert.equal((await store.post(`/v1/orders/${String(body['id'])}/cancel`, {}, 'same')).status, 200);
      }
      assert.equal((await store.post('/v1/customers', {}, 'same')).status, 201);
    }));

  test('a key of a basket belongs to its customer', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      const lines = [{ sale, quantity: 1 }];
      const buy = (customer?: string): Promise<Answer> =>
        store.post('/v1/orders', { lines, ...(customer === undefined ? {} : { customer }) }, 'same');
      assert.deepEqual(tally([await buy('ann'), await buy('bob'), await buy()]), { 201: 3 });
      assert.equal((await buy('ann')).header('Idempotency-Replayed'), 'true');
      assert.equal((await stock(store, sale)).sold, 3);
    }));

  test('a key serves an order and a hold of one sale once', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      await order(store, sale, { quantity: 2 }, 'same');
      assertProblem(await hold(store, sale, { quantity: 2 }, 'same'), 'KEY_REUSED');
    }));

  test('a key used for another quantity, customer or time is refused', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      await hold(store, sale, { quantity: 2, customer: 'ann', seconds: 30 }, 'same');
      const others = [
        { quantity: 3, customer: 'ann', seconds: 30 },
        { quantity: 2, customer: 'bob', seconds: 30 },
        { quantity: 2, customer: 'ann' },
      ];
      for (const body of others) assertProblem(await hold(store, sale, body, 'same'), 'KEY_REUSED');
      const again = await hold(store, sale, { seconds: 30, customer: 'ann', quantity: 2 }, 'same');
      assert.equal(again.header('Idempotency-Replayed'), 'true');
    }));

  test('a key of a sale does not mind the order of fields, and does mind their values', () =>
    atNoon(async (store) => {
      const first = await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 1, maxPerOrder: 2 }, 'made');
      const again = await store.post('/v1/sales', { maxPerOrder: 2, capacity: 1, kind: 'counted', name: 'A' }, 'made');
      assert.deepEqual([again.status, again.text, again.header('Idempotency-Replayed')], [201, first.text, 'true']);
      assert.equal(again.header('Location'), first.header('Location'));
      assertProblem(await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 1 }, 'made'), 'KEY_REUSED');
    }));

  test('a key replays a sale as it was made, whatever it has become', () =>
    atNoon(async (store) => {
      const body = { name: 'A', kind: 'counted', capacity: 5 };
      const first = await store.post('/v1/sales', body, 'made');
      const id = first.string('id');
      await order(store, id, { quantity: 2 });
      await store.ask('PATCH', `/v1/sales/${id}`, { json: { name: 'B', capacity: 9, status: 'paused' } });
      assert.equal((await store.post('/v1/sales', body, 'made')).text, first.text);
    }));

  test('a key gives a stranger the same token again', () =>
    guarded(async (store) => {
      const sale = await makeSale(store, 9);
      const first = await order(store, sale, { quantity: 1 }, 'mine');
      const again = await order(store, sale, { quantity: 1 }, 'mine');
      assert.match(first.string('token'), /^[\w-]{43}$/);
      assert.equal(again.text, first.text);
      assert.equal((await store.get(`/v1/orders/${first.string('id')}`, asOperator)).body['token'], undefined);
    }));
});
