/** Versions in their order, the numbers that stay for good, and what a snapshot keeps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from '../../../src/engine/dump.ts';
import { TariffTable } from '../../../src/engine/tables/tariffs.ts';
import { restored, snapshotOf } from '../subjects.ts';
import { beginMs } from '../table.ts';
import { cityTariff, TariffStore } from '../tariffs-support.ts';

const station = (id: string, number: number | null = null) => ({ id, number, name: id, zone: 1 });

test('a version holds from its time on, to the ms; the first one before that too', () => {
  const table = new TariffTable();
  assert.equal(table.at(0), null);
  for (const fromMs of [1000, 3000, 2000]) table.add(cityTariff(), fromMs);
  const numberAt = (ms: number): number => table.at(ms)!.number;
  assert.deepEqual([-1, 999, 1000, 1999].map(numberAt), [0, 0, 0, 0]);
  assert.deepEqual([2000, 2999.9].map(numberAt), [2, 2]);
  assert.deepEqual([3000, 9e15].map(numberAt), [1, 1]);
  assert.equal(table.current(2500)!.number, 2);
  assert.equal(table.numbered(1)!.effectiveFromMs, 3000);
  assert.equal(table.numbered(3), null);
});

test('a version takes the place of one from the same time on', () => {
  const table = new TariffTable();
  for (const fromMs of [1000, 2000, 1000]) table.add(cityTariff(), fromMs);
  assert.deepEqual(
    table.versions.map(({ number }) => number),
    [2, 1],
  );
});

test('stations keep their numbers for good, and new ones get the lowest that is free', () => {
  const table = new TariffTable();
  table.add(cityTariff({ stations: [station('x'), station('y', 1), station('z', 3)] }), 0);
  const numbers = (...ids: string[]): number[] => ids.map((id) => table.stationNumber(id));
  assert.deepEqual(numbers('x', 'y', 'z', 'w'), [2, 1, 3, 0]);
  table.add(cityTariff({ stations: [station('w'), station('z'), station('v', 65_534), station('u')] }), 1);
  assert.deepEqual(numbers('x', 'y', 'z', 'w', 'v', 'u'), [2, 1, 3, 4, 65_534, 5]);
  assert.deepEqual(
    [0, 4, 6, 65_534].map((number) => table.stationId(number)),
    [null, 'w', null, 'v'],
  );
  const [first, second] = table.versions;
  assert.deepEqual([first!.hasStation(2), second!.hasStation(2), second!.hasStation(65_534)], [true, false, true]);
});

test('a snapshot keeps versions, numbers and currency, and the store goes on the same', () => {
  const one = new TariffStore();
  const share = { numerator: 1, denominator: 3, round: 'up' } as const;
  assert.equal(one.set({ stations: [station('a', 9), station('b')], categories: { child: share } }), 'OK 0');
  assert.equal(one.set({ effectiveFromMs: beginMs + 1000, caps: [{ amount: 5, window: 3, zones: [1, 2] }] }), 'OK 1');
  const snapshot = snapshotOf(one.engine);
  const other = new TariffStore(restored(snapshot));
  assert.deepEqual(snapshotOf(other.engine), snapshot);
  for (const store of [one, other]) {
    const { tariffs } = store.engine.state;
    assert.equal(tariffs.currency, 'EUR');
    assert.equal(tariffs.at(beginMs)!.baseFare(9, 1, 1, 0), 67);
    assert.equal(store.set({ currency: 'CHF' }), 'CURRENCY_MISMATCH');
    assert.equal(store.set({ stations: [station('d', 9)] }), 'INVALID_TARIFF');
    assert.equal(store.set({ stations: [station('d')], effectiveFromMs: beginMs + 2000 }), 'OK 2');
    assert.deepEqual([tariffs.stationNumber('d'), tariffs.ranges.length, tariffs.categories.length], [3, 2, 2]);
  }
  assert.deepEqual(dump(other.engine), dump(one.engine));
  assert.deepEqual(snapshotOf(other.engine), snapshotOf(one.engine));
});

test('a dump names each version', () => {
  const store = new TariffStore();
  store.set({ stations: [station('a', 9)], categories: { child: { numerator: 0, denominator: 1, round: 'down' } } });
  assert.deepEqual(dump(store.engine).tariffs, [
    { number: 0, effectiveFromMs: beginMs, currency: 'EUR', stations: [['a', 9]], categories: ['child'] },
  ]);
});
