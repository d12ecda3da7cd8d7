/** A feed's fares as the JSON of a tariff, with notes on what it could not take over. */
import type { Static } from 'typebox';
import { tariffOf } from '../../doors/gates/tariff-compile.ts';
import { timeText } from '../../doors/gates/tariff-peaks.ts';
import type { tariffRequest } from '../../doors/gates/tariff-schemas.ts';
import { shareText } from '../../doors/gates/tariff-share.ts';
import { minutesPerDay, tariffLimits } from '../../engine/commands/tariff.ts';
import { HttpFailure } from '../../http/problems.ts';
import { UserError } from '../../store/user-error.ts';
import type { FeedFares } from './fares.ts';
import { readFaresV1, zonesOfStops } from './fares-v1.ts';
import { areasOfStops, readFaresV2 } from './fares-v2.ts';
import type { Feed } from './feed.ts';
import { Notes, named } from './notes.ts';
import type { FeedStation } from './stations.ts';
import { readStations } from './stations.ts';
import { readInterchanges } from './transfers.ts';

type TariffJson = Static<typeof tariffRequest>;

interface Imported {
  readonly tariff: TariffJson;
  readonly notes: readonly string[];
  /** The feed's zones or areas, by the tariff's zone numbers from 1. */
  readonly zones: readonly string[];
}

/** @throws UserError for a feed without fares that a tariff could have */
export function tariffOfFeed(feed: Feed, network: string | null, nowMs: number): Imported {
  const notes = new Notes();
  const isNewer = feed.has('fare_leg_rules.txt') && feed.has('fare_products.txt');
  if (!isNewer && !feed.has('fare_attributes.txt')) {
    throw new UserError(
      'the feed has no fares: neither fare_attributes.txt nor fare_leg_rules.txt with fare_products.txt',
    );
  }
  if (isNewer && feed.has('fare_attributes.txt')) notes.add('fares in the older form, beside those in the newer one');
  const { stations, stationOf } = readStations(feed, isNewer ? areasOfStops(feed) : zonesOfStops(feed), notes);
  const fares = isNewer ? readFaresV2(feed, network, notes) : readFaresV1(feed, notes);
  const zones = new Zones(stations, fares, notes);
  const tables = fares.activeGroups.map((active) => zones.table(active));
  const usual = usualTable(fares, tables);
  const base = filled(tables[usual]!, null, notes);
  const peaks = peaksOf(
    fares,
    tables.map((table) => filled(table, base, notes)),
    usual,
  );
  const amounts = [base, ...peaks.map((peak) => peak.fares.zones)].flat(2);
  const lowest = amounts.reduce((one, other) => Math.min(one, other));
  const highest = amounts.reduce((one, other) => Math.max(one, other));
  notes.add(`the minimum balance is the lowest fare, ${lowest}, and the maximum fare the highest, ${highest}`);
  notes.add('caps, journey times, passback and rules for leaving where one entered are not in GTFS: add them by hand');
  const kept = new Set(zones.stations.map(({ id }) => id));
  const interchanges = readInterchanges(feed, stationOf, kept, fares.transferMinutes, notes);
  const timeZone = feed.rows('agency.txt')[0]?.('agency_timezone') ?? '';
  const tariff: TariffJson = {
    currency: fares.currency,
    stations: zones.stations.map(({ id, name, zone }) => ({ id, name, zone })),
    fares: { zones: base },
    minimumBalance: lowest,
    maximumFare: highest,
    peaks,
    timeZone: timeZone === '' ? 'UTC' : timeZone,
    categories: Object.fromEntries(
      [...fares.categories].map(([name, share]) => [name, { share: shareText(share), round: share.round }]),
    ),
    interchanges,
  };
  checked(tariff, nowMs);
  return { tariff, notes: notes.sentences, zones: zones.names };
}

/** @throws UserError for what no store would take */
function checked(tariff: TariffJson, nowMs: number): void {
  try {
    tariffOf(tariff, nowMs);
  } catch (error) {
    if (error instanceof HttpFailure) throw new UserError(`the feed's fares make no tariff: ${error.message}`);
    throw error;
  }
}

/** A fare, or none, by zone of entry and of exit. */
type FareRows = readonly (readonly (number | null)[])[];

/** Stations that lie in the same zones or areas are one zone. */
class Zones {
  /** What each zone is called: its areas in the feed. */
  readonly names: readonly string[];
  readonly stations: readonly { readonly id: string; readonly name: string; readonly zone: number }[];
  private readonly areas: readonly (readonly string[])[];
  private readonly fares: FeedFares;

  constructor(stations: readonly FeedStation[], fares: FeedFares, notes: Notes) {
    this.fares = fares;
    const known = new Map(stations.map(({ areas }) => [JSON.stringify(areas), areas]));
    if (known.size > 4 * tariffLimits.zones) {
      throw new UserError(`the feed has ${known.size} different zones; a tariff takes ${tariffLimits.zones}`);
    }
    const all = [...known.values()];
    const collator = new Intl.Collator('en', { numeric: true });
    const priced = all.filter((one) => all.some((other) => this.isPriced(one, other) || this.isPriced(other, one)));
    // Those that lie in no zone come last.
    const rank = (areas: readonly string[]): number => (areas.length === 0 ? 1 : 0);
    this.areas = priced.toSorted(
      (one, other) => rank(one) - rank(other) || collator.compare(one.join(' '), other.join(' ')),
    );
    this.names = this.areas.map((areas) => areas.join(' + ') || 'no zone');
    const zoneOf = new Map(this.areas.map((areas, index) => [JSON.stringify(areas), index + 1]));
    const placed = stations.map(({ id, name, areas }) => ({ id, name, zone: zoneOf.get(JSON.stringify(areas)) ?? 0 }));
    this.stations = placed.filter(({ zone }) => zone > 0);
    const out = placed.filter(({ zone }) => zone === 0).map(({ id }) => id);
    if (out.length > 0) notes.add(`stations without any fare: ${named(out)}`);
    if (this.stations.length === 0) throw new UserError('no station of the feed has a fare');
  }

  table(active: ReadonlySet<string>): FareRows {
    return this.areas.map((from) => this.areas.map((to) => this.fares.priceOf(from, to, active)));
  }

  private isPriced(from: readonly string[], to: readonly string[]): boolean {
    return this.fares.activeGroups.some((active) => this.fares.priceOf(from, to, active) !== null);
  }
}

/** The table that holds for most of the week, among those that have most of the fares. */
function usualTable(fares: FeedFares, tables: readonly FareRows[]): number {
  const minutes = tables.map(() => 0);
  for (let minute = 0; minute < 7 * minutesPerDay; minute += 1) minutes[fares.groupAt(minute)]! += 1;
  const priced = tables.map((table) => table.flat().filter((amount) => amount !== null).length);
  const most = Math.max(...priced);
  const best = minutes.map((count, table) => (priced[table] === most ? count : -1));
  return best.indexOf(Math.max(...best));
}

/**
 * Each pair has a fare. Where a feed has none for a time, that of other times stands there; where
 * it has none at all, the highest.
 */
function filled(table: FareRows, base: readonly (readonly number[])[] | null, notes: Notes): number[][] {
  const highest = table.flat().reduce<number>((one, other) => Math.max(one, other ?? 0), 0);
  const missing: string[] = [];
  const rows = table.map((row, from) =>
    row.map((amount, to) => {
      if (amount === null) missing.push(`${from + 1} to ${to + 1}`);
      return amount ?? base?.[from]?.[to] ?? highest;
    }),
  );
  if (missing.length > 0) {
    const place = base === null ? `the highest fare, ${highest}, stands there` : 'those of other times stand there';
    notes.add(`fares that the feed lacks, so ${place}: zone ${named(missing)}`);
  }
  return rows;
}

interface PeakJson {
  readonly days: number[];
  readonly from: string;
  readonly to: string;
  readonly fares: { readonly zones: number[][] };
}

/** Windows of all times at which other fares hold than usually. */
function peaksOf(fares: FeedFares, tables: readonly number[][][], usual: number): PeakJson[] {
  const texts = tables.map((table) => JSON.stringify(table));
  const tableAt = (minute: number): number => texts.indexOf(texts[fares.groupAt(minute)]!);
  const windows = new Map<string, PeakJson>();
  for (let day = 0; day < 7; day += 1) {
    let from = 0;
    for (let minute = 1; minute <= minutesPerDay; minute += 1) {
      const table = tableAt(day * minutesPerDay + from);
      if (minute < minutesPerDay && tableAt(day * minutesPerDay + minute) === table) continue;
      if (texts[table] !== texts[usual]) {
        const key = `${from} ${minute} ${table}`;
        const window = windows.get(key);
        if (window !== undefined) window.days.push(day + 1);
        else
          windows.set(key, {
            days: [day + 1],
            from: timeText(from),
            to: timeText(minute),
            fares: { zones: tables[table]! },
          });
      }
      from = minute;
    }
  }
  return [...windows.values()];
}
