/** Which drops the list shows, in which order, and their last purchases. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SaleChange } from '../../../src/engine/commands/sales.ts';
import { Command, kinds } from '../../../src/engine/command.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import type { TestStore } from '../../http/support/store.ts';
import { addDrop, addUser, dropNow, purchase, refusal, reserve, reserved, withDrops } from './support.ts';

const hour = 3_600_000;

async function shown(store: TestStore): Promise<number[]> {
  const listed = (await store.get('/api/drops')).json as { id: number }[];
  return listed.map(({ id }) => id);
}

async function change(store: TestStore, body: SaleChange): Promise<void> {
  const command = new Command().reset(kinds.updateSale);
  command.body = body;
  await store.node.submit(command, () => undefined, undefined);
}

function at(store: TestStore, ms: number): string {
  return new Date(store.node.clock.nowMs() + ms).toISOString();
}

describe('the list', () => {
  test('the list has the newest start first, and nothing that has not started', () =>
    withDrops(
      async (store) => {
        await addDrop(store, { dropStartTime: at(store, -hour) });
        await addDrop(store, { dropStartTime: at(store, hour) });
        await addDrop(store);
        await addDrop(store, { dropStartTime: at(store, -2 * hour) });
        assert.deepEqual(await shown(store), [3, 1, 4]);
        await store.advance(hour);
        assert.deepEqual(await shown(store), [2, 3, 1, 4]);
      },
      { manualTime: true },
    ));

  test('the list keeps a sold-out drop, with nothing left, for a day after its last purchase', () =>
    withDrops(
      async (store) => {
        const [drop, user] = [await addDrop(store, { totalStock: 1 }), await addUser(store, 'u')];
        const reservation = await reserved(store, drop, user);
        await store.advance(10_000);
        await purchase(store, reservation, user);
        assert.equal((await dropNow(store, drop))['availableStock'], 0);
        await store.advance(24 * hour - 1);
        assert.deepEqual(await shown(store), [drop]);
        await store.advance(1);
        assert.deepEqual(await shown(store), []);
        assert.equal((await dropNow(store, drop))['availableStock'], 0);
      },
      { manualTime: true },
    ));

  test('the list keeps a drop that is only held, and one that has stock, for as long as it is open', () =>
    withDrops(
      async (store) => {
        const [held, user] = [await addDrop(store, { totalStock: 1 }), await addUser(store, 'u')];
        const left = await addDrop(store);
        await store.advance(48 * hour);
        await reserved(store, held, user);
        assert.deepEqual(await shown(store), [held, left]);
      },
      { manualTime: true },
    ));

  test('the list lets go of a drop whose window has closed', () =>
    withDrops(
      async (store) => {
        const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
        const closesAtMs = store.node.clock.nowMs() + hour;
        await change(store, { sale: 0, closesAtMs });
        assert.deepEqual(await shown(store), [drop]);
        await store.advance(hour);
        assert.deepEqual(await shown(store), []);
        assert.equal(refusal(await reserve(store, drop, user)), '400 Drop has ended');
      },
      { manualTime: true },
    ));

  test('the list shows what another door changed: name, price and stock', () =>
    withDrops(async (store) => {
      const drop = await addDrop(store);
      await change(store, { sale: 0, name: 'New', price: { amount: 12_345, currency: 'USD' }, capacity: 150 });
      const now = await dropNow(store, drop);
      assert.deepEqual(
        [now['name'], now['price'], now['totalStock'], now['availableStock']],
        ['New', 123.45, 150, 150],
      );
      await change(store, { sale: 0, status: 'paused' });
      const user = await addUser(store, 'u');
      assert.equal(refusal(await reserve(store, drop, user)), '400 Drop is paused');
    }));
});

describe('recent purchases', () => {
  test('recent purchases are the last three, newest first', () =>
    withDrops(async (store) => {
      const drop = await addDrop(store);
      for (const name of ['a', 'b', 'c', 'd']) {
        const user = await addUser(store, name);
        await purchase(store, await reserved(store, drop, user), user);
      }
      const recent = (await dropNow(store, drop))['recentPurchases'] as { username: string }[];
      assert.deepEqual(
        recent.map(({ username }) => username),
        ['d', 'c', 'b'],
      );
    }));

  test('recent purchases leave out cancelled ones, and name only registered users', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      await purchase(store, await reserved(store, drop, user), user);
      const order = new Command().reset(kinds.order);
      order.setCustomer('someone@example.test');
      linesOf(order).add(0, 1);
      await store.node.submit(order, () => undefined, undefined);
      const names = async (): Promise<unknown[]> =>
        ((await dropNow(store, drop))['recentPurchases'] as { username: unknown }[]).map(({ username }) => username);
      assert.deepEqual(await names(), [null, 'u']);
      const cancel = new Command().reset(kinds.cancel);
      cancel.target = 0;
      await store.node.submit(cancel, () => undefined, undefined);
      assert.deepEqual(await names(), [null]);
      assert.equal((await dropNow(store, drop))['availableStock'], 99);
    }));
});
