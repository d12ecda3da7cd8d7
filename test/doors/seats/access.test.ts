/** With an operator key set: who may read whom, and who may touch what. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { operatorKey } from '../../http/support/store.ts';
import { dataIn, listIn, refusal, repeats, withSeats } from './support.ts';

const denied = '401 This call needs the operator key: Authorization: Bearer KEY.';
const asOperator = { Authorization: `Bearer ${operatorKey}` };

function guarded(use: (store: TestStore) => Promise<void>): Promise<void> {
  return withSeats(
    async (store) => {
      const make = async (path: string, json: object): Promise<void> => {
        assert.equal((await store.ask('POST', path, { json, headers: asOperator })).status, 201);
      };
      await make('/api/events', { name: 'A', event_date: '2027-01-01' });
      for (const seat_number of [1, 2, 3, 4]) await make('/api/seats', { event_id: 1, row_number: 1, seat_number });
      await use(store);
    },
    { environment: { HOLDFAST_OPERATOR_KEY: operatorKey } },
  );
}

function put(store: TestStore, seat: number, json: object, headers = {}): Promise<Answer> {
  return store.ask('PUT', `/api/seats/${seat}`, { json, headers });
}

describe('without the key', () => {
  test('people are not listed, read or changed, and nothing of the operator’s is done', () =>
    guarded(async (store) => {
      await store.post('/api/users', { email: 'ann@example.org', name: 'Ann' }, null);
      const event = { name: 'B', event_date: '2027-01-01' };
      const seat = { event_id: 1, row_number: 2, seat_number: 1 };
      for (const [method, path, json] of [
        ['GET', '/api/users'],
        ['GET', '/api/users?email=ann@example.org'],
        ['GET', '/api/users/1'],
        ['GET', '/api/users/email/ann@example.org'],
        ['GET', '/api/users/99'],
        ['PUT', '/api/users/1', { name: 'B' }],
        ['DELETE', '/api/users/1'],
        ['POST', '/api/events', event],
        ['PUT', '/api/events/1', { status: 'closed' }],
        ['DELETE', '/api/events/1'],
        ['POST', '/api/seats', seat],
        ['DELETE', '/api/seats/1'],
        ['DELETE', '/api/events/book', { eventId: 1, bookingId: 1 }],
        ['DELETE', '/api/events/book', { eventId: 1, cancelAll: true }],
      ] as const) {
        const refused = await store.ask(method, path, json === undefined ? {} : { json });
        assert.equal(refusal(refused), denied, `${method} ${path}`);
        assert.equal(refused.header('WWW-Authenticate'), 'Bearer');
        const wrong = { Authorization: 'Bearer another-key-of-sixteen' };
        const again = await store.ask(method, path, { headers: wrong, ...(json === undefined ? {} : { json }) });
        assert.equal(again.status, 401);
      }
      const { position } = store.node.engine;
      const allowed = await store.ask('GET', '/api/users', { headers: asOperator });
      assert.equal(listIn(allowed).length, 1);
      assert.equal(store.node.engine.position, position);
    }));

  test('anybody reads events and seats, registers, books, and books or reserves one seat', () =>
    guarded(async (store) => {
      for (const path of ['/api', '/health', '/api/events', '/api/events/active', '/api/events/1', '/api/seats']) {
        assert.equal((await store.get(path)).status, 200, path);
      }
      assert.equal((await store.get('/api/seats/event/1/available')).status, 200);
      assert.equal((await store.post('/api/users', { email: 'a@example.org', name: 'A' }, null)).status, 201);
      const booked = await store.post('/api/events/book', { eventId: 1, numberOfSeats: 1, userId: 1 }, null);
      assert.equal(booked.status, 200);
      assert.equal((await put(store, 2, { status: 'booked' })).status, 200);
      assert.equal((await put(store, 3, { status: 'reserved' })).status, 200);
      assert.equal((await put(store, 4, { row_number: 1, seat_number: 4, status: 'booked' })).status, 200);
    }));

  test('nobody touches what another has', () =>
    guarded(async (store) => {
      await put(store, 1, { status: 'booked' });
      await put(store, 2, { status: 'reserved' });
      assert.equal(refusal(await put(store, 1, { status: 'available' })), denied);
      assert.equal(refusal(await put(store, 2, { status: 'available' })), denied);
      assert.equal(refusal(await put(store, 2, { status: 'booked' })), '409 Seat is booked, reserved or blocked');
      assert.equal(refusal(await put(store, 3, { status: 'blocked' })), denied);
      assert.equal(refusal(await put(store, 3, { row_number: 2 })), denied);
      assert.match(refusal(await put(store, 3, { row_number: 2, status: 'booked' })), /^400 Another place/);
      const place = { row_number: 1, seat_number: 4, status: 'booked' };
      const bought = await put(store, 4, place, { 'Idempotency-Key': 'k' });
      await put(store, 4, { status: 'available' }, asOperator);
      assert.equal((await put(store, 4, { row_number: 9 }, asOperator)).status, 200);
      repeats(await put(store, 4, place, { 'Idempotency-Key': 'k' }), bought);
      assert.equal((await put(store, 2, { status: 'booked' }, asOperator)).status, 200);
      assert.equal((await put(store, 1, { status: 'available' }, asOperator)).status, 200);
      assert.equal(dataIn(await store.get('/api/seats/1'))['status'], 'available');
    }));
});

test('a page of a foreign origin writes nothing, and reads nobody', () =>
  withSeats(async (store) => {
    const headers = { Origin: 'https://evil.example' };
    for (const [method, path, json] of [
      ['POST', '/api/users', { email: 'a@example.org', name: 'A' }],
      ['POST', '/api/events/book', { eventId: 1, numberOfSeats: 1 }],
      ['DELETE', '/api/events/book', { eventId: 1, cancelAll: true }],
      ['PUT', '/api/seats/1', { status: 'booked' }],
    ] as const) {
      assert.match(refusal(await store.ask(method, path, { json, headers })), /^403 Pages of this origin/);
    }
    assert.equal(refusal(await store.get('/api/users', headers)), denied);
    assert.equal((await store.get('/api/seats', headers)).status, 200);
  }));

test('who books in part for somebody in line already is not told of their place; its own taker and an operator are', () =>
  guarded(async (store) => {
    await store.post('/api/users', { email: 'ann@example.org', name: 'Ann' }, null);
    const book = (numberOfSeats: number, headers = {}, key: string | null = null): Promise<Answer> =>
      store.post('/api/events/book', { eventId: 1, userId: 1, numberOfSeats, partial: true }, key, headers);
    await store.post('/api/events/book', { eventId: 1, numberOfSeats: 3 }, null);
    const own = await book(3, {}, 'a-key-of-ann');
    assert.deepEqual((dataIn(own)['waitlisted'] as { numberOfSeats: unknown }).numberOfSeats, 2);
    const stranger = await book(3);
    assert.deepEqual([stranger.status, dataIn(stranger)['waitlisted']], [200, null]);
    assert.equal(stranger.body['message'], 'No seats left; on the waitlist already');
    assert.equal((await book(3, {}, 'a-key-of-ann')).text, own.text);
    const operator = await book(3, asOperator);
    assert.equal(operator.body['message'], 'No seats left; on the waitlist already, for 2');
  }));
