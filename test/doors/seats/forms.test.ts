/** Bodies as forms send them: on this door, and from no page that is a stranger here. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseForm } from '../../../src/doors/seats/fields.ts';
import { HttpFailure } from '../../../src/http/problems.ts';
import type { Answer } from '../../http/support/client.ts';
import type { Options, TestStore } from '../../http/support/store.ts';
import { operatorKey, withStore } from '../../http/support/store.ts';
import { dataIn, refusal, repeats, withSeats } from './support.ts';

const formType = 'application/x-www-form-urlencoded';

function post(
  store: TestStore,
  method: string,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return store.ask(method, path, { body, headers: { 'Content-Type': formType, ...headers } });
}

describe('a form', () => {
  test('a form does all that JSON does', () =>
    withSeats(async (store) => {
      const user = await post(store, 'POST', '/api/users', 'email=ann%40example.org&name=Ann+Lee+%C3%A9');
      assert.deepEqual([user.status, dataIn(user)['name']], [201, 'Ann Lee é']);
      const date = 'event_date=2027-01-31T20%3A00%3A00%2B01%3A00';
      const event = await post(store, 'POST', '/api/events', `name=A+concert&${date}`);
      assert.equal(dataIn(event)['event_date'], '2027-01-31T19:00:00.000Z');
      for (const number of [1, 2, 3]) {
        const seat = await post(store, 'POST', '/api/seats', `event_id=1&row_number=4&seat_number=${number}`);
        assert.deepEqual([seat.status, dataIn(seat)['seat_number']], [201, number]);
      }
      const typed = { 'Content-Type': `${formType.toUpperCase()}; charset=UTF-8` };
      const booking = 'eventId=1&numberOfSeats=2&userId=1&partial=false';
      const booked = await post(store, 'POST', '/api/events/book', booking, { ...typed, 'Idempotency-Key': 'k' });
      assert.equal(dataIn(booked)['bookedSeats'], 2, booked.text);
      // The same request, whichever way it is written.
      const json = { eventId: 1, numberOfSeats: 2, userId: 1, partial: false };
      repeats(await store.post('/api/events/book', json, 'k'), booked);
      assert.equal(dataIn(await post(store, 'PUT', '/api/seats/3', 'status=booked'))['status'], 'booked');
      const renamed = await post(store, 'PUT', '/api/users/1', 'id=1&name=Ann');
      assert.equal(dataIn(renamed)['name'], 'Ann');
      const left = await post(store, 'POST', '/api/events/book', 'eventId=1&numberOfSeats=1&userId=&partial=');
      assert.equal(refusal(left), '409 Not enough seats available');
      const line = await post(store, 'POST', '/api/events/book', 'eventId=1&numberOfSeats=1&userId=1&partial=true');
      assert.equal(line.status, 200, line.text);
      const cancelled = await post(store, 'DELETE', '/api/events/book', 'eventId=1&cancelAll=true&bookingId=');
      assert.equal(dataIn(cancelled)['bookingsCancelled'], 2);
    }));

  test('a form has one meaning or none', () => {
    const parse = (text: string | Uint8Array): unknown =>
      parseForm(typeof text === 'string' ? new TextEncoder().encode(text) : text);
    assert.deepEqual(parse('a=1&b=&c&d=x=y&&e=%26+%2B'), { a: '1', b: '', c: '', d: 'x=y', e: '& +' });
    assert.deepEqual(parse(''), {});
    assert.ok(Object.hasOwn(parse('__proto__=1') as object, '__proto__'));
    for (const wrong of ['a=1&a=2', 'a=1&%61=2', 'a=%', 'a=%zz', 'a=%C3', '%FF=1', Uint8Array.of(0x61, 0x3d, 0xff)]) {
      assert.throws(() => parse(wrong), HttpFailure);
    }
  });

  test('a form of any content is read quickly', () => {
    const size = 64 * 1024;
    for (const part of ['&', '=', '%41', '+', 'a=&', 'a&', '%', '__proto__=1&']) {
      const bytes = new TextEncoder().encode(part.repeat(Math.ceil(size / part.length)).slice(0, size));
      const startedMs = performance.now();
      try {
        parseForm(bytes);
      } catch (error) {
        assert.ok(error instanceof HttpFailure);
      }
      assert.ok(performance.now() - startedMs < 50, part);
    }
    const many = Array.from({ length: 12_000 }, (_, i) => `${i.toString(36)}=`).join('&');
    assert.throws(() => parseForm(new TextEncoder().encode(many)), /more than 100 fields/);
  });

  test('a form is refused on the other doors, and where no body is taken', () =>
    withStore({ args: ['--drops-port', '1'] }, async (store) => {
      for (const [path, body] of [
        ['/v1/sales', 'name=A'],
        ['/api/v1/purchase', 'quantity=1'],
        ['/api/v1/events', 'name=A'],
      ] as const) {
        assert.equal((await post(store, 'POST', path, body, { 'Idempotency-Key': 'k' })).status, 415, path);
      }
      assert.equal((await post(store, 'POST', '/api/users', 'email=a%40b.c&name=A&x=1')).status, 400);
    }));
});

describe('a form of a page', () => {
  const body = 'email=a%40example.org&name=A';
  const status = async (store: TestStore, headers: Readonly<Record<string, string>>): Promise<number> =>
    (await post(store, 'POST', '/api/users', body, headers)).status;
  const cases = async (options: Options, expected: Readonly<Record<string, number>>): Promise<void> =>
    withStore({ ...options, args: ['--doors', 'seats', ...(options.args ?? [])] }, async (store) => {
      const told: Record<string, number> = {};
      for (const [what, headers] of Object.entries(pages)) told[what] = await status(store, headers);
      // Whichever came first made the user.
      for (const [what, code] of Object.entries(told)) if (code === 201) told[what] = 409;
      assert.deepEqual(told, expected);
    });
  const pages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'no page': {},
    'a foreign origin': { Origin: 'http://evil.example' },
    'no origin that is known': { Origin: 'null' },
    'another site': { 'Sec-Fetch-Site': 'cross-site' },
    'a sister site': { 'Sec-Fetch-Site': 'same-site' },
    'a word that is none': { 'Sec-Fetch-Site': 'x' },
    'our own': { 'Sec-Fetch-Site': 'same-origin' },
    'an address that somebody typed': { 'Sec-Fetch-Site': 'none' },
    'loopback, by its origin': { Origin: 'http://localhost:5173', 'Sec-Fetch-Site': 'same-site' },
  };
  const foreign = { 'a foreign origin': 403, 'no origin that is known': 403 };
  const others = { 'another site': 403, 'a sister site': 403, 'a word that is none': 403 };
  const taken = Object.fromEntries(Object.keys(pages).map((what) => [what, 409]));

  test('a form of a foreign page is refused on a store without a key, by either header', () =>
    cases({}, { ...taken, ...foreign, ...others }));

  test('a form of a foreign page is refused on an open store without a key', () =>
    cases({ args: ['--open'] }, { ...taken, ...foreign, ...others }));

  test('a form of a page is accepted on a store with a key, unless its origin is foreign', () =>
    cases({ environment: { HOLDFAST_OPERATOR_KEY: operatorKey } }, { ...taken, ...foreign }));
});
