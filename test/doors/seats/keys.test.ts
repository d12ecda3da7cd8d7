/**
 * A repeated answer is the first one, after any later changes. test/conformance has what holds for
 * the keys of every door.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LogFullError } from '../../../src/log/log.ts';
import type { Answer } from '../../http/support/client.ts';
import {
  addEvent,
  addHall,
  addSeat,
  addUser,
  book,
  cancel,
  dataIn,
  putSeat,
  refusal,
  repeats,
  send,
  statuses,
  withSeats,
} from './support.ts';

describe('a key', () => {
  test('a retry of a creation gets its first answer after a change and after a removal', () =>
    withSeats(async (store) => {
      const makeUser = (): Promise<Answer> =>
        send(store, 'POST', '/api/users', { email: 'a@example.org', name: 'A' }, 'u');
      const user = await makeUser();
      repeats(await makeUser(), user);
      await send(store, 'PUT', '/api/users/1', { email: 'b@example.org', name: 'B' });
      repeats(await makeUser(), user);
      await send(store, 'DELETE', '/api/users/1');
      repeats(await makeUser(), user);

      const event = { name: 'A', event_date: '2027-01-01', status: 'soon' };
      const makeEvent = (): Promise<Answer> => send(store, 'POST', '/api/events', event, 'e');
      const made = await makeEvent();
      await send(store, 'PUT', '/api/events/1', { name: 'B', event_date: '2028-01-01', status: 'active' });
      repeats(await makeEvent(), made);
      const seat = { row_number: 1, seat_number: 1, event_id: 1 };
      const makeSeat = (status?: string): Promise<Answer> =>
        send(
          store,
          'POST',
          '/api/seats',
          status === undefined ? seat : { ...seat, seat_number: 2, status },
          `s${status}`,
        );
      const [open, blocked] = [await makeSeat(), await makeSeat('blocked')];
      await putSeat(store, 1, { status: 'booked' });
      await putSeat(store, 2, { status: 'available' });
      await putSeat(store, 2, { row_number: 7 });
      repeats(await makeSeat(), open);
      repeats(await makeSeat('blocked'), blocked);
      await putSeat(store, 1, { status: 'available' });
      await send(store, 'DELETE', '/api/events/1');
      repeats(await makeEvent(), made);
      repeats(await makeSeat(), open);
      assert.equal(store.node.engine.state.seats.namespaces.count(3), 2);
    }));

  test('a retry of a booking gets its first answer after any later changes', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 3);
      const user = await addUser(store, 'ann');
      const ask = (key: string, seats: number, more: object = {}): Promise<Answer> =>
        send(store, 'POST', '/api/events/book', { eventId: event, numberOfSeats: seats, userId: user, ...more }, key);
      const whole = await ask('whole', 2);
      const part = await ask('part', 3, { partial: true });
      const line = await ask('line', 1, { partial: true });
      assert.deepEqual([whole.status, part.status, line.status], [200, 200, 200]);
      const first = [whole, part, line];
      const again = async (): Promise<void> => {
        for (const [i, key] of ['whole', 'part', 'line'].entries()) {
          repeats(await ask(key, [2, 3, 1][i]!, i === 0 ? {} : { partial: true }), first[i]!);
        }
      };
      await again();
      await cancel(store, event, 1);
      assert.deepEqual(await statuses(store), ['booked', 'booked', 'booked'], 'the line was served');
      await again();
      await send(store, 'DELETE', '/api/events/book', { eventId: event, cancelAll: true });
      await putSeat(store, 1, { row_number: 8, seat_number: 8 });
      await send(store, 'DELETE', '/api/seats/2');
      await send(store, 'DELETE', `/api/users/${user}`);
      await again();
      assert.equal((await send(store, 'DELETE', `/api/events/${event}`)).status, 200);
      await again();
    }));

  test('a retry of a cancellation gets its first answer though the seats have gone to others', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 4);
      const users = [await addUser(store, 'ann'), await addUser(store, 'bob')];
      await book(store, event, 4);
      for (const userId of users) await book(store, event, 1, { userId, partial: true });
      const first = await cancel(store, event, 1, 'k');
      assert.equal((dataIn(first)['reallocated'] as unknown[]).length, 2);
      repeats(await cancel(store, event, 1, 'k'), first);
      const all = (): Promise<Answer> =>
        send(store, 'DELETE', '/api/events/book', { eventId: event, cancelAll: true }, 'all');
      const everything = await all();
      assert.equal(dataIn(everything)['bookingsCancelled'], 2);
      await book(store, event, 3);
      repeats(await all(), everything);
      repeats(await cancel(store, event, 1, 'k'), first);
      assert.equal((await statuses(store)).filter((status) => status === 'booked').length, 3, 'what came since stands');
      await cancel(store, event, 4);
      await send(store, 'DELETE', `/api/events/${event}`);
      repeats(await all(), everything);
      repeats(await cancel(store, event, 1, 'k'), first);
    }));

  test('a retry of a change of a seat gets its first answer, for each command that it came to', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 2);
      const steps: (readonly [key: string, change: object])[] = [
        ['reserve', { status: 'reserved' }],
        ['confirm', { status: 'booked' }],
        ['cancel', { status: 'available' }],
        ['buy', { event_id: event, row_number: 1, seat_number: 1, status: 'booked' }],
        ['cancel again', { status: 'available' }],
        ['hold', { status: 'reserved' }],
        ['release', { status: 'available' }],
        ['nothing', { status: 'available' }],
        ['block', { status: 'blocked' }],
        ['move', { row_number: 5 }],
        ['move and free', { seat_number: 4, status: 'available' }],
        ['last', { status: 'booked' }],
      ];
      const answers = new Map<string, Answer>();
      const repeatAll = async (): Promise<void> => {
        for (const [key, change] of steps) {
          const first = answers.get(key);
          if (first !== undefined) repeats(await putSeat(store, 1, change, key), first);
        }
      };
      for (const [key, change] of steps) {
        const answer = await putSeat(store, 1, change, key);
        assert.equal(answer.status, 200, `${key}: ${answer.text}`);
        assert.deepEqual(dataIn(answer), dataIn(await store.get('/api/seats/1')), key);
        answers.set(key, answer);
        await repeatAll();
        assert.deepEqual(dataIn(answer), dataIn(await store.get('/api/seats/1')), 'repeating changes nothing');
      }
      await putSeat(store, 1, { status: 'available' });
      await send(store, 'DELETE', '/api/seats/1');
      await repeatAll();
      await send(store, 'DELETE', `/api/events/${event}`);
      await repeatAll();
    }));

  test('a retry of a removal gets its first answer', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 1);
      await addUser(store, 'ann');
      for (const path of ['/api/seats/1', '/api/users/1', `/api/events/${event}`]) {
        const first = await send(store, 'DELETE', path, undefined, path);
        assert.equal(first.status, 200);
        repeats(await send(store, 'DELETE', path, undefined, path), first);
        assert.equal(refusal(await send(store, 'DELETE', path)), '404 Record not found');
      }
    }));

  test('a key is looked up without a record where nothing needs doing, even while a hold is due', () =>
    withSeats(
      async (store) => {
        const event = await addHall(store, 2);
        const { engine } = store.node;
        assert.equal((await putSeat(store, 1, { status: 'reserved' })).status, 200);
        const moved = await putSeat(store, 2, { row_number: 7 }, 'moved');
        store.time.advance(10 * 60_000);
        assert.ok(engine.nextDueMs() <= store.node.clock.nowMs(), 'the reservation is over');
        const { position } = engine;
        assert.equal(refusal(await putSeat(store, 99, { status: 'booked' }, 'a')), '404 Record not found');
        const body = { eventId: event, numberOfSeats: 1, userId: 99 };
        assert.equal(refusal(await send(store, 'POST', '/api/events/book', body, 'b')), '404 User not found');
        assert.equal((await putSeat(store, 2, { row_number: 7 }, 'c')).status, 200);
        assert.equal((await putSeat(store, 2, { row_number: 7, status: 'booked', seat_number: 3 }, 'd')).status, 400);
        repeats(await putSeat(store, 2, { row_number: 7 }, 'moved'), moved);
        assert.equal((await putSeat(store, 2, { row_number: 8 }, 'moved')).status, 422);
        assert.equal((await putSeat(store, 99, { row_number: 8 }, 'moved')).status, 422);
        assert.equal(engine.position, position);
      },
      { manualTime: true },
    ));

  test('a key stands for a request in any spelling', () =>
    withSeats(async (store) => {
      await addHall(store, 3);
      const first = await send(store, 'POST', '/api/events/book', { eventId: 1, numberOfSeats: 1 }, 'k');
      const other = await store.ask('POST', '/api/events/book', {
        body: '{"numberOfSeats": 1.0, "userId": null, "partial": false, "eventId": "1"}',
        headers: { 'Idempotency-Key': '"k"' },
      });
      repeats(other, first);
    }));

  test('a key sent twice at once has one effect and two equal answers', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 40);
      for (let round = 0; round < 10; round += 1) {
        const twice = async (ask: () => Promise<Answer>): Promise<Answer> => {
          const [one, other] = await Promise.all([ask(), ask()]);
          assert.deepEqual([one.status, one.text], [200, other.text]);
          return one;
        };
        const json = { eventId: event, numberOfSeats: 2 };
        const made = await twice(() => send(store, 'POST', '/api/events/book', json, `b${round}`));
        const seat = 40 - round;
        await twice(() => putSeat(store, seat, { status: 'booked' }, `p${round}`));
        await twice(() => putSeat(store, seat, { status: 'available' }, `f${round}`));
        await twice(() => cancel(store, event, Number(dataIn(made)['bookingId']), `c${round}`));
      }
      const all = (): Promise<Answer> =>
        send(store, 'DELETE', '/api/events/book', { eventId: event, cancelAll: true }, 'all');
      await book(store, event, 5);
      const [one, other] = await Promise.all([all(), all()]);
      assert.equal(one.text, other.text);
      assert.equal(dataIn(one)['seatsReturned'], 5);
      assert.deepEqual(new Set(await statuses(store)), new Set(['available']));
    }));
});

/** Whether the log has no room; asked before each append. */
let isFull = (): boolean => false;

test('a call that cancels all and was cut short goes on with the same key, and takes nothing that came since', () =>
  withSeats(
    async (store) => {
      const bookings = 300;
      const event = await addEvent(store);
      for (let row = 1; row <= 3; row += 1) {
        for (let seat = 1; seat <= 100; seat += 1) await addSeat(store, event, row, seat);
      }
      const user = await addUser(store, 'ann');
      await Promise.all(Array.from({ length: bookings }, () => book(store, event, 1)));
      await book(store, event, 2, { userId: user, partial: true });
      const { sales } = store.node.engine.state;
      assert.equal(sales.sold.get(0), bookings);
      const all = (): Promise<Answer> =>
        send(store, 'DELETE', '/api/events/book', { eventId: event, cancelAll: true }, 'all');
      isFull = () => sales.sold.get(0) < bookings;
      const cut = await all();
      isFull = () => false;
      assert.equal(cut.status, 503);
      const left = sales.sold.get(0);
      assert.ok(left > 2 && left < bookings, `${left} of ${bookings} left`);
      const done = await all();
      assert.equal(done.status, 200);
      const { bookingsCancelled, seatsReturned, seatsReallocated } = dataIn(done);
      assert.deepEqual([bookingsCancelled, seatsReturned, seatsReallocated], [bookings, bookings, 2]);
      assert.equal(sales.sold.get(0), 2, 'what went to who waited is theirs');
      repeats(await all(), done);
    },
    {
      store: {
        wrapLog: (log) => {
          const append = log.append.bind(log);
          log.append = (batch) => (isFull() ? Promise.reject(new LogFullError('the disk is full')) : append(batch));
          return log;
        },
      },
    },
  ));
