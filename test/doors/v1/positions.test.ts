/** Holdfast-Position and `?at=`: what a client has seen, it can ask to see again. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertProblem, atNoon, changeSale, freshKey, hold, makeSale, order } from './support.ts';

describe('a position', () => {
  test('a position comes with every answer to a command, refusals too, and counts on', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 3);
      const placed = await hold(store, sale, { quantity: 1 });
      const answers = [
        placed,
        await store.post(`/v1/holds/${placed.string('id')}/extend`, { until: '2026-06-01T12:06:00Z' }, null),
        await store.post(`/v1/holds/${placed.string('id')}/confirm`, undefined, freshKey()),
        await store.post('/v1/orders/order_0_1/cancel', {}, freshKey()),
        await order(store, sale, { quantity: 1 }),
        await store.post('/v1/customers', {}, null),
        await changeSale(store, sale, { name: 'B' }),
        // A refusal takes no place in the log: it is true at the place of the last record.
        await order(store, sale, { quantity: 9 }),
        await store.get(`/v1/sales/${sale}`),
        await store.get('/v1/sales'),
      ];
      const positions = answers.map((answer) => answer.header('Holdfast-Position'));
      assert.deepEqual(positions, [
        store.nth(2),
        store.nth(3),
        store.nth(4),
        store.nth(5),
        store.nth(6),
        store.nth(7),
        store.nth(8),
        store.nth(8),
        store.nth(8),
        store.nth(8),
      ]);
    }));

  test('a position of a replay is the first one', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 3);
      await order(store, sale, { quantity: 1 }, 'first');
      await order(store, sale, { quantity: 1 });
      assert.equal((await order(store, sale, { quantity: 1 }, 'first')).header('Holdfast-Position'), store.nth(2));
    }));

  test('a position that is reached already is answered at once', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 3);
      const at = (await order(store, sale, { quantity: 1 })).header('Holdfast-Position');
      assert.equal((await store.get(`/v1/sales/${sale}?at=${at}`)).body['sold'], 1);
      assert.equal((await store.get(`/v1/sales?at=${at}`)).status, 200);
      assert.equal((await store.get(`/v1/orders/order_0_1?at=${at}`)).status, 200);
    }));

  test('a position that is not reached yet is waited for', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 3);
      const waiting = store.get(`/v1/sales/${sale}?at=${store.nth(3)}`);
      const toWait = new Promise((resolve) => setTimeout(resolve, 50, 'waiting'));
      assert.equal(await Promise.race([waiting, toWait]), 'waiting');
      await order(store, sale, { quantity: 1 });
      await order(store, sale, { quantity: 1 });
      const answer = await waiting;
      assert.deepEqual([answer.status, answer.body['sold'], answer.body['position']], [200, 2, store.nth(3)]);
    }));

  test('a position that does not come in time is 503 with Retry-After', () =>
    atNoon(
      async (store) => {
        const sale = await makeSale(store, 3);
        const answer = await store.get(`/v1/sales/${sale}?at=${store.nth(998)}`);
        assertProblem(answer, 'NOT_TAKEN', /position \d+, not yet at \d+/);
        assert.equal(answer.header('Retry-After'), '1');
      },
      { store: { maxWaitMs: 60 } },
    ));

  test('a malformed position is refused', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 3);
      for (const at of ['x', '', '0', '0.', '.1', '1.1', '0.-1', '0.1e3', '0.1.1', '0x1', '0.9999999999999999']) {
        assertProblem(await store.get(`/v1/sales/${sale}?at=${at}`), 'POSITION_UNKNOWN', /Ask without it/);
      }
    }));
});
