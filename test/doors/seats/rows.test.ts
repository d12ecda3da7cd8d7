/** Each row of the dialect, with what it answers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withStore } from '../../http/support/store.ts';
import { addEvent, addHall, addSeat, addUser, book, dataIn, listIn, refusal, send, withSeats } from './support.ts';

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('what the dialect says of itself', () => {
  test('the front page of the dialect says where things are', () =>
    withSeats(async (store) => {
      const info = await store.get('/api');
      assert.equal(info.status, 200);
      assert.deepEqual(Object.keys(info.body), ['message', 'version', 'endpoints', 'docs']);
      const endpoints = Object.values(info.body['endpoints'] as Record<string, string>);
      assert.deepEqual(endpoints, ['/health', '/api/users', '/api/events', '/api/seats']);
      for (const path of [...endpoints, info.string('docs')]) assert.equal((await store.get(path)).status, 200, path);
      const health = await store.get('/health');
      assert.equal(health.body['status'], 'OK');
      assert.match(health.string('timestamp'), time);
    }));

  test('an unknown path and an unknown method have one body', () =>
    withStore({}, async (store) => {
      for (const [method, path] of [
        ['GET', '/api/nothing'],
        ['GET', '/api/users//'],
        ['GET', '/api/users/1/2'],
        ['PUT', '/api/users'],
        ['PATCH', '/api/seats/1'],
        ['GET', '/api/events/book'],
        ['DELETE', '/api'],
        ['GET', '/elsewhere'],
      ] as const) {
        const answer = await store.ask(method, path);
        const message = 'The requested resource was not found';
        assert.deepEqual(
          [answer.status, answer.json],
          [404, { error: 'Not Found', message, path }],
          `${method} ${path}`,
        );
      }
      const page = await store.get('/api/nothing', { Accept: 'text/html' });
      assert.deepEqual([page.status, page.header('Content-Type')], [404, 'text/html; charset=utf-8']);
    }));

  test('the dialect has no front page when its door is closed', () =>
    withStore({ args: ['--doors', 'v1,tickets'] }, async (store) => {
      for (const path of ['/api', '/api/users', '/api/events']) {
        assert.equal((await store.get(path)).string('error'), 'Not Found');
      }
    }));
});

describe('users', () => {
  test('users are created, read, found by e-mail, changed and deleted', () =>
    withSeats(async (store) => {
      const made = await send(store, 'POST', '/api/users', { email: 'zoe@example.org', name: 'Zoë 王' });
      assert.equal(made.status, 201);
      const { created_at, ...rest } = dataIn(made);
      assert.deepEqual(rest, { id: 1, email: 'zoe@example.org', name: 'Zoë 王' });
      assert.match(String(created_at), time);
      assert.deepEqual(made.json, { success: true, data: dataIn(made), message: 'Record created successfully' });
      const read = { success: true, data: dataIn(made) };
      assert.deepEqual((await store.get('/api/users/1')).json, read);
      assert.deepEqual((await store.get('/api/users/email/zoe%40example.org')).json, read);
      assert.deepEqual((await store.get('/api/users')).json, {
        success: true,
        data: [dataIn(made)],
        pagination: { page: 1, limit: 10, total: 1 },
      });
      const changed = await send(store, 'PUT', '/api/users/1', { name: 'Zoe' });
      const now = { ...dataIn(made), name: 'Zoe' };
      assert.deepEqual(changed.json, { success: true, data: now, message: 'Record updated successfully' });
      assert.deepEqual(dataIn(await store.get('/api/users/1')), now);
      const deleted = await send(store, 'DELETE', '/api/users/1');
      assert.deepEqual(deleted.json, { success: true, message: 'Record deleted successfully' });
      assert.equal(refusal(await store.get('/api/users/1')), '404 Record not found');
      assert.equal(refusal(await store.get('/api/users/email/zoe@example.org')), '404 User not found');
      assert.deepEqual(listIn(await store.get('/api/users')), []);
      assert.equal(await addUser(store, 'next'), 2, 'an id is never given again');
    }));

  test("a user's e-mail is unique until it is free again", () =>
    withSeats(async (store) => {
      await addUser(store, 'ann');
      await addUser(store, 'bob');
      const taken = '409 Email already exists';
      const ann = { email: 'ann@example.org', name: 'Another' };
      assert.equal(refusal(await send(store, 'POST', '/api/users', ann)), taken);
      assert.equal(refusal(await send(store, 'PUT', '/api/users/2', { email: ann.email })), taken);
      assert.equal((await send(store, 'PUT', '/api/users/1', { email: ann.email })).status, 200, 'it is its own');
      assert.equal((await send(store, 'PUT', '/api/users/1', { email: 'other@example.org' })).status, 200);
      assert.equal((await send(store, 'PUT', '/api/users/2', { email: ann.email })).status, 200);
      assert.equal((await send(store, 'DELETE', '/api/users/2')).status, 200);
      assert.equal((await send(store, 'POST', '/api/users', ann)).status, 201);
    }));

  test('fifty concurrent creations of one user make one', () =>
    withSeats(async (store) => {
      const wanted = { email: 'wanted@example.org', name: 'W' };
      const answers = await Promise.all(Array.from({ length: 50 }, () => send(store, 'POST', '/api/users', wanted)));
      assert.equal(answers.filter(({ status }) => status === 201).length, 1);
      assert.equal(answers.filter(({ status }) => status === 409).length, 49);
    }));

  test('unknown users are not found', () =>
    withSeats(async (store) => {
      for (const [method, json] of [['GET'], ['PUT', { name: 'A' }], ['DELETE']] as const) {
        assert.equal(refusal(await send(store, method, '/api/users/1', json)), '404 Record not found');
      }
      await addUser(store, 'ann');
      await send(store, 'DELETE', '/api/users/1');
      assert.equal(refusal(await send(store, 'PUT', '/api/users/1', { name: 'A' })), '404 Record not found');
      assert.equal(refusal(await send(store, 'DELETE', '/api/users/1')), '404 Record not found');
    }));
});

describe('events', () => {
  test('events are created open, without seats, and read', () =>
    withSeats(async (store) => {
      const made = await send(store, 'POST', '/api/events', { name: 'Night', event_date: '2027-01-31T20:00:00+01:00' });
      assert.equal(made.status, 201);
      const { created_at, ...rest } = dataIn(made);
      assert.deepEqual(rest, { id: 1, name: 'Night', event_date: '2027-01-31T19:00:00.000Z', status: 'active' });
      assert.match(String(created_at), time);
      assert.equal(made.string('message'), 'Record created successfully');
      assert.deepEqual((await store.get('/api/events/1')).json, { success: true, data: dataIn(made) });
      assert.deepEqual(listIn(await store.get('/api/events')), [dataIn(made)]);
      assert.deepEqual(listIn(await store.get('/api/events/active')), [dataIn(made)]);
      const sale = (await store.get('/v1/sales')).body['items'] as Record<string, unknown>[];
      assert.deepEqual([sale[0]?.['name'], sale[0]?.['door'], sale[0]?.['capacity']], ['Night', 'seats', 0]);
    }));

  test('events whose status is another text are closed, and keep the text', () =>
    withSeats(async (store) => {
      const event = await addEvent(store, { status: 'postponed; DROP TABLE events' });
      const seat = await addSeat(store, event, 1, 1);
      const closed = '409 Event is not open for booking';
      assert.equal(dataIn(await store.get(`/api/events/${event}`))['status'], 'postponed; DROP TABLE events');
      assert.deepEqual(listIn(await store.get('/api/events/active')), []);
      assert.equal(refusal(await book(store, event, 1)), closed);
      assert.equal(refusal(await send(store, 'PUT', `/api/seats/${seat}`, { status: 'booked' })), closed);
      const open = await send(store, 'PUT', `/api/events/${event}`, { status: 'active' });
      assert.deepEqual([open.status, dataIn(open)['status']], [200, 'active']);
      assert.equal(listIn(await store.get('/api/events/active')).length, 1);
      const shut = await send(store, 'PUT', `/api/events/${event}`, { status: 'Active' });
      assert.equal(dataIn(shut)['status'], 'Active');
      assert.equal(refusal(await book(store, event, 1)), closed);
      await send(store, 'PUT', `/api/events/${event}`, { status: 'active', name: 'B' });
      assert.equal((await book(store, event, 1)).status, 200);
    }));

  test('events that another door closes or pauses say so', () =>
    withSeats(async (store) => {
      const event = await addEvent(store);
      const patch = async (status: string): Promise<unknown> => {
        assert.equal((await store.ask('PATCH', '/v1/sales/sale_0_1', { json: { status } })).status, 200);
        return dataIn(await store.get(`/api/events/${event}`))['status'];
      };
      assert.equal(await patch('closed'), 'closed');
      assert.equal(await patch('paused'), 'paused');
      assert.equal(await patch('open'), 'active');
      await send(store, 'PUT', `/api/events/${event}`, { status: 'cancelled' });
      assert.equal(await patch('open'), 'active');
      assert.equal(await patch('closed'), 'cancelled');
    }));

  test('events are changed field by field, and deleted with the seats they have', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 2);
      const before = dataIn(await store.get(`/api/events/${event}`));
      const named = await send(store, 'PUT', `/api/events/${event}`, { name: 'B' });
      assert.deepEqual(named.json, {
        success: true,
        data: { ...before, name: 'B' },
        message: 'Record updated successfully',
      });
      const moved = await send(store, 'PUT', `/api/events/${event}`, { event_date: '2028-02-29' });
      assert.deepEqual(dataIn(moved), { ...before, name: 'B', event_date: '2028-02-29T00:00:00.000Z' });
      const deleted = await send(store, 'DELETE', `/api/events/${event}`);
      assert.deepEqual(deleted.json, { success: true, message: 'Record deleted successfully' });
      for (const path of ['/api/events/1', '/api/seats/1']) {
        assert.equal(refusal(await store.get(path)), '404 Record not found', path);
      }
      assert.deepEqual((await store.get('/api/seats/event/1/available')).json, { success: true, data: [] });
      assert.deepEqual(listIn(await store.get('/api/seats')), []);
      assert.deepEqual(listIn(await store.get('/api/events')), []);
      assert.equal(refusal(await book(store, event, 1)), '404 Event not found');
      const seat = { event_id: event, row_number: 1, seat_number: 9 };
      assert.equal(refusal(await send(store, 'POST', '/api/seats', seat)), '404 Event not found');
      for (const change of [{ status: 'booked' }, { status: 'available' }, { row_number: 1 }, { row_number: 5 }]) {
        assert.equal(refusal(await send(store, 'PUT', '/api/seats/1', change)), '404 Record not found');
      }
      assert.equal(refusal(await send(store, 'DELETE', '/api/seats/1')), '404 Record not found');
      assert.equal(refusal(await send(store, 'PUT', '/api/events/1', { name: 'C' })), '404 Record not found');
      assert.equal(await addEvent(store), 2);
    }));

  test('events lose nothing when two change different fields at once', () =>
    withSeats(async (store) => {
      const event = await addEvent(store);
      for (let year = 2030; year < 2050; year += 1) {
        const date = `${year}-01-01T00:00:00.000Z`;
        const answers = await Promise.all([
          send(store, 'PUT', `/api/events/${event}`, { event_date: date }),
          send(store, 'PUT', `/api/events/${event}`, { status: `closed in ${year}` }),
        ]);
        for (const { status } of answers) assert.equal(status, 200);
        const { event_date, status } = dataIn(await store.get(`/api/events/${event}`));
        assert.deepEqual([event_date, status], [date, `closed in ${year}`]);
      }
    }));

  test('events with a booked or reserved seat are not deleted', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 2);
      const held = '409 Event has booked or reserved seats: cancel them first';
      await send(store, 'PUT', '/api/seats/1', { status: 'booked' });
      assert.equal(refusal(await send(store, 'DELETE', `/api/events/${event}`)), held);
      await send(store, 'PUT', '/api/seats/1', { status: 'available' });
      await send(store, 'PUT', '/api/seats/2', { status: 'reserved' });
      assert.equal(refusal(await send(store, 'DELETE', `/api/events/${event}`)), held);
      await send(store, 'PUT', '/api/seats/2', { status: 'available' });
      assert.equal((await send(store, 'DELETE', `/api/events/${event}`)).status, 200);
    }));
});

describe('seats', () => {
  test('seats are created, read, listed while available, and deleted', () =>
    withSeats(async (store) => {
      const event = await addEvent(store);
      const made = await send(store, 'POST', '/api/seats', { event_id: event, row_number: 3, seat_number: 12 });
      assert.equal(made.status, 201);
      const { created_at, ...rest } = dataIn(made);
      assert.deepEqual(rest, { id: 1, event_id: event, row_number: 3, seat_number: 12, status: 'available' });
      assert.match(String(created_at), time);
      assert.equal(made.string('message'), 'Record created successfully');
      assert.deepEqual((await store.get('/api/seats/1')).json, { success: true, data: dataIn(made) });
      assert.deepEqual(listIn(await store.get('/api/seats')), [dataIn(made)]);
      const blocked = { event_id: event, row_number: 3, seat_number: 13, status: 'blocked' };
      assert.equal(dataIn(await send(store, 'POST', '/api/seats', blocked))['status'], 'blocked');
      const available = await store.get(`/api/seats/event/${event}/available`);
      assert.deepEqual(available.json, {
        success: true,
        data: [dataIn(made)],
      });
      for (const seat of [1, 2]) {
        const deleted = await send(store, 'DELETE', `/api/seats/${seat}`);
        assert.deepEqual(deleted.json, { success: true, message: 'Record deleted successfully' });
        assert.equal(refusal(await store.get(`/api/seats/${seat}`)), '404 Record not found');
      }
      assert.equal(await addSeat(store, event, 3, 12), 3, 'its place is free again, its id is not');
    }));

  test('seats are unique by event, row and number', () =>
    withSeats(async (store) => {
      const [one, other] = [await addEvent(store), await addEvent(store)];
      await addSeat(store, one, 1, 1);
      const exists = '409 Seat already exists in this row of the event';
      const again = { event_id: one, row_number: 1, seat_number: 1 };
      assert.equal(refusal(await send(store, 'POST', '/api/seats', again)), exists);
      await addSeat(store, other, 1, 1);
      await addSeat(store, one, 2, 1);
      await addSeat(store, one, 1, 2);
      assert.equal(refusal(await send(store, 'PUT', '/api/seats/4', { seat_number: 1 })), exists);
      assert.equal(refusal(await send(store, 'PUT', '/api/seats/3', { row_number: 1 })), exists);
    }));

  test('seats that are booked or reserved are not deleted', () =>
    withSeats(async (store) => {
      await addHall(store, 2);
      await send(store, 'PUT', '/api/seats/1', { status: 'booked' });
      await send(store, 'PUT', '/api/seats/2', { status: 'reserved' });
      const taken = '409 Seat is booked or reserved';
      for (const seat of [1, 2]) assert.equal(refusal(await send(store, 'DELETE', `/api/seats/${seat}`)), taken);
      assert.equal(listIn(await store.get('/api/seats')).length, 2);
    }));
});
