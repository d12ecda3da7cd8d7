/** What is refused of a tariff, and which versions stay. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeKinds } from '../../../src/engine/changes.ts';
import type { Peak, TariffDefinition } from '../../../src/engine/commands/tariff.ts';
import { beginMs } from '../table.ts';
import { cityTariff, TariffStore } from '../tariffs-support.ts';

const dayMs = 86_400_000;
const station = (id: string, zone = 1, number: number | null = null) => ({ id, number, name: id, zone });
const { fares } = cityTariff();
const window = (days: readonly number[], fromMinute: number, toMinute: number): Peak => ({
  days,
  fromMinute,
  toMinute,
  fares,
});
const repeated = <Item>(count: number, item: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => item(at));

test('the first tariff may begin at any time, a later one not in the past', () => {
  const store = new TariffStore();
  assert.equal(store.set({ effectiveFromMs: beginMs - 30 * dayMs }), 'OK 0');
  assert.equal(store.set({ effectiveFromMs: beginMs - 1 }), 'TARIFF_IN_PAST');
  assert.equal(store.set({ effectiveFromMs: beginMs }), 'OK 1');
  assert.equal(store.set(), 'OK 2');
  assert.equal(store.set({ effectiveFromMs: beginMs + 5 }), 'OK 3');
  assert.deepEqual(
    store.engine.state.tariffs.versions.map(({ number }) => number),
    [0, 2, 3],
  );
});

test('all tariffs have one currency, which is looked at first', () => {
  const store = new TariffStore();
  store.set();
  assert.equal(store.set({ currency: 'USD', effectiveFromMs: 0, stations: [] }), 'CURRENCY_MISMATCH');
  assert.equal(store.set({ effectiveFromMs: 0, stations: [] }), 'TARIFF_IN_PAST');
  assert.equal(store.set({ stations: [] }), 'INVALID_TARIFF');
});

/** Each of these contradicts itself, in a way of its own. */
const unsound: Readonly<Record<string, Partial<TariffDefinition>>> = {
  'no station': { stations: [] },
  'a station twice': { stations: [station('a'), station('a')] },
  'a number twice': { stations: [station('a', 1, 5), station('b', 1, 5)] },
  'number 0': { stations: [station('a', 1, 0)] },
  'number 65,535': { stations: [station('a', 1, 65_535)] },
  'no id': { stations: [station('')] },
  'zone 0': { stations: [station('a', 0)] },
  'a zone without fares': { stations: [station('a', 4)] },
  'too many stations': { stations: repeated(2_001, (at) => station(`s${at}`)) },
  'a row too few': {
    fares: {
      zones: [
        [1, 1, 1],
        [1, 1, 1],
      ],
    },
  },
  'a fare too few': {
    fares: {
      zones: [
        [1, 1, 1],
        [1, 1],
        [1, 1, 1],
      ],
    },
  },
  'a negative fare': {
    fares: {
      zones: [
        [1, 1, 1],
        [1, -1, 1],
        [1, 1, 1],
      ],
    },
  },
  'a part of a unit': {
    fares: {
      zones: [
        [1, 1, 1],
        [1, 0.5, 1],
        [1, 1, 1],
      ],
    },
  },
  'a fare that no card could pay': { fares: { pairs: [[0, 1, 0x80000000]] } },
  'a pair of nowhere': { fares: { pairs: [[0, 3, 1]] } },
  'pairs in the peak, zones else': { peaks: [{ ...window([1], 0, 60), fares: { pairs: [] } }] },
  'zones in the peak, pairs else': { fares: { pairs: [] }, peaks: [window([1], 0, 60)] },
  'a smaller peak': { peaks: [{ ...window([1], 0, 60), fares: { zones: [[1]] } }] },
  'a currency of two letters': { currency: 'EU' },
  'a negative minimum': { minimumBalance: -1 },
  'a fraction as maximum': { maximumFare: 1.5 },
  'a journey of more than a week': { journeyMinutes: [10_081] },
  'a negative passback': { passbackSeconds: -1 },
  'a window without end': { peaks: [window([1], 60, 60)] },
  'a window past midnight': { peaks: [window([1], 60, 1441)] },
  'day 0': { peaks: [window([0], 60, 120)] },
  'day 8': { peaks: [window([8], 60, 120)] },
  'windows that overlap': { peaks: [window([1, 3], 60, 120), window([3, 4], 119, 180)] },
  'a day twice': { peaks: [window([1, 1], 60, 120)] },
  'too many windows': { peaks: repeated(32, (at) => window([1], at, at + 1)) },
  'a cap of one rolling day': { caps: [{ amount: 1, window: 1, zones: null }] },
  'a cap of nine days': { caps: [{ amount: 1, window: 9, zones: null }] },
  'a cap of a month': { caps: [{ amount: 1, window: 'month' as 'day', zones: null }] },
  'a cap of zones in the wrong order': { caps: [{ amount: 1, window: 'day', zones: [3, 2] }] },
  'too many caps': { caps: repeated(32, () => ({ amount: 1, window: 'day', zones: null })) },
  'a category that pays in full by its name': {
    categories: { adult: { numerator: 1, denominator: 2, round: 'down' } },
  },
  'more than the whole': { categories: { child: { numerator: 3, denominator: 2, round: 'down' } } },
  'a share of nothing': { categories: { child: { numerator: 0, denominator: 0, round: 'down' } } },
  'a rounding of no name': { categories: { child: { numerator: 1, denominator: 2, round: 'even' as 'down' } } },
  'a grace past its end': { sameStation: { graceSeconds: 61, graceFee: 0, untilMinutes: 1, fee: 0 } },
  'a negative fee': { sameStation: { graceSeconds: 1, graceFee: 0, untilMinutes: 1, fee: -1 } },
  'an interchange to nowhere': { interchanges: [{ from: 0, to: 3, minutes: 5 }] },
  'an interchange of no time': { interchanges: [{ from: 0, to: 1, minutes: 0 }] },
  'offsets in the wrong order': {
    offsets: [
      [5, 60],
      [5, 120],
    ],
  },
  'an offset of more than a day': { offsets: [[5, 1441]] },
};

test('a tariff that contradicts itself is refused and changes nothing', () => {
  const store = new TariffStore();
  for (const [name, changes] of Object.entries(unsound)) assert.equal(store.set(changes), 'INVALID_TARIFF', name);
  const { tariffs } = store.engine.state;
  assert.deepEqual([tariffs.count, tariffs.currency, tariffs.stationCount], [0, null, 0]);
  assert.equal(store.set(), 'OK 0');
});

test('what just fits is taken', () => {
  const fits: readonly Partial<TariffDefinition>[] = [
    { peaks: [window([1, 3], 60, 120), window([3, 4], 120, 180), window([1], 0, 60)] },
    {
      caps: [
        { amount: 0, window: 2, zones: [1, 256] },
        { amount: 0x7fffffff, window: 8, zones: null },
      ],
    },
    { sameStation: { graceSeconds: 60, graceFee: 0, untilMinutes: 1, fee: 0 } },
    { stations: [station('s', 3, 65_534)], journeyMinutes: [10_080], passbackSeconds: 604_800 },
    { stations: repeated(2_000, (at) => station(`s${at}`)) },
  ];
  for (const changes of fits) assert.match(new TariffStore().set(changes), /^OK/, JSON.stringify(changes).slice(0, 90));
});

test('a number of another station, or another number of a known one, contradicts earlier tariffs', () => {
  const store = new TariffStore();
  assert.equal(store.set({ stations: [station('a', 1, 7)] }), 'OK 0');
  assert.equal(store.set({ stations: [station('b', 1, 7)] }), 'INVALID_TARIFF');
  assert.equal(store.set({ stations: [station('a', 1, 8)] }), 'INVALID_TARIFF');
  assert.equal(store.set({ stations: [station('a', 1, 7), station('b', 1, 8)] }), 'OK 1');
});

test('versions are dropped twelve days after another one took their place', () => {
  const store = new TariffStore();
  const numbers = (): number[] => store.engine.state.tariffs.versions.map(({ number }) => number);
  store.set();
  store.nowMs += dayMs;
  store.set();
  store.nowMs += 12 * dayMs;
  store.set();
  assert.deepEqual(numbers(), [0, 1, 2], 'not before');
  store.nowMs += 1;
  store.set();
  assert.deepEqual(numbers(), [1, 2, 3]);
});

test('so many versions are kept at a time, and no more', () => {
  const store = new TariffStore();
  for (let number = 0; number < 64; number += 1) {
    assert.equal(store.set({ effectiveFromMs: beginMs + number }), `OK ${number}`);
  }
  assert.equal(store.set({ effectiveFromMs: beginMs + 100 }), 'TARIFF_LIMIT');
  store.nowMs += 13 * dayMs;
  assert.equal(store.set(), 'OK 64');
  assert.equal(store.engine.state.tariffs.versions.length, 2);
});

test('categories and ranges of zones are for good, so there are only so many', () => {
  const store = new TariffStore();
  const share = { numerator: 1, denominator: 2, round: 'down' } as const;
  const categories = (count: number, word: string) =>
    Object.fromEntries(repeated(count, (at) => [`${word}${at}`, share]));
  assert.equal(store.set({ categories: categories(200, 'a') }), 'OK 0');
  assert.equal(store.set({ categories: categories(56, 'b') }), 'TARIFF_LIMIT');
  assert.equal(store.set({ categories: categories(55, 'b') }), 'OK 1');
  assert.equal(store.set({ categories: categories(200, 'a') }), 'OK 2', 'known ones are not new');
  const caps = (count: number, from: number): TariffDefinition['caps'] =>
    repeated(count, (at) => ({ amount: 1, window: 'day', zones: [from, from + at] }));
  assert.equal(store.set({ caps: caps(15, 1) }), 'OK 3');
  assert.equal(store.set({ caps: caps(1, 2) }), 'TARIFF_LIMIT');
  assert.equal(store.set({ caps: caps(15, 1) }), 'OK 4');
});

test('a tariff that was set is among the changes', () => {
  const store = new TariffStore();
  const { changes } = store.engine.state;
  changes.collecting = true;
  store.set();
  store.set({ stations: [] });
  assert.equal(changes.count, 1);
  assert.deepEqual([changes.kind(0), changes.row(0), changes.position(0)], [changeKinds.tariff, 0, 2]);
});
