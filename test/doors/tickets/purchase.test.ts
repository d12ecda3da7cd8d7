/** POST /api/v1/purchase: the answers to a buyer, byte for byte. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withStore } from '../../http/support/store.ts';
import { buy, counts, freshKey, openEvent, withEvent } from './support.ts';

const path = '/api/v1/purchase';

function refusal(error: string, message: string): string {
  return JSON.stringify({ success: false, error, message });
}

const noKey = refusal('MISSING_IDEMPOTENCY_KEY', 'Idempotency-Key header is required');
const longKey = refusal('INVALID_IDEMPOTENCY_KEY', 'Idempotency-Key header too long');

describe('a purchase', () => {
  test('a purchase answers how many seats remain', () =>
    withEvent(5000, async (store) => {
      const answer = await buy(store, 2);
      assert.equal(answer.status, 200);
      assert.equal(answer.text, '{"success":true,"seatsRemaining":4998}');
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
      assert.equal(answer.headers['idempotency-replayed'], undefined);
      assert.deepEqual(await counts(store), { totalSeats: 5000, seatsSold: 2, seatsRemaining: 4998 });
    }));

  test("a purchase comes in chunks, as the original's own load test sends it, a thousand at once", () =>
    withEvent(1000, async (store) => {
      const headers = (i: number): Record<string, string> => ({
        'content-type': 'application/json',
        'Idempotency-key': `user-${i}`,
      });
      const users = Array.from({ length: 1000 }, (_, i) =>
        store.ask('POST', path, { body: '{"quantity":1}', chunked: true, headers: headers(i) }),
      );
      const answers = await Promise.all(users);
      assert.ok(answers.every(({ status }) => status === 200));
      const left = answers.map(({ body }) => Number(body['seatsRemaining'])).sort((one, other) => other - one);
      assert.deepEqual(
        left,
        Array.from({ length: 1000 }, (_, i) => 999 - i),
      );
      assert.deepEqual(await counts(store), { totalSeats: 1000, seatsSold: 1000, seatsRemaining: 0 });
    }));

  test('a purchase takes its key from the header in any case', () =>
    withEvent(10, async (store) => {
      for (const name of ['Idempotency-key', 'idempotency-key', 'IDEMPOTENCY-KEY']) {
        const answer = await store.ask('POST', path, {
          json: { quantity: 1 },
          headers: { [name]: 'one and the same' },
        });
        assert.equal(answer.text, '{"success":true,"seatsRemaining":9}');
      }
    }));

  test('a purchase of more than is left is SOLD_OUT, and one that fits is taken', () =>
    withEvent(3, async (store) => {
      const tooMany = await buy(store, 4, 'hopeful');
      assert.equal(tooMany.status, 409);
      assert.equal(tooMany.text, '{"error":"SOLD_OUT"}');
      // The refusal did not use the key up.
      assert.equal((await buy(store, 3, 'hopeful')).text, '{"success":true,"seatsRemaining":0}');
      assert.equal((await buy(store, 1)).text, '{"error":"SOLD_OUT"}');
    }));

  test('a purchase while there is no event is 404, and the newest event is the one on sale', () =>
    withStore({}, async (store) => {
      const none = await buy(store, 1);
      assert.equal(none.status, 404);
      assert.equal(none.text, '{"success":false,"statusCode":404,"message":"No event found"}');
      await openEvent(store, 5);
      await openEvent(store, 7);
      assert.equal((await buy(store, 1)).text, '{"success":true,"seatsRemaining":6}');
    }));
});

describe('a purchase without a usable key', () => {
  const bodies = ['{"quantity":1}', '{"quantity":0}', '{', '', '[]', 'x'.repeat(70_000)];

  test('a purchase without a usable key is refused before any other check', () =>
    withStore({}, async (store) => {
      for (const body of bodies) {
        const answer = await store.ask('POST', path, { body });
        assert.deepEqual([answer.status, answer.text], [400, noKey], body.slice(0, 20));
        const long = await store.ask('POST', path, { body, headers: { 'Idempotency-Key': 'k'.repeat(256) } });
        assert.deepEqual([long.status, long.text], [400, longKey], body.slice(0, 20));
      }
    }));
});

describe('a purchase of a bad quantity', () => {
  const cases: readonly (readonly [body: string, message: string])[] = [
    ['{"quantity":1.5}', 'Quantity must be an integer'],
    ['{"quantity":"2"}', 'Expected number, received string'],
    ['{"quantity":null}', 'Expected number, received null'],
    ['{"quantity":[1]}', 'Expected number, received array'],
    ['{"quantity":{"valueOf":1}}', 'Expected number, received object'],
    ['{"quantity":true}', 'Expected number, received boolean'],
    ['{"quantity":1e400}', 'Quantity must be an integer, Quantity cannot exceed 10'],
    ['{"quantity":-1e400}', 'Quantity must be an integer, Quantity must be at least 1'],
    ['{"quantity":0.5}', 'Quantity must be an integer, Quantity must be at least 1'],
    ['{"quantity":10.5}', 'Quantity must be an integer, Quantity cannot exceed 10'],
    ['', 'Required'],
    ['{"quantity":0}', 'Quantity must be at least 1'],
    ['{"quantity":-1}', 'Quantity must be at least 1'],
    ['{"quantity":-1e300}', 'Quantity must be at least 1'],
    ['{"quantity":11}', 'Quantity cannot exceed 10'],
    ['{"quantity":9007199254740993}', 'Quantity cannot exceed 10'],
    ['{}', 'Required'],
    ['{"Quantity":1}', 'Required'],
    ['{"__proto__":{"quantity":1}}', 'Required'],
    ['[]', 'Expected object, received array'],
    ['null', 'Expected object, received null'],
    ['2', 'Expected object, received number'],
  ];

  for (const [body, message] of cases) {
    test(`${body} is refused: ${message}`, () =>
      withEvent(20, async (store) => {
        const answer = await store.ask('POST', path, { body, headers: { 'Idempotency-Key': freshKey() } });
        assert.deepEqual([answer.status, answer.text], [400, refusal('VALIDATION_ERROR', message)]);
        assert.deepEqual(await counts(store), { totalSeats: 20, seatsSold: 0, seatsRemaining: 20 });
      }));
  }
});
