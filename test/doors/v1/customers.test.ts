/** Customers: registered by themselves, or known from what they bought. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kinds } from '../../../src/engine/command.ts';
import { command } from './halls.ts';
import { assertProblem, atNoon, makeSale, noon, order, timeAt } from './support.ts';

const path = '/v1/customers';

describe('a customer', () => {
  test('a customer is registered under the id that it names', () =>
    atNoon(async (store) => {
      const asked = { id: 'ann@home/1 ä', name: 'Ann', email: 'ann@example.org' };
      const made = await store.post(path, asked, null);
      assert.equal(made.status, 201);
      assert.deepEqual(made.json, { ...asked, createdAt: noon });
      assert.equal(made.header('Holdfast-Position'), store.nth(1));
      assert.equal(made.header('Location'), `${path}/${encodeURIComponent(asked.id)}`);
      assert.equal((await store.get(made.header('Location'))).text, made.text);
    }));

  test('a customer without an id gets one', () =>
    atNoon(async (store) => {
      const made = await store.post(path, {}, null);
      assert.deepEqual(made.json, { id: 'customer_0_1', name: null, email: null, createdAt: noon });
      assert.equal((await store.post(path, { name: null }, null)).body['id'], 'customer_0_2');
    }));

  test('a customer is registered once', () =>
    atNoon(async (store) => {
      await store.post(path, { id: 'ann', name: 'Ann' }, null);
      assertProblem(await store.post(path, { id: 'ann', name: 'Other' }, null), 'CUSTOMER_EXISTS');
      assert.equal((await store.get(`${path}/ann`)).body['name'], 'Ann');
    }));

  test('a customer registered twice with one key is one', () =>
    atNoon(async (store) => {
      const first = await store.post(path, { name: 'Ann' }, 'once');
      const again = await store.post(path, { name: 'Ann' }, 'once');
      assert.deepEqual([again.status, again.text, again.header('Idempotency-Replayed')], [201, first.text, 'true']);
      assertProblem(await store.post(path, { name: 'Bob' }, 'once'), 'KEY_REUSED');
    }));

  test('a customer known from an order is found, and may register then', () =>
    atNoon(async (store) => {
      await order(store, await makeSale(store, 5), { quantity: 1, customer: 'ann' });
      assert.deepEqual((await store.get(`${path}/ann`)).json, { id: 'ann', name: null, email: null, createdAt: noon });
      await store.advance(5000);
      const made = await store.post(path, { id: 'ann', name: 'Ann' }, null);
      assert.deepEqual(made.json, { id: 'ann', name: 'Ann', email: null, createdAt: timeAt(5) });
    }));

  test('a retry of a registration gets its first answer after any later changes', () =>
    atNoon(async (store) => {
      const asked = { id: 'ann', name: 'Ann', email: 'ann@example.org' };
      const first = await store.post(path, asked, 'once');
      const { state } = store.node.engine;
      await command(store, kinds.changeCustomer, { customer: 0, name: 'Anna', email: null });
      assert.deepEqual((await store.get(`${path}/ann`)).json, { ...asked, name: 'Anna', email: null, createdAt: noon });
      assert.equal((await store.post(path, asked, 'once')).text, first.text);
      await command(store, kinds.removeCustomer, { customer: 0 });
      assert.equal((await store.post(path, asked, 'once')).text, first.text);
      assert.equal(state.customers.count, 1);
    }));

  test('a customer that was removed is 404, keeps its orders, and is named to nobody', () =>
    atNoon(async (store) => {
      await store.post(path, { id: 'ann', name: 'Ann' }, null);
      const sale = await makeSale(store, 5);
      const bought = await order(store, sale, { quantity: 1, customer: 'ann' });
      const buyers = async (): Promise<unknown> => (await store.get(`/v1/sales/${sale}/buyers`)).body['items'];
      assert.deepEqual(await buyers(), [{ name: 'Ann', quantity: 1, at: noon }]);
      await command(store, kinds.removeCustomer, { customer: 0 });
      assertProblem(await store.get(`${path}/ann`), 'NOT_FOUND');
      assertProblem(await store.post(path, { id: 'ann', name: 'Ann' }, null), 'CUSTOMER_EXISTS');
      assert.equal((await store.get(`/v1/orders/${bought.string('id')}`)).body['customer'], 'ann');
      assert.deepEqual(await buyers(), [{ name: null, quantity: 1, at: noon }]);
    }));

  test('an unknown customer is 404', () =>
    atNoon(async (store) => {
      for (const id of ['ann', '%00', 'x'.repeat(3000)]) {
        assertProblem(await store.get(`${path}/${id}`), 'NOT_FOUND');
      }
      // A lone surrogate names no customer that could be known.
      for (const id of ['%', '%E0%A4%A']) assertProblem(await store.get(`${path}/${id}`), 'INVALID_REQUEST');
    }));

  test('a customer that is malformed is refused by its places', () =>
    atNoon(async (store) => {
      const bodies = [
        { id: '' },
        { id: 5 },
        { id: 'a\tb' },
        { id: null },
        { name: '' },
        { name: 'x'.repeat(201) },
        { email: 'nobody' },
        { email: 'a b@c.d' },
        { email: `${'a'.repeat(252)}@b.c` },
        { phone: '1' },
        [],
      ];
      for (const body of bodies) assertProblem(await store.post(path, body, null), 'INVALID_REQUEST');
    }));
});
