/**
 * The share of a sale that one customer, or one address, may hold at a time, over every door that
 * places holds.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import { ask } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { operatorKey, withStore } from '../../http/support/store.ts';
import { asOperator, assertProblem, freshKey, makeSale } from '../v1/support.ts';

/** A store behind a proxy that says whom it forwards for. */
function limited(args: readonly string[], use: (store: TestStore) => Promise<void>): Promise<void> {
  const environment = { HOLDFAST_OPERATOR_KEY: operatorKey, HOLDFAST_TRUSTED_PROXIES: '127.0.0.1' };
  return withStore({ args: ['--drops-port', '4000', ...args], environment }, use);
}

const from = (address: string): Record<string, string> => ({ 'X-Forwarded-For': address });

function hold(store: TestStore, sale: string, body: object, headers: Record<string, string>): Promise<Answer> {
  return store.post(`/v1/sales/${sale}/holds`, body, freshKey(), headers);
}

describe('with a share of what an address may hold', () => {
  test('a stranger holds no more of a sale, under whatever names; others do, and the operator as much as there is', () =>
    limited(['--held-by-address', '20'], async (store) => {
      const sale = await makeSale(store, 10, { maxPerOrder: null });
      const one = await hold(store, sale, { quantity: 2, customer: 'a' }, from('203.0.113.5'));
      assert.equal(one.status, 201, one.text);
      assertProblem(await hold(store, sale, { quantity: 1, customer: 'b' }, from('203.0.113.5')), 'HOLDS_TOO_MUCH');
      // Whoever adds hops of their own is known by the last one.
      assertProblem(await hold(store, sale, { quantity: 1 }, from('198.51.100.1, 203.0.113.5')), 'HOLDS_TOO_MUCH');
      assert.equal((await hold(store, sale, { quantity: 2 }, from('203.0.113.6'))).status, 201);
      assert.equal((await hold(store, sale, { quantity: 3 }, { ...from('203.0.113.5'), ...asOperator })).status, 201);
      const orders = `/v1/sales/${sale}/orders`;
      assert.equal((await store.post(orders, { quantity: 1 }, freshKey(), from('203.0.113.5'))).status, 201);
      const token = { 'Holdfast-Token': one.string('token') };
      await store.ask('DELETE', `/v1/holds/${one.string('id')}`, { headers: token });
      assert.equal((await hold(store, sale, { quantity: 2 }, from('203.0.113.5'))).status, 201);
    }));

  test('one unit may be held of a sale of which it is less than one; an IPv6 network counts as one', () =>
    limited(['--held-by-address', '1'], async (store) => {
      const sale = await makeSale(store, 10);
      assert.equal((await hold(store, sale, { quantity: 1 }, from('2001:db8:1:2::1'))).status, 201);
      assertProblem(await hold(store, sale, { quantity: 1 }, from('2001:db8:1:2:ffff::9')), 'HOLDS_TOO_MUCH');
      assert.equal((await hold(store, sale, { quantity: 1 }, from('2001:db8:1:3::1'))).status, 201);
    }));

  test("whose address would be everybody's has no such limit", () =>
    limited(['--held-by-address', '1'], async (store) => {
      const sale = await makeSale(store, 10);
      for (let i = 0; i < 3; i += 1) assert.equal((await hold(store, sale, { quantity: 1 }, {})).status, 201);
    }));

  test('the dialects keep to it in their words', () =>
    limited(['--held-by-address', '1'], async (store) => {
      const { port } = store.drops!;
      const call = (path: string, json: object, headers: Record<string, string>): Promise<Answer> =>
        ask(port, 'POST', path, { json, headers });
      await call('/api/drops', { name: 'A pair', price: 1, totalStock: 10 }, asOperator);
      await call('/api/users', { username: 'ann' }, {});
      assert.equal((await call('/api/reserve/1', { userId: 1 }, from('203.0.113.5'))).status, 201);
      const refused = await call('/api/reserve/1', { userId: 1 }, from('203.0.113.5'));
      assert.deepEqual([refused.status, refused.json], [400, { error: 'You hold as much of this drop as you may' }]);
      const event = { name: 'Opera', event_date: '2036-01-01' };
      await store.post('/api/events', event, null, asOperator);
      for (const seat_number of [1, 2])
        await store.post('/api/seats', { event_id: 1, row_number: 1, seat_number }, null, asOperator);
      const reserve = (seat: number): Promise<Answer> =>
        store.ask('PUT', `/api/seats/${seat}`, { json: { status: 'reserved' }, headers: from('203.0.113.5') });
      assert.equal((await reserve(1)).status, 200);
      assert.equal((await reserve(2)).status, 409);
    }));
});

test('with a share of what a customer may hold, a customer holds no more of a sale', () =>
  limited(['--held-by-customer', '30%'], async (store) => {
    const sale = await makeSale(store, 10);
    const other = await makeSale(store, 10);
    assert.equal((await hold(store, sale, { quantity: 3, customer: 'ann' }, {})).status, 201);
    assertProblem(await hold(store, sale, { quantity: 1, customer: 'ann' }, from('203.0.113.9')), 'HOLDS_TOO_MUCH');
    assert.equal((await hold(store, other, { quantity: 3, customer: 'ann' }, {})).status, 201);
    assert.equal((await hold(store, sale, { quantity: 3, customer: 'bob' }, {})).status, 201);
  }));

test('without such a setting nothing is limited, and records say nothing of addresses', () =>
  limited([], async (store) => {
    const sale = await makeSale(store, 10);
    for (let i = 0; i < 3; i += 1)
      assert.equal((await hold(store, sale, { quantity: 3, customer: 'ann' }, from('203.0.113.5'))).status, 201);
    const { holds } = store.node.engine.state;
    assert.deepEqual(
      [0, 1, 2].map((row) => [holds.address.get(row), holds.ofCustomer.get(row)]),
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    );
  }));
