/** The dialect from the command line, one line after the other. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requireProgram } from '../../support/requires.ts';
import { curl, json, shows } from '../shell.ts';
import { withSeats } from './support.ts';

describe('lines of a shell', () => {
  test('work one after the other', requireProgram('curl'), () =>
    withSeats(async (store) => {
      const address = `http://localhost:${store.port}`;
      const write = (method: string, path: string, body?: string, ...more: readonly string[]): Promise<unknown> =>
        curl('-X', method, `${address}${path}`, ...json, ...more, ...(body === undefined ? [] : ['-d', body]));
      const [created, updated, deleted] = ['created', 'updated', 'deleted'].map(
        (done) => `Record ${done} successfully`,
      );
      shows(await curl(`${address}/health`), { status: 'OK' });
      shows(await curl(`${address}/api`), { docs: '/openapi.json' });

      const user = { id: 1, email: 'john@example.com', name: 'John' };
      shows(await write('POST', '/api/users', '{"email": "john@example.com", "name": "John"}'), {
        success: true,
        data: user,
        message: created,
      });
      shows(await curl(`${address}/api/users`), {
        success: true,
        data: [user],
        pagination: { page: 1, limit: 10, total: 1 },
      });
      shows(await curl(`${address}/api/users?page=1&limit=5&name=John`), { data: [user] });
      shows(await curl(`${address}/api/users/1`), { data: user });
      shows(await curl(`${address}/api/users/email/john@example.com`), { data: user });
      shows(await write('PUT', '/api/users/1', '{"name": "Johnny"}'), { data: { name: 'Johnny' }, message: updated });

      const event = { id: 1, name: 'Concert', event_date: '2027-12-31T20:00:00.000Z', status: 'active' };
      shows(await write('POST', '/api/events', '{"name": "Concert", "event_date": "2027-12-31T20:00:00Z"}'), {
        data: event,
      });
      for (const path of ['', '/active']) shows(await curl(`${address}/api/events${path}`), { data: [event] });
      shows(await curl(`${address}/api/events/1`), { data: event });
      shows(await write('PUT', '/api/events/1', '{"name": "Big concert"}'), { data: { name: 'Big concert' } });

      for (const number of [1, 2, 3]) {
        const seat = { id: number, event_id: 1, row_number: 1, seat_number: number, status: 'available' };
        const body = JSON.stringify({ event_id: 1, row_number: 1, seat_number: number });
        shows(await write('POST', '/api/seats', body), { success: true, data: seat, message: created });
      }
      shows(await curl(`${address}/api/seats?event_id=1&status=available`), { pagination: { total: 3 } });
      shows(await curl(`${address}/api/seats/event/1/available`), { data: [{ id: 1 }, { id: 2 }, { id: 3 }] });
      shows(await write('PUT', '/api/seats/3', '{"status": "booked"}'), {
        data: { status: 'booked' },
        message: updated,
      });

      const booking = '{"eventId": 1, "numberOfSeats": 2, "userId": 1}';
      const booked = await write('POST', '/api/events/book', booking, '-H', 'Idempotency-Key: my-booking');
      shows(booked, { statusCode: 200, data: { bookingId: 2, bookedSeats: 2, seats: [{ id: 1 }, { id: 2 }] } });
      assert.deepEqual(await write('POST', '/api/events/book', booking, '-H', 'Idempotency-Key: my-booking'), booked);
      shows(await write('POST', '/api/events/book', booking), {
        success: false,
        message: 'Not enough seats available',
      });
      shows(await write('DELETE', '/api/events/book', '{"eventId": 1, "bookingId": 2}'), {
        data: { seatsReturned: 2 },
      });
      shows(await write('DELETE', '/api/events/book', '{"eventId": 1, "cancelAll": true}'), {
        data: { bookingsCancelled: 1 },
      });
      for (const path of ['/api/seats/1', '/api/events/1', '/api/users/1']) {
        assert.deepEqual(await write('DELETE', path), { success: true, message: deleted });
      }
      assert.deepEqual(await curl(`${address}/api/other`), {
        error: 'Not Found',
        message: 'The requested resource was not found',
        path: '/api/other',
      });
    }),
  );
});
