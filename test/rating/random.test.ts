/**
 * Random histories: where all taps come in order nothing differs, and however late they come, the
 * settled days cost what they would have cost in order.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TariffDefinition } from '../../src/engine/commands/tariff.ts';
import { cityTariff } from '../engine/tariffs-support.ts';
import { City, dayMs, hour, monday, mondayMs } from './city.ts';
import type { TapWords } from './city.ts';

const days = 6;
const cards = 12;
const minute = 60_000;
const tariff: Partial<TariffDefinition> = {
  caps: [
    { amount: 900, window: 'day', zones: null },
    { amount: 2400, window: 'week', zones: null },
    { amount: 700, window: 3, zones: [1, 2] },
  ],
  interchanges: [{ from: 1, to: 0, minutes: 30 }],
  sameStation: { graceSeconds: 300, graceFee: 0, untilMinutes: 60, fee: 120 },
  journeyMinutes: [180],
};

function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Taps of some days, in order; no two of a card at one time. */
function tapsOf(below: (limit: number) => number): Required<Omit<TapWords, 'decided'>>[] {
  const taps: Required<Omit<TapWords, 'decided'>>[] = [];
  for (let card = 0; card < cards; card += 1) {
    let at = mondayMs + below(20) * hour;
    let out = false;
    while (at < mondayMs + days * dayMs) {
      taps.push({ card, at, station: 1 + below(3), out });
      // Now and then an end of a journey is missing.
      out = below(12) === 0 ? out : !out;
      at += (out ? 5 + below(150) : 10 + below(420)) * minute + below(minute);
    }
  }
  return taps.sort((one, other) => one.at - other.at);
}

function sumsOf(city: City): string[] {
  const rating = city.rate({ from: monday - 1, to: monday + days, tariff: null });
  return [...rating.rows()]
    .filter(({ booked }) => booked !== 0)
    .map(({ card, day, booked }) => `${card} ${day} ${booked}`);
}

for (let seed = 1; seed <= 5; seed += 1) {
  test(`what is due is what was booked where taps come in order, seed ${seed}`, () => {
    const below = randomFrom(seed);
    const city = new City(tariff, { cards });
    for (const tap of tapsOf(below)) {
      city.wait(tap.at);
      city.tap(tap);
    }
    for (let day = 0; day < days + 2; day += 1) city.close(monday + day);
    const rating = city.rate({ from: monday - 1, to: monday + days, tariff: null });
    assert.deepEqual([...rating.differences()], []);
    assert.ok([...rating.rows()].length > days);
    assert.deepEqual(city.settle(), []);
    const other = city.rate({ from: monday, to: monday + 2, tariff: cityTariff({ ...tariff, maximumFare: 1000 }) });
    const differing = [...other.differences()];
    assert.ok(differing.length > 0);
    for (const { card, day, booked, due } of differing) {
      assert.equal(city.adjust({ card, day, amount: booked - due, replaces: booked, run: 70_000 }), 'OK');
    }
    const again = city.rate({ from: monday, to: monday + 2, tariff: cityTariff({ ...tariff, maximumFare: 1000 }) });
    assert.deepEqual([...again.differences()], []);
  });

  test(`taps that come late cost what they cost in order, once all is settled, seed ${seed}`, () => {
    const below = randomFrom(1000 + seed);
    const taps = tapsOf(below);
    const ordered = new City(tariff, { cards });
    for (const tap of taps) {
      ordered.wait(tap.at);
      ordered.tap({ ...tap, decided: 'opened' });
    }
    for (let day = 0; day < days + 12; day += 1) ordered.close(monday + day);
    const late = new City(tariff, { cards });
    const arrivals = taps.map((tap) => ({ tap, at: tap.at + (below(8) === 0 ? below(30 * 60) * minute : 0) }));
    arrivals.sort((one, other) => one.at - other.at);
    for (const { tap, at } of arrivals) {
      late.wait(at);
      late.tap({ ...tap, decided: 'opened' });
      late.settle();
    }
    for (let day = 0; day < days + 12; day += 1) {
      late.close(monday + day);
      late.settle();
    }
    assert.equal(late.state.dayNotes.owed, 0);
    assert.deepEqual(sumsOf(late), sumsOf(ordered));
    const { opened, toppedUp, fares, refunded, adjusted } = late.state.cards.totals;
    let balances = 0;
    for (let card = 0; card < cards; card += 1) balances += late.state.cards.balanceOf(card);
    assert.equal(balances, opened + toppedUp - fares + refunded + adjusted);
  });
}
