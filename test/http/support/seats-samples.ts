/**
 * Proper bodies for the routes of the seats dialect, whose paths another dialect has too; and the
 * things that its paths name.
 */
import assert from 'node:assert/strict';
import type { TestStore } from './store.ts';

export const seatsSamples: Readonly<Record<string, object>> = {
  'POST /api/users': { email: 'bea@example.org', name: 'Bea' },
  'PUT /api/users/:id': { email: 'anna@example.org', name: 'Anna' },
  'POST /api/events': { name: 'A concert', event_date: '2027-01-31T20:00:00Z', status: 'active' },
  'PUT /api/events/:id': { name: 'Another concert', event_date: '2027-02-01', status: 'active' },
  'POST /api/events/book': { eventId: 1, numberOfSeats: 2, userId: 1, partial: true },
  'DELETE /api/events/book': { eventId: 1, bookingId: 1 },
  'POST /api/seats': { event_id: 1, row_number: 2, seat_number: 1, status: 'available' },
  'PUT /api/seats/:id': { event_id: 1, row_number: 9, seat_number: 1, status: 'booked' },
};

/**
 * Users 1 and 2; event 1 with seat 1 free, seat 2 blocked and booking 1 of a better one; event 2
 * without anything.
 */
export async function stockUpSeats(store: TestStore): Promise<void> {
  const create = async (kind: string, record: object): Promise<void> => {
    const answer = await store.post(`/api/${kind}`, record, null);
    assert.equal(answer.status, 201, answer.text);
  };
  for (const name of ['ann', 'bob']) await create('users', { email: `${name}@example.org`, name });
  for (const name of ['First', 'Second']) await create('events', { name, event_date: '2027-01-01' });
  await create('seats', { event_id: 1, row_number: 9, seat_number: 1 });
  await create('seats', { event_id: 1, row_number: 9, seat_number: 2, status: 'blocked' });
  for (let number = 1; number <= 9; number += 1)
    await create('seats', { event_id: 1, row_number: 1, seat_number: number });
  const booked = await store.post('/api/events/book', { eventId: 1, numberOfSeats: 2, userId: 1 }, null);
  assert.equal(booked.status, 200, booked.text);
}

/**
 * A path of the seats dialect with things that exist; what is deleted is what nothing else names.
 */
export function seatsPathOf(method: string, path: string): string {
  return path
    .replace(/:email$/, 'ann@example.org')
    .replace(/:eventId/, '1')
    .replace(/:id$/, method === 'DELETE' ? '2' : '1');
}
