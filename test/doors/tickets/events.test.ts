/** Events of the tickets dialect, and the counts of the newest. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { operatorKey, withStore } from '../../http/support/store.ts';
import { buy, counts, data, openEvent, withEvent } from './support.ts';

const nothing = '{"success":false,"statusCode":404,"message":"Event not found"}';

describe('an event', () => {
  test('an event that is created is shown whole, and is the newest', () =>
    withStore({ manualTime: true }, async (store) => {
      const made = await store.post('/api/v1/events', { name: 'First night', totalSeats: 40 }, null);
      assert.equal(made.status, 201);
      assert.equal(made.body['message'], 'Event created successfully');
      const { id, ...rest } = data(made) as Record<string, unknown>;
      assert.deepEqual(rest, {
        name: 'First night',
        totalSeats: 40,
        seatsSold: 0,
        seatsRemaining: 40,
        createdAt: '2026-06-01T12:00:00.000Z',
        updatedAt: '2026-06-01T12:00:00.000Z',
      });
      assert.deepEqual(await counts(store), { totalSeats: 40, seatsSold: 0, seatsRemaining: 40 });
      await store.advance(1000);
      await buy(store, 3);
      const now = { ...rest, id, seatsSold: 3, seatsRemaining: 37, updatedAt: '2026-06-01T12:00:01.000Z' };
      const { purchases, ...shown } = data(await store.get(`/api/v1/events/${String(id)}`)) as Record<string, unknown>;
      assert.deepEqual(shown, now);
      assert.deepEqual(purchases, data(await store.get('/api/v1/purchases')));
      assert.deepEqual(data(await store.get('/api/v1/events')), [{ ...now, _count: { purchases: 1 } }]);
      const availability = data(await store.get(`/api/v1/events/${String(id)}/availability`));
      assert.deepEqual(availability, {
        eventId: id,
        name: 'First night',
        totalSeats: 40,
        seatsSold: 3,
        availableSeats: 37,
        seatsRemaining: 37,
        isAvailable: true,
      });
    }));

  test('an event shows its purchases, and the keys in them, to operators alone', () =>
    withStore({ environment: { HOLDFAST_OPERATOR_KEY: operatorKey } }, async (store) => {
      const authorized = { Authorization: `Bearer ${operatorKey}` };
      const made = await store.post('/api/v1/events', { name: 'A night', totalSeats: 5 }, null, authorized);
      await buy(store, 1, 'a secret');
      const path = `/api/v1/events/${(data(made) as { id: string }).id}`;
      const [stranger, operator] = [await store.get(path), await store.get(path, authorized)];
      assert.equal((data(stranger) as Record<string, unknown>)['seatsSold'], 1);
      assert.ok(!stranger.text.includes('a secret') && !stranger.text.includes('purchases'));
      assert.ok(operator.text.includes('a secret'));
      assert.ok(!(await store.get('/api/v1/events')).text.includes('a secret'));
    }));

  test('an event has 5,000 seats when the request names no number', () =>
    withStore({}, async (store) => {
      assert.equal((await store.post('/api/v1/events', { name: 'Large' }, null)).status, 201);
      assert.deepEqual(await counts(store), { totalSeats: 5000, seatsSold: 0, seatsRemaining: 5000 });
    }));

  test('an event that is sold out is no longer available', () =>
    withEvent(1, async (store) => {
      await buy(store, 1);
      const [event] = data(await store.get('/api/v1/events')) as { id: string }[];
      const availability = data(await store.get(`/api/v1/events/${event?.id}/availability`)) as Record<string, unknown>;
      assert.equal(availability['isAvailable'], false);
    }));

  test('an event created twice with one key is one event, shown as it was made', () =>
    withStore({}, async (store) => {
      const first = await store.post('/api/v1/events', { name: 'Once', totalSeats: 9 }, 'once');
      await buy(store, 2);
      const second = await store.post('/api/v1/events', { name: 'Once', totalSeats: 9 }, 'once');
      assert.deepEqual([second.status, second.text], [first.status, first.text]);
      assert.equal(second.header('Idempotency-Replayed'), 'true');
      const other = await store.post('/api/v1/events', { name: 'Twice', totalSeats: 9 }, 'once');
      assert.deepEqual([other.status, other.body['error']], [422, 'IDEMPOTENCY_KEY_REUSED']);
      assert.equal((data(await store.get('/api/v1/events')) as unknown[]).length, 1);
    }));

  test('an event that is malformed is refused by the field', () =>
    withStore({}, async (store) => {
      const cases: readonly (readonly [unknown, RegExp])[] = [
        [{}, /^Event name is required$/],
        [{ name: '' }, /^Event name is required$/],
        [{ name: null, totalSeats: 0 }, /^Event name is required$/],
        [[], /^Expected object, received array$/],
        [{ name: 7 }, /^name must be a string$/],
        [{ name: 'x'.repeat(201) }, /^name must have at most 200 characters$/],
        [{ name: '\u{1f600}'.repeat(201) }, /^name must have at most 200 characters$/],
        [{ name: 'x', totalSeats: 0 }, /^Total seats must be greater than 0$/],
        [{ name: 'x', totalSeats: -2.5 }, /^Total seats must be greater than 0$/],
        [{ name: 'x', totalSeats: 1.5 }, /^totalSeats must be/],
        [{ name: 'x', totalSeats: '10' }, /^totalSeats must be/],
        [{ name: 'x', totalSeats: 1_000_000_001 }, /^totalSeats must be/],
      ];
      for (const [body, message] of cases) {
        const answer = await store.post('/api/v1/events', body, null);
        const { message: said, ...rest } = answer.body;
        assert.equal(answer.status, 400);
        assert.deepEqual(rest, { success: false, statusCode: 400, error: 'VALIDATION_ERROR' });
        assert.match(String(said), message);
      }
      assert.deepEqual(data(await store.get('/api/v1/events')), []);
      assert.equal((await store.post('/api/v1/events', { name: '\u{1f600}'.repeat(200) }, null)).status, 201);
    }));

  test("an unknown event is 404 in the dialect's words", () =>
    withStore({}, async (store) => {
      const sale = await store.post('/v1/sales', { name: 'No event', kind: 'counted', capacity: 5 }, null);
      for (const id of ['sale_0_99', 'nonsense', sale.string('id'), '%00', '..%2f']) {
        for (const path of [`/api/v1/events/${id}`, `/api/v1/events/${id}/availability`]) {
          const answer = await store.get(path);
          assert.deepEqual([answer.status, answer.text], [404, nothing], path);
        }
      }
      const none = await store.get('/api/v1/event');
      assert.deepEqual(
        [none.status, none.text],
        [404, '{"success":false,"statusCode":404,"message":"No event found"}'],
      );
    }));
});

test('events are listed newest first, at most 100 and as few as asked', () =>
  withStore({}, async (store) => {
    for (let i = 1; i <= 103; i += 1) await openEvent(store, i, `Night ${i}`);
    const names = async (query: string): Promise<string[]> =>
      (data(await store.get(`/api/v1/events${query}`)) as { name: string }[]).map(({ name }) => name);
    const all = await names('');
    assert.equal(all.length, 100);
    assert.deepEqual([all[0], all[99]], ['Night 103', 'Night 4']);
    assert.deepEqual(await names('?limit=2'), ['Night 103', 'Night 102']);
    assert.deepEqual(await names('?page=2'), ['Night 3', 'Night 2', 'Night 1']);
    assert.deepEqual(await names('?page=35&limit=3'), ['Night 1']);
    for (const beyond of ['?page=3', '?page=1000000000', '?page=36&limit=3']) assert.deepEqual(await names(beyond), []);
    for (const limit of ['0', '101', '-1', '1.5', 'x', '', '1e1']) {
      const answer = await store.get(`/api/v1/events?limit=${limit}`);
      assert.deepEqual([answer.status, answer.body['error']], [400, 'VALIDATION_ERROR'], limit);
    }
  }));

test('an event has its name in NFC, and a retry of what was sent is a replay', () =>
  withStore({}, async (store) => {
    const asked = { name: 'Soire\u0301e', totalSeats: 4 };
    const made = await store.post('/api/v1/events', asked, 'once');
    assert.equal((data(made) as { name: string }).name, 'Soir\u00e9e');
    const again = await store.post('/api/v1/events', asked, 'once');
    assert.deepEqual([again.text, again.header('Idempotency-Replayed')], [made.text, 'true']);
    assert.equal((await store.post('/api/v1/events', { ...asked, name: 'Soir\u00e9e' }, 'once')).status, 422);
  }));
