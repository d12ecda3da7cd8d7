/** What the original did wrong, in the shape in which it was seen. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fields } from './support.ts';
import {
  addEvent,
  addHall,
  addSeat,
  addUser,
  dataIn,
  listIn,
  putSeat,
  refusal,
  send,
  statuses,
  tally,
  withSeats,
} from './support.ts';

const exists = '409 Seat already exists in this row of the event';
const sql = "Robert'); DROP TABLE users; --";

describe('the original', () => {
  test('put the name of a filter into its SQL: ?1=1 OR name=zzz returned everything', () =>
    withSeats(async (store) => {
      await addUser(store, 'ann');
      await addEvent(store);
      for (const path of ['/api/users', '/api/events', '/api/seats']) {
        for (const filter of ['1=1 OR name=zzz', '1=1', 'name=zzz OR 1', "id=1;DROP TABLE users;--='x'", '1=1--']) {
          const [name = ''] = filter.split('=');
          const answer = await store.get(`${path}?${filter.replaceAll(' ', '%20')}`);
          if (name === 'name' || name === 'id') assert.ok(answer.status === 400 || listIn(answer).length === 0, filter);
          else assert.match(refusal(answer), /^400 Unknown filter .*: lists take page, limit, and the filters id, /);
        }
      }
      const odd = await store.get('/api/users?name%20OR%201=1');
      assert.match(refusal(odd), /^400 Unknown filter "name OR 1"/);
      assert.deepEqual(listIn(await store.get(`/api/users?name=${encodeURIComponent("zzz' OR '1'='1")}`)), []);
      assert.equal(listIn(await store.get('/api/users')).length, 1);
    }));

  test('let two requests book one seat by PUT, and told both yes', () =>
    withSeats(async (store) => {
      await addHall(store, 15);
      for (let seat = 1; seat <= 15; seat += 1) {
        const answers = await Promise.all([
          putSeat(store, seat, { status: 'booked' }),
          putSeat(store, seat, { status: 'booked' }),
        ]);
        assert.deepEqual(tally(answers), { 200: 1, '409 Seat is booked, reserved or blocked': 1 });
        assert.equal(store.node.engine.state.sales.sold.get(0), seat);
      }
    }));

  test('let two seats stand on one place, made one after the other or at once', () =>
    withSeats(async (store) => {
      const event = await addEvent(store);
      for (let number = 1; number <= 10; number += 1) {
        const seat = { event_id: event, row_number: 1, seat_number: number };
        const answers = await Promise.all(Array.from({ length: 5 }, () => send(store, 'POST', '/api/seats', seat)));
        assert.deepEqual(tally(answers), { 201: 1, [exists]: 4 });
      }
      assert.equal(listIn(await store.get('/api/seats?limit=100')).length, 10);
      await addSeat(store, event, 2, 1);
      const moves = await Promise.all([
        putSeat(store, 1, { row_number: 3, seat_number: 1 }),
        putSeat(store, 2, { row_number: 3, seat_number: 1 }),
      ]);
      assert.deepEqual(tally(moves), { 200: 1, [exists]: 1 });
    }));

  test('answered 500 where 400, 404 or 409 is due', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 1);
      await addUser(store, 'ann');
      await putSeat(store, 1, { status: 'booked' });
      for (const [status, method, path, json] of [
        [409, 'POST', '/api/users', { email: 'ann@example.org', name: 'Another' }],
        [400, 'POST', '/api/users', { email: 'x@example.org' }],
        [400, 'POST', '/api/users', { email: 'x@example.org', name: 'x'.repeat(300) }],
        [400, 'POST', '/api/users', { email: 'x@example.org', name: 'A', nickname: 'x' }],
        [400, 'PUT', '/api/users/1', {}],
        [404, 'GET', '/api/users/abc'],
        [404, 'GET', '/api/users/99999999999'],
        [400, 'GET', '/api/users?page=0'],
        [400, 'GET', '/api/users?limit=-1'],
        [400, 'GET', '/api/users?limit=abc'],
        [400, 'POST', '/api/events', { name: 'A', event_date: 'not a date' }],
        [409, 'DELETE', `/api/events/${event}`],
        [404, 'POST', '/api/seats', { event_id: 999, row_number: 1, seat_number: 1 }],
        [400, 'POST', '/api/seats', { event_id: event, row_number: 'one', seat_number: 1 }],
        [409, 'POST', '/api/seats', { event_id: event, row_number: 1, seat_number: 1 }],
        [409, 'DELETE', '/api/seats/1'],
        [404, 'PUT', '/api/seats/0', { status: 'booked' }],
      ] as const) {
        const answer = await send(store, method, path, json);
        assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
        assert.doesNotMatch(refusal(answer), /\bat \/|Error|constraint|duplicate key|syntax|relation/);
      }
      const broken = await store.ask('POST', '/api/users', { body: '{"email":' });
      assert.match(refusal(broken), /^400 Invalid JSON/);
      assert.deepEqual(store.logged, []);
    }));

  test('listed without order: what was changed last moved, and pages overlapped', () =>
    withSeats(async (store) => {
      await addHall(store, 30);
      for (const seat of [3, 17, 9, 30, 1]) {
        await putSeat(store, seat, { status: 'booked' });
        const pages = await Promise.all([1, 2, 3].map((page) => store.get(`/api/seats?page=${page}`)));
        const ids = pages.flatMap((page) => listIn(page).map(({ id }) => id));
        assert.deepEqual(
          ids,
          Array.from({ length: 30 }, (_, i) => i + 1),
        );
      }
    }));
});

test('SQL in any field is text, and comes back as it went in', () =>
  withSeats(async (store) => {
    const user = await send(store, 'POST', '/api/users', { email: "x'--@example.org", name: sql });
    assert.deepEqual([dataIn(user)['email'], dataIn(user)['name']], ["x'--@example.org", sql]);
    const fields: Fields = { name: sql, event_date: '2027-01-01', status: "active' OR '1'='1" };
    const event = await send(store, 'POST', '/api/events', fields);
    assert.deepEqual([dataIn(event)['name'], dataIn(event)['status']], [sql, fields['status']]);
    assert.deepEqual(dataIn(await store.get('/api/users/1')), dataIn(user));
    assert.deepEqual(
      dataIn(await store.get(`/api/users/email/${encodeURIComponent("x'--@example.org")}`)),
      dataIn(user),
    );
    assert.deepEqual(listIn(await store.get(`/api/events?name=${encodeURIComponent(sql)}`)), [dataIn(event)]);
    assert.deepEqual(await statuses(store), []);
  }));
