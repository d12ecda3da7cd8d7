/** What a client of this dialect can do with ids that other doors made known: nothing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../../src/engine/command.ts';
import type { Answer } from '../../http/support/client.ts';
import { ask } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { operatorKey, withStore } from '../../http/support/store.ts';
import { asOperator, assertProblem, freshKey, hold } from '../v1/support.ts';
import type { Asker } from './support.ts';
import { addDrop, addUser, dropNow, idIn, reserved } from './support.ts';

const owner = 'ann@example.org';

/**
 * A keyed store with the native door on its port and this one on another. `operator` makes drops.
 */
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

const reservationGone = 'Reservation not found or not active';

function buy(drops: Asker, reservation: number, userId: number, key?: string): Promise<Answer> {
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
  return drops.ask('POST', `/api/purchase/${reservation}`, { json: { userId }, headers });
}

describe('a hold that another door placed', () => {
  test('a hold that another door placed is bought by an operator or with its token, not by its customer as a user here', () =>
    withBoth(async (store, drops, operator) => {
      await addDrop(operator);
      const user = await addUser(drops, 'ann');
      // Anyone can name a customer: the native door gave the token to the caller that placed it.
      const held = await hold(store, 'sale_0_1', { quantity: 1, customer: 'ann' });
      for (const key of [undefined, 'a-key-of-a-stranger']) {
        const refused = await buy(drops, 1, user, key);
        assert.deepEqual([refused.status, refused.json], [400, { error: reservationGone }]);
      }
      const token = { 'Holdfast-Token': held.string('token') };
      assert.equal((await store.get(`/v1/holds/${held.string('id')}`, token)).body['status'], 'active');
      assert.equal((await buy(operator, 1, user)).status, 201);
      await hold(store, 'sale_0_1', { quantity: 1, customer: 'ann' });
      const confirm = '/v1/holds/hold_0_2/confirm';
      assertProblem(await store.post(confirm, undefined, freshKey()), 'TOKEN_REQUIRED');
      assert.equal((await store.post(confirm, undefined, freshKey(), asOperator)).status, 201);
    }));

  test('an offer of the waitlist is no reservation either', () =>
    withBoth(async (store, drops, operator) => {
      await addDrop(operator, { totalStock: 1 });
      const user = await addUser(drops, 'ann');
      await reserved(drops, 1, await addUser(drops, 'bob'));
      await store.post('/v1/sales/sale_0_1/waitlist', { quantity: 1, customer: 'ann' }, null);
      await store.ask('DELETE', '/v1/holds/hold_0_1', { headers: asOperator });
      assert.equal((await store.get('/v1/holds/hold_0_2', asOperator)).body['status'], 'active');
      assert.deepEqual((await buy(drops, 2, user)).json, { error: reservationGone });
    }));

  test('reservations of this door are bought as ever, with a key and without', () =>
    withBoth(async (_, drops, operator) => {
      await addDrop(operator);
      const user = await addUser(drops, 'ann');
      assert.equal((await buy(drops, await reserved(drops, 1, user), user)).status, 201);
      const keyed = await drops.ask('POST', '/api/reserve/1', {
        json: { userId: user },
        headers: { 'Idempotency-Key': 'a-key-to-reserve' },
      });
      assert.equal(keyed.status, 201);
      const bought = await buy(drops, 2, user, 'a-key-to-buy');
      assert.equal(bought.status, 201);
      assert.equal((await buy(drops, 2, user, 'a-key-to-buy')).text, bought.text);
    }));
});

describe('a purchase', () => {
  test('a purchase is shown under the name that its buyer had then', () =>
    withBoth(async (store, drops, operator) => {
      await addDrop(operator);
      const order = (): Promise<Answer> =>
        store.post('/v1/sales/sale_0_1/orders', { quantity: 1, customer: owner }, freshKey());
      const shown = async (): Promise<unknown[]> => {
        const [drop, buyers] = [await dropNow(drops, 1), await store.get('/v1/sales/sale_0_1/buyers')];
        const recent = (drop['recentPurchases'] as { username: unknown }[]).map(({ username }) => username);
        return [recent, (buyers.body['items'] as { name: unknown }[]).map(({ name }) => name)];
      };
      const first = await order();
      assert.deepEqual(await shown(), [[null], [null]]);
      const token = { 'Holdfast-Token': `${first.string('id')}:${first.string('token')}` };
      assert.equal((await store.post('/v1/customers', { id: owner, name: 'Ann' }, null, token)).status, 201);
      assert.deepEqual(await shown(), [[null], [null]]);
      await order();
      assert.deepEqual(await shown(), [
        ['Ann', null],
        ['Ann', null],
      ]);
      const change = new Command().reset(kinds.changeCustomer);
      change.body = { customer: 0, name: 'Anna' };
      await store.node.submit(change, () => undefined, undefined);
      await order();
      assert.deepEqual(await shown(), [
        ['Anna', 'Ann', null],
        ['Anna', 'Ann', null],
      ]);
      const removal = new Command().reset(kinds.removeCustomer);
      removal.body = { customer: 0 };
      await store.node.submit(removal, () => undefined, undefined);
      assert.deepEqual(await shown(), [
        [null, null, null],
        [null, null, null],
      ]);
    }));

  test('a purchase from before its buyer became a user names no user', () =>
    withBoth(async (store, drops, operator) => {
      await addDrop(operator);
      await store.post('/v1/sales/sale_0_1/orders', { quantity: 1, customer: 'bob' }, freshKey());
      const user = idIn(await createUser(operator, 'bob'), 'user');
      await buy(drops, await reserved(drops, 1, user), user);
      const recent = (await dropNow(drops, 1))['recentPurchases'] as { username: unknown }[];
      assert.deepEqual(
        recent.map(({ username }) => username),
        ['bob', null],
      );
    }));
});

describe('a name that another door made known', () => {
  test('a name that another door made known becomes a user for an operator or with a token, for no stranger', () =>
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

  test("a name that is registered is a duplicate, in the dialect's words", () =>
    withBoth(async (store, drops) => {
      await addUser(drops, 'ann');
      await store.post('/v1/customers', { id: 'bob' }, null);
      for (const name of ['ann', 'bob']) {
        const again = await createUser(drops, name);
        assert.deepEqual([again.status, again.json], [400, { error: 'Username already exists' }]);
      }
    }));
});
