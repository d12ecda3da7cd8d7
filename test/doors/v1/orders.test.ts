/** Orders: buying now, limits, reading. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  assertProblem,
  atNoon,
  changeSale,
  freshKey,
  makeSale,
  noon,
  order,
  stock,
  timeAt,
  standing,
} from './support.ts';

const usd = (amount: number): object => ({ amount, currency: 'USD' });

describe('an order', () => {
  test('an order is shown with its line, its total and where it became true', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 10, { price: usd(250) });
      const bought = await order(store, sale, { quantity: 3, customer: 'ann "the" buyer' });
      assert.equal(bought.status, 201);
      assert.equal(bought.header('Location'), '/v1/orders/order_0_1');
      assert.equal(bought.header('Holdfast-Position'), store.nth(2));
      assert.equal(bought.headers['idempotency-replayed'], undefined);
      assert.deepEqual(bought.json, {
        id: 'order_0_1',
        sale,
        quantity: 3,
        lines: [{ sale, quantity: 3, price: usd(250), status: 'confirmed' }],
        customer: 'ann "the" buyer',
        status: 'confirmed',
        total: usd(750),
        createdAt: noon,
        position: store.nth(2),
      });
      assert.deepEqual((await store.get('/v1/orders/order_0_1')).json, standing(bought));
      assert.deepEqual(await stock(store, sale), { sold: 3, held: 0, available: 7 });
    }));

  test('an order without price or customer says so with null', () =>
    atNoon(async (store) => {
      const bought = await order(store, await makeSale(store, 10), { quantity: 1 });
      const { customer, total, lines } = bought.body;
      assert.deepEqual([customer, total, (lines as { price: unknown }[])[0]?.price], [null, null, null]);
    }));

  test('an order keeps the price it was made at', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 10, { price: usd(100) });
      const bought = await order(store, sale, { quantity: 2 });
      await changeSale(store, sale, { price: usd(900) });
      assert.deepEqual((await store.get(`/v1/orders/${bought.string('id')}`)).body['total'], usd(200));
    }));

  test('an order of more than is left takes nothing, and one that fits is taken', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5);
      assertProblem(await order(store, sale, { quantity: 6 }), 'SOLD_OUT');
      assert.equal((await order(store, sale, { quantity: 5 })).status, 201);
      assertProblem(await order(store, sale, { quantity: 1 }), 'SOLD_OUT');
      assert.deepEqual(await stock(store, sale), { sold: 5, held: 0, available: 0 });
    }));

  test('concurrent orders are never more than the stock, and none that fits is refused', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 60);
      const asked = Array.from({ length: 80 }, (_, i) => (i % 4) + 1);
      const answers = await Promise.all(
        asked.map(async (quantity, i) => {
          const [first] = await Promise.all([
            order(store, sale, { quantity }, `crowd-${i}`),
            ...(i % 10 === 0 ? [order(store, sale, { quantity }, `crowd-${i}`)] : []),
          ]);
          return { quantity, status: first.status };
        }),
      );
      const taken = answers.filter(({ status }) => status === 201).reduce((sum, { quantity }) => sum + quantity, 0);
      const { sold, available } = await stock(store, sale);
      assert.equal(sold, taken);
      const smallest = Math.min(...answers.filter(({ status }) => status === 409).map(({ quantity }) => quantity));
      assert.ok(Number(available) < smallest, `${String(available)} left, ${smallest} refused`);
    }));

  test('an order of an unknown sale is 404', () =>
    atNoon(async (store) => {
      for (const sale of ['sale_0_1', 'x', 'order_0_1'])
        assertProblem(await order(store, sale, { quantity: 1 }), 'UNKNOWN_SALE');
    }));

  test('an order that is malformed is refused by its places', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5);
      const bodies = [
        {},
        { quantity: 0 },
        { quantity: -1 },
        { quantity: 1.5 },
        { quantity: '1' },
        { quantity: 10_001 },
        { quantity: null },
        { quantity: 1, customer: '' },
        { quantity: 1, customer: 5 },
        { quantity: 1, customer: 'a\nb' },
        { quantity: 1, customer: 'c'.repeat(256) },
        { quantity: 1, seconds: 5 },
        { quantity: 1, note: 'x' },
      ];
      for (const body of bodies) assertProblem(await order(store, sale, body), 'INVALID_REQUEST');
      assert.equal((await stock(store, sale)).sold, 0);
    }));

  test('an unknown order is 404', () =>
    atNoon(async (store) => {
      for (const id of ['order_0_1', 'sale_0_1', 'x'])
        assertProblem(await store.get(`/v1/orders/${id}`), 'UNKNOWN_ORDER');
    }));
});

describe('the limits of a sale', () => {
  test('the limit per order holds for each order', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 50, { maxPerOrder: 3 });
      assertProblem(await order(store, sale, { quantity: 4 }), 'LIMIT_REACHED');
      assert.equal((await order(store, sale, { quantity: 3 })).status, 201);
      assert.equal((await order(store, sale, { quantity: 3 })).status, 201);
    }));

  test('the limit per customer requires the customer, and counts all their units', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 50, { maxPerCustomer: 4 });
      assertProblem(await order(store, sale, { quantity: 1 }), 'CUSTOMER_REQUIRED');
      const first = await order(store, sale, { quantity: 3, customer: 'ann' });
      assert.equal(first.status, 201);
      assertProblem(await order(store, sale, { quantity: 2, customer: 'ann' }), 'LIMIT_REACHED');
      assert.equal((await order(store, sale, { quantity: 2, customer: 'bob' })).status, 201);
      assert.equal((await order(store, sale, { quantity: 1, customer: 'ann' })).status, 201);
      await store.post(`/v1/orders/${first.string('id')}/cancel`, {}, freshKey());
      assert.equal((await order(store, sale, { quantity: 3, customer: 'ann' })).status, 201);
    }));

  test('the limits of a sale are checked after the window and before the stock', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 1, { maxPerOrder: 2, opensAt: timeAt(5) });
      assertProblem(await order(store, sale, { quantity: 3 }), 'NOT_OPEN');
      await store.advance(5000);
      assertProblem(await order(store, sale, { quantity: 3 }), 'LIMIT_REACHED');
      assertProblem(await order(store, sale, { quantity: 2 }), 'SOLD_OUT');
    }));
});

describe('a refusal', () => {
  test('a refusal is forgotten by default: the same key may succeed later', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 1);
      assertProblem(await order(store, sale, { quantity: 2 }, 'patient'), 'SOLD_OUT');
      await changeSale(store, sale, { capacity: 2 });
      assert.equal((await order(store, sale, { quantity: 2 }, 'patient')).status, 201);
    }));

  test('a refusal is remembered where the sale says so: the key keeps its first answer', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 1, { refusals: 'remember' });
      const first = await order(store, sale, { quantity: 2 }, 'pinned');
      assertProblem(first, 'SOLD_OUT');
      await changeSale(store, sale, { capacity: 2 });
      const second = await order(store, sale, { quantity: 2 }, 'pinned');
      assert.equal(second.text, first.text);
      assert.equal(second.header('Idempotency-Replayed'), 'true');
      assert.equal(second.header('Holdfast-Position'), first.header('Holdfast-Position'));
      assertProblem(await order(store, sale, { quantity: 1 }, 'pinned'), 'KEY_REUSED');
      assert.equal((await order(store, sale, { quantity: 2 }, 'fresh')).status, 201);
    }));
});
