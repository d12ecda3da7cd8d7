/**
 * Halls that were not made by this dialect: several sections, rows and numbers that are any text.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, doors, kinds } from '../../../src/engine/command.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import type { TestStore } from '../../http/support/store.ts';
import { addSeat, booked, cancel, dataIn, listIn, putSeat, refusal, send, withSeats } from './support.ts';

/**
 * A hall as a demonstration has one: two sections, letters for rows, both sections with a row A.
 */
async function openTheatre(store: TestStore, linePerSeat = true): Promise<void> {
  const command = new Command().reset(kinds.createSale);
  command.body = {
    name: 'A theatre',
    kind: 'seated',
    capacity: 0,
    hall: {
      sections: [
        { name: 'Stalls', rows: [{ name: 'A', seats: { from: 1, to: 3 } }] },
        {
          name: 'Balcony',
          rows: [
            { name: 'A', seats: ['1', '2b', { number: '3', accessible: true }] },
            { name: '7', seats: ['1'] },
          ],
        },
      ],
    },
    linePerSeat,
    price: { amount: 2500, currency: 'USD' },
    opensAtMs: null,
    closesAtMs: null,
    holdMs: 300_000,
    maxHoldMs: 900_000,
    maxPerOrder: 10,
    maxPerCustomer: null,
    refusals: 'forget',
    door: doors.seats,
    attributes: { status: 'active', event_date: '2027-01-31T20:00:00.000Z' },
  };
  assert.equal(await store.node.submit(command, ({ row: { code } }) => code, undefined), 'OK');
}

describe('a hall with sections', () => {
  test('a hall with sections is shown with numbers where it has numbers', () =>
    withSeats(async (store) => {
      await openTheatre(store);
      assert.deepEqual(
        listIn(await store.get('/api/seats')).map(({ id, row_number, seat_number }) => [id, row_number, seat_number]),
        [
          [1, null, 1],
          [2, null, 2],
          [3, null, 3],
          [4, null, 1],
          [5, null, null],
          [6, null, 3],
          [7, 7, 1],
        ],
      );
      const { name, status, event_date } = dataIn(await store.get('/api/events/1'));
      assert.deepEqual([name, status, event_date], ['A theatre', 'active', '2027-01-31T20:00:00.000Z']);
      const ids = async (filter: string): Promise<unknown[]> =>
        listIn(await store.get(`/api/seats?${filter}`)).map(({ id }) => id);
      assert.deepEqual(await ids('row_number=null'), []);
      assert.deepEqual(await ids('row_number=A'), []);
      assert.deepEqual(await ids('row_number=7'), [7]);
      assert.deepEqual(await ids('seat_number=1'), [1, 4, 7]);
    }));

  test('a hall with sections is booked, cancelled and changed by ids like any other', () =>
    withSeats(async (store) => {
      await openTheatre(store);
      const { id, seats } = await booked(store, 1, 3);
      assert.deepEqual(
        seats.map((seat) => seat.id),
        [1, 2, 3],
      );
      assert.equal((await putSeat(store, 5, { status: 'booked' })).status, 200);
      assert.equal((await cancel(store, 1, id)).status, 200);
      assert.equal(await addSeat(store, 1, 1, 1), 8, 'into a section of its own');
      const moved = await putSeat(store, 4, { row_number: 2, seat_number: 9 });
      assert.deepEqual([dataIn(moved)['row_number'], dataIn(moved)['seat_number']], [2, 9]);
      assert.equal(store.node.engine.state.seats.find(0, 'Balcony-2-9') >= 0, true, 'it stays in its section');
      const taken = '409 Seat already exists in this row of the event';
      assert.equal(refusal(await putSeat(store, 6, { row_number: 7, seat_number: 1 })), taken);
    }));

  test('a hall with sections whose orders are one line each is cancelled by the booking, not by the seat', () =>
    withSeats(async (store) => {
      await openTheatre(store, false);
      const { id, seats } = await booked(store, 1, 2);
      assert.deepEqual(
        seats.map((seat) => seat.id),
        [1, 2],
      );
      assert.equal(refusal(await putSeat(store, 1, { status: 'available' })), '409 Seat is booked or reserved');
      assert.equal((await putSeat(store, 3, { status: 'booked' })).status, 200);
      assert.equal((await putSeat(store, 3, { status: 'available' })).status, 200, 'it is alone');
      assert.equal(dataIn(await cancel(store, 1, id))['seatsReturned'], 2);
    }));
});

test('an order with lines of other sales keeps those when its booking is cancelled', () =>
  withSeats(async (store) => {
    await openTheatre(store);
    await store.post('/v1/sales', { name: 'Drinks', kind: 'counted', capacity: 5 }, null);
    const order = new Command().reset(kinds.order);
    linesOf(order).addSeats(0, [0, 1]);
    linesOf(order).add(1, 2);
    assert.equal(await store.node.submit(order, ({ row: { code } }) => code, undefined), 'OK');
    const answer = await cancel(store, 1, 1, 'k');
    assert.deepEqual([answer.status, dataIn(answer)['seatsReturned']], [200, 2]);
    assert.equal((await store.get('/v1/sales/sale_0_2')).body['sold'], 2);
    assert.equal(refusal(await cancel(store, 1, 1)), '409 Booking is cancelled already');
    assert.equal((await cancel(store, 1, 1, 'k')).text, answer.text);
    const all = await send(store, 'DELETE', '/api/events/book', { eventId: 1, cancelAll: true });
    assert.deepEqual([all.status, dataIn(all)['bookingsCancelled']], [200, 0]);
    assert.equal((await store.get('/v1/sales/sale_0_2')).body['sold'], 2);
  }));
