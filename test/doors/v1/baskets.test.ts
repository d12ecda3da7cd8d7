/** POST /v1/orders: several lines, all or nothing. And cancelling, whole or by line. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import {
  assertProblem,
  atNoon,
  changeSale,
  freshKey,
  makeSale,
  noon,
  order,
  standing,
  stock,
  timeAt,
} from './support.ts';

function basket(
  store: TestStore,
  lines: readonly (readonly [string, number])[],
  more: object = {},
  key = freshKey(),
): Promise<Answer> {
  return store.post('/v1/orders', { lines: lines.map(([sale, quantity]) => ({ sale, quantity })), ...more }, key);
}

function cancel(store: TestStore, id: string, body: unknown = {}, key = freshKey()): Promise<Answer> {
  return store.post(`/v1/orders/${id}/cancel`, body, key);
}

async function sold(store: TestStore, ...sales: readonly string[]): Promise<unknown[]> {
  return await Promise.all(sales.map(async (sale) => (await stock(store, sale)).sold));
}

describe('a basket', () => {
  test('a basket is one order of all its lines', () =>
    atNoon(async (store) => {
      const shirt = await makeSale(store, 5, { price: { amount: 1000, currency: 'EUR' } });
      const badge = await makeSale(store, 5);
      const bought = await basket(
        store,
        [
          [shirt, 2],
          [badge, 1],
          [shirt, 1],
        ],
        { customer: 'ann' },
      );
      assert.equal(bought.status, 201);
      const price = { amount: 1000, currency: 'EUR' };
      assert.deepEqual(bought.json, {
        id: 'order_0_1',
        lines: [
          { sale: shirt, quantity: 2, price, status: 'confirmed' },
          { sale: badge, quantity: 1, price: null, status: 'confirmed' },
          { sale: shirt, quantity: 1, price, status: 'confirmed' },
        ],
        customer: 'ann',
        status: 'confirmed',
        total: { amount: 3000, currency: 'EUR' },
        createdAt: noon,
        position: store.nth(3),
      });
      assert.deepEqual((await store.get('/v1/orders/order_0_1')).json, standing(bought));
      assert.deepEqual(await sold(store, shirt, badge), [3, 1]);
    }));

  test('a basket takes nothing when one line cannot be had', () =>
    atNoon(async (store) => {
      const one = await makeSale(store, 5);
      const two = await makeSale(store, 1);
      assertProblem(
        await basket(store, [
          [one, 2],
          [two, 2],
        ]),
        'SOLD_OUT',
      );
      assertProblem(
        await basket(store, [
          [one, 2],
          ['sale_0_9', 1],
        ]),
        'UNKNOWN_SALE',
      );
      assertProblem(
        await basket(store, [
          [one, 2],
          ['nonsense', 1],
        ]),
        'UNKNOWN_SALE',
      );
      await changeSale(store, two, { status: 'closed' });
      assertProblem(
        await basket(store, [
          [one, 2],
          [two, 1],
        ]),
        'CLOSED',
      );
      assert.deepEqual(await sold(store, one, two), [0, 0]);
    }));

  test('a basket counts two lines on one sale together', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5, { maxPerOrder: 4 });
      assertProblem(
        await basket(store, [
          [sale, 3],
          [sale, 2],
        ]),
        'LIMIT_REACHED',
      );
      const small = await makeSale(store, 5);
      assertProblem(
        await basket(store, [
          [small, 3],
          [small, 3],
        ]),
        'SOLD_OUT',
      );
      assert.equal(
        (
          await basket(store, [
            [small, 3],
            [small, 2],
          ])
        ).status,
        201,
      );
    }));

  test('a basket has one currency', () =>
    atNoon(async (store) => {
      const euro = await makeSale(store, 5, { price: { amount: 1, currency: 'EUR' } });
      const dollar = await makeSale(store, 5, { price: { amount: 1, currency: 'USD' } });
      const free = await makeSale(store, 5);
      assertProblem(
        await basket(store, [
          [euro, 1],
          [dollar, 1],
        ]),
        'CURRENCY_MISMATCH',
      );
      assertProblem(
        await basket(store, [
          [euro, 1],
          [free, 1],
          [dollar, 1],
        ]),
        'CURRENCY_MISMATCH',
      );
      assert.equal(
        (
          await basket(store, [
            [euro, 1],
            [free, 1],
          ])
        ).status,
        201,
      );
    }));

  test('a basket has from 1 to 64 lines', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 100, { maxPerOrder: null });
      const lines = (count: number): (readonly [string, number])[] =>
        Array.from({ length: count }, () => [sale, 1] as const);
      assertProblem(await basket(store, []), 'INVALID_REQUEST', /^\/lines /);
      assertProblem(await basket(store, lines(65)), 'INVALID_REQUEST', /^\/lines /);
      assert.equal((await basket(store, lines(64))).status, 201);
      assertProblem(await basket(store, [[sale, 0]]), 'INVALID_REQUEST', /^\/lines\/0\/quantity /);
    }));

  test('a basket of one line repeats no line at the top, and replays as it was', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5);
      const first = await basket(store, [[sale, 1]], {}, 'alone');
      assert.deepEqual([first.body['sale'], first.body['quantity']], [undefined, undefined]);
      await cancel(store, first.string('id'));
      assert.equal((await basket(store, [[sale, 1]], {}, 'alone')).text, first.text);
    }));
});

describe('cancelling', () => {
  const statuses = (answer: Answer): unknown[] =>
    (answer.body['lines'] as { status: unknown }[]).map(({ status }) => status);

  test('an order returns its stock at once', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5, { price: { amount: 10, currency: 'EUR' } });
      const id = (await basket(store, [[sale, 3]])).string('id');
      const cancelled = await cancel(store, id);
      assert.equal(cancelled.status, 200);
      assert.deepEqual([cancelled.body['status'], statuses(cancelled)], ['cancelled', ['cancelled']]);
      assert.deepEqual(cancelled.body['total'], { amount: 30, currency: 'EUR' });
      assert.deepEqual(await sold(store, sale), [0]);
      assertProblem(await cancel(store, id), 'ORDER_CANCELLED');
    }));

  test('cancelling needs no body for the whole order', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5);
      const id = (await basket(store, [[sale, 3]])).string('id');
      assert.equal((await cancel(store, id, undefined)).body['status'], 'cancelled');
    }));

  test('cancelling one line keeps the others', () =>
    atNoon(async (store) => {
      const one = await makeSale(store, 5);
      const two = await makeSale(store, 5);
      const id = (
        await basket(store, [
          [one, 3],
          [two, 2],
          [one, 1],
        ])
      ).string('id');
      const first = await cancel(store, id, { lines: [0, 0] });
      const now = statuses(first);
      assert.deepEqual([first.body['status'], now], ['partially_cancelled', ['cancelled', 'confirmed', 'confirmed']]);
      assert.deepEqual(await sold(store, one, two), [1, 2]);
      assertProblem(await cancel(store, id, { lines: [0, 1] }), 'LINE_CANCELLED');
      assertProblem(await cancel(store, id, { lines: [1, 3] }), 'UNKNOWN_LINE');
      const rest = await cancel(store, id);
      assert.deepEqual([rest.body['status'], statuses(rest)], ['cancelled', ['cancelled', 'cancelled', 'cancelled']]);
      assert.deepEqual(await sold(store, one, two), [0, 0]);
    }));

  test('cancelling answers what is left, its total, and the time of the last cancellation', () =>
    atNoon(async (store) => {
      const priced = await makeSale(store, 5, { price: { amount: 1000, currency: 'EUR' } });
      const free = await makeSale(store, 5);
      const made = await basket(store, [
        [priced, 3],
        [free, 2],
        [priced, 1],
      ]);
      const id = made.string('id');
      const eur = (amount: number): object => ({ amount, currency: 'EUR' });
      const shows = (answer: Answer): unknown[] =>
        ['status', 'total', 'active', 'cancelledTotal', 'cancelledAt'].map((name) => answer.body[name]);
      const read = (): Promise<Answer> => store.get(`/v1/orders/${id}`);
      assert.deepEqual(shows(await read()), ['confirmed', eur(4000), { quantity: 6, total: eur(4000) }, eur(0), null]);
      store.time.advance(1000);
      const first = await cancel(store, id, { lines: [0] }, 'first');
      assert.deepEqual(shows(first), [
        'partially_cancelled',
        eur(4000),
        { quantity: 3, total: eur(1000) },
        eur(3000),
        timeAt(1),
      ]);
      assert.equal((await read()).text, first.text);
      store.time.advance(1000);
      const second = await cancel(store, id, { lines: [1] }, 'second');
      assert.deepEqual(shows(second), [
        'partially_cancelled',
        eur(4000),
        { quantity: 1, total: eur(1000) },
        eur(3000),
        timeAt(2),
      ]);
      store.time.advance(1000);
      const all = await cancel(store, id);
      assert.deepEqual(shows(all), ['cancelled', eur(4000), { quantity: 0, total: eur(0) }, eur(4000), timeAt(3)]);
      assert.equal((await read()).text, all.text);
      assert.equal((await cancel(store, id, { lines: [0] }, 'first')).text, first.text);
      assert.equal((await cancel(store, id, { lines: [1] }, 'second')).text, second.text);
    }));

  test('cancelling leaves the answer to the creation as it was, for ever', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5);
      const made = await order(store, sale, { quantity: 2 }, 'made');
      const form = ['id', 'sale', 'quantity', 'lines', 'customer', 'status', 'total', 'createdAt', 'position'];
      assert.deepEqual([Object.keys(made.body), made.body['total']], [form, null]);
      const id = made.string('id');
      const free = { amount: 0, currency: null };
      assert.deepEqual((await store.get(`/v1/orders/${id}`)).body['total'], free);
      const cancelled = await cancel(store, id);
      assert.deepEqual([cancelled.body['total'], cancelled.body['cancelledTotal']], [free, free]);
      assert.equal((await order(store, sale, { quantity: 2 }, 'made')).text, made.text);
    }));

  test('cancelling replays as it was then, not as it is now', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      const id = (
        await basket(store, [
          [sale, 1],
          [sale, 2],
        ])
      ).string('id');
      const first = await cancel(store, id, { lines: [0] }, 'line 0');
      await cancel(store, id);
      const again = await cancel(store, id, { lines: [0] }, 'line 0');
      assert.equal(again.text, first.text);
      assert.equal(again.header('Idempotency-Replayed'), 'true');
      assertProblem(await cancel(store, id, { lines: [1] }, 'line 0'), 'KEY_REUSED');
    }));

  test('cancelling is refused for what is malformed or unknown', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      const id = (await basket(store, [[sale, 1]])).string('id');
      for (const body of [
        { lines: [] },
        { lines: [-1] },
        { lines: [1.5] },
        { lines: [64] },
        { lines: '0' },
        { line: 0 },
        [],
      ]) {
        assertProblem(await cancel(store, id, body), 'INVALID_REQUEST');
      }
      assertProblem(await cancel(store, 'order_0_9'), 'UNKNOWN_ORDER');
      assertProblem(await store.post(`/v1/orders/${id}/cancel`, {}, null), 'MISSING_KEY');
    }));

  test('cancelling works after the sale has closed', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      const id = (await basket(store, [[sale, 4]])).string('id');
      await changeSale(store, sale, { status: 'closed' });
      assert.equal((await cancel(store, id)).status, 200);
      assert.deepEqual(await sold(store, sale), [0]);
    }));
});
