/** What a client of the seats dialect does. */
import assert from 'node:assert/strict';
import type { Answer, Asked } from '../../http/support/client.ts';
import type { Options, TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';

/** Whatever answers: a store in this process, or one of its own. */
export interface Asker {
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface SeatView {
  readonly id: number;
  readonly event_id: number;
  readonly row_number: number | null;
  readonly seat_number: number | null;
  readonly status: string;
  readonly created_at: string;
}

/** A store with this door and the native one. */
export function withSeats(use: (store: TestStore) => Promise<void>, options: Options = {}): Promise<void> {
  return withStore({ ...options, args: ['--doors', 'seats,v1', ...(options.args ?? [])] }, use);
}

/** A request with a body, and with a key unless that is left out. */
export function send(store: Asker, method: string, path: string, json?: unknown, key?: string): Promise<Answer> {
  return store.ask(method, path, {
    ...(json === undefined ? {} : { json }),
    ...(key === undefined ? {} : { headers: { 'Idempotency-Key': key } }),
  });
}

export function dataIn(answer: Answer): Fields {
  const { data } = answer.body;
  assert.ok(typeof data === 'object' && data !== null, answer.text);
  return data as Fields;
}

export function listIn(answer: Answer): readonly Fields[] {
  assert.equal(answer.status, 200, answer.text);
  const { data } = answer.body;
  assert.ok(Array.isArray(data), answer.text);
  return data as readonly Fields[];
}

export function seatsIn(answer: Answer): readonly SeatView[] {
  const { seats } = dataIn(answer);
  assert.ok(Array.isArray(seats), answer.text);
  return seats as readonly SeatView[];
}

async function create(store: Asker, kind: string, record: object): Promise<number> {
  const answer = await send(store, 'POST', `/api/${kind}`, record);
  assert.equal(answer.status, 201, answer.text);
  return Number(dataIn(answer)['id']);
}

/** Returns the small id. */
export function addUser(store: Asker, name: string): Promise<number> {
  return create(store, 'users', { email: `${name}@example.org`, name });
}

/** Returns the small id. */
export function addEvent(store: Asker, fields: object = {}): Promise<number> {
  return create(store, 'events', { name: 'A concert', event_date: '2027-01-31T20:00:00Z', ...fields });
}

/** Returns the small id. */
export function addSeat(store: Asker, event: number, row: number, number: number): Promise<number> {
  return create(store, 'seats', { event_id: event, row_number: row, seat_number: number });
}

/**
 * An event with rows of this many seats each. Returns its small id; the seats' ids count up from 1
 * in a fresh store.
 */
export async function addHall(store: Asker, ...rows: readonly number[]): Promise<number> {
  const event = await addEvent(store);
  for (const [row, seats] of rows.entries()) {
    for (let number = 1; number <= seats; number += 1) await addSeat(store, event, row + 1, number);
  }
  return event;
}

export function book(store: Asker, eventId: number, numberOfSeats: unknown, more: object = {}): Promise<Answer> {
  return send(store, 'POST', '/api/events/book', { eventId, numberOfSeats, ...more });
}

/** Books, which must succeed; returns the booking's small id and its seats. */
export async function booked(
  store: Asker,
  eventId: number,
  numberOfSeats: number,
  more: object = {},
): Promise<{ id: number; seats: readonly SeatView[] }> {
  const answer = await book(store, eventId, numberOfSeats, more);
  assert.equal(answer.status, 200, answer.text);
  return { id: Number(dataIn(answer)['bookingId']), seats: seatsIn(answer) };
}

export function cancel(store: Asker, eventId: number, bookingId: number, key?: string): Promise<Answer> {
  return send(store, 'DELETE', '/api/events/book', { eventId, bookingId }, key);
}

export function putSeat(store: Asker, seat: number, change: object, key?: string): Promise<Answer> {
  return send(store, 'PUT', `/api/seats/${seat}`, change, key);
}

export async function statusOf(store: Asker, seat: number): Promise<string> {
  return String(dataIn(await store.ask('GET', `/api/seats/${seat}`))['status']);
}

/** The statuses of the seats with ids from 1 on. */
export async function statuses(store: Asker): Promise<string[]> {
  return listIn(await store.ask('GET', '/api/seats?limit=1000')).map(({ status }) => String(status));
}

/** A refusal in the dialect's own shape, as `status message`. */
export function refusal(answer: Answer): string {
  assert.deepEqual(Object.keys(answer.body), ['success', 'message'], answer.text);
  assert.equal(answer.body['success'], false);
  assert.equal(answer.header('Content-Type'), 'application/json; charset=utf-8');
  return `${answer.status} ${answer.string('message')}`;
}

/** How many answers have each status, or each refusal. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const name = answer.status < 300 ? String(answer.status) : refusal(answer);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** The answer is the first one again. */
export function repeats(again: Answer, first: Answer): void {
  assert.equal(again.status, first.status);
  assert.equal(again.text, first.text);
  assert.equal(again.header('Idempotency-Replayed'), 'true');
}
