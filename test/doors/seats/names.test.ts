/** Names, e-mails and statuses of the seats dialect: kept in NFC, found in any form. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, doors, kinds } from '../../../src/engine/command.ts';
import type { Kind } from '../../../src/engine/command.ts';
import { setKey } from '../../../src/doors/seats/keys.ts';
import { eventDefinition } from '../../../src/doors/seats/events.ts';
import type { TestStore } from '../../http/support/store.ts';
import { dataIn, listIn, send, withSeats } from './support.ts';

const nfc = 'Ren\u00e9e';
const nfd = 'Rene\u0301e';
const [mail, mailBefore] = [`${nfc}@example.org`, `${nfd}@example.org`];
const date = '2027-01-31T20:00:00.000Z';

/** A command as the door made it before it normalised. */
async function before(store: TestStore, kind: Kind, body: object, key?: string, named?: unknown): Promise<void> {
  const command = new Command().reset(kind);
  command.body = body;
  if (key !== undefined) setKey(command, key, named);
  await store.node.submit(command, ({ ok, row }) => assert.ok(ok, row.code), undefined);
}

const userBefore = { id: null, name: nfd, email: mailBefore, door: doors.seats, uniqueEmail: true };

describe('a user', () => {
  test('a user has name and e-mail in NFC, made or changed', () =>
    withSeats(async (store) => {
      const made = dataIn(await send(store, 'POST', '/api/users', { email: mailBefore, name: nfd }));
      assert.deepEqual([made['email'], made['name']], [mail, nfc]);
      const changed = dataIn(await send(store, 'PUT', '/api/users/1', { email: `x${mailBefore}`, name: `${nfd} B` }));
      assert.deepEqual([changed['email'], changed['name']], [`x${mail}`, `${nfc} B`]);
    }));

  test('a user is found by e-mail and name in each Unicode form', () =>
    withSeats(async (store) => {
      await before(store, kinds.createCustomer, userBefore);
      await send(store, 'POST', '/api/users', { email: `b${mail}`, name: `${nfc} B` });
      for (const [name, email, id] of [
        [nfc, mail, 1],
        [nfd, mailBefore, 1],
        [`${nfc} B`, `b${mail}`, 2],
        [`${nfd} B`, `b${mailBefore}`, 2],
      ] as const) {
        assert.equal(dataIn(await store.ask('GET', `/api/users/email/${encodeURIComponent(email)}`))['id'], id);
        for (const query of [`name=${encodeURIComponent(name)}`, `email=${encodeURIComponent(email)}`])
          assert.deepEqual(
            listIn(await store.ask('GET', `/api/users?${query}`)).map((user) => user['id']),
            [id],
          );
      }
    }));

  test("a user's e-mail is unique across its Unicode forms", () =>
    withSeats(async (store) => {
      await before(store, kinds.createCustomer, userBefore);
      await send(store, 'POST', '/api/users', { email: `b${mail}`, name: 'B' });
      for (const email of [mail, mailBefore, `b${mail}`, `b${mailBefore}`]) {
        assert.equal((await send(store, 'POST', '/api/users', { email, name: 'C' })).status, 409, email);
        const other = email.startsWith('b') ? 1 : 2;
        assert.equal((await send(store, 'PUT', `/api/users/${other}`, { email })).status, 409, email);
      }
    }));
});

describe('an event', () => {
  test('an event has name and status in NFC, made or changed', () =>
    withSeats(async (store) => {
      const made = dataIn(
        await send(store, 'POST', '/api/events', { name: nfd, event_date: date, status: `an ${nfd}` }),
      );
      assert.deepEqual([made['name'], made['status']], [nfc, `an ${nfc}`]);
      const changed = dataIn(await send(store, 'PUT', '/api/events/1', { name: `${nfd} B`, status: nfd }));
      assert.deepEqual([changed['name'], changed['status']], [`${nfc} B`, nfc]);
      const path = `/api/events?name=${encodeURIComponent(`${nfd} B`)}&status=${encodeURIComponent(nfc)}`;
      assert.equal(listIn(await store.ask('GET', path)).length, 1);
    }));

  test('a retry of an event with an older key is a replay', () =>
    withSeats(async (store) => {
      const asked = { name: nfd, eventDateMs: Date.parse(date) };
      const definition = eventDefinition(nfd, date, 'active', null);
      await before(store, kinds.createSale, definition, 'once', ['create event', asked]);
      const again = await send(store, 'POST', '/api/events', { name: nfd, event_date: date }, 'once');
      assert.deepEqual([again.status, again.header('Idempotency-Replayed')], [201, 'true']);
      assert.equal(dataIn(again)['name'], nfd);
      assert.equal((await send(store, 'POST', '/api/events', { name: nfc, event_date: date }, 'once')).status, 422);
    }));
});
