/** Lists: pages with true totals in a stable order, and filters that are nothing but equal. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../../src/engine/command.ts';
import type { TestStore } from '../../http/support/store.ts';
import { addEvent, addHall, addSeat, addUser, book, listIn, refusal, send, withSeats } from './support.ts';

async function idsOf(store: TestStore, path: string): Promise<unknown[]> {
  return listIn(await store.get(path)).map(({ id }) => id);
}

async function pagination(store: TestStore, path: string): Promise<unknown> {
  return (await store.get(path)).body['pagination'];
}

describe('a page', () => {
  test('a page is the first ten by default, with the total of all', () =>
    withSeats(async (store) => {
      await addHall(store, 25);
      const ids = Array.from({ length: 25 }, (_, i) => i + 1);
      assert.deepEqual(await idsOf(store, '/api/seats'), ids.slice(0, 10));
      assert.deepEqual(await pagination(store, '/api/seats'), { page: 1, limit: 10, total: 25 });
      assert.deepEqual(await idsOf(store, '/api/seats?page=3'), ids.slice(20));
      assert.deepEqual(await pagination(store, '/api/seats?page=3'), { page: 3, limit: 10, total: 25 });
      assert.deepEqual(await idsOf(store, '/api/seats?page=2&limit=7'), ids.slice(7, 14));
      assert.deepEqual(await idsOf(store, '/api/seats?limit=1000'), ids);
      assert.deepEqual(await idsOf(store, '/api/seats?page=1000000000&limit=1000'), []);
      assert.deepEqual(await pagination(store, '/api/seats?page=9'), { page: 9, limit: 10, total: 25 });
      assert.deepEqual(await idsOf(store, '/api/seats?limit=0'), []);
      assert.deepEqual(await pagination(store, '/api/seats?limit=0&page=2'), { page: 2, limit: 0, total: 25 });
    }));

  test('a page keeps the order of ids, whatever was changed or deleted', () =>
    withSeats(async (store) => {
      await addHall(store, 6);
      await send(store, 'PUT', '/api/seats/2', { row_number: 9 });
      await send(store, 'DELETE', '/api/seats/4');
      await send(store, 'PUT', '/api/seats/1', { status: 'blocked' });
      assert.deepEqual(await idsOf(store, '/api/seats'), [1, 2, 3, 5, 6]);
      assert.deepEqual(await idsOf(store, '/api/seats?limit=2&page=2'), [3, 5]);
      assert.deepEqual(await pagination(store, '/api/seats'), { page: 1, limit: 10, total: 5 });
      for (const name of ['c', 'a', 'b']) await addUser(store, name);
      await send(store, 'DELETE', '/api/users/2');
      assert.deepEqual(await idsOf(store, '/api/users'), [1, 3]);
      assert.deepEqual(await pagination(store, '/api/users?limit=1'), { page: 1, limit: 1, total: 2 });
      for (const status of ['closed', 'active', 'active']) await addEvent(store, { status });
      await send(store, 'DELETE', '/api/events/3');
      assert.deepEqual(await idsOf(store, '/api/events'), [1, 2, 4]);
      assert.deepEqual(await idsOf(store, '/api/events/active'), [1, 4]);
    }));

  test('a page of a list that is scanned in pieces is whole', () =>
    withSeats(async (store) => {
      const event = await addEvent(store);
      for (let row = 0; row < 25; row += 1) await addThousand(store, event, row);
      assert.deepEqual(await pagination(store, '/api/seats?limit=1'), { page: 1, limit: 1, total: 25_000 });
      assert.deepEqual(await idsOf(store, '/api/seats?limit=1&page=25000'), [25_000]);
    }));
});

describe('the available seats of an event', () => {
  test('the available seats of an event are listed whole, by row and seat, with any query', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 12);
      // Made later, and better: rows count before ids.
      for (const [row, number] of [
        [10, 2],
        [10, 1],
        [2, 7],
        [0, 3],
      ] as const) {
        await addSeat(store, event, row, number);
      }
      await send(store, 'PUT', '/api/seats/3', { status: 'booked' });
      await send(store, 'PUT', '/api/seats/4', { status: 'reserved' });
      await send(store, 'PUT', '/api/seats/5', { status: 'blocked' });
      await send(store, 'DELETE', '/api/seats/6');
      const path = `/api/seats/event/${event}/available`;
      const whole = [16, 1, 2, 7, 8, 9, 10, 11, 12, 15, 14, 13];
      for (const query of ['', '?page=2&limit=2', '?limit=x', '?row_number=1', '?x=1&x=2', '?__proto__=1']) {
        const answer = await store.get(path + query);
        assert.deepEqual(Object.keys(answer.body), ['success', 'data']);
        assert.deepEqual(await idsOf(store, path + query), whole);
      }
      for (const none of [99, 0, 'x']) assert.deepEqual(await idsOf(store, `/api/seats/event/${none}/available`), []);
      assert.deepEqual(await idsOf(store, `/api/seats/event/${await addEvent(store)}/available`), []);
    }));

  test('the available seats of a large hall are those at the time of each request', () =>
    withSeats(async (store) => {
      const event = await addEvent(store);
      for (let row = 0; row < 12; row += 1) await addThousand(store, event, row);
      const path = `/api/seats/event/${event}/available`;
      const lists = await Promise.all(
        Array.from({ length: 6 }, async (_, i) => {
          // After booking a seat, the client does not see it among those that are left.
          assert.equal((await send(store, 'PUT', `/api/seats/${i * 1000 + 1}`, { status: 'booked' })).status, 200);
          return [i * 1000 + 1, await idsOf(store, path)] as const;
        }),
      );
      for (const [own, ids] of lists) {
        assert.ok(!ids.includes(own));
        assert.ok(ids.length >= 11_994 && ids.length < 12_000, String(ids.length));
        assert.deepEqual(
          ids,
          ids.toSorted((one, other) => Number(one) - Number(other)),
        );
      }
      const zipped = await store.get(path, { 'Accept-Encoding': 'gzip' });
      assert.equal(zipped.header('Content-Encoding'), 'gzip');
    }));
});

test('the active events are all that are open and still to come, by date, whatever the query says', () =>
  withSeats(
    async (store) => {
      for (const [event_date, status] of [
        ['2027-03-01', 'active'],
        ['2026-01-01', 'active'],
        ['2027-01-01', 'active'],
        ['2027-02-01', 'cancelled'],
        ['2026-06-02', 'active'],
      ] as const) {
        await addEvent(store, { event_date, status });
      }
      for (let i = 0; i < 12; i += 1) await addEvent(store, { event_date: '2030-01-01' });
      const later = Array.from({ length: 12 }, (_, i) => i + 6);
      for (const query of ['', '?limit=1&page=2', '?limit=x', '?name=y', '?x=1']) {
        const answer = await store.get(`/api/events/active${query}`);
        assert.deepEqual(Object.keys(answer.body), ['success', 'data']);
        assert.deepEqual(await idsOf(store, `/api/events/active${query}`), [5, 3, 1, ...later]);
      }
      await store.advance(2 * 24 * 3_600_000);
      assert.deepEqual(await idsOf(store, '/api/events/active'), [3, 1, ...later]);
      // A date that has passed ends no sale: events run on.
      await addSeat(store, 5, 1, 1);
      assert.equal((await book(store, 5, 1)).status, 200);
    },
    { manualTime: true },
  ));

/** A row of a thousand seats at once, which the dialect has no call for. */
async function addThousand(store: TestStore, event: number, row: number): Promise<void> {
  const command = new Command().reset(kinds.addSeats);
  const seats = Array.from({ length: 1000 }, (_, i) => ({ section: 'Hall', row: String(row), number: String(i + 1) }));
  command.body = { sale: event - 1, seats };
  assert.equal(await store.node.submit(command, ({ row: { code } }) => code, undefined), 'OK');
}

describe('a filter', () => {
  test('a filter is equal to what a column shows', () =>
    withSeats(async (store) => {
      const [one, other] = [await addEvent(store, { name: 'One' }), await addEvent(store, { name: 'Other & more' })];
      await addSeat(store, one, 1, 1);
      await addSeat(store, one, 1, 2);
      await addSeat(store, other, 1, 1);
      await addSeat(store, other, 2, 1);
      await send(store, 'PUT', '/api/seats/2', { status: 'booked' });
      const [first] = listIn(await store.get('/api/seats?id=1'));
      for (const [filter, ids] of [
        ['id=3', [3]],
        [`event_id=${other}`, [3, 4]],
        ['row_number=1', [1, 2, 3]],
        ['row_number=1&seat_number=1', [1, 3]],
        [`event_id=${one}&status=available`, [1]],
        ['status=booked', [2]],
        ['status=bookedx', []],
        ['status=', []],
        ['row_number=01', []],
        ['row_number=1.0', []],
        ['seat_number=99999999999999999999', []],
        [`id=1&created_at=${String(first?.['created_at'])}`, [1]],
      ] as const) {
        assert.deepEqual(await idsOf(store, `/api/seats?${filter}`), ids, filter);
        const { total } = (await pagination(store, `/api/seats?limit=1&${filter}`)) as { total: number };
        assert.equal(total, ids.length, filter);
      }
      assert.deepEqual(await idsOf(store, '/api/events?name=Other+%26+more'), [other]);
      assert.deepEqual(await idsOf(store, '/api/events?event_date=2027-01-31T20:00:00.000Z&status=active'), [1, 2]);
      await addUser(store, 'ann');
      await addUser(store, 'bob');
      assert.deepEqual(await idsOf(store, '/api/users?name=bob'), [2]);
      assert.deepEqual(await idsOf(store, '/api/users?email=ann@example.org'), [1]);
      assert.deepEqual(await idsOf(store, '/api/users?email=ANN@example.org'), []);
    }));

  test('a filter on an unknown column is refused, and the answer names the known ones', () =>
    withSeats(async (store) => {
      await addUser(store, 'ann');
      for (const [path, columns] of [
        ['/api/users', 'id, email, name, created_at'],
        ['/api/events', 'id, name, event_date, status, created_at'],
        ['/api/seats', 'id, event_id, row_number, seat_number, status, created_at'],
      ] as const) {
        for (const name of ['x', 'Name', 'toString', '__proto__', 'constructor', 'id ', 'id;', 'hasOwnProperty', '']) {
          const answer = await store.get(`${path}?${encodeURIComponent(name)}=1`);
          const known = `lists take page, limit, and the filters ${columns}`;
          assert.equal(refusal(answer), `400 Unknown filter ${JSON.stringify(name)}: ${known}`);
        }
      }
    }));

  test('a filter named twice is refused', () =>
    withSeats(async (store) => {
      const twice = await store.get('/api/users?name=a&name=b');
      assert.equal(refusal(twice), '400 The parameter "name" is named twice');
      assert.equal(refusal(await store.get('/api/seats?page=1&page=2')), '400 The parameter "page" is named twice');
    }));
});

test('a page or a limit that is none is refused', () =>
  withSeats(async (store) => {
    await addUser(store, 'ann');
    for (const path of ['/api/users', '/api/events', '/api/seats']) {
      assert.match(refusal(await store.get(`${path}?page=0`)), /^400 page/);
      for (const value of ['-1', '1.5', 'x', '', '1e3', '9007199254740993', '99999999999', '01', '+1', ' 1']) {
        const page = await store.get(`${path}?page=${encodeURIComponent(value)}`);
        assert.equal(refusal(page), '400 page must be a whole number from 1 to 1000000000', value);
        const limit = await store.get(`${path}?limit=${encodeURIComponent(value)}`);
        assert.equal(refusal(limit), '400 limit must be a whole number from 0 to 1000', value);
      }
      assert.match(refusal(await store.get(`${path}?limit=1001`)), /^400 limit/);
    }
  }));
