/** Holds: placed, read, extended, confirmed, released, expired. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { assertProblem, atNoon, changeSale, freshKey, hold, makeSale, noon, order, stock, timeAt } from './support.ts';

function confirm(store: TestStore, id: string, key = freshKey()): Promise<Answer> {
  return store.post(`/v1/holds/${id}/confirm`, undefined, key);
}

function extend(store: TestStore, id: string, until: string, key: string | null = null): Promise<Answer> {
  return store.post(`/v1/holds/${id}/extend`, { until }, key);
}

function release(store: TestStore, id: string): Promise<Answer> {
  return store.ask('DELETE', `/v1/holds/${id}`);
}

/** A sale of ten with holds of a minute, two with extensions, and a hold of three. */
function withHold(use: (store: TestStore, sale: string, id: string, placed: Answer) => Promise<void>): Promise<void> {
  return atNoon(async (store) => {
    const terms = { holdSeconds: 60, maxHoldSeconds: 120, price: { amount: 500, currency: 'EUR' } };
    const sale = await makeSale(store, 10, terms);
    const placed = await hold(store, sale, { quantity: 3, customer: 'ann' }, 'placed');
    await use(store, sale, placed.string('id'), placed);
  });
}

describe('a hold', () => {
  test('a hold sets stock aside until its deadline', () =>
    withHold(async (store, sale, id, placed) => {
      assert.equal(placed.status, 201);
      assert.equal(placed.header('Location'), `/v1/holds/${id}`);
      assert.equal(placed.header('Holdfast-Position'), store.nth(2));
      assert.deepEqual(placed.json, {
        id: 'hold_0_1',
        sale,
        quantity: 3,
        customer: 'ann',
        status: 'active',
        order: null,
        expiresAt: timeAt(60),
        createdAt: noon,
      });
      assert.deepEqual(await stock(store, sale), { sold: 0, held: 3, available: 7 });
      assert.equal((await store.get(`/v1/holds/${id}`)).text, placed.text);
      assertProblem(await order(store, sale, { quantity: 8 }), 'SOLD_OUT');
    }));

  test('a hold lasts as long as asked, up to the cap of its sale', () =>
    withHold(async (store, sale) => {
      assert.equal((await hold(store, sale, { quantity: 1, seconds: 5 })).body['expiresAt'], timeAt(5));
      assert.equal((await hold(store, sale, { quantity: 1, seconds: 600 })).body['expiresAt'], timeAt(120));
    }));

  test('a hold is refused like an order, and for what is malformed', () =>
    withHold(async (store, sale) => {
      assertProblem(await hold(store, sale, { quantity: 8 }), 'SOLD_OUT');
      assertProblem(await hold(store, 'sale_0_9', { quantity: 1 }), 'UNKNOWN_SALE');
      for (const body of [
        {},
        { quantity: 0 },
        { quantity: 1, seconds: 0 },
        { quantity: 1, seconds: 86_401 },
        { quantity: 1, until: noon },
      ]) {
        assertProblem(await hold(store, sale, body), 'INVALID_REQUEST');
      }
      await changeSale(store, sale, { status: 'paused' });
      assertProblem(await hold(store, sale, { quantity: 1 }), 'PAUSED');
    }));

  test('an unknown hold is 404', () =>
    withHold(async (store) => {
      for (const id of ['hold_0_2', 'x', 'order_0_1']) {
        assertProblem(await store.get(`/v1/holds/${id}`), 'UNKNOWN_HOLD');
        assertProblem(await confirm(store, id), 'UNKNOWN_HOLD');
        assertProblem(await extend(store, id, timeAt(5)), 'UNKNOWN_HOLD');
        assertProblem(await release(store, id), 'UNKNOWN_HOLD');
      }
    }));
});

describe('extending a hold', () => {
  test('extending a hold moves its deadline to the time named', () =>
    withHold(async (store, _, id, placed) => {
      const extended = await extend(store, id, timeAt(90));
      assert.equal(extended.status, 200);
      assert.deepEqual(extended.json, { ...placed.body, expiresAt: timeAt(90) });
      await store.advance(60_000);
      assert.equal((await store.get(`/v1/holds/${id}`)).text, extended.text);
    }));

  test('extending a hold goes as far as the cap, and never shortens', () =>
    withHold(async (store, _, id) => {
      assert.equal((await extend(store, id, '9999-12-31T23:59:59Z')).body['expiresAt'], timeAt(120));
      assert.equal((await extend(store, id, timeAt(61))).body['expiresAt'], timeAt(120));
      assert.equal((await extend(store, id, '1970-01-01T00:00:00Z')).body['expiresAt'], timeAt(120));
      await store.advance(30_000);
      assert.equal((await extend(store, id, timeAt(150))).body['expiresAt'], timeAt(120));
    }));

  test('extending a hold twice by a retry is once, and its key tells so', () =>
    withHold(async (store, _, id) => {
      const first = await extend(store, id, timeAt(80), 'longer');
      assert.equal((await extend(store, id, timeAt(110))).body['expiresAt'], timeAt(110));
      const again = await extend(store, id, timeAt(80), 'longer');
      assert.equal(again.text, first.text);
      assert.equal(again.header('Idempotency-Replayed'), 'true');
      assertProblem(await extend(store, id, timeAt(81), 'longer'), 'KEY_REUSED');
      assert.equal((await store.get(`/v1/holds/${id}`)).body['expiresAt'], timeAt(110));
    }));

  test('extending a hold needs a time that exists', () =>
    withHold(async (store, _, id) => {
      for (const until of ['2026-06-31T00:00:00Z', 'soon', '', '2026-06-01', '2026-06-01T12:00:61Z']) {
        assertProblem(await extend(store, id, until), 'INVALID_REQUEST', /until/);
      }
      assertProblem(await store.post(`/v1/holds/${id}/extend`, { until: 5 }, null), 'INVALID_REQUEST');
      assertProblem(await store.post(`/v1/holds/${id}/extend`, {}, null), 'INVALID_REQUEST');
    }));
});

describe('confirming a hold', () => {
  test('confirming a hold makes an order of it, at the price of the hold', () =>
    withHold(async (store, sale, id) => {
      await changeSale(store, sale, { price: { amount: 9999, currency: 'EUR' } });
      const confirmed = await confirm(store, id, 'yes');
      assert.equal(confirmed.status, 201);
      assert.equal(confirmed.header('Location'), '/v1/orders/order_0_1');
      assert.deepEqual(confirmed.json, {
        id: 'order_0_1',
        sale,
        quantity: 3,
        lines: [{ sale, quantity: 3, price: { amount: 500, currency: 'EUR' }, status: 'confirmed' }],
        customer: 'ann',
        status: 'confirmed',
        total: { amount: 1500, currency: 'EUR' },
        createdAt: noon,
        position: store.nth(4),
      });
      assert.deepEqual(await stock(store, sale), { sold: 3, held: 0, available: 7 });
      const { status, order: made } = (await store.get(`/v1/holds/${id}`)).body;
      assert.deepEqual([status, made], ['confirmed', 'order_0_1']);
      const again = await confirm(store, id, 'yes');
      assert.deepEqual([again.text, again.header('Idempotency-Replayed')], [confirmed.text, 'true']);
      assertProblem(await confirm(store, id, 'another'), 'HOLD_CONFIRMED');
    }));

  test('confirming a hold five times at once makes one order', () =>
    withHold(async (store, sale, id) => {
      const answers = await Promise.all(Array.from({ length: 5 }, (_, i) => confirm(store, id, `racer ${i}`)));
      assert.deepEqual(
        answers.map(({ status }) => status).sort((one, other) => one - other),
        [201, 409, 409, 409, 409],
      );
      assert.deepEqual(await stock(store, sale), { sold: 3, held: 0, available: 7 });
    }));

  test('confirming a hold works while the sale is closed', () =>
    withHold(async (store, sale, id) => {
      await changeSale(store, sale, { status: 'closed' });
      assert.equal((await confirm(store, id)).status, 201);
    }));

  test('confirming a hold needs a key, and takes no notice of a body', () =>
    withHold(async (store, _, id) => {
      assertProblem(await store.post(`/v1/holds/${id}/confirm`, undefined, null), 'MISSING_KEY');
      assert.equal((await store.post(`/v1/holds/${id}/confirm`, { any: 'thing' }, freshKey())).status, 201);
    }));
});

describe('releasing a hold', () => {
  test('releasing a hold returns its stock; what follows is gone', () =>
    withHold(async (store, sale, id, placed) => {
      const released = await release(store, id);
      assert.equal(released.status, 200);
      assert.deepEqual(released.json, { ...placed.body, status: 'released' });
      assert.deepEqual(await stock(store, sale), { sold: 0, held: 0, available: 10 });
      assert.equal((await store.get(`/v1/holds/${id}`)).text, released.text);
      assertProblem(await release(store, id), 'HOLD_RELEASED');
      assertProblem(await confirm(store, id), 'HOLD_RELEASED');
      assertProblem(await extend(store, id, timeAt(90)), 'HOLD_RELEASED');
      assert.equal((await hold(store, sale, { quantity: 3, customer: 'ann' }, 'placed')).text, placed.text);
    }));

  test('releasing a hold with a key replays', () =>
    withHold(async (store, _, id) => {
      const remove = (): Promise<Answer> =>
        store.ask('DELETE', `/v1/holds/${id}`, { headers: { 'Idempotency-Key': 'let go' } });
      const first = await remove();
      const again = await remove();
      assert.deepEqual([again.status, again.text, again.header('Idempotency-Replayed')], [200, first.text, 'true']);
    }));
});

describe('an expired hold', () => {
  test('an expired hold is gone at its deadline, and its stock is back', () =>
    withHold(async (store, sale, id, placed) => {
      await store.advance(59_999);
      assert.equal((await store.get(`/v1/holds/${id}`)).body['status'], 'active');
      await store.advance(1);
      assert.deepEqual((await store.get(`/v1/holds/${id}`)).json, { ...placed.body, status: 'expired' });
      assert.deepEqual(await stock(store, sale), { sold: 0, held: 0, available: 10 });
      for (const answer of [await confirm(store, id), await extend(store, id, timeAt(120)), await release(store, id)]) {
        assertProblem(answer, 'HOLD_EXPIRED');
        assert.equal(answer.status, 410);
      }
      assert.equal((await hold(store, sale, { quantity: 3, customer: 'ann' }, 'placed')).text, placed.text);
    }));

  test('an expired hold is not confirmed by a request that comes before the store has noticed', () =>
    withHold(async (store, sale, id) => {
      store.time.advance(60_000);
      assertProblem(await confirm(store, id), 'HOLD_EXPIRED');
      assert.deepEqual(await stock(store, sale), { sold: 0, held: 0, available: 10 });
    }));

  test('an expired hold loses no stock when many buy it at once', () =>
    withHold(async (store, sale, id) => {
      store.time.advance(60_000);
      const answers = await Promise.all(Array.from({ length: 5 }, () => confirm(store, id)));
      assert.deepEqual(
        answers.map(({ status }) => status),
        [410, 410, 410, 410, 410],
      );
      assert.deepEqual(await stock(store, sale), { sold: 0, held: 0, available: 10 });
    }));

  test('an expired hold makes room within the same request for the next customer', () =>
    withHold(async (store, sale) => {
      store.time.advance(60_000);
      assert.equal((await order(store, sale, { quantity: 10 })).status, 201);
    }));

  test('an expired hold gives its customer their units back', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 10, { maxPerCustomer: 2, holdSeconds: 60 });
      await hold(store, sale, { quantity: 2, customer: 'ann' });
      assertProblem(await hold(store, sale, { quantity: 1, customer: 'ann' }), 'LIMIT_REACHED');
      await store.advance(60_000);
      assert.equal((await hold(store, sale, { quantity: 2, customer: 'ann' })).status, 201);
    }));
});

test('a hold expires by the clock alone, though nobody asks', () =>
  atNoon(
    async (store) => {
      const sale = await makeSale(store, 10);
      const id = (await hold(store, sale, { quantity: 3, seconds: 1 })).string('id');
      const { held } = store.node.engine.state.sales;
      for (let waited = 0; held.get(0) > 0 && waited < 300; waited += 1)
        await new Promise((resolve) => setTimeout(resolve, 10));
      assert.deepEqual(await stock(store, sale), { sold: 0, held: 0, available: 10 });
      assert.equal((await store.get(`/v1/holds/${id}`)).body['status'], 'expired');
    },
    { manualTime: false },
  ));
