/** /v1/cards: created, loaded, blocked, given back. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertProblem, noon } from '../v1/support.ts';
import { asOperator, atNoon, euros, guarded, makeCard } from './support.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('cards', () => {
  test('a card is created with what was asked, and is read back', () =>
    atNoon(async (store) => {
      const made = await makeCard(store, { id: 'ann', name: 'Ann', balance: euros(1000) });
      const position = made.header('Holdfast-Position');
      const card = {
        id: 'ann',
        name: 'Ann',
        category: 'adult',
        number: 1,
        status: 'active',
        balance: euros(1000),
        createdAt: noon,
        position,
      };
      assert.deepEqual(made.json, card);
      assert.equal(made.header('Location'), '/v1/cards/ann');
      assert.deepEqual((await store.get('/v1/cards/ann')).json, card);
    }));

  test('a card without an id gets a random UUID, the same to each retry', () =>
    atNoon(async (store) => {
      const first = await store.post('/v1/cards', {}, 'key');
      assert.match(first.string('id'), uuid);
      await store.post(`/v1/cards/${first.string('id')}/topups`, { amount: euros(5) }, 'load');
      const again = await store.post('/v1/cards', {}, 'key');
      assert.equal(again.text, first.text);
      assert.equal(again.header('Idempotency-Replayed'), 'true');
      assert.notEqual((await makeCard(store)).string('id'), first.string('id'));
    }));

  test('a UUID is an id in its one canonical form; another spelling is another card', () =>
    atNoon(async (store) => {
      const id = '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1';
      await makeCard(store, { id });
      assert.equal((await store.get(`/v1/cards/${id}`)).string('id'), id);
      assertProblem(await store.get(`/v1/cards/${id.toUpperCase()}`), 'UNKNOWN_CARD');
    }));

  test('an id of any text is found under it', () =>
    atNoon(async (store) => {
      for (const id of ['a b', 'Zoë', '日本', 'x/y?z#', `${'é'.repeat(127)}x`]) {
        const made = await makeCard(store, { id });
        assert.equal((await store.get(made.header('Location'))).string('id'), id);
      }
    }));

  test('an id that is taken, too long, or not composed is refused', () =>
    atNoon(async (store) => {
      await makeCard(store, { id: 'ann' });
      assertProblem(await store.post('/v1/cards', { id: 'ann' }, null), 'CARD_EXISTS');
      for (const id of ['', 'x'.repeat(256), 'é'.repeat(128), 'Zoe\u0308', 'a\u0007']) {
        assertProblem(await store.post('/v1/cards', { id }, null), 'INVALID_REQUEST', /\/id/);
      }
    }));

  test('a balance that cannot be is refused, and so is a currency', () =>
    atNoon(async (store) => {
      for (const balance of [euros(-1), euros(1.5), euros(2 ** 31), { amount: 1 }, { ...euros(1), more: 1 }]) {
        assertProblem(await store.post('/v1/cards', { balance }, null), 'INVALID_REQUEST', /\/balance/);
      }
      for (const currency of ['XXQ', 'eur']) {
        const asked = { balance: { amount: 1, currency } };
        assertProblem(await store.post('/v1/cards', asked, null), 'INVALID_REQUEST', /\/balance\/currency/);
      }
      assertProblem(await store.post('/v1/cards', { category: 'child' }, null), 'UNKNOWN_CATEGORY');
      await makeCard(store, { balance: euros(1) });
      const dollars = { balance: { amount: 1, currency: 'USD' } };
      assertProblem(await store.post('/v1/cards', dollars, null), 'CURRENCY_MISMATCH');
    }));

  test('cards are listed newest first, page by page', () =>
    atNoon(async (store) => {
      for (const id of ['a', 'b', 'c']) await makeCard(store, { id });
      const first = await store.get('/v1/cards?limit=2');
      const ids = ({ body }: typeof first) => (body['items'] as { id: string }[]).map(({ id }) => id);
      assert.deepEqual(ids(first), ['c', 'b']);
      const second = await store.get(`/v1/cards?limit=2&cursor=${first.string('next')}`);
      assert.deepEqual([ids(second), second.body['next']], [['a'], null]);
    }));
});

describe('money on cards', () => {
  test('a top-up is counted once, and each retry gets the first answer', () =>
    atNoon(async (store) => {
      await makeCard(store, { id: 'ann' });
      const asked = { amount: euros(500) };
      const first = await store.post('/v1/cards/ann/topups', asked, 'one');
      assert.equal(first.status, 201, first.text);
      assert.deepEqual(first.json, {
        card: 'ann',
        amount: euros(500),
        balance: euros(500),
        position: first.header('Holdfast-Position'),
      });
      await store.post('/v1/cards/ann/topups', { amount: euros(1) }, 'two');
      await store.advance(5000);
      const reordered = { amount: { currency: 'EUR', amount: 500 } };
      assert.equal((await store.post('/v1/cards/ann/topups', reordered, 'one')).text, first.text);
      assert.deepEqual((await store.get('/v1/cards/ann')).body['balance'], euros(501));
      assertProblem(await store.post('/v1/cards/ann/topups', { amount: euros(2) }, 'one'), 'KEY_REUSED');
    }));

  test('the same key on two cards is two keys', () =>
    atNoon(async (store) => {
      for (const id of ['ann', 'bob']) await makeCard(store, { id });
      for (const id of ['ann', 'bob']) {
        const answer = await store.post(`/v1/cards/${id}/topups`, { amount: euros(7) }, 'same');
        assert.deepEqual([answer.status, answer.string('card')], [201, id]);
      }
    }));

  test('a top-up that is no amount, negative or beyond what a card can hold is refused', () =>
    atNoon(async (store) => {
      await makeCard(store, { id: 'ann', balance: euros(2 ** 31 - 2) });
      const load = (amount: unknown) => store.post('/v1/cards/ann/topups', { amount }, 'key');
      for (const amount of [euros(0), euros(-5), euros(0.5), euros(2 ** 31), 5, null, {}, 'all']) {
        assertProblem(await load(amount), 'INVALID_REQUEST', /\/amount/);
      }
      assertProblem(await load({ amount: 1, currency: 'USD' }), 'CURRENCY_MISMATCH');
      assertProblem(await load(euros(2)), 'BALANCE_LIMIT');
      assert.equal((await load(euros(1))).status, 201);
      assert.deepEqual((await store.get('/v1/cards/ann')).body['balance'], euros(2 ** 31 - 1));
    }));

  test('a top-up needs a key, and a card that is there', () =>
    atNoon(async (store) => {
      await makeCard(store, { id: 'ann' });
      const asked = { amount: euros(5) };
      assertProblem(await store.post('/v1/cards/ann/topups', asked, null), 'MISSING_KEY');
      assertProblem(await store.post('/v1/cards/bob/topups', asked, 'key'), 'UNKNOWN_CARD');
    }));

  test('a refund names the journey that it is for, which must be one', () =>
    atNoon(async (store) => {
      await makeCard(store, { id: 'ann', balance: euros(10) });
      const back = await store.post('/v1/cards/ann/refunds', { amount: euros(3) }, null);
      assert.deepEqual([back.status, back.body['balance'], back.body['journey']], [201, euros(13), null]);
      for (const journey of ['journey_0_1', 'journey_1_1', 'journey_0_0', 'x']) {
        const asked = { amount: euros(3), journey };
        assertProblem(await store.post('/v1/cards/ann/refunds', asked, 'k'), 'INVALID_REQUEST', /\/journey/);
      }
    }));
});

describe('blocked cards', () => {
  test('a card is blocked and unblocked, and each is said as often as it is asked', () =>
    atNoon(async (store) => {
      await makeCard(store, { id: 'ann' });
      const status = async (call: string, key: string | null = null) => {
        const answer = await store.ask('POST', `/v1/cards/ann/${call}`, {
          headers: key === null ? {} : { 'Idempotency-Key': key },
        });
        return [answer.status, answer.body['id'], answer.body['status']];
      };
      assert.deepEqual(await status('block', 'b'), [200, 'ann', 'blocked']);
      assert.deepEqual(await status('block'), [200, 'ann', 'blocked']);
      assert.equal((await store.get('/v1/cards/ann')).body['status'], 'blocked');
      assert.deepEqual(await status('unblock'), [200, 'ann', 'active']);
      assert.deepEqual(await status('block', 'b'), [200, 'ann', 'blocked']);
      assert.equal((await store.get('/v1/cards/ann')).body['status'], 'active');
      assertProblem(await store.post('/v1/cards/bob/block', {}, null), 'UNKNOWN_CARD');
      assertProblem(await store.post('/v1/cards/ann/block', { why: 'lost' }, null), 'INVALID_REQUEST');
    }));
});

describe('cards and strangers', () => {
  test('on a store with a key, cards are the operator’s alone', () =>
    atNoon(
      async (store) => {
        await makeCard(store, { id: 'ann' });
        for (const path of ['', '/ann']) assertProblem(await store.get(`/v1/cards${path}`), 'UNAUTHORIZED');
        for (const call of ['', '/ann/topups', '/ann/refunds', '/ann/block', '/ann/unblock']) {
          assertProblem(await store.post(`/v1/cards${call}`, {}, 'key'), 'UNAUTHORIZED');
        }
        assertProblem(await store.get('/v1/denylist'), 'UNAUTHORIZED');
        assert.equal((await store.get('/v1/cards/ann', asOperator)).status, 200);
      },
      { environment: guarded },
    ));
});
