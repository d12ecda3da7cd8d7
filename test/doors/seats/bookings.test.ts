/** Booking the best seats, in whole and in part; cancelling; and who gets what comes back. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { Fields } from './support.ts';
import {
  addEvent,
  addHall,
  addSeat,
  addUser,
  book,
  booked,
  cancel,
  dataIn,
  putSeat,
  refusal,
  seatsIn,
  send,
  statuses,
  tally,
  withSeats,
} from './support.ts';

const notEnough = '409 Not enough seats available';

function placesIn(answer: Answer): string[] {
  return seatsIn(answer).map((seat) => `${seat.row_number}/${seat.seat_number}`);
}

function reallocated(answer: Answer): readonly Fields[] {
  return dataIn(answer)['reallocated'] as readonly Fields[];
}

describe('a booking', () => {
  test('a booking shows itself, and its seats as booked', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 4);
      const user = await addUser(store, 'ann');
      const answer = await book(store, event, 2, { userId: user });
      assert.equal(answer.status, 200);
      assert.deepEqual([answer.body['success'], answer.body['statusCode']], [true, 200]);
      assert.equal(answer.string('message'), 'Seats booked successfully');
      const { created_at, seats, ...rest } = dataIn(answer);
      assert.deepEqual(rest, {
        bookingId: 1,
        eventId: event,
        userId: user,
        numberOfSeats: 2,
        bookedSeats: 2,
        waitlisted: null,
      });
      assert.match(String(created_at), /^\d{4}-.*Z$/);
      for (const seat of seats as readonly Fields[]) {
        assert.deepEqual(dataIn(await store.get(`/api/seats/${String(seat['id'])}`)), seat);
        assert.equal(seat['status'], 'booked');
      }
      const [order] = (await store.get('/v1/orders/order_0_1')).body['lines'] as unknown[];
      assert.ok(order !== undefined, 'the native API knows it too');
    }));

  test('a booking gets adjacent seats where there are any, in good rows first', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 4, 4);
      await putSeat(store, 2, { status: 'booked' });
      assert.deepEqual(placesIn(await book(store, event, 3)), ['2/1', '2/2', '2/3']);
      assert.deepEqual(placesIn(await book(store, event, 2)), ['1/3', '1/4']);
    }));

  test('a booking falls back to separate seats', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 3, 3);
      for (const seat of [2, 5]) await putSeat(store, seat, { status: 'blocked' });
      const answer = await book(store, event, 4);
      assert.deepEqual(placesIn(answer).sort(), ['1/1', '1/3', '2/1', '2/3']);
      assert.equal(refusal(await book(store, event, 1)), notEnough);
    }));

  test('a booking of more than is left is refused, and nothing of it is booked', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 3);
      await booked(store, event, 2);
      assert.equal(refusal(await book(store, event, 2)), notEnough);
      assert.deepEqual(await statuses(store), ['booked', 'booked', 'available']);
      await booked(store, event, 1);
      assert.equal(refusal(await book(store, event, 1)), notEnough);
      assert.equal(refusal(await book(store, await addEvent(store), 1)), notEnough);
    }));

  test('a booking leaves out what is reserved or blocked', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 3);
      await putSeat(store, 1, { status: 'reserved' });
      await putSeat(store, 2, { status: 'blocked' });
      assert.deepEqual(placesIn(await book(store, event, 1)), ['1/3']);
      assert.equal(refusal(await book(store, event, 1)), notEnough);
    }));

  test('concurrent bookings never share a seat', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 20, 20);
      const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => book(store, event, 1 + (i % 3))));
      const seats = answers.flatMap((answer) => (answer.status === 200 ? seatsIn(answer).map(({ id }) => id) : []));
      assert.equal(new Set(seats).size, seats.length);
      assert.equal(seats.length, 40);
      assert.deepEqual(Object.keys(tally(answers)).sort(), ['200', notEnough]);
    }));
});

describe('a booking in part', () => {
  test('a partial booking takes what is left and waits for the rest', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 3);
      const [ann, bob] = [await addUser(store, 'ann'), await addUser(store, 'bob')];
      const whole = await book(store, event, 2, { userId: ann, partial: true });
      assert.deepEqual([dataIn(whole)['bookedSeats'], dataIn(whole)['waitlisted']], [2, null]);
      const part = await book(store, event, 3, { userId: bob, partial: true });
      assert.equal(part.status, 200);
      assert.equal(part.string('message'), 'Booked 1 of 3 seats; on the waitlist for 2');
      const { bookingId, numberOfSeats, bookedSeats, waitlisted } = dataIn(part);
      assert.deepEqual([bookingId, numberOfSeats, bookedSeats], [2, 3, 1]);
      const { id, userId, numberOfSeats: waitsFor } = waitlisted as Fields;
      assert.deepEqual([id, userId, waitsFor], ['waitlist_0_1', bob, 2]);
      assert.deepEqual(placesIn(part), ['1/3']);
    }));

  test('a partial booking of a sold-out event only waits, and a user who already waits stays in place', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 2);
      const user = await addUser(store, 'ann');
      await booked(store, event, 2);
      const first = await book(store, event, 2, { userId: user, partial: true });
      assert.equal(first.string('message'), 'No seats left; on the waitlist for 2');
      const { bookingId, seats, waitlisted } = dataIn(first);
      assert.deepEqual([bookingId, seats], [null, []]);
      const again = await book(store, event, 1, { userId: user, partial: true });
      assert.equal(again.string('message'), 'No seats left; on the waitlist already, for 2');
      assert.deepEqual(dataIn(again)['waitlisted'], waitlisted);
      assert.equal(store.node.engine.state.waitlist.count, 1);
    }));

  test('a partial booking of more than the event has is refused', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 2);
      const user = await addUser(store, 'ann');
      assert.equal(refusal(await book(store, event, 3, { userId: user, partial: true })), notEnough);
      assert.deepEqual(await statuses(store), ['available', 'available']);
    }));
});

describe('seats that come back', () => {
  test('seats that come back go to the first in line, and the answer names who has them', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 4);
      const [ann, bob, eve] = [await addUser(store, 'ann'), await addUser(store, 'bob'), await addUser(store, 'eve')];
      const { id, seats } = await booked(store, event, 4, { userId: ann });
      await book(store, event, 2, { userId: bob, partial: true });
      await book(store, event, 1, { userId: eve, partial: true });
      const answer = await cancel(store, event, id);
      assert.equal(answer.status, 200);
      assert.equal(answer.string('message'), 'Booking cancelled successfully');
      assert.deepEqual([answer.body['success'], answer.body['statusCode']], [true, 200]);
      const { eventId, bookingId, seatsReturned } = dataIn(answer);
      assert.deepEqual([eventId, bookingId, seatsReturned], [event, id, 4]);
      assert.deepEqual(new Set(seatsIn(answer).map((seat) => seat.id)), new Set(seats.map((seat) => seat.id)));
      assert.deepEqual(
        reallocated(answer).map(({ status, bookingId: booking, userId }) => [status, booking, userId]),
        [
          ['booked', 2, bob],
          ['booked', 3, eve],
        ],
      );
      const given = reallocated(answer).flatMap((one) => one['seats'] as number[]);
      assert.deepEqual([new Set(given).size, given.length], [3, 3]);
      for (const { id: seat, status } of seatsIn(answer)) {
        assert.equal(status, given.includes(seat) ? 'booked' : 'available');
        assert.equal(dataIn(await store.get(`/api/seats/${seat}`))['status'], status);
      }
      assert.equal((await cancel(store, event, 2)).status, 200, 'what was given is a booking like any');
    }));

  test('seats that come back go to the first whom they are enough for', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 3);
      const [ann, bob] = [await addUser(store, 'ann'), await addUser(store, 'bob')];
      const [one, other] = [await booked(store, event, 1), await booked(store, event, 2)];
      await book(store, event, 2, { userId: ann, partial: true });
      await book(store, event, 1, { userId: bob, partial: true });
      const first = reallocated(await cancel(store, event, one.id));
      assert.deepEqual(
        first.map(({ userId }) => userId),
        [bob],
      );
      const second = reallocated(await cancel(store, event, other.id));
      assert.deepEqual(
        second.map(({ userId }) => userId),
        [ann],
      );
      assert.deepEqual(await statuses(store), ['booked', 'booked', 'booked']);
    }));

  test('new seats go to the first in line too', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 1);
      const user = await addUser(store, 'ann');
      const part = await book(store, event, 1, { userId: user });
      assert.equal(part.status, 200);
      await book(store, event, 1, { userId: user, partial: true });
      const added = await send(store, 'POST', '/api/seats', { event_id: event, row_number: 1, seat_number: 2 }, 'add');
      assert.equal(dataIn(added)['status'], 'booked', 'it is sold before anybody else sees it');
      assert.deepEqual(await statuses(store), ['booked', 'booked']);
      await cancel(store, event, 2);
      const again = await send(store, 'POST', '/api/seats', { event_id: event, row_number: 1, seat_number: 2 }, 'add');
      assert.equal(again.text, added.text);
    }));

  test('seats that come back wait for an event that is closed to open again', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 1);
      const user = await addUser(store, 'ann');
      const { id } = await booked(store, event, 1);
      await book(store, event, 1, { userId: user, partial: true });
      await send(store, 'PUT', `/api/events/${event}`, { status: 'closed' });
      const cancelled = await cancel(store, event, id);
      assert.deepEqual([cancelled.status, reallocated(cancelled)], [200, []]);
      assert.deepEqual(await statuses(store), ['available']);
      await send(store, 'PUT', `/api/events/${event}`, { status: 'active' });
      assert.deepEqual(await statuses(store), ['booked']);
    }));

  test('seats that come back are held for a customer who waits by the native API', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 1);
      const { id } = await booked(store, event, 1);
      const joined = await store.post('/v1/sales/sale_0_1/waitlist', { quantity: 1, customer: 'someone' }, null);
      assert.equal(joined.status, 201);
      const answer = await cancel(store, event, id);
      assert.deepEqual(reallocated(answer), [{ status: 'reserved', bookingId: null, userId: null, seats: [1] }]);
      assert.deepEqual(
        seatsIn(answer).map(({ status }) => status),
        ['reserved'],
      );
      assert.deepEqual(await statuses(store), ['reserved']);
    }));
});

describe('cancelling', () => {
  test('cancelling is done once', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 2);
      const { id } = await booked(store, event, 2);
      const answers = await Promise.all(Array.from({ length: 20 }, () => cancel(store, event, id)));
      assert.deepEqual(tally(answers), { 200: 1, '409 Booking is cancelled already': 19 });
      const { sold, available } = (await store.get('/v1/sales/sale_0_1')).body;
      assert.deepEqual([sold, available], [0, 2]);
    }));

  test('cancelling all takes back every booking of the event, also those made seat by seat, and no other event’s', () =>
    withSeats(async (store) => {
      const [event, other] = [await addHall(store, 6), await addHall(store, 2)];
      await booked(store, event, 2);
      await booked(store, event, 3);
      await putSeat(store, 6, { status: 'booked' });
      await booked(store, other, 2);
      await putSeat(store, 1, { status: 'available' });
      const answer = await send(store, 'DELETE', '/api/events/book', { eventId: event, cancelAll: true });
      assert.equal(answer.status, 200);
      assert.equal(answer.string('message'), 'All bookings cancelled successfully');
      assert.deepEqual(dataIn(answer), {
        eventId: event,
        bookingsCancelled: 3,
        seatsReturned: 5,
        seatsReallocated: 0,
        reallocated: [],
      });
      assert.deepEqual(await statuses(store), [...Array.from({ length: 6 }, () => 'available'), 'booked', 'booked']);
      const again = await send(store, 'DELETE', '/api/events/book', { eventId: event, cancelAll: true });
      assert.deepEqual([again.status, dataIn(again)['bookingsCancelled']], [200, 0]);
    }));

  test('cancelling all leaves the seats that go to waiting users with them', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 5);
      const [ann, bob] = [await addUser(store, 'ann'), await addUser(store, 'bob')];
      await booked(store, event, 2);
      await booked(store, event, 3);
      await book(store, event, 4, { userId: ann, partial: true });
      await book(store, event, 2, { userId: bob, partial: true });
      const answer = await send(store, 'DELETE', '/api/events/book', { eventId: event, cancelAll: true });
      const { bookingsCancelled, seatsReturned, seatsReallocated } = dataIn(answer);
      assert.deepEqual([bookingsCancelled, seatsReturned], [2, 5]);
      const standing = (await statuses(store)).filter((status) => status === 'booked').length;
      assert.equal(seatsReallocated, standing);
      assert.ok(reallocated(answer).length >= 1);
      for (const { bookingId } of reallocated(answer)) {
        assert.equal((await cancel(store, event, Number(bookingId))).status, 200);
      }
    }));

  test('cancelling all goes through more bookings than are in flight at once', () =>
    withSeats(async (store) => {
      const event = await addEvent(store);
      for (let seat = 1; seat <= 600; seat += 1)
        await addSeat(store, event, 1 + Math.floor(seat / 100), 1 + (seat % 100));
      const answers = await Promise.all(Array.from({ length: 600 }, () => book(store, event, 1)));
      assert.deepEqual(tally(answers), { 200: 600 });
      // Some are cancelled one by one at the same time.
      const [all] = await Promise.all([
        send(store, 'DELETE', '/api/events/book', { eventId: event, cancelAll: true }),
        ...Array.from({ length: 50 }, (_, i) => cancel(store, event, 600 - i)),
      ]);
      assert.equal(all.status, 200);
      assert.deepEqual([dataIn(all)['bookingsCancelled'], dataIn(all)['seatsReturned']], [600, 600]);
      assert.equal((await store.get('/v1/sales/sale_0_1')).body['sold'], 0);
    }));
});
