/** Idempotency keys over HTTP: where they are needed, what they look like, whose they are, two at once. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import { assertProblem, asOperator, atNoon, freshKey, guarded, hold, makeSale, order, stock } from './support.ts';

const tally = (answers: readonly Answer[]): Record<string, number> => {
  const counted: Record<string, number> = {};
  for (const { status } of answers) counted[status] = (counted[status] ?? 0) + 1;
  return counted;
};

describe('a key', () => {
  test('is required where something is bought, and looked at before the body', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5);
      const held = (await hold(store, sale, { quantity: 1 })).string('id');
      const bought = (await order(store, sale, { quantity: 1 })).string('id');
      const paths = [
        `sales/${sale}/orders`,
        `sales/${sale}/holds`,
        'orders',
        `orders/${bought}/cancel`,
        `holds/${held}/confirm`,
      ];
      for (const path of paths) {
        for (const body of ['{', '{"quantity":1}', '']) {
          assertProblem(await store.ask('POST', `/v1/${path}`, { body }), 'MISSING_KEY');
          const empty = await store.ask('POST', `/v1/${path}`, { body, headers: { 'Idempotency-Key': '""' } });
          assertProblem(empty, 'MISSING_KEY');
        }
      }
      assert.deepEqual(await stock(store, sale), { sold: 1, held: 1, available: 3 });
    }));

  test('is the same bare and quoted', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 50);
      const pairs = [
        ['plain', '"plain"'],
        ['with "quotes"', '"with \\"quotes\\""'],
        ['back\\slash', '"back\\\\slash"'],
      ] as const;
      for (const [bare, quoted] of pairs) {
        const first = await order(store, sale, { quantity: 1 }, bare);
        const second = await order(store, sale, { quantity: 1 }, quoted);
        assert.deepEqual([first.status, second.text], [201, first.text], bare);
        assert.equal(second.header('Idempotency-Replayed'), 'true');
      }
    }));

  test('is malformed when it is too long or a broken quote', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5);
      for (const key of ['k'.repeat(256), `"${'k'.repeat(256)}"`, '"open', '"', '"a"b"', '"a\\x"', '"a";p=1', 'a\tb']) {
        assertProblem(await order(store, sale, { quantity: 1 }, key), 'INVALID_KEY');
        assertProblem(await store.post('/v1/customers', {}, key), 'INVALID_KEY');
      }
      assert.equal((await order(store, sale, { quantity: 1 }, 'k'.repeat(255))).status, 201);
      assert.equal((await order(store, sale, { quantity: 1 }, `"${'j'.repeat(255)}"`)).status, 201);
    }));

  test('of any bytes that a header can carry is told apart from others', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 5);
      for (const key of ['\u00e4', '\u00e5', '\u00ff'])
        assert.equal((await order(store, sale, { quantity: 1 }, key)).status, 201);
      assert.equal((await stock(store, sale)).sold, 3);
    }));

  test('belongs to its sale, its hold, its order: elsewhere it is another key', () =>
    atNoon(async (store) => {
      const [one, two] = [await makeSale(store, 9), await makeSale(store, 9)];
      const answers = [
        await order(store, one, { quantity: 1 }, 'same'),
        await order(store, two, { quantity: 1 }, 'same'),
      ];
      assert.deepEqual(tally(answers), { 201: 2 });
      assert.notEqual(answers[0]?.body['id'], answers[1]?.body['id']);
      const holds = await Promise.all([1, 2].map(() => hold(store, one, { quantity: 1 })));
      for (const placed of holds) {
        assert.equal((await store.post(`/v1/holds/${placed.string('id')}/confirm`, undefined, 'same')).status, 201);
      }
      for (const { body } of answers) {
        assert.equal((await store.post(`/v1/orders/${String(body['id'])}/cancel`, {}, 'same')).status, 200);
      }
      assert.equal((await store.post('/v1/customers', {}, 'same')).status, 201);
    }));

  test('of a basket belongs to its customer', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      const lines = [{ sale, quantity: 1 }];
      const buy = (customer?: string): Promise<Answer> =>
        store.post('/v1/orders', { lines, ...(customer === undefined ? {} : { customer }) }, 'same');
      assert.deepEqual(tally([await buy('ann'), await buy('bob'), await buy()]), { 201: 3 });
      assert.equal((await buy('ann')).header('Idempotency-Replayed'), 'true');
      assert.equal((await stock(store, sale)).sold, 3);
    }));

  test('serves an order and a hold of one sale once', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      await order(store, sale, { quantity: 2 }, 'same');
      assertProblem(await hold(store, sale, { quantity: 2 }, 'same'), 'KEY_REUSED');
    }));

  test('used for another quantity, customer or time is refused', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      await hold(store, sale, { quantity: 2, customer: 'ann', seconds: 30 }, 'same');
      const others = [
        { quantity: 3, customer: 'ann', seconds: 30 },
        { quantity: 2, customer: 'bob', seconds: 30 },
        { quantity: 2, customer: 'ann' },
      ];
      for (const body of others) assertProblem(await hold(store, sale, body, 'same'), 'KEY_REUSED');
      const again = await hold(store, sale, { seconds: 30, customer: 'ann', quantity: 2 }, 'same');
      assert.equal(again.header('Idempotency-Replayed'), 'true');
    }));

  test('of a sale does not mind the order of fields, and does mind their values', () =>
    atNoon(async (store) => {
      const first = await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 1, maxPerOrder: 2 }, 'made');
      const again = await store.post('/v1/sales', { maxPerOrder: 2, capacity: 1, kind: 'counted', name: 'A' }, 'made');
      assert.deepEqual([again.status, again.text, again.header('Idempotency-Replayed')], [201, first.text, 'true']);
      assert.equal(again.header('Location'), first.header('Location'));
      assertProblem(await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 1 }, 'made'), 'KEY_REUSED');
    }));

  test('replays a sale as it was made, whatever it has become', () =>
    atNoon(async (store) => {
      const body = { name: 'A', kind: 'counted', capacity: 5 };
      const first = await store.post('/v1/sales', body, 'made');
      const id = first.string('id');
      await order(store, id, { quantity: 2 });
      await store.ask('PATCH', `/v1/sales/${id}`, { json: { name: 'B', capacity: 9, status: 'paused' } });
      assert.equal((await store.post('/v1/sales', body, 'made')).text, first.text);
    }));

  test('gives who is no operator the same token again', () =>
    guarded(async (store) => {
      const sale = await makeSale(store, 9);
      const first = await order(store, sale, { quantity: 1 }, 'mine');
      const again = await order(store, sale, { quantity: 1 }, 'mine');
      assert.match(first.string('token'), /^[\w-]{43}$/);
      assert.equal(again.text, first.text);
      assert.equal((await store.get(`/v1/orders/${first.string('id')}`, asOperator)).body['token'], undefined);
    }));
});

describe('two requests at once', () => {
  test('with one key have one effect and one answer', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 50);
      for (let round = 0; round < 10; round += 1) {
        const key = freshKey();
        const answers = await Promise.all([1, 2, 3].map(() => order(store, sale, { quantity: 1 }, key)));
        assert.deepEqual(tally(answers), { 201: 3 });
        assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
        assert.equal(answers.filter((answer) => answer.headers['idempotency-replayed'] === 'true').length, 2);
      }
      assert.equal((await stock(store, sale)).sold, 10);
    }));

  test('with one key and two meanings have the effect of one; the other is told', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 90);
      for (let round = 0; round < 10; round += 1) {
        const key = freshKey();
        const answers = await Promise.all([1, 2].map((quantity) => order(store, sale, { quantity }, key)));
        assert.deepEqual(tally(answers), { 201: 1, 422: 1 });
        for (const answer of answers) if (answer.status === 422) assertProblem(answer, 'KEY_REUSED');
      }
    }));

  test('with one key on a hold confirm it once', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      const held = (await hold(store, sale, { quantity: 2 })).string('id');
      const answers = await Promise.all(
        [1, 2, 3].map(() => store.post(`/v1/holds/${held}/confirm`, undefined, 'once')),
      );
      assert.deepEqual([tally(answers), new Set(answers.map(({ text }) => text)).size], [{ 201: 3 }, 1]);
      assert.deepEqual(await stock(store, sale), { sold: 2, held: 0, available: 7 });
    }));
});

test('a store that keeps no more keys refuses new ones with 503, replays the old, and serves what needs none', () =>
  atNoon(
    async (store) => {
      const sale = await makeSale(store, 9);
      const first = await order(store, sale, { quantity: 1 }, 'one');
      await order(store, sale, { quantity: 1 }, 'two');
      const full = await order(store, sale, { quantity: 1 }, 'three');
      assertProblem(full, 'KEYS_FULL');
      assert.equal(full.header('Retry-After'), '1');
      assert.equal((await order(store, sale, { quantity: 1 }, 'one')).text, first.text);
      assert.equal((await store.post('/v1/customers', {}, null)).status, 201);
    },
    { args: ['--max-keys', '2'] },
  ));
