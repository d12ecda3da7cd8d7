/**
 * The tariffs of the reference engine: the versions as they were set, and functions that look
 * everything up in them, entry by entry.
 */
import type {
  Cap,
  FareTable,
  Interchange,
  Peak,
  SameStation,
  Share,
  TariffDefinition,
} from '../../src/engine/commands/tariff.ts';

const dayMs = 86_400_000;
const keptMs = 12 * dayMs;

export interface Version {
  /** From 0, over all that were ever set. */
  readonly number: number;
  readonly effectiveFromMs: number;
  readonly definition: TariffDefinition;
}

export interface Tariffs {
  /** How many were ever set. */
  set: number;
  /** Those that are kept, by the time from which they are in force. */
  versions: Version[];
  /** Numbers of stations by id, for good. */
  readonly stations: Map<string, number>;
  /** Rider categories, for good. */
  readonly categories: string[];
  /** Zones of caps, for good: no more than 16 with that of all zones. */
  readonly ranges: Set<string>;
}

export function noTariffs(): Tariffs {
  return { set: 0, versions: [], stations: new Map(), categories: ['adult'], ranges: new Set(['all']) };
}

/** The version for a journey that begins then. */
export function versionAt({ versions }: Tariffs, ms: number): Version | null {
  return versions.findLast(({ effectiveFromMs }) => effectiveFromMs <= ms) ?? versions[0] ?? null;
}

/** The zones of a cap as text. */
export function rangeOf({ zones }: Cap): string {
  return zones === null ? 'all' : zones.join('-');
}

/** The versions that would be kept if another were set now. */
function stillKept({ versions }: Tariffs, civilMs: number): Version[] {
  return versions.filter((_, at) => (versions[at + 1]?.effectiveFromMs ?? Infinity) >= civilMs - keptMs);
}

export function refusalOfTariff(
  tariffs: Tariffs,
  currency: string | null,
  civilMs: number,
  definition: TariffDefinition,
): 'CURRENCY_MISMATCH' | 'TARIFF_IN_PAST' | 'INVALID_TARIFF' | 'TARIFF_LIMIT' | null {
  const { effectiveFromMs, stations, categories, caps } = definition;
  if (currency !== null && currency !== definition.currency) return 'CURRENCY_MISMATCH';
  if (tariffs.set > 0 && effectiveFromMs !== null && effectiveFromMs < civilMs) return 'TARIFF_IN_PAST';
  if (!agreesWithItself(definition) || !agreesOnStations(tariffs, definition)) return 'INVALID_TARIFF';
  const allStations = new Set([...tariffs.stations.keys(), ...stations.map(({ id }) => id)]);
  const allCategories = new Set([...tariffs.categories, ...Object.keys(categories)]);
  const allRanges = new Set([...tariffs.ranges, ...caps.map(rangeOf)]);
  const tooMany =
    stillKept(tariffs, civilMs).length + 1 > 64 ||
    allStations.size > 65_534 ||
    allCategories.size > 256 ||
    allRanges.size > 16;
  return tooMany ? 'TARIFF_LIMIT' : null;
}

const whole = (value: number, lowest: number, highest: number): boolean =>
  Number.isInteger(value) && value >= lowest && value <= highest;
const amount = (value: number): boolean => whole(value, 0, 2 ** 31 - 1);
const time = (minutes: number): boolean => whole(minutes, 0, 10_080);

function agreesWithItself(definition: TariffDefinition): boolean {
  const { effectiveFromMs, currency, fares, stations, peaks, caps, categories, interchanges, offsets } = definition;
  const { minimumBalance, maximumFare, journeyMinutes, passbackSeconds, sameStation } = definition;
  const station = (index: number): boolean => whole(index, 0, stations.length - 1);
  const checks: readonly boolean[] = [
    effectiveFromMs === null || Number.isFinite(effectiveFromMs),
    /^[A-Z]{3}$/.test(currency),
    amount(minimumBalance) && whole(maximumFare, 0, 2 ** 30 - 1),
    journeyMinutes.length <= 256 && journeyMinutes.every(time),
    whole(passbackSeconds, 0, 604_800),
    sameStation === null || agreesOnFees(sameStation),
    [fares, ...peaks.map((peak) => peak.fares)].every((table) => isLike(table, fares, stations.length)),
    !('zones' in fares) || stations.every(({ zone }) => zone <= fares.zones.length),
    countPairs([fares, ...peaks.map((peak) => peak.fares)]) <= 40_000,
    peaks.length <= 31 && peaks.every(isWindow) && !overlap(peaks),
    caps.length <= 31 && caps.every(isCap),
    !Object.hasOwn(categories, 'adult') && !Object.hasOwn(categories, ''),
    Object.values(categories).every(isShare),
    interchanges.length <= 10_000,
    interchanges.every(({ from, to, minutes }) => station(from) && station(to) && whole(minutes, 1, 10_080)),
    offsets.length <= 64 &&
      offsets.every(([fromMs, minutes]) => Number.isFinite(fromMs) && whole(minutes, -1440, 1440)),
    offsets.every(([fromMs], at) => at === 0 || offsets[at - 1]![0] < fromMs),
  ];
  return checks.every(Boolean);
}

function agreesOnFees({ graceSeconds, graceFee, untilMinutes, fee }: SameStation): boolean {
  return amount(graceFee) && amount(fee) && time(untilMinutes) && whole(graceSeconds, 0, 60 * untilMinutes);
}

/** Whether a table has the form of the plain one, and every amount of it is one. */
function isLike(table: FareTable, plain: FareTable, stations: number): boolean {
  if ('pairs' in table) {
    const station = (index: number): boolean => whole(index, 0, stations - 1);
    return 'pairs' in plain && table.pairs.every(([from, to, fare]) => station(from) && station(to) && amount(fare));
  }
  if (!('zones' in plain)) return false;
  const size = plain.zones.length;
  return (
    size <= 256 && table.zones.length === size && table.zones.every((row) => row.length === size && row.every(amount))
  );
}

function countPairs(tables: readonly FareTable[]): number {
  return tables.reduce((sum, table) => sum + ('pairs' in table ? table.pairs.length : 0), 0);
}

function isWindow({ days, fromMinute, toMinute }: Peak): boolean {
  return days.every((day) => whole(day, 1, 7)) && whole(toMinute, 1, 1440) && whole(fromMinute, 0, toMinute - 1);
}

/** Whether two windows, or two mentions of a day in one, share a minute. */
function overlap(peaks: readonly Peak[]): boolean {
  const stretches = peaks.flatMap(({ days, fromMinute, toMinute }) =>
    days.map((day) => ({ from: day * 1440 + fromMinute, to: day * 1440 + toMinute })),
  );
  return stretches.some((one, at) =>
    stretches.some((other, otherAt) => at < otherAt && one.from < other.to && other.from < one.to),
  );
}

function isCap({ amount: limit, window, zones }: Cap): boolean {
  const days = window === 'day' || window === 'week' || whole(window, 2, 8);
  return amount(limit) && days && (zones === null || (whole(zones[0], 1, zones[1]) && whole(zones[1], 1, 256)));
}

function isShare({ numerator, denominator, round }: Share): boolean {
  const rounds: readonly string[] = ['down', 'up', 'nearest'];
  return whole(denominator, 1, 1_000_000) && whole(numerator, 0, denominator) && rounds.includes(round);
}

/** Ids and numbers of stations name one station each, here and in all earlier tariffs. */
function agreesOnStations(tariffs: Tariffs, { stations }: TariffDefinition): boolean {
  if (stations.length === 0 || stations.length > 2000) return false;
  if (new Set(stations.map(({ id }) => id)).size < stations.length) return false;
  const given = stations.filter(({ number }) => number !== null);
  if (new Set(given.map(({ number }) => number)).size < given.length) return false;
  return stations.every(({ id, number, zone }) => {
    if (id === '' || !whole(zone, 1, 256)) return false;
    if (number === null) return true;
    if (!whole(number, 1, 65_534)) return false;
    if (tariffs.stations.has(id)) return tariffs.stations.get(id) === number;
    return ![...tariffs.stations.values()].includes(number);
  });
}

/** Sets a tariff that nothing refuses; returns its number. */
export function setTariff(tariffs: Tariffs, civilMs: number, definition: TariffDefinition): number {
  const number = tariffs.set;
  tariffs.set += 1;
  const effectiveFromMs = definition.effectiveFromMs ?? civilMs;
  const others = stillKept(tariffs, civilMs).filter((version) => version.effectiveFromMs !== effectiveFromMs);
  const all = [...others, { number, effectiveFromMs, definition }];
  tariffs.versions = all.toSorted((one, other) => one.effectiveFromMs - other.effectiveFromMs);
  for (const { id, number: given } of definition.stations) if (given !== null) tariffs.stations.set(id, given);
  for (const { id } of definition.stations) {
    if (!tariffs.stations.has(id)) tariffs.stations.set(id, lowestFree([...tariffs.stations.values()]));
  }
  for (const name of Object.keys(definition.categories)) {
    if (!tariffs.categories.includes(name)) tariffs.categories.push(name);
  }
  for (const cap of definition.caps) tariffs.ranges.add(rangeOf(cap));
  return number;
}

export function lowestFree(taken: readonly number[]): number {
  let number = 1;
  while (taken.includes(number)) number += 1;
  return number;
}

/** A version, with the names that it is looked up by. */
export class Fares {
  readonly version: Version;
  private readonly tariffs: Tariffs;
  private readonly terms: TariffDefinition;

  constructor(tariffs: Tariffs, version: Version) {
    this.tariffs = tariffs;
    this.version = version;
    this.terms = version.definition;
  }

  get byStations(): boolean {
    return 'pairs' in this.terms.fares;
  }

  get minimumBalance(): number {
    return this.terms.minimumBalance;
  }

  get passbackMs(): number {
    return this.terms.passbackSeconds * 1000;
  }

  get sameStation(): SameStation | null {
    return this.terms.sameStation;
  }

  get caps(): readonly Cap[] {
    return this.terms.caps;
  }

  /** Where a station stands in the definition; -1 for one that is not in it. */
  private indexOf(station: number): number {
    return this.terms.stations.findIndex(({ id }) => this.tariffs.stations.get(id) === station);
  }

  /** 0 for a station that the version does not have. */
  zoneOf(station: number): number {
    return this.terms.stations[this.indexOf(station)]?.zone ?? 0;
  }

  /** The category's part of an amount. */
  share(full: number, category: number): number {
    const name = this.tariffs.categories[category] ?? '';
    const share = Object.hasOwn(this.terms.categories, name) ? this.terms.categories[name] : undefined;
    if (share === undefined) return full;
    const { numerator, denominator, round } = share;
    const rest = (full * numerator) % denominator;
    const down = (full * numerator - rest) / denominator;
    if (round === 'down' || rest === 0) return down;
    return round === 'up' || 2 * rest >= denominator ? down + 1 : down;
  }

  maximumFare(category: number): number {
    return this.share(this.terms.maximumFare, category);
  }

  /** Null where the table has no fare for the pair. */
  fare(from: number, to: number, peak: number, category: number): number | null {
    const table = peak === 0 ? this.terms.fares : this.terms.peaks[peak - 1]!.fares;
    const full =
      'pairs' in table
        ? table.pairs.findLast(([one, other]) => one === this.indexOf(from) && other === this.indexOf(to))?.[2]
        : table.zones[this.zoneOf(from) - 1]?.[this.zoneOf(to) - 1];
    return full === undefined ? null : this.share(full, category);
  }

  /** Number of the peak window that a time is in, from 1; 0 for none. */
  peakAt(ms: number): number {
    const local = new Date(ms + this.offsetAt(ms));
    const weekday = local.getUTCDay() === 0 ? 7 : local.getUTCDay();
    const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
    return (
      1 +
      this.terms.peaks.findIndex(
        ({ days, fromMinute, toMinute }) => days.includes(weekday) && fromMinute <= minute && minute < toMinute,
      )
    );
  }

  /** How long a journey may take, ms; Infinity for no limit. */
  journeyLimitMs(from: number, to: number): number {
    const { journeyMinutes } = this.terms;
    const crossed = Math.abs(this.zoneOf(from) - this.zoneOf(to)) + 1;
    return (journeyMinutes[crossed - 1] ?? journeyMinutes.at(-1) ?? Infinity) * 60_000;
  }

  /** Until when an entry at `to` goes on with an exit at `from`, ms; 0 for never. */
  interchangeMs(from: number, to: number): number {
    const isThis = ({ from: one, to: other }: Interchange): boolean =>
      one === this.indexOf(from) && other === this.indexOf(to);
    return (this.terms.interchanges.findLast(isThis)?.minutes ?? 0) * 60_000;
  }

  /** Local day, days since 1970-01-01. */
  dayOf(ms: number): number {
    return Math.floor((ms + this.offsetAt(ms)) / dayMs);
  }

  /** When a local day ends, ms: the first moment that is of a later one. */
  endOfDay(day: number): number {
    const { offsets } = this.terms;
    const midnights = [0, ...offsets.map(([, minutes]) => minutes * 60_000)].map(
      (offset) => (day + 1) * dayMs - offset,
    );
    const moments = [...midnights, ...offsets.map(([fromMs]) => fromMs)];
    return Math.min(...moments.filter((ms) => this.dayOf(ms) > day && this.dayOf(ms - 1) <= day));
  }

  private offsetAt(ms: number): number {
    const { offsets } = this.terms;
    return (offsets.findLast(([fromMs]) => fromMs <= ms) ?? offsets[0] ?? [0, 0])[1] * 60_000;
  }
}
