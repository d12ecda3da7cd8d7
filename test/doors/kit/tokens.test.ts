/** Tokens: they open a hold or an order to callers other than operators. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import { historyOf } from '../../../src/doors/kit/owners.ts';
import { Command, kinds } from '../../../src/engine/command.ts';
import { deploymentSecret } from '../../../src/store/secret.ts';
import { Tokens } from '../../../src/doors/kit/tokens.ts';
import { withFolder } from '../../log/support/folders.ts';
import { assertProblem, asOperator, freshKey, guarded, hold, makeSale, order, stock } from '../v1/support.ts';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { operatorKey, withStore } from '../../http/support/store.ts';

const secret = 'a-secret-of-at-least-32-characters';

/** Epochs from 10 and from 20 on. */
const history = {
  store: 'a store',
  epochAt: (position: number) => (position < 10 ? null : position < 20 ? 'one' : 'other'),
};

/** Every call that a token opens, on a hold and on an order. */
const onHold = ['GET ', 'POST /extend', 'POST /confirm', 'DELETE '];
const onOrder = ['GET ', 'POST /cancel'];

function call(store: TestStore, what: string, thing: string, headers: Record<string, string>): Promise<Answer> {
  const [method = '', rest = ''] = what.split(' ');
  const json = rest === '/extend' ? { until: '2026-06-01T12:06:00Z' } : rest === '/cancel' ? {} : undefined;
  return store.ask(method, `${thing}${rest}`, { json, headers: { 'Idempotency-Key': freshKey(), ...headers } });
}

describe('a token', () => {
  test('a token comes with what a customer makes, and opens it', () =>
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

  test('a token is needed, and only the right one opens; an operator needs none', () =>
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

  test('a token does not tell whether a thing exists', () =>
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

  test('a token of a hold does not open the order made of it, which has its own', () =>
    guarded(async (store) => {
      const placed = await hold(store, await makeSale(store, 9), { quantity: 1 });
      const headers = { 'Holdfast-Token': placed.string('token') };
      const confirmed = await call(store, 'POST /confirm', `/v1/holds/${placed.string('id')}`, headers);
      const path = `/v1/orders/${confirmed.string('id')}`;
      assertProblem(await store.get(path, headers), 'TOKEN_REQUIRED');
      assert.equal((await store.get(path, { 'Holdfast-Token': confirmed.string('token') })).status, 200);
    }));

  test('a token is not given to operators, who need none', () =>
    guarded(async (store) => {
      const sale = await makeSale(store, 9);
      const bought = await store.post(`/v1/sales/${sale}/orders`, { quantity: 1 }, freshKey(), asOperator);
      assert.equal(bought.body['token'], undefined);
    }));

  test('a token stays valid after one change of the secret', () => {
    const thing = { purpose: 'hold', id: 'hold_0_1', position: 5 } as const;
    const before = new Tokens(history, 'first secret');
    const token = before.of(thing);
    assert.ok(new Tokens(history, 'second secret', 'first secret').opens(thing, token));
    assert.ok(!new Tokens(history, 'third secret', 'second secret').opens(thing, token));
    assert.ok(!before.opens({ ...thing, id: 'hold_0_2' }, token));
    assert.notEqual(new Tokens(history, 'second secret', 'first secret').of(thing), token);
  });

  test('a token depends on the store, the purpose, the id and the epoch that gave it', () => {
    const thing = { purpose: 'hold', id: 'hold_0_1', position: 15 } as const;
    const tokens = new Tokens(history, 'a secret');
    const token = tokens.of(thing);
    assert.ok(tokens.opens({ ...thing, position: 19 }, token), 'the same epoch');
    assert.ok(!tokens.opens({ ...thing, position: 20 }, token), 'given again after a restore');
    assert.ok(!tokens.opens({ ...thing, position: 5 }, token), 'from before the first epoch');
    assert.ok(!tokens.opens({ ...thing, purpose: 'order' }, token));
    assert.ok(!new Tokens({ ...history, store: 'another' }, 'a secret').opens(thing, token));
  });

  test('a token from before the first epoch stays the same: it depends on the id alone', () => {
    const old = createHmac('sha256', 'a secret').update('hold_0_1').digest('base64url');
    const thing = { purpose: 'hold', id: 'hold_0_1', position: 9 } as const;
    const tokens = new Tokens(history, 'a secret');
    assert.equal(tokens.of(thing), old);
    assert.ok(tokens.opens(thing, old));
    assert.ok(!tokens.opens({ ...thing, position: 10 }, old));
  });

  test('a token has one text: another one that decodes to the same bytes is refused', () => {
    const thing = { purpose: 'order', id: 'order_0_1', position: 12 } as const;
    const tokens = new Tokens(history, 'a secret');
    const token = tokens.of(thing);
    assert.ok(tokens.opens(thing, token));
    const last = token.at(-1)!;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = `${token.slice(0, -1)}${alphabet[alphabet.indexOf(last) + 1]}`;
    assert.deepEqual(Buffer.from(twin, 'base64url'), Buffer.from(token, 'base64url'));
    const standard = token.replaceAll('-', '+').replaceAll('_', '/');
    for (const other of [
      twin,
      `${token}=`,
      `${token} `,
      `${token}\n`,
      ` ${token}`,
      `${token.slice(0, 9)}!${token.slice(9)}`,
    ]) {
      assert.ok(!tokens.opens(thing, other), JSON.stringify(other));
    }
    if (standard !== token) assert.ok(!tokens.opens(thing, standard));
  });

  test('a token of a store opens nothing in one that went on from a copy of it', () =>
    withStore({ environment: { HOLDFAST_OPERATOR_KEY: operatorKey, HOLDFAST_SECRET: secret } }, async (store) => {
      const sale = await makeSale(store, 9);
      const before = await hold(store, sale, { quantity: 1 }, 'before');
      const start = new Command().reset(kinds.started);
      start.body = { epoch: '0123456789ab' };
      await store.node.submit(start, () => undefined, undefined);
      const placed = await hold(store, sale, { quantity: 1 }, 'placed');
      const read = (answer: Answer, token: string): Promise<Answer> =>
        store.get(`/v1/holds/${answer.string('id')}`, { 'Holdfast-Token': token });
      for (const answer of [before, placed]) assert.equal((await read(answer, answer.string('token'))).status, 200);
      assert.equal((await hold(store, sale, { quantity: 1 }, 'before')).text, before.text);
      assert.equal((await hold(store, sale, { quantity: 1 }, 'placed')).text, placed.text);
      const { position } = store.node.engine;
      const elsewhere = new Tokens({ ...historyOf(store.node), epochAt: () => 'fedcba987654' }, secret);
      const id = placed.string('id');
      assertProblem(await read(placed, elsewhere.of({ purpose: 'hold', id, position })), 'TOKEN_REQUIRED');
      const own = new Tokens(historyOf(store.node), secret);
      assert.equal(own.of({ purpose: 'hold', id, position }), placed.string('token'));
    }));

  test('a token outlives the process: the secret is made once, for its owner alone, unless it is given', () =>
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

  test('a token is the same on every node that has the secret and the log', () =>
    withFolder(async (folder) => {
      const environment = { HOLDFAST_OPERATOR_KEY: operatorKey, HOLDFAST_SECRET: secret };
      const settings = { log: { kind: 'file', folder }, sql: null } as const;
      const tokens: string[] = [];
      let sale = '';
      for (let i = 0; i < 2; i += 1) {
        await withStore({ environment, settings }, async (store) => {
          if (i === 0) sale = await makeSale(store, 9);
          tokens.push((await hold(store, sale, { quantity: 1 }, 'the same')).string('token'));
        });
      }
      assert.equal(tokens[0], tokens[1]);
    }));
});
