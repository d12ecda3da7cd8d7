/** Wrong input: a clear 400 or 404, and nothing done. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addEvent, addHall, addUser, book, dataIn, listIn, refusal, send, statuses, withSeats } from './support.ts';

const date = '2027-01-01';

describe('a body', () => {
  test('a body without a required field is refused', () =>
    withSeats(async (store) => {
      for (const [method, path, json, lacks] of [
        ['POST', '/api/users', {}, 'email, name'],
        ['POST', '/api/users', { name: 'A' }, 'email'],
        ['POST', '/api/users', undefined, 'email, name'],
        ['POST', '/api/events', { name: 'A' }, 'event_date'],
        ['POST', '/api/seats', { event_id: 1 }, 'row_number, seat_number'],
        ['POST', '/api/events/book', { userId: 1 }, 'eventId, numberOfSeats'],
        ['DELETE', '/api/events/book', { bookingId: 1 }, 'eventId'],
        ['DELETE', '/api/events/book', undefined, 'eventId'],
      ] as const) {
        assert.equal(refusal(await send(store, method, path, json)), `400 Missing required fields: ${lacks}`);
      }
    }));

  test('a body with an unknown field is refused', () =>
    withSeats(async (store) => {
      for (const [method, path, json] of [
        ['POST', '/api/users', { email: 'a@example.org', name: 'A', admin: true }],
        ['PUT', '/api/users/1', { admin: true }],
        ['POST', '/api/events', { name: 'A', event_date: date, admin: 1 }],
        ['PUT', '/api/events/1', { name: 'A', admin: 1 }],
        ['POST', '/api/seats', { event_id: 1, row_number: 1, seat_number: 1, admin: 1 }],
        ['PUT', '/api/seats/1', { status: 'booked', admin: 1 }],
        ['POST', '/api/events/book', { eventId: 1, numberOfSeats: 1, admin: 1 }],
        ['DELETE', '/api/events/book', { eventId: 1, bookingId: 1, admin: 1 }],
      ] as const) {
        assert.match(refusal(await send(store, method, path, json)), /^400 Unknown field "admin": the fields are \w/);
      }
      const long = refusal(await send(store, 'PUT', '/api/users/1', { ['x'.repeat(5000)]: 1 }));
      assert.ok(long.length < 200, long);
    }));

  test('a body of a change names something to change', () =>
    withSeats(async (store) => {
      for (const path of ['/api/users/1', '/api/events/1', '/api/seats/1']) {
        assert.match(refusal(await send(store, 'PUT', path, {})), /^400 Nothing to change: name at least one of \w/);
        assert.match(refusal(await send(store, 'PUT', path)), /^400 Nothing to change/);
      }
    }));
});

describe('a user', () => {
  test('a user has an e-mail of the form of one, and a name', () =>
    withSeats(async (store) => {
      const form = '400 email must have the form name@domain.example';
      for (const [email, told] of [
        ['', '400 email must not be empty'],
        ['x', form],
        ['x@', form],
        ['@example.org', form],
        ['x@localhost', form],
        ['x@example.', form],
        ['x@.org', form],
        ['a b@example.org', form],
        ['a@b@example.org', form],
        ['a@example.org ', form],
        ['a@exam\u0000ple.org', '400 email must not have control characters'],
        [5, '400 email must be text'],
        [null, '400 email must be text'],
        [['a@example.org'], '400 email must be text'],
        [`${'x'.repeat(244)}@example.org`, '400 email must have at most 255 characters'],
      ] as const) {
        assert.equal(refusal(await send(store, 'POST', '/api/users', { email, name: 'A' })), told, String(email));
      }
      for (const [name, told] of [
        ['', '400 name must not be empty'],
        ['  ', '400 name must not be empty'],
        [7, '400 name must be text'],
        [null, '400 name must be text'],
        ['x'.repeat(256), '400 name must have at most 255 characters'],
        ['a\u0000b', '400 name must not have control characters'],
      ] as const) {
        const body = { email: 'a@example.org', name };
        assert.equal(refusal(await send(store, 'POST', '/api/users', body)), told, String(name));
        assert.equal(refusal(await send(store, 'PUT', '/api/users/1', { name })), told, String(name));
      }
      const longest = { email: `${'x'.repeat(243)}@example.org`, name: 'n'.repeat(255) };
      const made = await send(store, 'POST', '/api/users', longest);
      assert.equal(made.status, 201, made.text);
      assert.deepEqual([dataIn(made)['email'], dataIn(made)['name']], [longest.email, longest.name]);
      for (const email of ["o'brien+tag@mail.example.org", 'ü@exämple.org', '"x"@example.org']) {
        assert.equal((await send(store, 'POST', '/api/users', { email, name: 'A' })).status, 201, email);
      }
    }));
});

describe('an event', () => {
  test('an event has a date that exists', () =>
    withSeats(async (store) => {
      for (const event_date of ['', 'tomorrow', '2027', '2027-13-01', '2027-02-29', '31.1.2027', 5, null, {}, '1e9']) {
        const answer = await send(store, 'POST', '/api/events', { name: 'A', event_date });
        assert.match(
          refusal(answer),
          /^400 event_date (must be a time such as|is no time that exists)/,
          JSON.stringify(event_date),
        );
      }
      for (const [event_date, shown] of [
        ['2028-02-29', '2028-02-29T00:00:00.000Z'],
        ['2027-01-31 20:00', '2027-01-31T20:00:00.000Z'],
        ['2027-01-31T20:00:00.5-05:00', '2027-02-01T01:00:00.500Z'],
      ] as const) {
        const made = await send(store, 'POST', '/api/events', { name: 'A', event_date });
        assert.equal(dataIn(made)['event_date'], shown);
      }
    }));

  test('an event has a name and a status that are text', () =>
    withSeats(async (store) => {
      for (const [fields, told] of [
        [{ name: '' }, '400 name must not be empty'],
        [{ name: 1 }, '400 name must be text'],
        [{ name: 'x'.repeat(256) }, '400 name must have at most 255 characters'],
        [{ status: null }, '400 status must be text'],
        [{ status: '' }, '400 status must not be empty'],
        [{ status: 'x'.repeat(51) }, '400 status must have at most 50 characters'],
      ] as const) {
        const body = { name: 'A', event_date: date, ...fields };
        assert.equal(refusal(await send(store, 'POST', '/api/events', body)), told);
        assert.equal(refusal(await send(store, 'PUT', '/api/events/1', fields)), told);
      }
    }));
});

describe('a seat', () => {
  test('a seat has a row and a number that are whole numbers, and a valid status', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 1);
      const row = '400 row_number must be a whole number from 0 to 2147483647';
      const number = '400 seat_number must be a whole number from 1 to 4096';
      const status = '400 status must be available or blocked';
      for (const [fields, told] of [
        ...['-1', '01', '1.5', '2147483648', '', 1.5, -1, 2 ** 31, 2 ** 53, null, [], true].map(
          (row_number) => [{ row_number }, row] as const,
        ),
        ...['0', '4097', '1e2', ' 1', 0.5, 0, -1, 4097, 2 ** 31, 1e300, null].map(
          (seat_number) => [{ seat_number }, number] as const,
        ),
        ...['sold', 'Available', '', 1, null, 'booked', 'reserved'].map((one) => [{ status: one }, status] as const),
      ] as const) {
        const body = { event_id: event, row_number: 2, seat_number: 1, ...fields };
        assert.equal(refusal(await send(store, 'POST', '/api/seats', body)), told, JSON.stringify(fields));
        if (told !== status) assert.equal(refusal(await send(store, 'PUT', '/api/seats/1', fields)), told);
      }
      assert.equal(
        refusal(await send(store, 'PUT', '/api/seats/1', { status: 'sold' })),
        '400 status must be available or booked or reserved or blocked',
      );
      const [low, high] = [
        { event_id: event, row_number: 0, seat_number: 1 },
        { event_id: event, row_number: 2 ** 31 - 1, seat_number: 4096 },
      ];
      for (const seat of [low, high]) {
        const made = await send(store, 'POST', '/api/seats', seat);
        assert.deepEqual({ ...dataIn(made), ...seat }, dataIn(made));
        const digits = Object.fromEntries(Object.entries(seat).map(([name, value]) => [name, String(value)]));
        assert.equal((await send(store, 'POST', '/api/seats', digits)).status, 409, 'it stands there');
      }
    }));

  test('a seat stays in its event', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 1);
      const other = await addEvent(store);
      const stays = '400 A seat stays in its event: delete it there and create another';
      for (const event_id of [other, 99, 2 ** 40]) {
        assert.equal(refusal(await send(store, 'PUT', '/api/seats/1', { event_id })), stays);
        assert.equal(refusal(await send(store, 'PUT', '/api/seats/1', { event_id, status: 'booked' })), stays);
      }
      assert.equal((await send(store, 'PUT', '/api/seats/1', { event_id: event, status: 'booked' })).status, 200);
    }));
});

describe('a booking', () => {
  test('a booking is of one to ten seats', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 12);
      const told = '400 numberOfSeats must be a whole number from 1 to 10';
      for (const wrong of [0, 11, 1.5, '0', '11', '1.5', '', -1, 2 ** 53, null, true, [], {}]) {
        assert.equal(refusal(await book(store, event, wrong)), told, JSON.stringify(wrong));
      }
      assert.equal(
        refusal(await store.ask('POST', '/api/events/book', { body: '{"eventId":1,"numberOfSeats":1e400}' })),
        told,
      );
      assert.deepEqual(new Set(await statuses(store)), new Set(['available']));
      assert.equal((await book(store, event, '10')).status, 200);
    }));

  test('a booking names an existing event and user, as numbers or in digits', () =>
    withSeats(async (store) => {
      await addHall(store, 5);
      await addUser(store, 'ann');
      for (const [field, missing] of [
        ['eventId', '404 Event not found'],
        ['userId', '404 User not found'],
      ] as const) {
        for (const wrong of ['abc', '', 0, -1, 1.5, 2 ** 53, '01', '1 OR 1=1', [1], {}, true]) {
          const body = { eventId: 1, numberOfSeats: 1, [field]: wrong };
          const told = `400 ${field} must be a whole number of at least 1`;
          assert.equal(refusal(await send(store, 'POST', '/api/events/book', body)), told, JSON.stringify(wrong));
        }
        for (const wrong of [99, 2 ** 31, 2 ** 32, 2 ** 53 - 1, '99']) {
          const body = { eventId: 1, numberOfSeats: 1, [field]: wrong };
          assert.equal(refusal(await send(store, 'POST', '/api/events/book', body)), missing, JSON.stringify(wrong));
        }
      }
      assert.equal(
        refusal(await book(store, 1, 1, { eventId: null })),
        '400 eventId must be a whole number of at least 1',
      );
      const digits = await book(store, 1, 1, { eventId: '1', userId: '1' });
      assert.deepEqual([dataIn(digits)['eventId'], dataIn(digits)['userId']], [1, 1]);
      assert.equal(dataIn(await book(store, 1, 1, { userId: null }))['userId'], null);
      await send(store, 'DELETE', '/api/users/1');
      assert.equal(refusal(await book(store, 1, 1, { userId: 1 })), '404 User not found');
    }));

  test('a partial booking requires a user who waits', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 2);
      const told = '400 A partial booking needs a userId: somebody has to wait for the rest';
      assert.equal(refusal(await book(store, event, 1, { partial: true })), told);
      for (const partial of ['yes', 'True', '', 1, null, 0]) {
        assert.equal(refusal(await book(store, event, 1, { partial })), '400 partial must be true or false');
      }
      assert.equal(refusal(await book(store, event, 1, { partial: 'true' })), told);
      assert.equal((await book(store, event, 1, { partial: false })).status, 200);
    }));

  test('a booking is cancelled by its id, or with all of its event', () =>
    withSeats(async (store) => {
      const [event, other] = [await addHall(store, 2), await addEvent(store)];
      assert.equal((await book(store, event, 1)).status, 200);
      const cancel = async (body: object): Promise<string> =>
        refusal(await send(store, 'DELETE', '/api/events/book', { eventId: event, ...body }));
      const which = '400 Name a bookingId, or cancelAll: true, and not both';
      assert.equal(await cancel({}), which);
      assert.equal(await cancel({ cancelAll: false }), which);
      assert.equal(await cancel({ bookingId: 1, cancelAll: true }), which);
      assert.equal(await cancel({ cancelAll: 'yes' }), '400 cancelAll must be true or false');
      for (const bookingId of ['abc', 0, -1, 1.5, 2 ** 53, null]) {
        assert.equal(await cancel({ bookingId }), '400 bookingId must be a whole number of at least 1');
      }
      for (const bookingId of [2, 2 ** 31, 2 ** 32, 2 ** 53 - 1]) {
        assert.equal(await cancel({ bookingId }), '404 Booking not found');
      }
      assert.equal(await cancel({ eventId: other, bookingId: 1 }), '404 Booking not found');
      assert.equal(await cancel({ eventId: 99, bookingId: 1 }), '404 Event not found');
      assert.equal(await cancel({ eventId: 99, cancelAll: true }), '404 Event not found');
      assert.deepEqual(await statuses(store), ['booked', 'available']);
    }));
});

test('an event in a path that is none has no seats available', () =>
  withSeats(async (store) => {
    await addHall(store, 1);
    for (const id of ['0', '-1', '1.5', '01', 'abc', '4294967297', '9007199254740992', '%00', '__proto__', '99']) {
      assert.deepEqual(listIn(await store.get(`/api/seats/event/${id}/available`)), [], id);
    }
  }));
