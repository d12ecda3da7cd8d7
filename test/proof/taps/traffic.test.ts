/** The taps of a city's day: their number, their order, and the hours at which they come. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { directions } from '../../../src/engine/commands/taps.ts';
import { dayMs, entriesByMinute, hourMs, lastEntry, minutesOfDay } from '../../../src/proof/taps/day-curve.ts';
import { Traffic } from '../../../src/proof/taps/traffic.ts';
import type { TrafficPlan } from '../../../src/proof/taps/traffic.ts';

const fromMs = Date.UTC(2026, 4, 4);
const plan: TrafficPlan = {
  cards: 5000,
  gates: 100,
  stations: 20,
  taps: 40_000,
  oddShare: 0,
  fromMs,
  seed: 1,
};

interface Seen {
  readonly card: number;
  readonly gate: number;
  readonly direction: number;
  readonly atMs: number;
}

function allOf(changed: Partial<TrafficPlan> = {}): Seen[] {
  const traffic = new Traffic({ ...plan, ...changed });
  const seen: Seen[] = [];
  while (traffic.next()) {
    const { card, gate, direction, atMs } = traffic;
    seen.push({ card, gate, direction, atMs });
  }
  return seen;
}

describe('the curve of a day', () => {
  test('the entries of all minutes are the journeys, to the one', () => {
    for (const journeys of [0, 1, 7, 12_345, 12_000_000]) {
      const entries = entriesByMinute(journeys);
      assert.equal(entries.length, minutesOfDay);
      assert.equal(
        entries.reduce((sum, each) => sum + each, 0),
        journeys,
      );
      assert.ok(entries.every((each) => each >= 0));
      assert.ok(entries.subarray(lastEntry).every((each) => each === 0));
    }
  });

  test('the morning has more than the evening, the evening more than noon, and the night next to none', () => {
    const entries = entriesByMinute(1_000_000);
    const [night, morning, noon, evening] = [180, 480, 780, 1080].map((minute) => entries[minute]!);
    assert.ok(morning! > evening! && evening! > 2.5 * noon! && noon! > 5 * night!);
  });
});

describe('the traffic of a day', () => {
  test('each journey is an entry and an exit, and the times never go back', () => {
    const taps = allOf();
    assert.equal(taps.length, plan.taps);
    const travelling = new Map<number, Seen>();
    let lastMs = fromMs;
    for (const tap of taps) {
      assert.ok(tap.atMs >= lastMs && tap.atMs < fromMs + dayMs);
      lastMs = tap.atMs;
      const entry = travelling.get(tap.card);
      assert.equal(tap.direction, entry === undefined ? directions.in : directions.out);
      if (entry === undefined) {
        travelling.set(tap.card, tap);
        continue;
      }
      travelling.delete(tap.card);
      const minutes = (tap.atMs - entry.atMs) / 60_000;
      assert.ok(minutes > 4 && minutes < 51, `${minutes} minutes`);
      assert.notEqual(tap.gate % plan.stations, entry.gate % plan.stations, 'another station');
    }
    assert.equal(travelling.size, 0, 'everybody is home at midnight');
  });

  test('all gates and most cards have their part', () => {
    const taps = allOf();
    assert.equal(new Set(taps.map(({ gate }) => gate)).size, plan.gates);
    assert.ok(new Set(taps.map(({ card }) => card)).size > 0.95 * plan.cards);
    const byHour = Map.groupBy(taps, ({ atMs }) => Math.floor((atMs - fromMs) / hourMs));
    const at = (hour: number): number => byHour.get(hour)?.length ?? 0;
    assert.ok(at(8) > at(18) && at(18) > 2 * at(13) && at(13) > 4 * at(2));
  });

  test('a seed gives the same day again, and another seed another one', () => {
    assert.deepEqual(allOf(), allOf());
    assert.notDeepEqual(allOf(), allOf({ seed: 2 }));
  });

  test('some journeys lack an end, when that is asked for', () => {
    const taps = allOf({ oddShare: 0.05 });
    const entries = taps.filter(({ direction }) => direction === directions.in).length;
    const exits = taps.length - entries;
    for (const missing of [plan.taps / 2 - entries, plan.taps / 2 - exits]) {
      assert.ok(missing > 800 && missing < 1200, `${missing} are missing`);
    }
  });

  test('a city with too few cards is refused, and so is one with a single gate', () => {
    assert.throws(() => allOf({ cards: 100 }), /100 cards are too few for 40000 taps a day/);
    assert.throws(() => allOf({ gates: 1 }), /1 gates: it may be 2 to 65534/);
  });
});
