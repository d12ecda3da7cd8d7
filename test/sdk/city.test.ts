/** Cards, gates, taps and the tariff through the client, against a real store. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Holdfast, HoldfastError } from '../../sdk/src/index.ts';
import { makeCards, makeCity, makeGateKey, tariff } from './support/city.ts';
import { operatorKey, Store } from './support/store.ts';

const store = new Store();
let operator: Holdfast;

before(async () => {
  await store.start();
  operator = new Holdfast({ url: store.url, operatorKey });
  await makeCity(operator);
});

after(() => store.end());

function refusal(code: string): (error: unknown) => boolean {
  return (error) => error instanceof HoldfastError && error.code === code && !error.resultUnknown;
}

const euros = (amount: number): { amount: number; currency: string } => ({ amount, currency: 'EUR' });

describe('a card', () => {
  test('a card is issued, topped up, refunded, blocked and read', async () => {
    const { cards } = operator;
    const card = await cards.create({ id: 'ann', name: 'Ann', balance: euros(1000) });
    assert.deepEqual([card.id, card.name, card.category, card.status], ['ann', 'Ann', 'adult', 'active']);
    const topUp = await cards.topUp('ann', { amount: euros(500) });
    assert.deepEqual([topUp.balance, topUp.answer.status], [euros(1500), 201]);
    const again = await cards.topUp('ann', { amount: euros(500) }, { key: topUp.answer.key ?? undefined });
    assert.deepEqual([again.balance, again.answer.replayed], [euros(1500), true]);
    assert.deepEqual((await cards.refund('ann', { amount: euros(100) })).balance, euros(1600));
    assert.equal((await cards.block('ann')).status, 'blocked');
    assert.equal((await cards.block('ann')).status, 'blocked');
    assert.equal((await cards.get('ann')).status, 'blocked');
    assert.equal((await cards.unblock('ann')).status, 'active');
    await assert.rejects(cards.create({ id: 'ann' }), refusal('CARD_EXISTS'));
    await assert.rejects(cards.topUp('nobody', { amount: euros(1) }), refusal('UNKNOWN_CARD'));
    await assert.rejects(cards.topUp('ann', { amount: { amount: 1, currency: 'USD' } }), refusal('CURRENCY_MISMATCH'));
    await assert.rejects(cards.topUp('ann', { amount: euros(-5) }), refusal('INVALID_REQUEST'));
    await assert.rejects(cards.create({ category: 'pilot' }), refusal('UNKNOWN_CATEGORY'));
    await assert.rejects(new Holdfast({ url: store.url }).cards.get('ann'), refusal('UNAUTHORIZED'));
    await assert.rejects(cards.statement('ann'), refusal('NO_LISTS'));
    await assert.rejects(cards.journeys('ann'), refusal('NO_LISTS'));
  });

  test('cards and gates are listed in pages, newest first', async () => {
    const made = await makeCards(operator, 3);
    const page = await operator.cards.list({ limit: 2 });
    const rest = await operator.cards.list({ limit: 2, cursor: page.next ?? '' });
    const numbers = [...page.items, ...rest.items].map(({ number }) => number);
    const newest = Math.max(...made.map(({ number }) => number));
    assert.deepEqual(numbers, [newest, newest - 1, newest - 2, newest - 3]);
    const gates = await operator.gates.list();
    assert.deepEqual(
      gates.items.map(({ id, number, station }) => [id, number, station]),
      [
        ['bus', 4, null],
        ['south-1', 3, 'south'],
        ['north-2', 2, 'north'],
        ['north-1', 1, 'north'],
      ],
    );
    assert.equal((await operator.gates.get('bus')).number, 4);
    await assert.rejects(operator.gates.create({ id: 'bus' }), refusal('GATE_EXISTS'));
    await assert.rejects(operator.gates.create({ id: 'east', station: 'east' }), refusal('UNKNOWN_STATION'));
    await assert.rejects(operator.gates.get('east'), refusal('UNKNOWN_GATE'));
  });

  test('the deny list tells what changed since', async () => {
    const [card] = await makeCards(operator, 1);
    assert.ok(card !== undefined);
    const whole = await operator.denyList();
    assert.equal(whole.whole, true);
    await operator.cards.block(card.id);
    const news = await operator.denyList(whole.next);
    assert.deepEqual(
      news.items.map((item) => [item.card, item.number, item.reason]),
      [[card.id, card.number, 'CARD_BLOCKED']],
    );
    await operator.cards.unblock(card.id);
    const [item] = (await operator.denyList(news.next)).items;
    assert.deepEqual([item?.card, item?.reason], [card.id, null]);
  });
});

describe('taps', () => {
  test('taps are sent with a key of their gates, and count once', async () => {
    const [card] = await makeCards(operator, 1);
    assert.ok(card !== undefined);
    const gates = new Holdfast({ url: store.url, operatorKey: await makeGateKey(operator, ['north-1', 'south-1']) });
    const at = new Date();
    const taps = [
      { gate: 'north-1', sequence: 1, card: card.id, direction: 'in', at },
      { gate: 'south-1', sequence: 1, card: card.id, direction: 'out', at },
    ] as const;
    const { outcomes } = await gates.taps.send(taps);
    assert.deepEqual(
      outcomes.map(({ result, fare, balance, rule, replayed }) => ({ result, fare, balance, rule, replayed })),
      [
        { result: 'open', fare: euros(0), balance: euros(5000), rule: null, replayed: false },
        { result: 'open', fare: euros(300), balance: euros(4700), rule: 'zones 1-2', replayed: false },
      ],
    );
    const again = await gates.taps.send(taps);
    assert.deepEqual(
      again.outcomes.map(({ fare, replayed }) => [fare.amount, replayed]),
      [
        [0, true],
        [300, true],
      ],
    );
    const [gap] = (await gates.taps.send([{ ...taps[0], sequence: 9 }])).outcomes;
    assert.deepEqual([gap?.result, gap?.expected], ['gap', 2]);
    await assert.rejects(gates.gates.skip('north-1', { from: 3, to: 8, reason: 'lost' }), refusal('MARK_MOVED'));
    const skipped = await gates.gates.skip('north-1', { from: 2, to: 8, reason: 'lost' });
    assert.deepEqual([skipped.mark, skipped.epoch], [8, 0]);
    await assert.rejects(gates.gates.skip('bus', { from: 1, to: 2, reason: 'lost' }), refusal('NOT_ITS_GATE'));
    await assert.rejects(gates.taps.send([]), refusal('INVALID_REQUEST'));
    const totals = await operator.taps.totals();
    assert.deepEqual([totals.taps, totals.fares, totals.explained], [2, euros(300), true]);
  });
});

describe('a tariff', () => {
  test('a tariff is read as it was set, and a wrong one is refused with its place', async () => {
    const present = await operator.tariff.get();
    assert.deepEqual([present.fares, present.maximumFare], [tariff.fares, tariff.maximumFare]);
    assert.deepEqual(
      present.stations.map(({ id, number }) => [id, number]),
      [
        ['north', 1],
        ['south', 2],
      ],
    );
    const later = new Date(Date.now() + 3_600_000);
    const next = await operator.tariff.set({ ...tariff, effectiveFrom: later, maximumFare: 900 });
    assert.equal(next.effectiveFrom, later.toISOString());
    assert.equal((await operator.tariff.get()).maximumFare, 500);
    assert.equal((await operator.tariff.get({ effectiveAt: later })).maximumFare, 900);
    await assert.rejects(operator.tariff.set({ ...tariff, fares: { zones: [[1]] } }), (error) => {
      assert.ok(error instanceof HoldfastError);
      assert.equal(error.status, 400);
      assert.ok(
        error.errors.some(({ path }) => path.startsWith('/fares')),
        JSON.stringify(error.errors),
      );
      return true;
    });
    await assert.rejects(operator.tariff.set({ ...tariff, effectiveFrom: new Date(0) }), refusal('TARIFF_IN_PAST'));
  });
});
