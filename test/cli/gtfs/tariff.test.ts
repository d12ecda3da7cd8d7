/** Fares of feeds, taken over into a tariff; and what is said of the rest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFeed } from '../../../src/cli/gtfs/feed.ts';
import { tariffOfFeed } from '../../../src/cli/gtfs/tariff.ts';
import { tariffOf } from '../../../src/doors/gates/tariff-compile.ts';
import { UserError } from '../../../src/store/user-error.ts';
import type { Tables } from './feeds.ts';
import { newerFeed, olderFeed, withFeed } from './feeds.ts';

const nowMs = Date.parse('2026-06-01T12:00:00Z');
type Imported = ReturnType<typeof tariffOfFeed>;

async function imported(tables: Tables, network: string | null = null): Promise<Imported> {
  const found: Imported[] = [];
  await withFeed(tables, async (file) => void found.push(tariffOfFeed(await readFeed(file), network, nowMs)));
  return found[0]!;
}

async function refused(tables: Tables, message: RegExp, network: string | null = null): Promise<void> {
  await assert.rejects(imported(tables, network), (error) => error instanceof UserError && message.test(error.message));
}

function assertNoted({ notes }: Imported, ...words: readonly RegExp[]): void {
  for (const word of words)
    assert.ok(
      notes.some((note) => word.test(note)),
      `${String(word)} in ${notes.join('\n')}`,
    );
}

const usual = [/minimum balance is the lowest fare/, /caps, journey times/];

test('fares by zones of origin and destination', async () => {
  const older = await imported(olderFeed);
  assert.deepEqual(older.zones, ['2', '10'], 'numbers in their order, not as text');
  assert.deepEqual(older.tariff, {
    currency: 'EUR',
    stations: [
      { id: 'west', name: 'West', zone: 2 },
      { id: 'mid', name: 'Middle, upper', zone: 1 },
      { id: 'east', name: 'East', zone: 1 },
    ],
    fares: {
      zones: [
        [200, 350],
        [350, 200],
      ],
    },
    minimumBalance: 200,
    maximumFare: 350,
    peaks: [],
    timeZone: 'Europe/Vienna',
    categories: {},
    interchanges: [{ from: 'west', to: 'mid', minutes: 90 }],
  });
  assertNoted(older, ...usual, /single routes.*: rush$/, /stations without any fare: hall/);
  assert.equal(older.notes.length, 4);
});

test('fares by areas, times and riders', async () => {
  const newer = await imported(newerFeed);
  assert.deepEqual(newer.zones, ['all + core', 'all + ring']);
  const rush = [
    [205, 400],
    [310, 205],
  ];
  const window = { days: [1, 2, 3, 4, 5], fares: { zones: rush } };
  assert.deepEqual(newer.tariff, {
    currency: 'EUR',
    stations: [
      { id: 'west', name: 'West', zone: 1 },
      { id: 'mid', name: 'Middle, upper', zone: 2 },
      { id: 'east', name: 'East', zone: 2 },
    ],
    fares: {
      zones: [
        [205, 310],
        [310, 205],
      ],
    },
    minimumBalance: 205,
    maximumFare: 400,
    peaks: [
      { ...window, from: '07:00', to: '09:30' },
      { ...window, from: '16:00', to: '19:00' },
    ],
    timeZone: 'Europe/Vienna',
    categories: { child: { share: 0.5, round: 'nearest' } },
    interchanges: [
      { from: 'west', to: 'east', minutes: 20 },
      { from: 'east', to: 'west', minutes: 20 },
    ],
  });
  const [product, media] = [/product day: .* a cheaper one, (one|two)/, /by the medium, .*: one$/];
  const riders = /rider category senior: its prices are no fixed share/;
  const transfers = [/costs the difference/, /transfers from in to in, which have a price/, /their number/];
  assertNoted(newer, ...usual, product, media, riders, ...transfers, /single dates.*: fair/, /without any fare: hall/);
  assert.equal(tariffOf(newer.tariff, nowMs).peaks.length, 2);
});

test('with priorities the highest one wins, and an empty area is any area', async () => {
  const { tariff } = await imported({
    ...newerFeed,
    'fare_leg_rules.txt': [
      'from_area_id,to_area_id,fare_product_id,rule_priority',
      ',,two,',
      'core,,one,1',
      'core,ring,day,2',
    ],
  });
  assert.deepEqual(tariff.fares, {
    zones: [
      [205, 900, 205],
      [310, 310, 310],
      [310, 310, 310],
    ],
  });
  assert.equal(tariff.stations.length, 4, 'the hall, which lies in no area, has fares now');
});

test('without priorities an empty area is one that no rule names', async () => {
  const { tariff } = await imported({
    ...newerFeed,
    'fare_leg_rules.txt': ['from_area_id,to_area_id,fare_product_id', 'core,core,one', ',,two', 'core,,day'],
  });
  // West lies in core, which is named, so the rule for all others leaves it out.
  assert.deepEqual(tariff.fares, {
    zones: [
      [205, 900, 900],
      [900, 310, 310],
      [900, 310, 310],
    ],
  });
});

test('a pair without a fare gets the highest, and a note', async () => {
  const older = await imported({
    ...olderFeed,
    'fare_rules.txt': ['fare_id,origin_id,destination_id', 'short,10,10', 'long,10,2', 'short,2,2'],
    'fare_attributes.txt': ['fare_id,price,currency_type,transfers', 'short,2,EUR,0', 'long,3.50,EUR,0'],
  });
  assert.deepEqual(older.tariff.fares, {
    zones: [
      [200, 350],
      [350, 200],
    ],
  });
  assertNoted(older, /fares that the feed lacks, so the highest fare, 350, stands there: zone 1 to 2/);
});

test('one fare for all is a tariff of one zone for each that is named', async () => {
  const { tariff } = await imported({
    ...olderFeed,
    'fare_attributes.txt': ['fare_id,price,currency_type,transfers', 'all,2.75,USD,0'],
    'fare_rules.txt': 'fare_id\r\n',
  });
  assert.equal(tariff.currency, 'USD');
  assert.equal(tariff.stations.length, 4);
  assert.ok('zones' in tariff.fares && tariff.fares.zones.flat().every((amount) => amount === 275));
  assert.deepEqual(tariff.interchanges, []);
});

test('the newer form goes before the older one', async () => {
  const both = await imported({ ...olderFeed, ...newerFeed });
  assert.deepEqual(both.tariff, (await imported(newerFeed)).tariff);
  assertNoted(both, /older form/);
});

const networks = {
  ...newerFeed,
  'fare_leg_rules.txt': ['network_id,from_area_id,to_area_id,fare_product_id', 'metro,,,one', 'ferry,,,two'],
};

test('of several networks one is named', async () => {
  await refused(networks, /several networks, metro, ferry: name one with --network/);
  await refused(networks, /--network is "tram"; the feed's fares are of metro, ferry/, 'tram');
  const ferry = await imported(networks, 'ferry');
  assert.ok('zones' in ferry.tariff.fares && ferry.tariff.fares.zones.flat().every((amount) => amount === 310));
  assertNoted(ferry, /fares of other networks: metro/);
});

test('a feed without fares for gates is refused, and says why', async () => {
  const { 'fare_attributes.txt': _, 'fare_rules.txt': __, ...none } = olderFeed;
  await refused(none, /no fares: neither fare_attributes.txt nor/);
  const routed = ['fare_id,route_id,origin_id,destination_id,contains_id', 'short,r,,,', 'long,,,,2', 'rush,x,,,'];
  await refused({ ...olderFeed, 'fare_rules.txt': routed }, /all are by route, or by the way/);
  const strange = ['fare_id,price,currency_type', 'short,2,XXQ'];
  await refused({ ...olderFeed, 'fare_attributes.txt': strange }, /"XXQ", which ISO 4217/);
  await refused({ ...olderFeed, 'fare_attributes.txt': 'fare_id,price,currency_type\n' }, /no prices/);
  const nowhere = ['agency_id,agency_timezone', 'a,Europe/Atlantis'];
  await refused({ ...olderFeed, 'agency.txt': nowhere }, /make no tariff: \/timeZone/);
  const rules = ['fare_id,origin_id,destination_id', 'short,7,7', 'long,7,7', 'rush,7,7'];
  await refused({ ...olderFeed, 'fare_rules.txt': rules }, /no station of the feed has a fare/);
});

test('more stations or zones than a tariff takes are refused', async () => {
  const stops = (count: number, zone: (at: number) => string): string[] => [
    'stop_id,stop_name,zone_id',
    ...Array.from({ length: count }, (_, at) => `s${at},Stop ${at},${zone(at)}`),
  ];
  const flat = {
    ...olderFeed,
    'fare_attributes.txt': ['fare_id,price,currency_type,transfers', 'all,2.75,USD,0'],
    'fare_rules.txt': 'fare_id\n',
  };
  await refused(
    { ...flat, 'stops.txt': stops(2001, () => '1') },
    /make no tariff: \/stations must not have more than 2000/,
  );
  await refused({ ...flat, 'stops.txt': stops(300, String) }, /make no tariff/);
  await refused({ ...flat, 'stops.txt': stops(1100, String) }, /1100 different zones; a tariff takes 256/);
});
