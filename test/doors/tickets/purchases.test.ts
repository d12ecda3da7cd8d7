/** /api/v1/purchases: buying with the key in the body, and the lists. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';
import { assertProblem } from '../v1/support.ts';
import { buy, counts, data, openEvent } from './support.ts';

const path = '/api/v1/purchases';

function buyOf(store: TestStore, eventId: string, quantity: unknown, idempotencyKey: unknown): Promise<Answer> {
  return store.post(path, { eventId, quantity, idempotencyKey }, null);
}

function withEvents(use: (store: TestStore, one: string, other: string) => Promise<void>): Promise<void> {
  return withStore({ manualTime: true }, async (store) => {
    const one = await openEvent(store, 20, 'One');
    await use(store, one, await openEvent(store, 30, 'Other'));
  });
}

describe('a purchase by event', () => {
  test('a purchase by event is 201 when new and 200 when its key comes again', () =>
    withEvents(async (store, one) => {
      const first = await buyOf(store, one, 4, 'mine');
      assert.equal(first.status, 201);
      const { id, ...rest } = data(first) as Record<string, unknown>;
      assert.deepEqual(rest, {
        eventId: one,
        quantity: 4,
        idempotencyKey: 'mine',
        statusCode: 200,
        responseBody: '{"success":true,"seatsRemaining":16}',
        wasSuccessful: true,
        createdAt: '2026-06-01T12:00:00.000Z',
        isNewPurchase: true,
        event: { id: one, name: 'One' },
      });
      assert.deepEqual([first.body['message'], first.body['isNewPurchase']], ['Purchase successful', true]);
      const second = await buyOf(store, one, 4, 'mine');
      assert.equal(second.status, 200);
      assert.deepEqual(data(second), { id, ...rest, isNewPurchase: false });
      assert.equal(second.header('Idempotency-Replayed'), 'true');
      assert.deepEqual(
        [second.body['message'], second.body['isNewPurchase']],
        ['Purchase already exists with this idempotency key', false],
      );
      const { isNewPurchase: _, event: __, ...columns } = rest;
      assert.deepEqual(data(await store.get(`${path}/${String(id)}`)), { id, ...columns });
    }));

  test('a purchase by event shares its keys with the purchase of the newest event', () =>
    withEvents(async (store, one) => {
      await buy(store, 2, 'shared');
      const other = await buyOf(store, one, 2, 'shared');
      assert.deepEqual([other.status, other.body['error']], [422, 'IDEMPOTENCY_KEY_REUSED']);
    }));

  test('a purchase by event of the same key for another event or quantity is refused', () =>
    withEvents(async (store, one, other) => {
      await buyOf(store, one, 2, 'mine');
      assert.equal((await buyOf(store, other, 2, 'mine')).status, 422);
      assert.equal((await buyOf(store, one, 3, 'mine')).status, 422);
    }));

  test('a purchase by event says what is wrong with it', () =>
    withEvents(async (store, one) => {
      const proper = { eventId: one, quantity: 1, idempotencyKey: 'k' };
      const required = 'Event ID, quantity, and idempotency key are required';
      const cases: readonly (readonly [unknown, string])[] = [
        [{ ...proper, idempotencyKey: undefined }, required],
        [{ ...proper, idempotencyKey: '' }, required],
        [{ ...proper, eventId: null }, required],
        [{ idempotencyKey: 'k' }, required],
        [{}, required],
        [{ ...proper, quantity: 0 }, 'Quantity must be greater than 0'],
        [{ ...proper, quantity: -1.5 }, 'Quantity must be greater than 0'],
        [{ ...proper, quantity: 11 }, 'Cannot purchase more than 10 tickets at once'],
        [{ ...proper, quantity: 1.5 }, 'Quantity must be an integer'],
        [{ ...proper, quantity: '2' }, 'Quantity must be an integer'],
        [{ ...proper, idempotencyKey: 5 }, 'idempotencyKey must be a string'],
        [[], 'Expected object, received array'],
      ];
      for (const [body, message] of cases) {
        const answer = await store.post(path, body, null);
        const refusal = { success: false, statusCode: 400, error: 'VALIDATION_ERROR', message };
        assert.deepEqual([answer.status, answer.json], [400, refusal]);
      }
      const control = await buyOf(store, one, 1, 'a\u0000b');
      assert.deepEqual([control.status, control.body['error']], [400, 'INVALID_IDEMPOTENCY_KEY']);
      assert.equal(
        (await buyOf(store, 'sale_0_99', 1, 'k')).text,
        '{"success":false,"statusCode":404,"message":"Event not found"}',
      );
      await buyOf(store, one, 10, 'ten');
      await buyOf(store, one, 9, 'nine');
      const sold = await buyOf(store, one, 2, 'two');
      const message = 'Fewer units are left than were asked for.';
      assert.deepEqual(
        [sold.status, sold.json],
        [409, { success: false, statusCode: 409, error: 'SOLD_OUT', message }],
      );
    }));
});

describe('purchases', () => {
  const keysIn = (answer: Answer): unknown[] =>
    (data(answer) as { idempotencyKey: unknown }[]).map((row) => row.idempotencyKey);

  test('purchases are listed newest first, over all events or of one', () =>
    withEvents(async (store, one, other) => {
      await buyOf(store, one, 1, 'a');
      await buyOf(store, other, 1, 'b');
      await buyOf(store, one, 1, 'c');
      await buyOf(store, one, 99, 'refused');
      assert.deepEqual(keysIn(await store.get(path)), ['c', 'b', 'a']);
      assert.deepEqual(keysIn(await store.get(`${path}?limit=2`)), ['c', 'b']);
      assert.deepEqual(keysIn(await store.get(`${path}/event/${one}`)), ['c', 'a']);
      assert.deepEqual(keysIn(await store.get(`${path}/event/${one}?limit=1`)), ['c']);
      assert.equal((await store.get(`${path}?limit=101`)).status, 400);
      assert.equal((await store.get(`${path}/event/sale_0_99`)).status, 404);
    }));

  test('purchases are listed up to a hundred', () =>
    withStore({}, async (store) => {
      await openEvent(store, 500);
      await Promise.all(Array.from({ length: 110 }, (_, i) => buy(store, 1, `k${i}`)));
      const [first, second] = [keysIn(await store.get(path)), keysIn(await store.get(`${path}?page=2`))];
      assert.deepEqual([first.length, second.length], [100, 10]);
      assert.equal(new Set([...first, ...second]).size, 110);
      assert.deepEqual(keysIn(await store.get(`${path}?page=6&limit=20`)), second);
      assert.deepEqual(keysIn(await store.get(`${path}?page=3`)), []);
    }));

  test('purchases include those of the native API, which has no key of this door', () =>
    withEvents(async (store, one) => {
      const order = await store.post(`/v1/sales/${one}/orders`, { quantity: 9 }, 'native');
      assert.equal(order.status, 201);
      assertProblem(await store.post(`/v1/sales/${one}/orders`, { quantity: 11 }, 'more'), 'LIMIT_REACHED');
      const [row] = data(await store.get(path)) as Record<string, unknown>[];
      assert.deepEqual([row?.['id'], row?.['quantity'], row?.['idempotencyKey']], [order.string('id'), 9, 'native']);
    }));

  test('purchases have totals', () =>
    withEvents(async (store, one, other) => {
      await buyOf(store, one, 3, 'a');
      await buyOf(store, other, 4, 'b');
      await buyOf(store, other, 4, 'b');
      assert.deepEqual(data(await store.get(`${path}/stats`)), { totalPurchases: 2, totalSeats: 7, seatsSold: 7 });
    }));

  test('unknown purchases are 404', () =>
    withEvents(async (store) => {
      for (const id of ['order_0_1', 'x', 'order_0_99999999999']) {
        const answer = await store.get(`${path}/${id}`);
        assert.deepEqual(
          [answer.status, answer.text],
          [404, '{"success":false,"statusCode":404,"message":"Purchase not found"}'],
        );
      }
    }));

  test('a fresh key for a purchase can be requested', () =>
    withEvents(async (store) => {
      const keys = new Set<string>();
      for (let i = 0; i < 5; i += 1) {
        const { idempotencyKey } = data(await store.get(`${path}/idempotency-key`)) as { idempotencyKey: string };
        assert.match(idempotencyKey, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
        keys.add(idempotencyKey);
      }
      assert.equal(keys.size, 5);
      assert.equal(((await counts(store)) as Record<string, unknown>)['seatsSold'], 0);
    }));
});
