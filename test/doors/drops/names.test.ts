/** Names of users and drops: kept in NFC, and no two users that look alike. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, doors, kinds, scopes } from '../../../src/engine/command.ts';
import { fingerprintText } from '../../../src/engine/fingerprint.ts';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { addUser, part, withDrops } from './support.ts';

const nfc = 'Jos\u00e9';
const nfd = 'Jose\u0301';
const taken = '{"error":"Username already exists"}';

function register(store: TestStore, username: string, key?: string): Promise<Answer> {
  const headers = key === undefined ? {} : { 'Idempotency-Key': key };
  return store.ask('POST', '/api/users', { json: { username }, headers });
}

/** A user as the door registered one before it normalised. */
function registerAsBefore(store: TestStore, name: string, key?: string): Promise<unknown> {
  const command = new Command().reset(kinds.createCustomer);
  command.body = { id: name, name, email: null, door: doors.drops };
  command.setCustomer(name);
  if (key !== undefined) {
    command.setKey(scopes.door, doors.drops, key);
    fingerprintText(command, `user ${JSON.stringify(name)}`);
  }
  return Promise.resolve(store.node.submit(command, ({ ok }) => assert.ok(ok), undefined));
}

async function usernames(store: TestStore): Promise<unknown[]> {
  const { users } = (await store.ask('GET', '/api/users')).body as { users: { username: string }[] };
  return users.map(({ username }) => username);
}

describe('a username', () => {
  test('a username is kept in NFC, and its answer has it so', () =>
    withDrops(async (store) => {
      const made = await register(store, nfd);
      assert.deepEqual([made.status, part(made, 'user')['username']], [201, nfc]);
      assert.deepEqual(await usernames(store), [nfc]);
    }));

  test('a username that looks like an existing one is taken', () =>
    withDrops(async (store) => {
      await addUser(store, 'Ann Lee');
      await addUser(store, nfc);
      for (const name of ['ann lee', 'Ann Lee ', ' Ann  Lee', 'ANN\u00a0LEE', 'Ann\u200b Lee', nfd, 'JOSÉ', 'josé ']) {
        const refused = await register(store, name);
        assert.deepEqual([refused.status, refused.text], [400, taken], name);
      }
      await addUser(store, 'AnnLee');
      assert.deepEqual(await usernames(store), ['Ann Lee', nfc, 'AnnLee']);
    }));

  test('a username requested in many spellings at once is given once', () =>
    withDrops(async (store) => {
      const spellings = ['Bob', 'bob', 'BOB', ' bob', 'Bob ', 'bOb', 'b\u200bob', 'Bob'];
      const answers = await Promise.all(spellings.map((name) => register(store, name)));
      assert.deepEqual(
        answers.map(({ status }) => status).toSorted((a, b) => a - b),
        [201, ...Array.from({ length: 7 }, () => 400)],
      );
      assert.equal((await usernames(store)).length, 1);
    }));

  test('a retry of a username with its key gets its first answer, in the spelling that was sent', () =>
    withDrops(async (store) => {
      const first = await register(store, nfd, 'once');
      const again = await register(store, nfd, 'once');
      assert.deepEqual([again.status, again.text, again.header('Idempotency-Replayed')], [201, first.text, 'true']);
      // Another text under the key is another request.
      assert.equal((await register(store, nfc, 'once')).status, 422);
      assert.equal((await register(store, 'jose', 'other')).status, 201);
    }));

  test('an older username in another form is found: a retry is a replay, and no second one is made', () =>
    withDrops(async (store) => {
      await registerAsBefore(store, nfd, 'before');
      await registerAsBefore(store, 'carl');
      await registerAsBefore(store, 'Carl', 'second');
      const again = await register(store, nfd, 'before');
      assert.deepEqual([again.status, again.header('Idempotency-Replayed')], [201, 'true']);
      assert.equal(part(again, 'user')['username'], nfd);
      const second = await register(store, 'Carl', 'second');
      assert.deepEqual([second.status, part(second, 'user')['username']], [201, 'Carl']);
      for (const name of [nfd, nfc, 'carl', 'Carl', 'CARL'])
        assert.equal((await register(store, name)).text, taken, name);
      assert.deepEqual(await usernames(store), [nfd, 'carl', 'Carl']);
    }));

  test("a username's length is checked in the form in which it is kept", () =>
    withDrops(async (store) => {
      // Three units, kept as six.
      assert.match((await register(store, '\u{1d160}'.repeat(100))).text, /at most 255 characters/);
      assert.equal((await register(store, 'e\u0301'.repeat(200))).status, 201);
    }));

  test('a username is found among thousands', () =>
    withDrops(async (store) => {
      for (let first = 0; first < 3000; first += 500)
        await Promise.all(Array.from({ length: 500 }, (_, i) => registerAsBefore(store, `User ${first + i}`)));
      const answers = await Promise.all([0, 999, 1000, 2999].map((i) => register(store, `user  ${i}`)));
      for (const answer of answers) assert.equal(answer.text, taken);
      assert.equal((await register(store, 'user 3000')).status, 201);
    }));
});

test('a drop has its name in NFC, and a retry of what was sent is a replay', () =>
  withDrops(async (store) => {
    const asked = { json: { name: nfd, price: 1, totalStock: 1 }, headers: { 'Idempotency-Key': 'drop' } };
    const made = await store.ask('POST', '/api/drops', asked);
    assert.equal(part(made, 'drop')['name'], nfc);
    assert.equal((await store.ask('POST', '/api/drops', asked)).text, made.text);
  }));
