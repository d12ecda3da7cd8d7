/** /v1/keys: keys of gates are made known by their hashes, listed and removed. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Options, TestStore } from '../../http/support/store.ts';
import { assertProblem, noon } from '../v1/support.ts';
import { asOperator, atNoon, guarded, makeGate } from './support.ts';

/** A store at noon with two gates. */
function withGates(use: (store: TestStore) => Promise<void>, options: Options = {}): Promise<void> {
  return atNoon(async (store) => {
    for (const id of ['north', 'south']) await makeGate(store, { id });
    await use(store);
  }, options);
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

describe('keys of gates', () => {
  test('a key is made known by its hash, and listed without it', () =>
    withGates(async (store) => {
      const made = await store.post('/v1/keys', { hash: hashOf('one'), gates: ['north'], label: 'North' }, null);
      assert.equal(made.status, 201, made.text);
      const key = { id: 'key_0_1', gates: ['north'], label: 'North', createdAt: noon };
      assert.deepEqual(made.json, key);
      assert.equal(made.header('Location'), '/v1/keys/key_0_1');
      await store.post('/v1/keys', { hash: hashOf('two'), gates: ['north', 'south'] }, null);
      const { items, next } = (await store.get('/v1/keys')).body;
      assert.deepEqual(items, [{ id: 'key_0_2', gates: ['north', 'south'], label: null, createdAt: noon }, key]);
      assert.equal(next, null);
      assert.ok(!(await store.get('/v1/keys')).text.includes(hashOf('one')));
    }));

  test('a key that is known already stays one key, with the gates that it had', () =>
    withGates(async (store) => {
      const asked = { hash: hashOf('one'), gates: ['north'] };
      const first = await store.post('/v1/keys', asked, 'k');
      assert.equal((await store.post('/v1/keys', asked, 'k')).text, first.text);
      assertProblem(await store.post('/v1/keys', { ...asked, label: 'x' }, 'k'), 'KEY_REUSED');
      const other = await store.post('/v1/keys', { ...asked, gates: ['south'] }, null);
      assert.deepEqual([other.status, other.text], [201, first.text]);
    }));

  test('a key is removed once, and leaves the list', () =>
    withGates(async (store) => {
      for (const name of ['one', 'two']) await store.post('/v1/keys', { hash: hashOf(name), gates: ['north'] }, null);
      assert.equal((await store.ask('DELETE', '/v1/keys/key_0_1')).status, 204);
      assertProblem(await store.ask('DELETE', '/v1/keys/key_0_1'), 'UNKNOWN_KEY');
      for (const id of ['key_0_3', 'key_1_2', 'key_0_0', 'two']) {
        assertProblem(await store.ask('DELETE', `/v1/keys/${id}`), 'UNKNOWN_KEY');
      }
      const { items } = (await store.get('/v1/keys')).body as { items: { id: string }[] };
      assert.deepEqual(
        items.map(({ id }) => id),
        ['key_0_2'],
      );
    }));

  test('keys come by pages', () =>
    withGates(async (store) => {
      for (let key = 0; key < 5; key += 1) {
        await store.post('/v1/keys', { hash: hashOf(String(key)), gates: ['north'] }, null);
      }
      const first = (await store.get('/v1/keys?limit=3')).body as { items: { id: string }[]; next: string };
      const second = (await store.get(`/v1/keys?limit=3&cursor=${first.next}`)).body as typeof first;
      assert.deepEqual(
        [...first.items, ...second.items].map(({ id }) => id),
        ['key_0_5', 'key_0_4', 'key_0_3', 'key_0_2', 'key_0_1'],
      );
      assert.equal(second.next, null);
    }));

  test('a request of another form is refused', () =>
    withGates(async (store) => {
      const hash = hashOf('one');
      const flawed = [
        {},
        { hash },
        { hash, gates: [] },
        { hash, gates: ['a', 'a'] },
        { hash, gates: [''] },
        { hash, gates: ['x'.repeat(256)] },
        { hash, gates: Array.from({ length: 257 }, (_, gate) => String(gate)) },
        { hash: hash.toUpperCase(), gates: ['a'] },
        { hash: hash.slice(1), gates: ['a'] },
        { hash, gates: ['a'], label: ' ' },
        { hash, gates: ['a'], label: 'x'.repeat(201) },
        { hash, gates: ['a'], key: 'one' },
      ];
      for (const asked of flawed) assertProblem(await store.post('/v1/keys', asked, null), 'INVALID_REQUEST');
      assert.deepEqual((await store.get('/v1/keys')).body['items'], []);
    }));

  test('a gate that is not known is named, and no key is made', () =>
    withGates(async (store) => {
      const asked = { hash: hashOf('one'), gates: ['north', 'east', 'west'] };
      assertProblem(await store.post('/v1/keys', asked, null), 'UNKNOWN_GATE', /^No gate has the id "east", "west"\. /);
      assert.deepEqual((await store.get('/v1/keys')).body['items'], []);
    }));

  test('none but the operator makes, sees or removes keys', () =>
    withGates(
      async (store) => {
        const asked = { hash: hashOf('one'), gates: ['north'] };
        assertProblem(await store.post('/v1/keys', asked, null), 'UNAUTHORIZED', /operator key/);
        assert.equal((await store.post('/v1/keys', asked, null, asOperator)).status, 201);
        assertProblem(await store.get('/v1/keys'), 'UNAUTHORIZED', /operator key/);
        assertProblem(await store.ask('DELETE', '/v1/keys/key_0_1'), 'UNAUTHORIZED', /operator key/);
        // Nor does the key itself.
        assertProblem(await store.get('/v1/keys', { Authorization: 'Bearer one' }), 'UNAUTHORIZED', /operator key/);
      },
      { environment: guarded },
    ));
});
