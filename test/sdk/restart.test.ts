/**
 * kill -9 of the store under the client: calls have their one effect, the stream heals and shows
 * the right numbers.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionState } from '../../sdk/src/index.ts';
import { Holdfast, HoldfastError } from '../../sdk/src/index.ts';
import { operatorKey, withStore } from './support/store.ts';

const retry = { baseMs: 20, capMs: 200 };

test('calls that a killed store left open have one effect each', () =>
  withStore(async (store) => {
    const operator = new Holdfast({ url: store.url, operatorKey, retry });
    const { id } = await operator.sales.create({ name: 'Rush', kind: 'counted', capacity: 100_000 });
    const buyer = new Holdfast({ url: store.url, retry });
    let isOver = false;
    const orders: { id: string; attempts: number; replayed: boolean }[] = [];
    const buyAsLongAsItGoes = async (): Promise<void> => {
      while (!isOver) {
        const order = await buyer.orders.buy(id, { quantity: 1 });
        orders.push({ id: order.id, attempts: order.answer.attempts, replayed: order.answer.replayed });
      }
    };
    const buyers = Array.from({ length: 20 }, buyAsLongAsItGoes);
    for (let kills = 0; kills < 2; kills += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await store.kill();
      await store.start();
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    isOver = true;
    await Promise.all(buyers);
    assert.equal(new Set(orders.map(({ id: order }) => order)).size, orders.length);
    assert.equal((await buyer.sales.get(id)).sold, orders.length);
    assert.ok(
      orders.some(({ attempts }) => attempts > 1),
      'no call was hit by a kill',
    );
  }));

test('a call that gave up is finished with its key once the store is back', () =>
  withStore(async (store) => {
    const operator = new Holdfast({ url: store.url, operatorKey, retry });
    const { id } = await operator.sales.create({ name: 'Rush', kind: 'counted', capacity: 5 });
    await store.kill();
    const error: unknown = await operator.orders
      .buy(id, { quantity: 2 }, { deadlineMs: 150 })
      .catch((reason: unknown) => reason);
    assert.ok(error instanceof HoldfastError && error.resultUnknown && error.key !== null && error.attempts > 1);
    await store.start();
    const order = await operator.orders.buy(id, { quantity: 2 }, { key: error.key });
    assert.equal((await operator.orders.buy(id, { quantity: 2 }, { key: error.key })).id, order.id);
    assert.equal((await operator.sales.get(id)).sold, 2);
  }));

test('a stream heals after the store was killed, and shows the right number', () =>
  withStore(async (store) => {
    const operator = new Holdfast({ url: store.url, operatorKey, retry });
    const { id } = await operator.sales.create({ name: 'Rush', kind: 'counted', capacity: 50 });
    await operator.orders.buy(id, { quantity: 1 });
    const states: ConnectionState[] = [];
    const counts: number[] = [];
    const bought: string[] = [];
    const reader = operator.stream({ sales: [id], onState: (state) => states.push(state), retry });
    let look = (): void => {};
    const listening = reader.listen((event) => {
      if (event.type === 'purchase') bought.push(event.purchase.order);
      if (event.type === 'sale') counts.push(event.sale.sold);
      look();
    });
    /** Waits until the stream has brought this many sold units, and this many purchases. */
    const until = (sold: number, orders: number): Promise<void> =>
      new Promise((resolve) => {
        look = () => {
          if (counts.at(-1) === sold && bought.length === orders) resolve();
        };
        look();
      });
    await until(1, 0);
    await operator.orders.buy(id, { quantity: 1 });
    await until(2, 1);
    await store.kill();
    // Waits for the store, as its visitors do.
    const buying = operator.orders.buy(id, { quantity: 3 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(reader.state, 'offline');
    await store.start();
    await buying;
    await until(5, 2);
    assert.equal(reader.state, 'open');
    await operator.orders.buy(id, { quantity: 4 });
    await until(9, 3);
    reader.close();
    await listening;
    assert.deepEqual(states, ['open', 'connecting', 'offline', 'open', 'closed']);
    assert.deepEqual(
      [...counts].sort((one, other) => one - other),
      counts,
    );
    assert.deepEqual(bought, ['order_0_2', 'order_0_3', 'order_0_4']);
  }));
