/** Every change of a seat's status from every status, and where a seat can be moved. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../../src/engine/command.ts';
import { termsOf } from '../../../src/engine/commands/holds.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import type { TestStore } from '../../http/support/store.ts';
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
  send,
  statuses,
  statusOf,
  tally,
  withSeats,
} from './support.ts';

const free = '409 Seat is booked, reserved or blocked';
const inUse = '409 Seat is booked or reserved';
const all = ['available', 'booked', 'reserved', 'blocked'] as const;

/** From a status to another: what it becomes, or the refusal. */
const table: Readonly<Record<(typeof all)[number], readonly string[]>> = {
  available: ['available', 'booked', 'reserved', 'blocked'],
  booked: ['available', free, free, inUse],
  reserved: ['available', 'booked', free, inUse],
  blocked: ['available', free, free, 'blocked'],
};

async function sold(store: TestStore): Promise<number> {
  return Number((await store.get('/v1/sales/sale_0_1')).body['sold']);
}

describe('a status', () => {
  for (const [from, expected] of Object.entries(table)) {
    for (const [i, to] of all.entries()) {
      test(`a status of ${from} to ${to}: ${expected[i]}`, () =>
        withSeats(async (store) => {
          await addHall(store, 1);
          if (from !== 'available') assert.equal((await putSeat(store, 1, { status: from })).status, 200);
          const answer = await putSeat(store, 1, { status: to });
          if (expected[i]!.startsWith('409')) {
            assert.equal(refusal(answer), expected[i]);
            assert.equal(await statusOf(store, 1), from);
          } else {
            assert.equal(answer.status, 200, answer.text);
            assert.equal(answer.string('message'), 'Record updated successfully');
            assert.deepEqual(dataIn(answer), dataIn(await store.get('/api/seats/1')));
            assert.equal(dataIn(answer)['status'], expected[i]);
          }
        }));
    }
  }

  test('the status booked is a booking of that seat alone, which can be cancelled by its id', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 3);
      assert.equal((await putSeat(store, 2, { status: 'booked' })).status, 200);
      assert.deepEqual(await statuses(store), ['available', 'booked', 'available']);
      assert.equal(await sold(store), 1);
      assert.equal((await cancel(store, event, 1)).status, 200);
      assert.deepEqual(await statuses(store), ['available', 'available', 'available']);
    }));

  test('the status available takes one seat out of a booking of several, and the rest stays', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 3);
      const { id } = await booked(store, event, 3);
      assert.equal((await putSeat(store, 2, { status: 'available' })).status, 200);
      assert.deepEqual(await statuses(store), ['booked', 'available', 'booked']);
      const rest = await cancel(store, event, id);
      assert.equal(dataIn(rest)['seatsReturned'], 2);
      assert.equal(await sold(store), 0);
    }));

  test('the status of a seat that is held together with others is not changed alone', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 2);
      const together = new Command().reset(kinds.hold);
      linesOf(together).addSeats(event - 1, [0, 1]);
      termsOf(together).holdMs = 60_000;
      assert.equal(await store.node.submit(together, ({ row: { code } }) => code, undefined), 'OK');
      assert.deepEqual(await statuses(store), ['reserved', 'reserved']);
      assert.equal(refusal(await putSeat(store, 1, { status: 'available' })), inUse);
      assert.equal(refusal(await putSeat(store, 1, { status: 'booked' })), free);
      assert.deepEqual(await statuses(store), ['reserved', 'reserved']);
    }));

  test('the status reserved ends by itself', () =>
    withSeats(
      async (store) => {
        await addHall(store, 1);
        await putSeat(store, 1, { status: 'reserved' });
        await store.advance(299_999);
        assert.equal(await statusOf(store, 1), 'reserved');
        await store.advance(1);
        assert.equal(await statusOf(store, 1), 'available');
        assert.equal((await putSeat(store, 1, { status: 'booked' })).status, 200);
      },
      { manualTime: true },
    ));

  test('fifty concurrent requests for a status are one booking, round after round', () =>
    withSeats(async (store) => {
      await addHall(store, 5);
      for (let seat = 1; seat <= 5; seat += 1) {
        // A reserved seat goes to the first confirm; a free one to the first request.
        if (seat % 2 === 0) await putSeat(store, seat, { status: 'reserved' });
        const asked = Array.from({ length: 50 }, () => putSeat(store, seat, { status: 'booked' }));
        const answers = await Promise.all(asked);
        assert.equal(answers.filter(({ status }) => status === 200).length, 1, JSON.stringify(tally(answers)));
        assert.equal(answers.filter(({ status }) => status === 409).length, 49);
        assert.equal(await sold(store), seat);
      }
    }));

  test('a status set by some and cancelled by others at once ends as one of the two', () =>
    withSeats(async (store) => {
      await addHall(store, 1);
      for (let round = 0; round < 20; round += 1) {
        const asked = Array.from({ length: 20 }, (_, i) =>
          putSeat(store, 1, { status: all[(i + round) % all.length]! }),
        );
        const answers = await Promise.all(asked);
        assert.ok(answers.every(({ status }) => status === 200 || status === 409));
        const { capacity, sold: isSold, held } = (await store.get('/v1/sales/sale_0_1')).body;
        const now = await statusOf(store, 1);
        assert.deepEqual(
          [isSold, held, capacity],
          [Number(now === 'booked'), Number(now === 'reserved'), Number(now !== 'blocked')],
        );
      }
    }));
});

describe('a place', () => {
  test('a place can be changed while the seat is free, and its id and age stay', () =>
    withSeats(
      async (store) => {
        const event = await addHall(store, 3);
        const before = dataIn(await store.get('/api/seats/2'));
        await store.advance(5000);
        const moved = await putSeat(store, 2, { row_number: 4, seat_number: 7 });
        assert.deepEqual(dataIn(moved), { ...before, row_number: 4, seat_number: 7 });
        assert.deepEqual(dataIn(await store.get('/api/seats/2')), dataIn(moved));
        assert.equal(await addSeat(store, event, 1, 2), 4, 'where it stood is free');
        assert.equal((await putSeat(store, 2, { status: 'booked' })).status, 200);
        assert.equal(dataIn(await store.get('/api/seats/2'))['status'], 'booked');
        assert.equal(refusal(await putSeat(store, 2, { row_number: 5 })), inUse);
      },
      { manualTime: true },
    ));

  test('a place may be named as it is, with or without a status', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 1);
      const place = { event_id: event, row_number: 1, seat_number: 1 };
      const before = dataIn(await store.get('/api/seats/1'));
      assert.deepEqual(dataIn(await putSeat(store, 1, place)), before);
      assert.equal((await putSeat(store, 1, { ...place, status: 'booked' })).status, 200);
      assert.deepEqual(dataIn(await putSeat(store, 1, place)), { ...before, status: 'booked' });
      assert.equal(refusal(await putSeat(store, 1, { ...place, status: 'booked' })), free);
      assert.equal((await putSeat(store, 1, { ...place, status: 'available' })).status, 200);
      assert.deepEqual(dataIn(await store.get('/api/seats/1')), before);
    }));

  test('a place with a status that sells is two changes; with another status it is one', () =>
    withSeats(async (store) => {
      await addHall(store, 1);
      for (const status of ['booked', 'reserved']) {
        const told = `400 Another place and the status ${status} are two changes: send one after the other`;
        assert.equal(refusal(await putSeat(store, 1, { row_number: 2, status })), told);
      }
      assert.deepEqual(await statuses(store), ['available']);
      for (const status of ['blocked', 'available']) {
        const seat_number = status === 'blocked' ? 2 : 3;
        const moved = dataIn(await putSeat(store, 1, { seat_number, status }));
        assert.deepEqual([moved['seat_number'], moved['status']], [seat_number, status]);
        assert.deepEqual(moved, dataIn(await store.get('/api/seats/1')));
      }
      await putSeat(store, 1, { status: 'booked' });
      assert.equal(refusal(await putSeat(store, 1, { row_number: 2, status: 'available' })), inUse);
    }));

  test('a place of a low row number is a better one', () =>
    withSeats(async (store) => {
      const event = await addEvent(store);
      for (const row of [9, 2, 5]) await addSeat(store, event, row, 1);
      await putSeat(store, 1, { row_number: 1 });
      const rows: unknown[] = [];
      for (let i = 0; i < 3; i += 1) rows.push((await booked(store, event, 1)).seats[0]?.row_number);
      assert.deepEqual(rows, [1, 2, 5]);
    }));

  test('a place that becomes free, or is unblocked, goes to the first in line', () =>
    withSeats(async (store) => {
      const event = await addHall(store, 2);
      const [ann, bob] = [await addUser(store, 'ann'), await addUser(store, 'bob')];
      await putSeat(store, 1, { status: 'blocked' });
      await putSeat(store, 2, { status: 'booked' });
      for (const userId of [ann, bob]) {
        const waits = await book(store, event, 1, { userId, partial: true });
        assert.deepEqual([waits.status, dataIn(waits)['bookedSeats']], [200, 0]);
      }
      const unblocked = await putSeat(store, 1, { status: 'available' }, 'unblock');
      assert.equal(dataIn(unblocked)['status'], 'booked', 'it is what it is after the change');
      const freed = await putSeat(store, 2, { status: 'available' }, 'free');
      assert.equal(dataIn(freed)['status'], 'booked');
      assert.deepEqual(await statuses(store), ['booked', 'booked']);
      // Cancelled since: the answers are what they were.
      for (const booking of [2, 3]) assert.equal((await cancel(store, event, booking)).status, 200);
      assert.deepEqual(await statuses(store), ['available', 'available']);
      assert.equal((await putSeat(store, 1, { status: 'available' }, 'unblock')).text, unblocked.text);
      assert.equal((await putSeat(store, 2, { status: 'available' }, 'free')).text, freed.text);
    }));
});

test('what is not there cannot be told to be anything', () =>
  withSeats(async (store) => {
    await addHall(store, 1);
    await send(store, 'DELETE', '/api/seats/1');
    for (const status of all) {
      assert.equal(refusal(await putSeat(store, 1, { status })), '404 Record not found');
      assert.equal(refusal(await putSeat(store, 2, { status })), '404 Record not found');
    }
    assert.equal(refusal(await putSeat(store, 1, { row_number: 1 })), '404 Record not found');
    assert.equal(refusal(await putSeat(store, 1, { row_number: 7 })), '404 Record not found');
  }));
