/** Waitlists over HTTP: join, look, leave, and what an offer is. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import {
  asOperator,
  assertProblem,
  atNoon,
  changeSale,
  freshKey,
  guarded,
  makeSale,
  noon,
  order,
  stock,
  timeAt,
} from './support.ts';
import { StreamReader, withStreams } from './stream-reader.ts';

function join(
  store: TestStore,
  sale: string,
  customer: string,
  quantity = 1,
  key: string | null = null,
): Promise<Answer> {
  return store.post(`/v1/sales/${sale}/waitlist`, { quantity, customer }, key);
}

function leave(
  store: TestStore,
  sale: string,
  customer: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return store.ask('DELETE', `/v1/sales/${sale}/waitlist?customer=${customer}`, { headers });
}

/** A sale of two units that are sold, as orders 1 and 2. */
async function soldOut(store: TestStore, more: Record<string, unknown> = {}): Promise<string> {
  const sale = await makeSale(store, 2, { holdSeconds: 60, ...more });
  for (const customer of ['ann', 'bob']) {
    assert.equal((await order(store, sale, { quantity: 1, customer })).status, 201);
  }
  return sale;
}

function cancel(store: TestStore, id: string): Promise<Answer> {
  return store.ask('POST', `/v1/orders/${id}/cancel`, {
    json: {},
    headers: { ...asOperator, 'Idempotency-Key': freshKey() },
  });
}

describe('joining a waitlist', () => {
  test('joining a waitlist gives a place in line', () =>
    atNoon(async (store) => {
      const sale = await soldOut(store);
      const first = await join(store, sale, 'cleo');
      assert.equal(first.status, 201);
      assert.equal(first.header('Location'), '/v1/waitlist/waitlist_0_1');
      assert.equal(first.header('Holdfast-Position'), store.nth(4));
      assert.deepEqual(first.json, {
        id: 'waitlist_0_1',
        sale,
        customer: 'cleo',
        quantity: 1,
        position: 1,
        status: 'waiting',
        hold: null,
        createdAt: noon,
      });
      assert.equal((await join(store, sale, 'dan', 2)).body['position'], 2);
      assert.deepEqual((await store.get('/v1/waitlist/waitlist_0_1')).json, first.json);
      assert.deepEqual(await stock(store, sale), { sold: 2, held: 0, available: 0 });
    }));

  test('joining a waitlist again changes nothing and is 200; with the same key it is the first answer', () =>
    atNoon(async (store) => {
      const sale = await soldOut(store);
      const first = await join(store, sale, 'cleo', 1, 'join-1');
      await join(store, sale, 'dan');
      const again = await join(store, sale, 'dan', 2);
      assert.deepEqual([again.status, again.body['id'], again.body['quantity']], [200, 'waitlist_0_2', 1]);
      assert.equal((await leave(store, sale, 'cleo')).status, 204);
      const replay = await join(store, sale, 'cleo', 1, 'join-1');
      assert.deepEqual([replay.status, replay.text], [201, first.text]);
      assertProblem(await join(store, sale, 'cleo', 2, 'join-1'), 'KEY_REUSED');
      assertProblem(await join(store, sale, 'eve', 1, 'join-1'), 'KEY_REUSED');
      // Who left may come back, at the end.
      assert.deepEqual((await join(store, sale, 'cleo')).body['position'], 2);
    }));

  test('joining a waitlist is refused while there is stock, and for what is malformed', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 2);
      assertProblem(await join(store, sale, 'cleo'), 'STILL_AVAILABLE');
      assertProblem(await join(store, 'sale_0_9', 'cleo'), 'UNKNOWN_SALE');
      for (const body of [
        {},
        { quantity: 1 },
        { customer: 'cleo' },
        { quantity: 0, customer: 'cleo' },
        { quantity: 1, customer: '' },
        [],
        3,
      ]) {
        assertProblem(await store.post(`/v1/sales/${sale}/waitlist`, body, null), 'INVALID_REQUEST');
      }
      await changeSale(store, sale, { status: 'closed' });
      assertProblem(await join(store, sale, 'cleo'), 'CLOSED');
    }));
});

describe('leaving a waitlist', () => {
  test('leaving a waitlist moves up everyone behind', () =>
    atNoon(async (store) => {
      const sale = await soldOut(store);
      for (const customer of ['cleo', 'dan', 'eve']) await join(store, sale, customer);
      assert.equal((await leave(store, sale, 'cleo')).status, 204);
      const places = await Promise.all([1, 2, 3].map((n) => store.get(`/v1/waitlist/waitlist_0_${n}`)));
      assert.deepEqual(
        places.map(({ body }) => [body['status'], body['position']]),
        [
          ['left', null],
          ['waiting', 1],
          ['waiting', 2],
        ],
      );
      assertProblem(await leave(store, sale, 'cleo'), 'ENTRY_ENDED');
    }));

  test('leaving a waitlist is refused to a customer who does not wait there, and without a customer', () =>
    atNoon(async (store) => {
      const sale = await soldOut(store);
      assertProblem(await leave(store, sale, 'ann'), 'UNKNOWN_ENTRY');
      assertProblem(await leave(store, sale, 'nobody'), 'UNKNOWN_ENTRY');
      assertProblem(await leave(store, 'sale_0_9', 'ann'), 'UNKNOWN_SALE');
      assertProblem(await store.ask('DELETE', `/v1/sales/${sale}/waitlist`), 'INVALID_REQUEST');
      assertProblem(await store.get('/v1/waitlist/waitlist_0_1'), 'UNKNOWN_ENTRY');
    }));
});

describe('an offer', () => {
  test('an offer comes with the stock that returned, and confirmed it is served', () =>
    atNoon(async (store) => {
      const sale = await soldOut(store);
      await join(store, sale, 'cleo', 2);
      await join(store, sale, 'dan');
      await cancel(store, 'order_0_1');
      // Cleo wants two: she is passed over, and stays first.
      assert.deepEqual((await store.get('/v1/waitlist/waitlist_0_1')).body['position'], 1);
      const offered = await store.get('/v1/waitlist/waitlist_0_2');
      assert.deepEqual(offered.body['hold'], { id: 'hold_0_1', expiresAt: timeAt(60) });
      assert.deepEqual([offered.body['status'], offered.body['position']], ['offered', null]);
      assert.deepEqual(await stock(store, sale), { sold: 1, held: 1, available: 0 });
      assertProblem(await order(store, sale, { quantity: 1 }), 'SOLD_OUT');
      const bought = await store.post('/v1/holds/hold_0_1/confirm', undefined, freshKey());
      assert.deepEqual([bought.status, bought.body['customer']], [201, 'dan']);
      const served = await store.get('/v1/waitlist/waitlist_0_2');
      assert.deepEqual([served.body['status'], served.body['hold'], served.body['position']], ['served', null, null]);
    }));

  test('an offer that is declined, or lapses, goes to the next in line', () =>
    atNoon(async (store) => {
      const sale = await soldOut(store);
      for (const customer of ['cleo', 'dan', 'eve']) await join(store, sale, customer);
      await cancel(store, 'order_0_1');
      const statuses = async (): Promise<unknown[]> =>
        (await Promise.all([1, 2, 3].map((n) => store.get(`/v1/waitlist/waitlist_0_${n}`)))).map(
          ({ body }) => body['status'],
        );
      assert.deepEqual(await statuses(), ['offered', 'waiting', 'waiting']);
      assert.equal((await leave(store, sale, 'cleo')).status, 204);
      assert.deepEqual(await statuses(), ['left', 'offered', 'waiting']);
      assert.equal((await store.get('/v1/holds/hold_0_1')).body['status'], 'released');
      await store.advance(60_000);
      assert.deepEqual(await statuses(), ['left', 'left', 'offered']);
      await store.advance(60_000);
      assert.deepEqual(await stock(store, sale), { sold: 1, held: 0, available: 1 });
    }));

  test('an offer arrives on the stream as hold and waitlist events, and so does the rest of the line', () =>
    withStreams({ intervalMs: 1 }, async ({ store, port }) => {
      const sale = await soldOut(store);
      for (const customer of ['cleo', 'dan']) await join(store, sale, customer);
      const cleo = await (await StreamReader.open(port, `?sales=${sale}&waitlist=waitlist_0_1`)).ready();
      const dan = await (await StreamReader.open(port, '?sales=&waitlist=waitlist_0_2')).ready();
      assert.deepEqual(cleo.of('waitlist')[0]!.data, {
        id: 'waitlist_0_1',
        sale,
        status: 'waiting',
        position: 1,
        hold: null,
      });
      assert.equal(dan.of('waitlist')[0]!.data['position'], 2);
      await cancel(store, 'order_0_1');
      const { data } = await cleo.next('waitlist', ({ status }) => status === 'offered');
      const { expiresAt } = (await store.get('/v1/holds/hold_0_1')).body;
      assert.deepEqual(data, {
        id: 'waitlist_0_1',
        sale,
        status: 'offered',
        position: null,
        hold: { id: 'hold_0_1', expiresAt },
      });
      await cleo.next('sale', ({ held }) => held === 1);
      await dan.next('waitlist', ({ position }) => position === 1);
      const watching = await (await StreamReader.open(port, '?holds=hold_0_1&waitlist=waitlist_0_1')).ready();
      assert.equal(watching.of('hold')[0]!.data['status'], 'active');
      const until = new Date(Date.now() + 300_000).toISOString();
      assert.equal((await store.post('/v1/holds/hold_0_1/extend', { until }, null)).status, 200);
      await watching.next('hold', (now) => now['expiresAt'] === until);
      await watching.next('waitlist', (now) => (now['hold'] as { expiresAt: string } | null)?.expiresAt === until);
      await store.post('/v1/holds/hold_0_1/confirm', undefined, freshKey());
      await watching.next('hold', ({ status }) => status === 'confirmed');
      await watching.next('waitlist', ({ status }) => status === 'served');
      assert.equal((await watching.next('purchase')).data['order'], 'order_0_3');
      assert.equal(dan.of('hold').length + dan.of('sale').length, 0);
      for (const reader of [cleo, dan, watching]) reader.end();
    }));
});

describe('with an operator key', () => {
  test('a place opens to its token, and the offer to the one that comes with it', () =>
    guarded(async (store) => {
      const sale = await soldOut(store);
      const joined = await join(store, sale, 'cleo');
      const token = joined.string('token');
      const path = '/v1/waitlist/waitlist_0_1';
      assertProblem(await store.get(path), 'TOKEN_REQUIRED');
      assertProblem(await store.get(path, { 'Holdfast-Token': 'guessed' }), 'TOKEN_REQUIRED');
      assertProblem(await store.get('/v1/waitlist/waitlist_0_9'), 'TOKEN_REQUIRED');
      assert.equal((await store.get(path, { 'Holdfast-Token': token })).text, joined.text);
      assert.equal('token' in (await store.get(path, asOperator)).body, false);
      await cancel(store, 'order_0_1');
      const offered = await store.get(path, { 'Holdfast-Token': token });
      const offer = offered.body['hold'] as { id: string; token: string };
      const confirm = `/v1/holds/${offer.id}/confirm`;
      assertProblem(await store.post(confirm, undefined, freshKey()), 'TOKEN_REQUIRED');
      assertProblem(await store.post(confirm, undefined, freshKey(), { 'Holdfast-Token': token }), 'TOKEN_REQUIRED');
      const bought = await store.post(confirm, undefined, freshKey(), { 'Holdfast-Token': offer.token });
      assert.equal(bought.status, 201);
      assert.equal((await store.get(path, { 'Holdfast-Token': token })).body['status'], 'served');
    }));

  test('naming somebody in line opens neither their place nor their offer', () =>
    guarded(async (store) => {
      const sale = await soldOut(store);
      const joined = await join(store, sale, 'cleo', 1, 'mine');
      const dan = { 'Holdfast-Token': (await join(store, sale, 'dan')).string('token') };
      const again = (headers: Record<string, string>, key: string | null = null): Promise<Answer> =>
        store.post(`/v1/sales/${sale}/waitlist`, { quantity: 1, customer: 'cleo' }, key, headers);
      const own = { 'Holdfast-Token': joined.string('token') };
      const refused = [await again({}), await again(dan), await again({ 'Holdfast-Token': 'x' }, 'theirs')];
      assert.equal((await again(own)).text, (await store.get('/v1/waitlist/waitlist_0_1', asOperator)).text);
      await cancel(store, 'order_0_1');
      refused.push(await again({}), await again(dan), await again({}, 'theirs'));
      for (const answer of refused) {
        assertProblem(answer, 'TOKEN_REQUIRED', /in line already/);
        assert.doesNotMatch(answer.text, /waitlist_0|hold_0|offered|"position"/);
      }
      const offered = await again(own, 'mine too');
      assert.deepEqual([offered.status, offered.body['status']], [200, 'offered']);
      assert.equal((await again(asOperator)).body['status'], 'offered');
      // Whoever has the key was given the token before, and gets it again.
      assert.equal((await join(store, sale, 'cleo', 1, 'mine')).text, joined.text);
      assertProblem(await leave(store, sale, 'cleo'), 'TOKEN_REQUIRED');
      assertProblem(await leave(store, sale, 'nobody'), 'TOKEN_REQUIRED');
      assert.equal((await leave(store, sale, 'cleo', own)).status, 204);
    }));
});

describe('the last buyers', () => {
  test('the last buyers are shown by display name, newest first, three at most', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 10);
      assert.deepEqual((await store.get(`/v1/sales/${sale}/buyers`)).json, { items: [] });
      await store.post('/v1/customers', { id: 'ann', name: 'Ann', email: 'ann@example.org' }, null);
      for (const [quantity, customer] of [
        [1, 'bob'],
        [2, 'ann'],
        [3, undefined],
        [4, 'ann'],
      ] as const) {
        await order(store, sale, { quantity, ...(customer === undefined ? {} : { customer }) });
      }
      assert.deepEqual((await store.get(`/v1/sales/${sale}/buyers`)).json, {
        items: [
          { name: 'Ann', quantity: 4, at: noon },
          { name: null, quantity: 3, at: noon },
          { name: 'Ann', quantity: 2, at: noon },
        ],
      });
      assertProblem(await store.get('/v1/sales/sale_0_9/buyers'), 'UNKNOWN_SALE');
    }));
});
