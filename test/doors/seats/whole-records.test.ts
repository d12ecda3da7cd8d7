/**
 * PUT of a record as GET gave it, changed in one field or in none; and events whose date has
 * passed.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addEvent, addHall, addUser, dataIn, refusal, repeats, send, withSeats } from './support.ts';

describe('a whole record', () => {
  test('a whole record can be sent back as it was given, with or without a change', () =>
    withSeats(async (store) => {
      await addHall(store, 2);
      await addUser(store, 'ann');
      for (const [path, change] of [
        ['/api/users/1', { name: 'Anna' }],
        ['/api/events/1', { name: 'Another concert' }],
        ['/api/seats/1', { row_number: 7 }],
      ] as const) {
        const given = dataIn(await store.get(path));
        assert.deepEqual(dataIn(await send(store, 'PUT', path, given)), given);
        const changed = await send(store, 'PUT', path, { ...given, ...change });
        assert.deepEqual([changed.status, dataIn(changed)], [200, { ...given, ...change }]);
      }
      const seat = dataIn(await store.get('/api/seats/2'));
      const booked = await send(store, 'PUT', '/api/seats/2', { ...seat, status: 'booked' }, 'k');
      assert.deepEqual(dataIn(booked), { ...seat, status: 'booked' });
      repeats(await send(store, 'PUT', '/api/seats/2', { ...seat, status: 'booked' }, 'k'), booked);
      // A booked seat, to be booked: the request could be of either of two clients.
      const again = await send(store, 'PUT', '/api/seats/2', dataIn(booked));
      assert.equal(refusal(again), '409 Seat is booked, reserved or blocked');
    }));

  test('a whole record keeps the id and the age that it has', () =>
    withSeats(async (store) => {
      await addHall(store, 2);
      await addUser(store, 'ann');
      for (const path of ['/api/users/1', '/api/events/1', '/api/seats/1']) {
        const given = dataIn(await store.get(path));
        const told = async (fields: object): Promise<string> => {
          const answer = await send(store, 'PUT', path, { ...given, ...fields });
          return answer.status === 200 ? '200' : refusal(answer);
        };
        const other = '400 The id in the body is another than the one in the path: an id cannot be changed';
        assert.equal(await told({ id: 2 }), other);
        assert.equal(await told({ id: 'x' }), '400 id must be a whole number of at least 1');
        assert.equal(await told({ created_at: '2020-01-01T00:00:00.000Z' }), '400 created_at cannot be changed');
        assert.match(await told({ created_at: null }), /^400 created_at must be a time such as/);
        assert.equal(await told({ id: '1', created_at: String(given['created_at']).replace('Z', '+00:00') }), '200');
        assert.match(refusal(await send(store, 'PUT', path, { id: 1 })), /^400 Nothing to change/);
        assert.match(await told({ colour: 'red' }), /^400 Unknown field "colour"/);
        assert.deepEqual(dataIn(await store.get(path)), given);
      }
      const nowhere = await send(store, 'PUT', '/api/seats/99', { id: 99, status: 'booked', created_at: '2020-01-01' });
      assert.equal(refusal(nowhere), '404 Record not found');
    }));

  test('a whole record leaves a column without a value as it is', () =>
    withSeats(async (store) => {
      const hall = { sections: [{ name: 'Box', rows: [{ name: 'left', seats: ['A', 'B'] }] }] };
      const event = await addEvent(store);
      const added = await store.ask('POST', '/v1/sales/sale_0_1/seats', {
        json: { seats: [{ section: 'Box', row: 'left', number: 'A' }] },
      });
      assert.equal(added.status, 201, `${added.text} ${hall.sections.length}`);
      const given = dataIn(await store.get('/api/seats/1'));
      assert.deepEqual([given['event_id'], given['row_number'], given['seat_number']], [event, null, null]);
      const booked = await send(store, 'PUT', '/api/seats/1', { ...given, status: 'booked' });
      assert.deepEqual(dataIn(booked), { ...given, status: 'booked' });
      const named = await addHall(store, 1);
      const row = await send(store, 'PUT', '/api/seats/2', { event_id: named, row_number: null });
      assert.match(refusal(row), /^400 row_number must be/);
    }));

  test('a whole record sent back does not store the status that the native API gave the event', () =>
    withSeats(async (store) => {
      const event = await addEvent(store);
      for (const [status, shown] of [
        ['paused', 'paused'],
        ['closed', 'closed'],
        ['open', 'active'],
      ] as const) {
        await store.ask('PATCH', '/v1/sales/sale_0_1', { json: { status } });
        const given = dataIn(await store.get(`/api/events/${event}`));
        assert.equal(given['status'], shown);
        assert.deepEqual(dataIn(await send(store, 'PUT', `/api/events/${event}`, given)), given);
        const sale = (await store.get('/v1/sales/sale_0_1')).body['status'];
        assert.ok(sale === status || (status === 'open' && sale === 'sold_out'), String(sale));
      }
    }));
});

test('an event whose date has passed is made, with a warning that a retry gets, too', () =>
  withSeats(async (store) => {
    const past = { name: 'Yesterday', event_date: '2020-01-01' };
    const made = await send(store, 'POST', '/api/events', past, 'k');
    assert.equal(made.status, 201);
    assert.match(made.string('warning'), /^event_date is in the past\./);
    repeats(await send(store, 'POST', '/api/events', past, 'k'), made);
    const coming = await send(store, 'POST', '/api/events', { name: 'Tomorrow', event_date: '2999-01-01' });
    assert.deepEqual(Object.keys(coming.body), ['success', 'data', 'message']);
  }));
