/**
 * What was answered is there after the end of the process, orderly or not: records, ids, places in
 * line, and first answers.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import { ChildStore, withDataFolder } from '../../http/support/child.ts';
import { addHall, addSeat, addUser, book, cancel, listIn, putSeat, repeats, send } from './support.ts';

const lists = ['/api/users', '/api/events', '/api/events/active', '/api/seats?limit=100', '/api/seats?status=booked'];

/** Requests with keys, each the last of its kind to have an effect. */
const keyed: readonly (readonly [method: string, path: string, json?: object])[] = [
  ['POST', '/api/users', { email: 'kept@example.org', name: 'Kept' }],
  ['PUT', '/api/seats/2', { row_number: 9, seat_number: 9 }],
  ['PUT', '/api/seats/3', { status: 'blocked' }],
  ['POST', '/api/events/book', { eventId: 1, numberOfSeats: 4, userId: 1, partial: true }],
  ['POST', '/api/events/book', { eventId: 1, numberOfSeats: 3, userId: 2, partial: true }],
  ['DELETE', '/api/events/book', { eventId: 1, bookingId: 1 }],
  ['POST', '/api/events/book', { eventId: 1, numberOfSeats: 3, userId: 1, partial: true }],
  ['DELETE', '/api/users/3'],
  ['POST', '/api/events', { name: 'Closed', event_date: '2027-01-01', status: 'soon' }],
  ['DELETE', '/api/events/2'],
];

function askKeyed(store: ChildStore): Promise<Answer[]> {
  return Promise.all(keyed.map(([method, path, json], i) => send(store, method, path, json, `key ${i}`)));
}

test('a store that ends, or is killed, opens again as it was', () =>
  withDataFolder(async (folder) => {
    const start = (): Promise<ChildStore> => ChildStore.start(folder, ['--doors', 'seats,v1']);
    let store = await start();
    try {
      await addHall(store, 5);
      for (const name of ['ann', 'bob']) await addUser(store, name);
      const first: Answer[] = [];
      for (const [i, [method, path, json]] of keyed.entries()) {
        const answer = await send(store, method, path, json, `key ${i}`);
        assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
        first.push(answer);
      }
      await send(store, 'PUT', '/api/users/1', { name: 'Anna' });
      const shown = async (): Promise<string[]> => {
        const answers = await Promise.all(lists.map((path) => store.ask('GET', path)));
        return answers.map(({ text }) => text);
      };
      const before = await shown();
      for (const signal of ['SIGTERM', 'SIGKILL', 'SIGTERM'] as const) {
        await store.kill(signal);
        store = await start();
        assert.deepEqual(await shown(), before, signal);
        for (const [i, again] of (await askKeyed(store)).entries()) repeats(again, first[i]!);
        assert.deepEqual(await shown(), before, 'repeating changes nothing');
      }
      // The line, the numbers and the e-mails go on where they were.
      const booked = async (): Promise<number> => listIn(await store.ask('GET', '/api/seats?status=booked')).length;
      assert.equal(await booked(), 4);
      assert.equal((await putSeat(store, 3, { status: 'available' })).status, 200);
      assert.equal(await booked(), 4, 'one seat is not enough for two');
      await addSeat(store, 1, 2, 1);
      assert.equal(await booked(), 6);
      const email = await send(store, 'POST', '/api/users', { email: 'ann@example.org', name: 'B' });
      assert.equal(email.status, 409);
      assert.equal(await addUser(store, 'next'), 4);
      assert.equal(await addHall(store, 1), 3);
      assert.equal((await book(store, 3, 1)).status, 200);
      assert.equal((await cancel(store, 3, 5)).status, 200);
    } finally {
      await store.kill('SIGKILL');
    }
  }));
