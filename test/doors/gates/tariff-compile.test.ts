/** A tariff from its JSON: what it means, what is refused and where, and back again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNumbers, tariffOf } from '../../../src/doors/gates/tariff-compile.ts';
import { ratioOf, shareText } from '../../../src/doors/gates/tariff-share.ts';
import { tariffView } from '../../../src/doors/gates/tariff-view.ts';
import { offsetsOf } from '../../../src/doors/gates/tariff-zone.ts';
import type { TariffDefinition } from '../../../src/engine/commands/tariff.ts';
import { isSound } from '../../../src/engine/rules/tariff-guard.ts';
import { TariffTable } from '../../../src/engine/tables/tariffs.ts';
import { HttpFailure } from '../../../src/http/problems.ts';
import { TariffStore } from '../../engine/tariffs-support.ts';
import type { TariffJson } from './tariff-json.ts';
import { leastTariff, tariffJson } from './tariff-json.ts';

const nowMs = Date.parse('2026-06-01T12:00:00Z');
const read = (json: unknown): TariffDefinition => tariffOf(json, nowMs);

test('a tariff means what it says', () => {
  const { offsets, peaks, fares, ...rest } = read(tariffJson({ effectiveFrom: '2026-07-01T00:00:00+02:00' }));
  assert.deepEqual(rest, {
    effectiveFromMs: Date.parse('2026-06-30T22:00:00Z'),
    currency: 'EUR',
    stations: [
      { id: 'north', number: 7, name: 'North Gate', zone: 1 },
      { id: 'middle', number: null, name: 'Middle', zone: 2 },
      { id: 'süd', number: null, name: '', zone: 3 },
    ],
    minimumBalance: 150,
    maximumFare: 900,
    journeyMinutes: [60, 90],
    passbackSeconds: 30,
    caps: [
      { amount: 1200, window: 'day', zones: null },
      { amount: 5000, window: 'week', zones: null },
      { amount: 900, window: 3, zones: [1, 2] },
    ],
    timeZone: 'Europe/Vienna',
    categories: {
      child: { numerator: 1, denominator: 2, round: 'down' },
      senior: { numerator: 1, denominator: 3, round: 'nearest' },
    },
    sameStation: { graceSeconds: 120, graceFee: 0, untilMinutes: 20, fee: 110 },
    interchanges: [{ from: 0, to: 2, minutes: 15 }],
  });
  assert.ok('zones' in fares);
  assert.deepEqual(
    peaks.map(({ days, fromMinute, toMinute }) => [days, fromMinute, toMinute]),
    [
      [[1, 2, 3, 4, 5], 390, 570],
      [[5, 7], 1320, 1440],
      [[6, 1], 0, 120],
    ],
  );
  assert.deepEqual(offsets.slice(0, 2), [
    [nowMs - 10 * 86_400_000, 120],
    [Date.parse('2026-10-25T01:00:00Z'), 60],
  ]);
});

test('the least tariff is free of all other rules', () => {
  const { effectiveFromMs, journeyMinutes, passbackSeconds, caps, peaks, timeZone, offsets, ...rest } =
    read(leastTariff());
  const none = { effectiveFromMs, journeyMinutes, passbackSeconds, caps, peaks, timeZone };
  assert.deepEqual(none, {
    effectiveFromMs: null,
    journeyMinutes: [],
    passbackSeconds: 0,
    caps: [],
    peaks: [],
    timeZone: 'UTC',
  });
  assert.deepEqual(offsets, [[nowMs - 10 * 86_400_000, 0]]);
  assert.deepEqual([rest.categories, rest.sameStation, rest.interchanges], [{}, null, []]);
});

const stations = ['a', 'b', 'c'].map((id) => ({ id, zone: 1 }));

test('a pair of stations holds in both directions, unless the other one is named too', () => {
  const pairs = { 'a|b': 100, 'b|c': 200, 'c|b': 250, 'c|a': 300, 'b|b': 5 };
  const { fares } = read(leastTariff({ stations, fares: { pairs } }));
  assert.deepEqual(fares, {
    pairs: [
      [0, 1, 100],
      [0, 2, 300],
      [1, 0, 100],
      [1, 1, 5],
      [1, 2, 200],
      [2, 0, 300],
      [2, 1, 250],
    ],
  });
});

const crowd = (count: number): { id: string; zone: number }[] =>
  Array.from({ length: count }, (_, at) => ({ id: `s${at}`, zone: 1 }));
const row = (count: number, amount = 1): number[] => Array.from({ length: count }, () => amount);
const square = (size: number): number[][] => Array.from({ length: size }, () => row(size));
const night = { days: [1], from: '20:00', to: '21:00', fares: { zones: square(3) } };

/** What is wrong, the place that is named, and a part of the sentence. */
const refused: readonly (readonly [changes: TariffJson, path: string, message: RegExp])[] = [
  [{ currency: 'EURO' }, '/currency', /pattern/],
  [{ currency: 'XXQ' }, '/currency', /ISO 4217/],
  [{ fare: 5 }, '/', /unknown fields: fare/],
  [{ stations: [] }, '/stations', /fewer than 1/],
  [{ stations: crowd(2001) }, '/stations', /more than 2000/],
  [
    {
      stations: [
        { id: 'a', zone: 1 },
        { id: 'b', zone: 2 },
        { id: 'a', zone: 1 },
      ],
    },
    '/stations/2/id',
    /stations\/0/,
  ],
  [
    {
      stations: [
        { id: 'a', zone: 1, number: 3 },
        { id: 'b', zone: 1, number: 3 },
      ],
    },
    '/stations/1/number',
    /stations\/0/,
  ],
  [{ stations: [{ id: 'a', zone: 1, number: 65_535 }] }, '/stations/0/number', /65534/],
  [{ stations: [{ id: 'a|b', zone: 1 }] }, '/stations/0/id', /pattern/],
  [{ stations: [{ id: 'e\u{301}', zone: 1 }] }, '/stations/0/id', /NFC/],
  [{ stations: [{ id: 'a', zone: 0 }] }, '/stations/0/zone', />= 1/],
  [{ stations: [{ id: 'a', zone: 257 }] }, '/stations/0/zone', /<= 256/],
  [{ stations: [{ id: 'a', zone: 4 }] }, '/fares/zones', /3 rows: station "a" lies in zone 4/],
  [
    {
      fares: {
        zones: [
          [1, 1, 1],
          [1, 1],
          [1, 1, 1],
        ],
      },
    },
    '/fares/zones/1',
    /2 fares for 3 zones: a fare is missing/,
  ],
  [
    {
      fares: {
        zones: [
          [1, 1, 1],
          [1, 1, 1],
          [1, 1, 1, 1],
        ],
      },
    },
    '/fares/zones/2',
    /too many/,
  ],
  [
    {
      fares: {
        zones: [
          [1, 1, 1],
          [1, -1, 1],
          [1, 1, 1],
        ],
      },
    },
    '/fares/zones/1/1',
    />= 0/,
  ],
  [
    {
      fares: {
        zones: [
          [1, 1, 1],
          [1, 1, 0.5],
          [1, 1, 1],
        ],
      },
    },
    '/fares/zones/1/2',
    /integer/,
  ],
  [
    {
      fares: {
        zones: [
          [1, 1, 1],
          [1, 1, null],
          [1, 1, 1],
        ],
      },
    },
    '/fares/zones/1/2',
    /integer/,
  ],
  [{ fares: { pairs: { 'north|middle': 1, 'north|süd': 1 } }, peaks: [] }, '/fares/pairs', /lacks middle\|süd/],
  [{ fares: { pairs: { 'north|east': 1 } }, peaks: [] }, '/fares/pairs/north|east', /"east"/],
  [{ fares: { pairs: { 'a/b~c': 1 } }, peaks: [] }, '/fares/pairs/a~1b~0c', /two stations/],
  [{ fares: { pairs: { north: 1 } }, peaks: [] }, '/fares/pairs/north', /two stations/],
  [{ fares: { pairs: { 'north|süd|middle': 1 } }, peaks: [] }, '/fares/pairs/north|süd|middle', /two stations/],
  [{ fares: { pairs: { 'north|süd': -1 } }, peaks: [] }, '/fares/pairs/north|süd', />= 0/],
  [{ stations: crowd(201), fares: { pairs: {} }, peaks: [], interchanges: [] }, '/fares/pairs', /40200; at most 40000/],
  [{ minimumBalance: -1 }, '/minimumBalance', />= 0/],
  [{ maximumFare: 0x40000000 }, '/maximumFare', /<= 1073741823/],
  [{ maximumFare: 1.5 }, '/maximumFare', /integer/],
  [{ passbackSeconds: 0.5 }, '/passbackSeconds', /integer/],
  [{ dailyCap: -5 }, '/dailyCap', />= 0/],
  [{ caps: [{ amount: 1, window: { rollingDays: 9 } }] }, '/caps/0/window/rollingDays', /<= 8/],
  [{ caps: [{ amount: 1, window: { rollingDays: 1 } }] }, '/caps/0/window/rollingDays', />= 2/],
  [{ caps: [{ amount: 1, window: 'month' }] }, '/caps/0/window', /constant/],
  [{ caps: [{ amount: 1, window: 'day', zones: [3, 2] }] }, '/caps/0/zones', /from 3 to 2/],
  [{ caps: [{ amount: 1, window: 'day', zones: [3] }] }, '/caps/0/zones', /fewer than 2/],
  [{ caps: Array.from({ length: 31 }, () => ({ amount: 1, window: 'day' })) }, '/dailyCap', /31/],
  [{ peaks: [{ ...night, from: '24:00' }] }, '/peaks/0/from', /pattern/],
  [{ peaks: [{ ...night, to: '24:01' }] }, '/peaks/0/to', /pattern/],
  [{ peaks: [{ ...night, to: '20:00' }] }, '/peaks/0', /no minute/],
  [{ peaks: [{ ...night, days: [1, 1] }] }, '/peaks/0/days', /duplicate|unique/],
  [{ peaks: [{ ...night, days: [] }] }, '/peaks/0/days', /fewer/],
  [{ peaks: [night, { ...night, from: '20:59', to: '22:00' }] }, '/peaks/1', /peaks\/0 on day 1 at 20:59/],
  [
    {
      peaks: [
        { ...night, days: [2], to: '09:00', from: '08:00' },
        { ...night, to: '08:30' },
      ],
    },
    '/peaks/1',
    /day 2 at 08:00/,
  ],
  [{ peaks: [{ ...night, fares: { zones: square(2) } }] }, '/peaks/0/fares/zones', /2 rows/],
  [{ peaks: [{ ...night, fares: { zones: square(4) } }] }, '/peaks/0/fares/zones', /4 zones.* 3/],
  [{ peaks: [{ ...night, fares: { pairs: {} } }] }, '/peaks/0/fares', /pairs.* zones/],
  [{ timeZone: 'Europe/Atlantis' }, '/timeZone', /Atlantis/],
  [{ categories: { adult: { share: 0.5 } } }, '/categories/adult', /pays in full/],
  [{ categories: { child: { share: 0.1234567 } } }, '/categories/child/share', /6 decimals/],
  [{ categories: { child: { share: '3/2' } } }, '/categories/child/share', /fraction/],
  [{ categories: { child: { share: '1/0' } } }, '/categories/child/share', /fraction/],
  [{ categories: { child: { share: '1/1000001' } } }, '/categories/child/share', /1000000/],
  [{ categories: { 'a/b': { share: '2' } } }, '/categories/a~1b/share', /is 2: .*fraction/],
  [{ categories: { child: { share: 1.5 } } }, '/categories/child/share', /<= 1/],
  [{ sameStation: { graceSeconds: 61, fee: 1, untilMinutes: 1 } }, '/sameStation/graceSeconds', /1 minutes/],
  [{ interchanges: [{ from: 'north', to: 'east', minutes: 5 }] }, '/interchanges/0/to', /"east"/],
  [{ interchanges: [{ from: 'west', to: 'north', minutes: 5 }] }, '/interchanges/0/from', /"west"/],
  [{ interchanges: [{ from: 'north', to: 'süd', minutes: 0 }] }, '/interchanges/0/minutes', />= 1/],
  [{ effectiveFrom: '2026-02-30T00:00:00Z' }, '/effectiveFrom', /exists/],
  [{ effectiveFrom: 'tomorrow' }, '/effectiveFrom', /pattern/],
  [{ effectiveFrom: '2037-01-01T00:00:00Z' }, '/effectiveFrom', /ten years/],
];

function flawOf(json: unknown): HttpFailure {
  try {
    read(json);
  } catch (error) {
    if (error instanceof HttpFailure) return error;
    throw error;
  }
  throw new Error(`nothing is wrong with ${JSON.stringify(json).slice(0, 200)}`);
}

test('what is wrong is refused with its place', () => {
  for (const [changes, path, message] of refused) {
    const flaw = flawOf(tariffJson(changes));
    const shown = JSON.stringify(changes).slice(0, 100);
    assert.equal(flaw.row.status, 400, shown);
    const found = flaw.errors.find((error) => error.path === path);
    assert.ok(found !== undefined, `${shown}: ${JSON.stringify(flaw.errors)}`);
    assert.match(found.message, message, shown);
  }
  for (const json of [null, [], 'tariff', 5, {}]) assert.equal(flawOf(json).row.code, 'INVALID_REQUEST');
});

test('each of the needed fields is missed', () => {
  for (const field of ['currency', 'stations', 'fares', 'minimumBalance', 'maximumFare']) {
    const { [field]: _, ...rest } = leastTariff();
    assert.match(flawOf(rest).message, new RegExp(`lacks: ${field}`));
  }
});

test('a tariff that is too large for a record is refused', () => {
  const names = crowd(2_000).map((station) => ({
    ...station,
    id: `${station.id}${'x'.repeat(240)}`,
    name: 'n'.repeat(200),
  }));
  assert.equal(read(leastTariff({ stations: names })).stations.length, 2_000);
  const wide = names.map((station) => ({ ...station, name: 'ü'.repeat(200) }));
  assert.equal(flawOf(leastTariff({ stations: wide })).row.code, 'BODY_TOO_LARGE');
});

test('what is taken fits the engine, at its limits too', () => {
  const pairs = (count: number): Record<string, number> =>
    Object.fromEntries(crowd(count).flatMap(({ id }, at) => crowd(at).map((other) => [`${id}|${other.id}`, at])));
  for (const json of [
    leastTariff(),
    tariffJson(),
    leastTariff({ stations: crowd(200), fares: { pairs: pairs(200) } }),
    leastTariff({ stations: [{ id: 'a', zone: 256 }], fares: { zones: square(256) } }),
    tariffJson({
      peaks: [
        { ...night, to: '00:00', days: [7] },
        { ...night, from: '00:00', to: '24:00' },
      ],
    }),
    leastTariff({ timeZone: 'Africa/Casablanca', journeyMinutes: 10_080 }),
  ]) {
    const definition = read(json);
    assert.ok(isSound(definition, new TariffTable()), JSON.stringify(json).slice(0, 90));
  }
});

test('numbers that stations have are for good', () => {
  const known = new TariffTable();
  known.add(read(tariffJson()), nowMs);
  const numbered = (id: string, number: number) => read(leastTariff({ stations: [{ id, zone: 1, number }] }));
  checkNumbers(numbered('north', 7), known);
  checkNumbers(numbered('east', 8), known);
  assert.throws(() => checkNumbers(numbered('north', 8), known), /stations\/0\/number is 8: .* has the number 7/);
  assert.throws(() => checkNumbers(numbered('east', 7), known), /stations\/0\/number is 7, .*"north"/);
});

test('shares are exact', () => {
  for (const [share, numerator, denominator] of [
    [0.5, 1, 2],
    [0, 0, 1],
    [1, 1, 1],
    [0.333333, 333_333, 1_000_000],
    [0.000001, 1, 1_000_000],
    [0.7, 7, 10],
    ['2/6', 1, 3],
    ['0/5', 0, 1],
    ['1000000/1000000', 1, 1],
  ] as const) {
    assert.deepEqual(ratioOf(share), { numerator, denominator }, String(share));
  }
  for (const share of [0.0000001, 1.000001, -0, '1/3 ', '-1/3', '0.5', '1e0']) {
    const isZero = Object.is(share, -0);
    assert.deepEqual(ratioOf(share), isZero ? { numerator: 0, denominator: 1 } : null, String(share));
  }
  assert.equal(shareText({ numerator: 1, denominator: 3 }), '1/3');
  assert.equal(shareText({ numerator: 7, denominator: 10 }), 0.7);
  for (let millionths = 0; millionths <= 1_000_000; millionths += 997) {
    const ratio = ratioOf(millionths / 1_000_000)!;
    assert.equal(shareText(ratio), millionths / 1_000_000);
  }
});

test('offsets change at the minute at which the zone changes them', () => {
  const changes = (zone: string): string[] =>
    offsetsOf(zone, nowMs)!
      .slice(1, 4)
      .map(([fromMs, minutes]) => `${new Date(fromMs).toISOString()} ${minutes}`);
  assert.deepEqual(changes('America/New_York'), [
    '2026-11-01T06:00:00.000Z -300',
    '2027-03-14T07:00:00.000Z -240',
    '2027-11-07T06:00:00.000Z -300',
  ]);
  assert.deepEqual(changes('Australia/Lord_Howe').slice(0, 1), ['2026-10-03T15:30:00.000Z 660']);
  assert.deepEqual(changes('Asia/Kathmandu'), []);
  assert.deepEqual(offsetsOf('Asia/Kathmandu', nowMs)![0]![1], 345);
  assert.deepEqual(offsetsOf('Etc/UTC', nowMs), [[nowMs - 10 * 86_400_000, 0]]);
  assert.equal(offsetsOf('Nowhere', nowMs), null);
  const vienna = offsetsOf('Europe/Vienna', nowMs)!;
  assert.ok(vienna.length >= 24 && vienna.length < 30, 'twelve years of them');
});

test('what a tariff is shown as sets the same tariff', () => {
  const pairs = { 'north|middle': 1, 'middle|north': 2, 'north|süd': 3, 'süd|middle': 4, 'süd|süd': 5 };
  const forms = [
    tariffJson(),
    leastTariff(),
    tariffJson({ fares: { pairs }, peaks: [{ ...night, fares: { pairs } }], journeyMinutes: 45, sameStation: null }),
  ];
  for (const json of forms) {
    const store = new TariffStore();
    const made = read(json);
    assert.equal(store.set(made), 'OK 0');
    const { state } = store.engine;
    const shown = tariffView(state, state.tariffs.versions[0]!);
    const again = read(structuredClone(shown));
    const numbered = made.stations.map((station) => ({ ...station, number: state.tariffs.stationNumber(station.id) }));
    assert.deepEqual(again, { ...made, stations: numbered, effectiveFromMs: state.civilMs });
    assert.equal(store.set(again), 'OK 1', 'and holds from the same time on');
    assert.equal(state.tariffs.versions.length, 1);
    assert.deepEqual(tariffView(state, state.tariffs.versions[0]!, 2), { ...shown, position: tariffPosition(store) });
  }
});

function tariffPosition({ engine: { state } }: TariffStore): unknown {
  return (tariffView(state, state.tariffs.versions[0]!, 2) as { position: unknown }).position;
}
