/**
 * What a client without a key can do with ids of others: nothing, unless it shows a token of
 * theirs.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../../src/engine/command.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import { ask } from '../../http/support/client.ts';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { StreamReader } from './stream-reader.ts';
import { asOperator, assertProblem, freshKey, guarded, hold, makeSale, order } from './support.ts';

const email = 'ann@example.org';

function register(
  store: TestStore,
  id: string,
  headers: Record<string, string> = {},
  key: string | null = null,
): Promise<Answer> {
  return store.post('/v1/customers', { id, name: 'Mallory' }, key, headers);
}

async function soldOut(store: TestStore): Promise<string> {
  const sale = await makeSale(store, 1);
  await order(store, sale, { quantity: 1 });
  return sale;
}

/** What makes an id known without registering it, each giving the thing's id and token. */
const waysToBeKnown: Readonly<Record<string, (store: TestStore) => Promise<Answer>>> = {
  'an order': async (store) => order(store, await makeSale(store, 5), { quantity: 1, customer: email }),
  'a basket': async (store) => {
    const lines = [{ sale: await makeSale(store, 5), quantity: 1 }];
    return store.post('/v1/orders', { lines, customer: email }, freshKey());
  },
  'a hold': async (store) => hold(store, await makeSale(store, 5), { quantity: 1, customer: email }),
  'a place in line': async (store) =>
    store.post(`/v1/sales/${await soldOut(store)}/waitlist`, { quantity: 1, customer: email }, null),
};

describe('an id that is known', () => {
  for (const [way, make] of Object.entries(waysToBeKnown)) {
    test(`an id that is known from ${way} is registered with its token or by an operator, by no stranger`, () =>
      guarded(async (store) => {
        const thing = await make(store);
        assert.equal(thing.status, 201, thing.text);
        const [id, token] = [thing.string('id'), thing.string('token')];
        const others = await hold(store, await makeSale(store, 5), { quantity: 1, customer: 'mallory' });
        for (const shown of [
          null,
          'x',
          token,
          `${id}:`,
          `${id}:x${token}`,
          `${others.string('id')}:${token}`,
          `${others.string('id')}:${others.string('token')}`,
        ]) {
          const answer = await register(store, email, shown === null ? {} : { 'Holdfast-Token': shown });
          assertProblem(answer, 'TOKEN_REQUIRED', /ID:TOKEN/);
        }
        assert.equal((await store.get(`/v1/customers/${email}`, asOperator)).body['name'], null);
        const own = await register(store, email, { 'Holdfast-Token': `hold_0_99:x, ${id}:${token}` });
        assert.equal(own.status, 201, own.text);
      }));
  }

  test('an id that is known is registered by an operator, without a token', () =>
    guarded(async (store) => {
      await hold(store, await makeSale(store, 5), { quantity: 1, customer: email });
      assert.equal((await register(store, email, asOperator)).status, 201);
      assertProblem(await register(store, email, asOperator), 'CUSTOMER_EXISTS');
    }));

  test('a registered id shows strangers no more than one that is only named', () =>
    guarded(async (store) => {
      await register(store, 'registered');
      const own = await hold(store, await makeSale(store, 5), { quantity: 1, customer: 'registered' });
      await hold(store, await makeSale(store, 5), { quantity: 1, customer: 'named' });
      const [one, other] = [await register(store, 'registered'), await register(store, 'named')];
      assertProblem(one, 'TOKEN_REQUIRED');
      assert.equal(one.text, other.text);
      const shown = { 'Holdfast-Token': `${own.string('id')}:${own.string('token')}` };
      assertProblem(await register(store, 'registered', shown), 'CUSTOMER_EXISTS');
    }));

  test('a retry that registers a known id gets its first answer', () =>
    guarded(async (store) => {
      const first = await register(store, email, {}, 'a-key-of-their-own');
      const again = await register(store, email, {}, 'a-key-of-their-own');
      assert.deepEqual([again.status, again.text], [201, first.text]);
      assertProblem(await register(store, email, {}, 'another'), 'TOKEN_REQUIRED');
    }));

  test('an id that a request in flight makes known is refused like a known one', () =>
    guarded(async (store) => {
      await makeSale(store, 5);
      const command = new Command().reset(kinds.order);
      linesOf(command).add(0, 1);
      command.setCustomer(email);
      const ordered = store.node.submit(command, () => 'ordered', undefined);
      // Both in one batch: when the door looks, the id is still unknown.
      const late = new Command().reset(kinds.createCustomer);
      late.body = { id: email, name: 'Mallory', email: null, onlyNew: true };
      late.setCustomer(email);
      const code = await store.node.submit(late, (outcome) => outcome.row.code, undefined);
      assert.deepEqual([await ordered, code], ['ordered', 'CUSTOMER_EXISTS']);
    }));
});

describe('a stream', () => {
  const refusal = (store: TestStore, query: string, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(store.port, 'GET', `/v1/stream?${query}`, { headers });

  test('a stream has the holds whose tokens the reader presents', () =>
    guarded(async (store) => {
      const sale = await makeSale(store, 5);
      const [one, other] = [await hold(store, sale, { quantity: 1 }), await hold(store, sale, { quantity: 1 })];
      const ids = [one, other].map((each) => each.string('id'));
      const tokens = [one, other].map((each) => each.string('token'));
      for (const query of [
        `holds=${ids[0]}`,
        'holds=hold_0_99',
        'holds=x',
        `holds=${ids[0]}:${tokens[1]}`,
        `holds=${ids[0]}:${tokens[0]},${ids[1]}`,
        `waitlist=${ids[0]}:${tokens[0]}`,
      ]) {
        assertProblem(await refusal(store, query), 'TOKEN_REQUIRED');
      }
      assertProblem(await refusal(store, `holds=${ids.join(',')}`, { 'Holdfast-Token': tokens[0]! }), 'TOKEN_REQUIRED');
      const byAddress = `?holds=${ids.map((id, i) => `${id}:${tokens[i]}`).join(',')}`;
      const byHeader = { 'Holdfast-Token': tokens.join(', ') };
      for (const reader of [
        await StreamReader.open(store.port, byAddress),
        await StreamReader.open(store.port, `?holds=${ids.join(',')}`, byHeader),
        await StreamReader.open(store.port, `?holds=${ids.join(',')}`, asOperator),
      ]) {
        await reader.ready();
        assert.deepEqual(
          reader.of('hold').map(({ data }) => data['id']),
          ids,
        );
        reader.end();
      }
    }));

  test('a stream has the places in line whose tokens the reader presents', () =>
    guarded(async (store) => {
      const sale = await soldOut(store);
      const joined = await store.post(`/v1/sales/${sale}/waitlist`, { quantity: 1, customer: 'ann' }, null);
      const [id, token] = [joined.string('id'), joined.string('token')];
      for (const query of [`waitlist=${id}`, `waitlist=${id}:x`, 'waitlist=waitlist_0_9:x']) {
        assertProblem(await refusal(store, query), 'TOKEN_REQUIRED');
      }
      const reader = await (await StreamReader.open(store.port, `?waitlist=${id}:${token}`)).ready();
      assert.deepEqual(
        reader.of('waitlist').map(({ data }) => data['id']),
        [id],
      );
      reader.end();
    }));
});
