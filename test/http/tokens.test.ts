/** Tokens: what opens a hold or an order to who is no operator. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import { deploymentSecret } from '../../src/cli/secret.ts';
import { Tokens } from '../../src/http/tokens.ts';
import { withFolder } from '../log/support/folders.ts';
import { assertProblem, asOperator, freshKey, guarded, hold, makeSale, order, stock } from '../doors/v1/support.ts';
import type { Answer } from './support/client.ts';
import type { TestStore } from './support/store.ts';
import { operatorKey, withStore } from './support/store.ts';

/** Every call that a token opens, on a hold and on an order. */
const onHold = ['GET ', 'POST /extend', 'POST /confirm', 'DELETE '];
const onOrder = ['GET ', 'POST /cancel'];

function call(store: TestStore, what: string, thing: string, headers: Record<string, string>): Promise<Answer> {
  const [method = '', rest = ''] = what.split(' ');
  const json = rest === '/extend' ? { until: '2026-06-01T12:06:00Z' } : rest === '/cancel' ? {} : undefined;
  return store.ask(method, `${thing}${rest}`, { json, headers: { 'Idempotency-Key': freshKey(), ...headers } });
}

describe('a token', () => {
  test('comes with what a customer makes, and opens it', () =>
    guarded(async (store) => {
      const sale = await makeSale(store, 9);
      for (const what of onHold) {
        const placed = await hold(store, sale, { quantity: 1 });
        const answer = await call(store, what, `/v1/holds/${placed.string('id')}`, {
          'Holdfast-Token': placed.string('token'),
        });
        assert.ok(answer.status < 300, `${what}: ${answer.text}`);
      }
      for (const what of onOrder) {
        const bought = await order(store, sale, { quantity: 1 });
        const answer = await call(store, what, `/v1/orders/${bought.string('id')}`, {
          'Holdfast-Token': bought.string('token'),
        });
        assert.ok(answer.status < 300, `${what}: ${answer.text}`);
      }
    }));

  test('is needed, and only the right one opens; an operator needs none', () =>
    guarded(async (store) => {
      const sale = await makeSale(store, 9);
      const placed = await hold(store, sale, { quantity: 1 });
      const bought = await order(store, sale, { quantity: 1 });
      const token = placed.string('token');
      const wrong = ['', 'x', token.slice(1), `${token}x`, token.toLowerCase(), bought.string('token'), operatorKey];
      const headers = [{}, ...wrong.map((one) => ({ 'Holdfast-Token': one }))];
      for (const what of onHold) {
        for (const one of headers)
          assertProblem(await call(store, what, `/v1/holds/${placed.string('id')}`, one), 'TOKEN_REQUIRED');
      }
      for (const what of onOrder) {
        for (const one of [{}, { 'Holdfast-Token': token }]) {
          assertProblem(await call(store, what, `/v1/orders/${bought.string('id')}`, one), 'TOKEN_REQUIRED');
        }
      }
      assert.deepEqual(await stock(store, sale), { sold: 1, held: 1, available: 7 });
      for (const what of onHold.slice(0, 3)) {
        assert.ok((await call(store, what, `/v1/holds/${placed.string('id')}`, asOperator)).status < 300);
      }
    }));

  test('does not tell whether a thing exists', () =>
    guarded(async (store) => {
      const sale = await makeSale(store, 9);
      const placed = (await hold(store, sale, { quantity: 1 })).string('id');
      const bought = (await order(store, sale, { quantity: 1 })).string('id');
      const same = async (what: string, there: string, nowhere: string): Promise<void> => {
        const [one, other] = [await call(store, what, there, {}), await call(store, what, nowhere, {})];
        assert.deepEqual([other.status, other.text], [one.status, one.text], what);
        assert.deepEqual(Object.keys(other.headers).sort(), Object.keys(one.headers).sort());
      };
      for (const what of onHold) await same(what, `/v1/holds/${placed}`, '/v1/holds/hold_0_999');
      for (const what of onOrder) await same(what, `/v1/orders/${bought}`, '/v1/orders/order_0_999');
    }));

  test('of a hold does not open the order made of it, which has its own', () =>
    guarded(async (store) => {
      const placed = await hold(store, await makeSale(store, 9), { quantity: 1 });
      const headers = { 'Holdfast-Token': placed.string('token') };
      const confirmed = await call(store, 'POST /confirm', `/v1/holds/${placed.string('id')}`, headers);
      const path = `/v1/orders/${confirmed.string('id')}`;
      assertProblem(await store.get(path, headers), 'TOKEN_REQUIRED');
      assert.equal((await store.get(path, { 'Holdfast-Token': confirmed.string('token') })).status, 200);
    }));

  test('is not given to operators, who need none', () =>
    guarded(async (store) => {
      const sale = await makeSale(store, 9);
      const bought = await store.post(`/v1/sales/${sale}/orders`, { quantity: 1 }, freshKey(), asOperator);
      assert.equal(bought.body['token'], undefined);
    }));

  test('goes on to open after the secret was changed once', () => {
    const before = new Tokens('first secret');
    const token = before.of('hold_0_1');
    assert.ok(new Tokens('second secret', 'first secret').opens('hold_0_1', token));
    assert.ok(!new Tokens('third secret', 'second secret').opens('hold_0_1', token));
    assert.ok(!before.opens('hold_0_2', token));
    assert.notEqual(new Tokens('second secret', 'first secret').of('hold_0_1'), token);
  });

  test('outlives the process: the secret is made once, for its owner alone, unless it is given', () =>
    withFolder(async (folder) => {
      const made = deploymentSecret(null, folder);
      assert.ok(made.length >= 32);
      assert.equal(deploymentSecret(null, folder), made);
      assert.equal(fs.statSync(path.join(folder, 'secret')).mode & 0o777, 0o600);
      assert.equal(deploymentSecret('given', folder), 'given');
      assert.notEqual(deploymentSecret(null, null), deploymentSecret(null, null));
      fs.writeFileSync(path.join(folder, 'secret'), 'short');
      assert.throws(() => deploymentSecret(null, folder), /at least 32 characters/);
    }));

  test('is the same on every node that has the secret', async () => {
    const environment = { HOLDFAST_OPERATOR_KEY: operatorKey, HOLDFAST_SECRET: 'a-secret-of-at-least-32-characters' };
    const tokens: string[] = [];
    for (let i = 0; i < 2; i += 1) {
      await withStore({ environment }, async (store) => {
        tokens.push((await hold(store, await makeSale(store, 9), { quantity: 1 })).string('token'));
      });
    }
    assert.equal(tokens[0], tokens[1]);
  });
});
