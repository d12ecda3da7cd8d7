/** What a compiled tariff says of a journey, rule by rule. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peak, Share } from '../../../src/engine/commands/tariff.ts';
import { partOf } from '../../../src/engine/tables/tariff-version.ts';
import { TariffTable } from '../../../src/engine/tables/tariffs.ts';
import { cityTariff, compiled } from '../tariffs-support.ts';

const third = (round: Share['round']): Share => ({ numerator: 1, denominator: 3, round });

const parts: readonly (readonly [amount: number, share: Share, part: number])[] = [
  [200, third('down'), 66],
  [200, third('up'), 67],
  [200, third('nearest'), 67],
  [100, third('nearest'), 33],
  [300, third('down'), 100],
  [300, third('up'), 100],
  [300, third('nearest'), 100],
  [0, third('up'), 0],
  [1, third('down'), 0],
  [1, third('up'), 1],
  [5, { numerator: 1, denominator: 2, round: 'nearest' }, 3],
  [5, { numerator: 1, denominator: 2, round: 'down' }, 2],
  [199, { numerator: 0, denominator: 1, round: 'up' }, 0],
  [199, { numerator: 1, denominator: 1, round: 'down' }, 199],
  [0x7fffffff, { numerator: 999_999, denominator: 1_000_000, round: 'down' }, 2_147_481_499],
  [0x7fffffff, { numerator: 999_999, denominator: 1_000_000, round: 'up' }, 2_147_481_500],
  [0x7fffffff, { numerator: 333_333, denominator: 999_999, round: 'nearest' }, 715_827_882],
];

test('a share of an amount is rounded by its rule, to the unit', () => {
  for (const [amount, share, part] of parts) {
    assert.equal(partOf(amount, share), part, `${amount} ${JSON.stringify(share)}`);
  }
});

test('a rounded share is that of whole numbers of any length', () => {
  for (let step = 0; step < 20_000; step += 1) {
    const amount = Math.imul(step, 0x9e3779b1) >>> 1;
    const denominator = 1 + ((Math.imul(step, 0x85ebca6b) >>> 0) % 1_000_000);
    const numerator = (Math.imul(step, 0xc2b2ae35) >>> 0) % (denominator + 1);
    const [product, by] = [BigInt(amount) * BigInt(numerator), BigInt(denominator)];
    assert.equal(partOf(amount, { numerator, denominator, round: 'down' }), Number(product / by));
    assert.equal(partOf(amount, { numerator, denominator, round: 'up' }), Number((product + by - 1n) / by));
    assert.equal(partOf(amount, { numerator, denominator, round: 'nearest' }), Number((2n * product + by) / (2n * by)));
  }
});

test('fares are those of the zones of entry and exit, by direction', () => {
  const version = compiled();
  const fares = [1, 2, 3].map((from) => [1, 2, 3].map((to) => version.baseFare(from, to, 0, 0)));
  assert.deepEqual(fares, [
    [200, 310, 400],
    [320, 210, 330],
    [410, 340, 220],
  ]);
  assert.equal(version.byStations, false);
  assert.equal(version.baseFare(1, 4, 0, 0), -1, 'a station that is not in it');
  assert.deepEqual(
    [0, 1, 2, 3, 4, 0xffff].map((station) => version.zoneOf(station)),
    [0, 1, 2, 3, 0, 0],
  );
  assert.deepEqual(
    [0, 3, 4].map((station) => version.hasStation(station)),
    [false, true, false],
  );
});

test('fares of pairs of stations are by direction, and a pair may be missing', () => {
  const pairs = [
    [0, 1, 0],
    [1, 0, 250],
    [2, 2, 0x7fffffff],
  ] as const;
  const version = compiled({ fares: { pairs } });
  assert.equal(version.byStations, true);
  assert.deepEqual(
    [
      [1, 2],
      [2, 1],
      [3, 3],
      [1, 3],
      [1, 1],
    ].map(([from, to]) => version.baseFare(from!, to!, 0, 0)),
    [0, 250, 0x7fffffff, -1, -1],
  );
});

test('many pairs are each found, and no other', () => {
  const stations = Array.from({ length: 200 }, (_, at) => ({ id: `s${at}`, number: 65_534 - at, name: '', zone: 1 }));
  const pairs = stations.flatMap((_, from) =>
    stations.flatMap((__, to) => (from === to ? [] : [[from, to, from * 200 + to] as const])),
  );
  const version = compiled({ stations, fares: { pairs } });
  for (const [from, to, amount] of pairs) assert.equal(version.baseFare(65_534 - from, 65_534 - to, 0, 0), amount);
  for (const station of [65_534, 65_335]) assert.equal(version.baseFare(station, station, 0, 0), -1);
  assert.equal(version.baseFare(65_334, 65_533, 0, 0), -1);
});

test('a category pays its share of fares, maximum fare, caps and fees, not of the minimum balance', () => {
  const version = compiled({
    categories: { child: third('down'), senior: third('up') },
    caps: [{ amount: 1000, window: 'day', zones: null }],
    sameStation: { graceSeconds: 60, graceFee: 50, untilMinutes: 20, fee: 100 },
  });
  assert.deepEqual(
    [0, 1, 2].map((category) => version.baseFare(1, 2, category, 0)),
    [310, 103, 104],
  );
  assert.deepEqual(
    [0, 1, 2].map((category) => version.maximumFare(category)),
    [900, 300, 300],
  );
  assert.deepEqual(
    [0, 1, 2].map((category) => version.capAmount(0, category)),
    [1000, 333, 334],
  );
  assert.deepEqual(
    [0, 1, 2].map((category) => version.feeOf(category, true)),
    [50, 16, 17],
  );
  assert.deepEqual(
    [0, 1, 2].map((category) => version.feeOf(category, false)),
    [100, 33, 34],
  );
  assert.equal(version.minimumBalance, 150);
  assert.equal(version.maximumFare(7), 900, 'a category that a later tariff brought pays in full here');
});

test('a category that a later version leaves out pays in full there', () => {
  const table = new TariffTable();
  const first = table.add(cityTariff({ categories: { child: third('down') } }), 0);
  const second = table.add(cityTariff({ categories: { senior: third('up') } }), 1);
  assert.deepEqual(table.categories, ['adult', 'child', 'senior']);
  assert.deepEqual(
    [0, 1, 2].map((category) => first.maximumFare(category)),
    [900, 300, 900],
  );
  assert.deepEqual(
    [0, 1, 2].map((category) => second.maximumFare(category)),
    [900, 900, 300],
  );
});

const rushFares = { zones: [200, 310, 400].map(() => [500, 500, 500]) };

function peak(days: readonly number[], fromMinute: number, toMinute: number): Peak {
  return { days, fromMinute, toMinute, fares: rushFares };
}

test('the peak is that of the local minute of entry, its end not within', () => {
  const version = compiled({
    peaks: [peak([1, 2, 3, 4, 5], 390, 570), peak([5], 1320, 1440), peak([6], 0, 120), peak([7], 1439, 1440)],
  });
  const rows: readonly (readonly [at: string, peak: number])[] = [
    ['2026-11-30T06:29:59.999Z', 0],
    ['2026-11-30T06:30:00.000Z', 1],
    ['2026-11-30T09:29:59.999Z', 1],
    ['2026-11-30T09:30:00.000Z', 0],
    ['2026-12-04T21:59:59.999Z', 0],
    ['2026-12-04T22:00:00.000Z', 2],
    ['2026-12-04T23:59:59.999Z', 2],
    ['2026-12-05T00:00:00.000Z', 3],
    ['2026-12-05T01:59:59.999Z', 3],
    ['2026-12-05T02:00:00.000Z', 0],
    ['2026-12-05T08:00:00.000Z', 0],
    ['2026-12-06T23:58:59.999Z', 0],
    ['2026-12-06T23:59:00.000Z', 4],
    ['2026-12-07T00:00:00.000Z', 0],
    ['1969-12-29T06:30:00.000Z', 1],
    ['1970-01-01T06:30:00.000Z', 1],
  ];
  for (const [at, expected] of rows) assert.equal(version.peakAt(Date.parse(at)), expected, at);
  assert.deepEqual(
    [0, 1, 2].map((window) => version.baseFare(1, 2, 0, window)),
    [310, 500, 500],
  );
  assert.equal(compiled().peakAt(Date.parse('2026-11-30T07:00:00Z')), 0);
});

/** Vienna's offsets around 2026: summer time from 29 March to 25 October. */
const vienna = [
  [Date.parse('2025-10-26T01:00:00Z'), 60],
  [Date.parse('2026-03-29T01:00:00Z'), 120],
  [Date.parse('2026-10-25T01:00:00Z'), 60],
] as const;

test('local time follows the changes of the clock', () => {
  const version = compiled({ offsets: vienna, peaks: [peak([7], 120, 180)] });
  const rows: readonly (readonly [at: string, peak: number])[] = [
    // The hour from 2 to 3 does not exist on this Sunday…
    ['2026-03-29T00:59:59.999Z', 0],
    ['2026-03-29T01:00:00.000Z', 0],
    ['2026-03-29T01:59:59.999Z', 0],
    // …and comes twice on this one.
    ['2026-10-24T23:59:59.999Z', 0],
    ['2026-10-25T00:00:00.000Z', 1],
    ['2026-10-25T00:59:59.999Z', 1],
    ['2026-10-25T01:00:00.000Z', 1],
    ['2026-10-25T01:59:59.999Z', 1],
    ['2026-10-25T02:00:00.000Z', 0],
    // Before the first change its offset holds too.
    ['2025-10-05T01:00:00.000Z', 1],
  ];
  for (const [at, expected] of rows) assert.equal(version.peakAt(Date.parse(at)), expected, at);
  const dayOf = (at: string): string => new Date(version.dayOf(Date.parse(at)) * 86_400_000).toISOString().slice(0, 10);
  assert.equal(dayOf('2026-03-28T22:59:59.999Z'), '2026-03-28');
  assert.equal(dayOf('2026-03-28T23:00:00.000Z'), '2026-03-29');
  assert.equal(dayOf('2026-03-29T21:59:59.999Z'), '2026-03-29');
  assert.equal(dayOf('2026-03-29T22:00:00.000Z'), '2026-03-30');
  assert.equal(dayOf('2026-10-25T22:59:59.999Z'), '2026-10-25');
  assert.equal(dayOf('2026-10-25T23:00:00.000Z'), '2026-10-26');
});

test('a local day ends at the first moment of the next one', () => {
  const version = compiled({ offsets: vienna });
  for (const [day, end] of [
    ['2026-01-15', '2026-01-15T23:00:00.000Z'],
    ['2026-03-28', '2026-03-28T23:00:00.000Z'],
    ['2026-03-29', '2026-03-29T22:00:00.000Z'],
    ['2026-10-24', '2026-10-24T22:00:00.000Z'],
    ['2026-10-25', '2026-10-25T23:00:00.000Z'],
  ] as const) {
    const number = Date.parse(day) / 86_400_000;
    const endMs = version.endOfDay(number);
    assert.equal(new Date(endMs).toISOString(), end);
    assert.deepEqual([version.dayOf(endMs - 1), version.dayOf(endMs)], [number, number + 1]);
  }
});

test('a day whose midnight is skipped begins with the change of the clock', () => {
  // At midnight the clock goes from 0:00 to 1:00.
  const changeMs = Date.parse('2026-09-06T04:00:00Z');
  const version = compiled({
    offsets: [
      [0, -240],
      [changeMs, -180],
    ],
  });
  const day = Date.parse('2026-09-05') / 86_400_000;
  assert.equal(version.endOfDay(day), changeMs);
  assert.deepEqual([version.dayOf(changeMs - 1), version.dayOf(changeMs)], [day, day + 1]);
});

test('the time of a journey is limited by the zones that it crosses', () => {
  const version = compiled({ journeyMinutes: [60, 90] });
  const minutes = (from: number, to: number): number => version.journeyLimitMs(from, to) / 60_000;
  assert.deepEqual([minutes(1, 1), minutes(1, 2), minutes(3, 2), minutes(1, 3), minutes(3, 1)], [60, 90, 90, 90, 90]);
  assert.equal(compiled({ journeyMinutes: [75] }).journeyLimitMs(1, 3), 75 * 60_000);
  assert.equal(compiled().journeyLimitMs(1, 3), Infinity);
});

test('an interchange has a direction and a limit', () => {
  const version = compiled({ interchanges: [{ from: 0, to: 2, minutes: 15 }] });
  assert.deepEqual(
    [version.interchangeMs(1, 3), version.interchangeMs(3, 1), version.interchangeMs(1, 1)],
    [900_000, 0, 0],
  );
});

test('caps name their window and their range of zones', () => {
  const table = new TariffTable();
  const caps = [
    { amount: 700, window: 'day', zones: null },
    { amount: 500, window: 'week', zones: [1, 2] },
    { amount: 600, window: 5, zones: [2, 3] },
    { amount: 400, window: 'day', zones: [1, 2] },
  ] as const;
  const version = table.add(cityTariff({ caps }), 0);
  assert.deepEqual(version.caps, [
    { amount: 700, days: 1, week: false, range: 0 },
    { amount: 500, days: 7, week: true, range: 1 },
    { amount: 600, days: 5, week: false, range: 2 },
    { amount: 400, days: 1, week: false, range: 1 },
  ]);
  assert.deepEqual(table.ranges.slice(1), [
    [1, 2],
    [2, 3],
  ]);
  const later = table.add(cityTariff({ caps: caps.slice(2, 3) }), 1);
  assert.equal(later.caps[0]!.range, 2, 'ranges are for good');
});

test('times are in ms', () => {
  const version = compiled({
    passbackSeconds: 45,
    sameStation: { graceSeconds: 90, graceFee: 0, untilMinutes: 20, fee: 110 },
  });
  assert.equal(version.passbackMs, 45_000);
  assert.deepEqual(version.sameStation, { graceMs: 90_000, graceFee: 0, untilMs: 1_200_000, fee: 110 });
  assert.equal(compiled().sameStation, null);
});
