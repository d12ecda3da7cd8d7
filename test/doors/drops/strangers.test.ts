/** What a client of this dialect can do with ids that other doors made known: nothing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import { ask } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { operatorKey, withStore } from '../../http/support/store.ts';
import { asOperator, hold } from '../v1/support.ts';
import type { Asker } from './support.ts';
import { addDrop, addUser } from './support.ts';

const owner = 'ann@example.org';

/** A keyed store with the native door on its port and this one on another. `operator` makes drops. */
function withBoth(use: (store: TestStore, drops: Asker, operator: Asker) => Promise<void>): Promise<void> {
  return withStore(
    { args: ['--drops-port', '4000'], environment: { HOLDFAST_OPERATOR_KEY: operatorKey } },
    async (store) => {
      const port = store.drops!.port;
      const as = (more: Record<string, string>): Asker => ({
        ask: (method, path, asked = {}) =>
          ask(port, method, path, { ...asked, headers: { ...asked.headers, ...more } }),
      });
      await use(store, as({}), as(asOperator));
    },
  );
}

function createUser(drops: Asker, username: string, headers: Record<string, string> = {}): Promise<Answer> {
  return drops.ask('POST', '/api/users', { json: { username }, headers });
}

describe('a name that another door made known', () => {
  test('becomes a user for an operator, or who has a token of its things, and for no stranger', () =>
    withBoth(async (store, drops, operator) => {
      await addDrop(operator);
      const held = await hold(store, 'sale_0_1', { quantity: 1, customer: owner });
      assert.equal(held.status, 201, held.text);
      const refused = await createUser(drops, owner);
      assert.equal(refused.status, 403, refused.text);
      assert.match(refused.string('error'), /ID:TOKEN/);
      const token = `${held.string('id')}:${held.string('token')}`;
      assert.equal((await createUser(drops, owner, { 'Holdfast-Token': token })).status, 201);
      await hold(store, 'sale_0_1', { quantity: 1, customer: 'bob' });
      assert.equal((await createUser(drops, 'bob')).status, 403);
      assert.equal((await createUser(operator, 'bob')).status, 201);
    }));

  test('is a duplicate where it is registered, as the dialect says it', () =>
    withBoth(async (store, drops) => {
      await addUser(drops, 'ann');
      await store.post('/v1/customers', { id: 'bob' }, null);
      for (const name of ['ann', 'bob']) {
        const again = await createUser(drops, name);
        assert.deepEqual([again.status, again.json], [400, { error: 'Username already exists' }]);
      }
    }));
});
