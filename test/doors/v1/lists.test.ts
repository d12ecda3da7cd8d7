/**
 * Lists by customer and sale, read from the SQL views that a follower writes behind a store on a
 * real folder.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import path from 'node:path';
import type { ServedLists } from '../../../src/cli/serve.ts';
import { SqlFollower } from '../../../src/followers/sql/follower.ts';
import { openListings, openSqlDatabase } from '../../../src/followers/sql/open.ts';
import { FileLogReader } from '../../../src/log/file/reader.ts';
import { temporaryFolder } from '../../followers/support/shop.ts';
import type { TestStore } from '../../http/support/store.ts';
import { operatorKey, withStore } from '../../http/support/store.ts';
import { makeLinePerSeat, makeSeated, removeSale, rowsOf } from './halls.ts';
import { assertProblem, makeSale, order } from './support.ts';

interface Listed {
  readonly items: readonly { readonly id: string; readonly status: string }[];
  readonly next: string | null;
  readonly position: string;
}

/** A store on a folder, and the lists of it; `follow` starts the follower that fills them. */
async function withLists(t: TestContext, use: (store: TestStore, follow: () => Promise<void>) => Promise<void>) {
  const folder = temporaryFolder(t);
  const place = { kind: 'sqlite', file: path.join(folder, 'views.sqlite') } as const;
  const lists = await openListings(place);
  const ending = new AbortController();
  let running: Promise<void> | null = null;
  const args = ['--log', 'file', '--data', folder, '--sql', 'none'];
  await withStore({ args, lists }, async (store) => {
    const follow = async (): Promise<void> => {
      const log = new FileLogReader({ folder });
      const openDatabase = () => openSqlDatabase(place);
      const parts = { onNotice: () => {}, onProgress: () => {}, signal: ending.signal };
      const follower = await SqlFollower.start({ folder, log, openDatabase, ...parts });
      const run = async (): Promise<void> => {
        try {
          await follower.run();
        } finally {
          await follower.close();
        }
      };
      running = run();
    };
    try {
      await use(store, follow);
    } finally {
      ending.abort();
      await running;
      await lists.close();
    }
  });
}

async function list(store: TestStore, query: string): Promise<Listed> {
  const answer = await store.get(query);
  assert.equal(answer.status, 200, answer.text);
  return answer.json as Listed;
}

const idsOf = ({ items }: Listed): string[] => items.map(({ id }) => id);

describe('orders', () => {
  test('orders of a customer are listed newest first, page by page, as they are now', (t) =>
    withLists(t, async (store, follow) => {
      await follow();
      const sale = await makeSale(store, 100);
      for (let i = 0; i < 5; i += 1) await order(store, sale, { quantity: 1, customer: i % 2 === 0 ? 'ann' : 'bob' });
      const cancelled = await store.post('/v1/orders/order_0_3/cancel', {}, 'cancel');
      const at = cancelled.header('Holdfast-Position');
      const first = await list(store, `/v1/orders?customer=ann&limit=2&at=${at}`);
      assert.deepEqual(idsOf(first), ['order_0_5', 'order_0_3']);
      assert.equal(first.items[1]?.status, 'cancelled');
      assert.notEqual(first.next, null);
      const second = await list(store, `/v1/orders?customer=ann&limit=2&cursor=${first.next}`);
      assert.deepEqual([idsOf(second), second.next], [['order_0_1'], null]);
      assert.deepEqual(
        idsOf(await list(store, `/v1/orders?sale=${sale}`)),
        [5, 4, 3, 2, 1].map((n) => `order_0_${n}`),
      );
      assert.deepEqual(idsOf(await list(store, '/v1/orders?customer=nobody')), []);
    }));

  test('orders of seats are listed as they are shown one by one, and of a removed sale not at all', (t) =>
    withLists(t, async (store, follow) => {
      await follow();
      const sale = await makeLinePerSeat(store, rowsOf(5));
      const gone = await makeSeated(store, rowsOf(2));
      const pair = await order(store, sale, { seats: ['A-1-1', 'A-1-2'], customer: 'ann' });
      const brief = await order(store, gone, { seats: ['A-1-1'], customer: 'ann' });
      await store.post(`/v1/orders/${brief.string('id')}/cancel`, {}, 'cancel');
      const held = await store.post(`/v1/sales/${sale}/holds`, { seats: ['A-1-4'], customer: 'ann' }, 'held');
      await removeSale(store, gone);
      const at = `at=${store.at(store.node.engine.position)}`;
      const { items } = await list(store, `/v1/orders?sale=${sale}&${at}`);
      assert.deepEqual(items, [(await store.get(`/v1/orders/${pair.string('id')}`)).json]);
      assertProblem(await store.get(`/v1/orders?sale=${gone}&${at}`), 'UNKNOWN_SALE');
      assert.deepEqual(idsOf(await list(store, `/v1/orders?customer=ann&${at}`)), ['order_0_2', 'order_0_1']);
      assert.deepEqual((await list(store, `/v1/holds?customer=ann&${at}`)).items, [held.json]);
    }));

  test('orders are listed for an operator only', () =>
    withStore({ environment: { HOLDFAST_OPERATOR_KEY: operatorKey } }, async (store) => {
      assertProblem(await store.get('/v1/orders?customer=ann'), 'UNAUTHORIZED');
      assertProblem(await store.get('/v1/holds?customer=ann'), 'UNAUTHORIZED');
    }));

  test('orders are not listed without a filter, by two, by an unknown sale, or from a cursor of another list', (t) =>
    withLists(t, async (store) => {
      assertProblem(await store.get('/v1/orders'), 'INVALID_REQUEST');
      assertProblem(await store.get('/v1/orders?customer=a&sale=sale_0_1'), 'INVALID_REQUEST');
      assertProblem(await store.get('/v1/orders?sale=sale_0_9'), 'UNKNOWN_SALE');
      assertProblem(await store.get('/v1/orders?sale=1%20or%201=1'), 'UNKNOWN_SALE');
      assertProblem(await store.get('/v1/orders?customer=ann&cursor=cjE'), 'INVALID_REQUEST');
      assertProblem(await store.get('/v1/orders?customer=ann&limit=0'), 'INVALID_REQUEST');
      assertProblem(await store.get('/v1/holds'), 'INVALID_REQUEST');
    }));
});

describe('holds', () => {
  test('holds of a customer are listed with the state they are in now', (t) =>
    withLists(t, async (store, follow) => {
      await follow();
      const sale = await makeSale(store, 100);
      const held = { quantity: 2, customer: "ann' or '1'='1" };
      for (const key of ['a', 'b']) assert.equal((await store.post(`/v1/sales/${sale}/holds`, held, key)).status, 201);
      const released = await store.ask('DELETE', '/v1/holds/hold_0_1', { headers: { 'Idempotency-Key': 'c' } });
      const at = released.header('Holdfast-Position');
      const customer = encodeURIComponent(held.customer);
      const { items } = await list(store, `/v1/holds?customer=${customer}&at=${at}`);
      assert.deepEqual(
        items.map(({ id, status }) => [id, status]),
        [
          ['hold_0_2', 'active'],
          ['hold_0_1', 'released'],
        ],
      );
    }));
});

describe('a list', () => {
  test('a list is empty without a follower, and refuses a position that it has not reached', (t) =>
    withLists(t, async (store, follow) => {
      const sale = await makeSale(store, 10);
      const bought = await order(store, sale, { quantity: 1, customer: 'ann' });
      assert.deepEqual(await list(store, '/v1/orders?customer=ann'), { items: [], next: null, position: '0.0' });
      const at = bought.header('Holdfast-Position');
      assertProblem(await store.get(`/v1/orders?customer=ann&at=${at}`), 'LISTS_BEHIND');
      await follow();
      assert.deepEqual(idsOf(await list(store, `/v1/orders?customer=ann&at=${at}`)), ['order_0_1']);
    }));

  test('a store without SQL views has no lists', () =>
    withStore({}, async (store) => {
      assertProblem(await store.get('/v1/orders?customer=ann'), 'NO_LISTS');
    }));

  test('a list that cannot be read is refused, and the store goes on', () => {
    const broken = (): Promise<never> => Promise.reject(new Error('the database is gone'));
    const lists: ServedLists = {
      ordersOfCustomer: broken,
      holdsOfCustomer: broken,
      ordersOfSale: broken,
      journeysOfCard: broken,
      entriesOfCard: broken,
      keysOfOrders: broken,
    };
    return withStore({ lists }, async (store) => {
      assertProblem(await store.get('/v1/orders?customer=ann'), 'LISTS_BEHIND');
      assert.equal((await order(store, await makeSale(store, 1), { quantity: 1 })).status, 201);
    });
  });
});
