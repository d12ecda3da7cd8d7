/** The calls of cards, gates, taps and tariffs: what each sends, and what comes of its answer. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NewTap, NewTariff } from '../../sdk/src/index.ts';
import { Holdfast, HoldfastError } from '../../sdk/src/index.ts';
import type { Asked, Respond } from './support/fixture.ts';
import { cut, json, problem, withScript } from './support/fixture.ts';

const operatorKey = 'the-key';
const money = { amount: 500, currency: 'EUR' };
const tap: NewTap = { gate: 'north-1', sequence: 1, card: 'ann', direction: 'in', at: new Date(0) };
const tariff: NewTariff = {
  currency: 'EUR',
  stations: [{ id: 'a', name: 'A', zone: 1 }],
  fares: { zones: [[100]] },
  minimumBalance: 100,
  maximumFare: 900,
};

/** What a call sends, when it is answered with `body`. */
async function sent(call: (store: Holdfast) => Promise<unknown>, body: object = {}, status = 200): Promise<Asked> {
  let one: Asked | undefined;
  await withScript([json(status, body)], async (url, asked) => {
    const answer = await call(new Holdfast({ url, operatorKey }));
    assert.deepEqual({ ...(answer as object) }, body);
    assert.equal(asked.length, 1);
    [one] = asked;
  });
  assert.ok(one !== undefined);
  return one;
}

function line({ method, url, body }: Asked): string {
  return `${method} ${url.pathname}${url.search} ${body}`.trimEnd();
}

describe('cards, gates, taps and tariffs', () => {
  const reads: Readonly<Record<string, (store: Holdfast) => Promise<unknown>>> = {
    'GET /v1/cards/a%2Fb?at=0.9': ({ cards }) => cards.get('a/b', { at: '0.9' }),
    'GET /v1/cards?limit=5&cursor=C': ({ cards }) => cards.list({ limit: 5, cursor: 'C' }),
    'GET /v1/cards/ann/journeys?limit=2': ({ cards }) => cards.journeys('ann', { limit: 2 }),
    'GET /v1/cards/ann/statement?cursor=C&at=0.7': ({ cards }) => cards.statement('ann', { cursor: 'C', at: '0.7' }),
    'GET /v1/gates/north%201': ({ gates }) => gates.get('north 1'),
    'GET /v1/gates?limit=100': ({ gates }) => gates.list({ limit: 100 }),
    'GET /v1/tariff': (store) => store.tariff.get(),
    'GET /v1/tariff?effectiveAt=1970-01-01T00%3A00%3A00.000Z&at=0.1': (store) =>
      store.tariff.get({ effectiveAt: new Date(0), at: '0.1' }),
    'GET /v1/taps/totals': ({ taps }) => taps.totals(),
    'GET /v1/denylist': (store) => store.denyList(),
    'GET /v1/denylist?since=9': (store) => store.denyList('9'),
  };
  for (const [expected, call] of Object.entries(reads)) {
    test(`a read sends ${expected}`, async () => {
      const asked = await sent(call, { items: [] });
      assert.equal(line(asked), expected);
      assert.equal(asked.headers['idempotency-key'], undefined);
      assert.equal(asked.headers.authorization, `Bearer ${operatorKey}`);
    });
  }

  const commands: Readonly<Record<string, (store: Holdfast) => Promise<unknown>>> = {
    'POST /v1/cards {}': ({ cards }) => cards.create(undefined, { key: 'K' }),
    'POST /v1/cards {"id":"ann","category":"child","balance":{"amount":500,"currency":"EUR"}}': ({ cards }) =>
      cards.create({ id: 'ann', category: 'child', balance: money }, { key: 'K' }),
    'POST /v1/cards/ann/topups {"amount":{"amount":500,"currency":"EUR"}}': ({ cards }) =>
      cards.topUp('ann', { amount: money }, { key: 'K' }),
    'POST /v1/cards/ann/refunds {"amount":{"amount":500,"currency":"EUR"},"journey":"journey_0_1"}': ({ cards }) =>
      cards.refund('ann', { amount: money, journey: 'journey_0_1' }, { key: 'K' }),
    'POST /v1/cards/ann/block {}': ({ cards }) => cards.block('ann', { key: 'K' }),
    'POST /v1/cards/ann/unblock {}': ({ cards }) => cards.unblock('ann', { key: 'K' }),
    'POST /v1/gates {"id":"north-1","station":"a"}': ({ gates }) =>
      gates.create({ id: 'north-1', station: 'a' }, { key: 'K' }),
    'POST /v1/gates/north-1/skip {"epoch":3,"from":5,"to":8,"reason":"the disk was lost"}': ({ gates }) =>
      gates.skip('north-1', { epoch: 3, from: 5, to: 8, reason: 'the disk was lost' }, { key: 'K' }),
  };
  for (const [expected, call] of Object.entries(commands)) {
    test(`a command sends ${expected} with its key`, async () => {
      const asked = await sent(call, { id: 'x' }, 201);
      assert.equal(line(asked), expected);
      assert.equal(asked.headers['idempotency-key'], 'K');
    });
  }

  test('a tariff is put without a key, since it is the same one when sent twice', async () => {
    const asked = await sent((store) => store.tariff.set(tariff), { effectiveFrom: 'x' });
    assert.equal(line(asked), `PUT /v1/tariff ${JSON.stringify(tariff)}`);
    assert.equal(asked.headers['idempotency-key'], undefined);
  });

  test('taps that were cut off are sent again without a key: gate, epoch and sequence are theirs', () => {
    const outcomes = { outcomes: [{ gate: 'north-1', sequence: 1, result: 'open' }], position: '0.4' };
    const script: Respond[] = [cut, problem(503, 'NOT_TAKEN', true), json(200, outcomes)];
    return withScript(script, async (url, asked) => {
      const store = new Holdfast({ url, retry: { baseMs: 2, capMs: 5 } });
      const answer = await store.taps.send([tap]);
      assert.deepEqual({ ...answer }, outcomes);
      assert.equal(answer.answer.attempts, 3);
      for (const one of asked) assert.equal(line(one), `POST /v1/taps ${JSON.stringify([tap])}`);
      assert.ok(asked.every(({ headers }) => headers['idempotency-key'] === undefined));
    });
  });

  test('a refusal of a card has its code', () =>
    withScript([problem(404, 'UNKNOWN_CARD', false)], async (url, asked) => {
      const call = new Holdfast({ url }).cards.topUp('nobody', { amount: money });
      await assert.rejects(call, (error) => error instanceof HoldfastError && error.code === 'UNKNOWN_CARD');
      assert.equal(asked.length, 1);
    }));
});
