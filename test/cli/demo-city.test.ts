/** The demonstration's city is one that a store takes, in which fares differ as its rules say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoCity } from '../../src/cli/demo-city.ts';
import { tariffOf } from '../../src/doors/gates/tariff-compile.ts';
import { TariffStore } from '../engine/tariffs-support.ts';

const monday = '2026-06-01';
const at = (time: string): number => Date.parse(`${monday}T${time}:00Z`);

test('the city is a tariff that a store takes', () => {
  const store = new TariffStore();
  assert.equal(store.set(tariffOf(demoCity('USD'), store.nowMs)), 'OK 0');
  const { tariffs } = store.engine.state;
  const version = tariffs.at(at('07:00'))!;
  const [central, airport] = ['central', 'airport'].map((id) => tariffs.stationNumber(id));
  assert.deepEqual([central, airport], [1, 12]);
  const fare = (time: string, category: string): number =>
    version.baseFare(central!, 6, tariffs.categoryIndex(category), version.peakAt(at(time)));
  assert.deepEqual([fare('06:29', 'adult'), fare('06:30', 'adult'), fare('09:30', 'adult')], [290, 360, 290]);
  assert.deepEqual([fare('12:00', 'child'), fare('12:00', 'student')], [145, 193]);
  assert.ok(version.minimumBalance <= version.maximumFare(0));
  for (let from = 1; from <= 12; from += 1) {
    for (let to = 1; to <= 12; to += 1) {
      const there = version.baseFare(from, to, 0, 0);
      assert.ok(there > 0 && there <= version.maximumFare(0));
      assert.equal(there, version.baseFare(to, from, 0, 0));
    }
  }
});

test('the city is in the currency of its store', () => {
  assert.equal(demoCity('EUR').currency, 'EUR');
});
