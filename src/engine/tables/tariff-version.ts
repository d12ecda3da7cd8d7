/**
 * A tariff, compiled for taps: fares in typed arrays, stations by number. Nothing is allocated by a
 * look-up. Amounts are minor units.
 */
import type { FareTable, Share, TariffDefinition } from '../commands/tariff.ts';
import { minutesPerDay } from '../commands/tariff.ts';
import { LocalTime } from './local-time.ts';
import { PairTable } from './pair-table.ts';

export interface CompiledCap {
  /** Before the category's share: `capAmount` has it applied. */
  readonly amount: number;
  /** How many days the window has: with `week`, those from Monday on. */
  readonly days: number;
  readonly week: boolean;
  /** Index of its zones in `TariffTable.ranges`. */
  readonly range: number;
}

/** What the store knows by numbers, and a definition by names. */
export interface TariffNumbers {
  /** Numbers of the definition's stations, in its order. */
  readonly stations: readonly number[];
  /** Rider categories, `adult` first. */
  readonly categories: readonly string[];
  /** Index of the range of each cap. */
  readonly ranges: readonly number[];
}

interface SameStationTimes {
  readonly graceMs: number;
  readonly graceFee: number;
  readonly untilMs: number;
  readonly fee: number;
}

export class TariffVersion {
  readonly number: number;
  readonly effectiveFromMs: number;
  readonly definition: TariffDefinition;
  readonly currency: string;
  readonly minimumBalance: number;
  readonly passbackMs: number;
  /** Fees before the category's share: `feeOf` has it applied. */
  readonly sameStation: SameStationTimes | null;
  readonly caps: readonly CompiledCap[];
  /** Whether fares are by pairs of stations, not of zones. */
  readonly byStations: boolean;

  private readonly local: LocalTime;
  /** Zone by number of the station; 0 for a station that is not in this version. */
  private readonly zones: Uint16Array;
  /** One for the fares of all times, then one for each peak; by zones or by stations. */
  private readonly fares: readonly PairTable[];
  private readonly interchanges: PairTable;
  /** By minute of the week: number of the peak window, 0 for none. */
  private readonly peaks: Uint8Array | null;
  private readonly journeyMs: Float64Array;
  private readonly shares: readonly Share[];

  constructor(number: number, effectiveFromMs: number, definition: TariffDefinition, numbers: TariffNumbers) {
    const { sameStation, peaks, fares, interchanges } = definition;
    this.number = number;
    this.effectiveFromMs = effectiveFromMs;
    this.definition = definition;
    this.currency = definition.currency;
    this.minimumBalance = definition.minimumBalance;
    this.passbackMs = definition.passbackSeconds * 1000;
    this.sameStation = sameStation === null ? null : timesOf(sameStation);
    this.caps = definition.caps.map(({ amount, window }, cap) => ({
      amount,
      days: window === 'day' ? 1 : window === 'week' ? 7 : window,
      week: window === 'week',
      range: numbers.ranges[cap]!,
    }));
    this.byStations = 'pairs' in fares;
    this.local = new LocalTime(definition.offsets);
    this.zones = new Uint16Array(Math.max(0, ...numbers.stations) + 1);
    for (const [index, { zone }] of definition.stations.entries()) this.zones[numbers.stations[index]!] = zone;
    this.fares = [fares, ...peaks.map((peak) => peak.fares)].map((table) => compileFares(table, numbers.stations));
    this.interchanges = new PairTable(
      interchanges.map(({ from, to, minutes }) => [numbers.stations[from]!, numbers.stations[to]!, minutes * 60_000]),
    );
    this.peaks = peaks.length === 0 ? null : compilePeaks(definition);
    this.journeyMs = Float64Array.from(definition.journeyMinutes, (minutes) => minutes * 60_000);
    this.shares = numbers.categories.map((name) => shareOf(definition, name));
  }

  hasStation(station: number): boolean {
    return this.zoneOf(station) > 0;
  }

  /** 0 for a station that is not in this version. */
  zoneOf(station: number): number {
    return station < this.zones.length ? this.zones[station]! : 0;
  }

  maximumFare(category: number): number {
    return this.shared(this.definition.maximumFare, category);
  }

  /** `cap`: its index in `caps`. */
  capAmount(cap: number, category: number): number {
    return this.shared(this.caps[cap]!.amount, category);
  }

  /** Of an exit at the station of the entry, within the grace or after it. */
  feeOf(category: number, grace: boolean): number {
    const { sameStation } = this;
    if (sameStation === null) return 0;
    return this.shared(grace ? sameStation.graceFee : sameStation.fee, category);
  }

  /** Stations by number; `peak` by `peakAt`. -1 where there is no fare. */
  baseFare(from: number, to: number, category: number, peak: number): number {
    const table = this.fares[peak]!;
    const amount = this.byStations ? table.get(from, to) : table.get(this.zoneOf(from), this.zoneOf(to));
    return amount < 0 ? -1 : this.shared(amount, category);
  }

  /** Number of the peak window, from 1, by local time; 0 outside of all. */
  peakAt(ms: number): number {
    return this.peaks === null ? 0 : this.peaks[this.local.minuteOfWeek(ms)]!;
  }

  /** How long a journey may take, ms, by the zones that it crosses; Infinity for no limit. */
  journeyLimitMs(from: number, to: number): number {
    const { journeyMs } = this;
    if (journeyMs.length === 0) return Infinity;
    const crossed = Math.abs(this.zoneOf(from) - this.zoneOf(to)) + 1;
    return journeyMs[Math.min(crossed, journeyMs.length) - 1]!;
  }

  /** Until when after an exit at `from` an entry at `to` goes on with the chain, ms; 0 for none. */
  interchangeMs(from: number, to: number): number {
    return Math.max(0, this.interchanges.get(from, to));
  }

  /** Local day, days since 1970-01-01. */
  dayOf(ms: number): number {
    return this.local.dayOf(ms);
  }

  /** When a local day ends, ms. */
  endOfDay(day: number): number {
    return this.local.endOfDay(day);
  }

  /** The category's part of an amount. Who has a category that this version lacks pays in full. */
  private shared(amount: number, category: number): number {
    if (category === 0 || category >= this.shares.length) return amount;
    return partOf(amount, this.shares[category]!);
  }
}

/**
 * Exact: the products stay below 2^53, and so far from a whole number that a quotient which is none
 * is never rounded to one.
 */
export function partOf(amount: number, { numerator, denominator, round }: Share): number {
  const product = amount * numerator;
  if (round === 'down') return Math.floor(product / denominator);
  if (round === 'up') return Math.ceil(product / denominator);
  return Math.floor((2 * product + denominator) / (2 * denominator));
}

const whole: Share = { numerator: 1, denominator: 1, round: 'down' };

function shareOf({ categories }: TariffDefinition, name: string): Share {
  return Object.hasOwn(categories, name) ? categories[name]! : whole;
}

function timesOf({
  graceSeconds,
  graceFee,
  untilMinutes,
  fee,
}: NonNullable<TariffDefinition['sameStation']>): SameStationTimes {
  return { graceMs: graceSeconds * 1000, graceFee, untilMs: untilMinutes * 60_000, fee };
}

function compileFares(table: FareTable, stations: readonly number[]): PairTable {
  if ('pairs' in table) {
    return new PairTable(table.pairs.map(([from, to, amount]) => [stations[from]!, stations[to]!, amount]));
  }
  return new PairTable(
    table.zones.flatMap((row, from) => row.map((amount, to) => [from + 1, to + 1, amount] as const)),
  );
}

function compilePeaks({ peaks }: TariffDefinition): Uint8Array {
  const numbers = new Uint8Array(7 * minutesPerDay);
  for (const [index, { days, fromMinute, toMinute }] of peaks.entries()) {
    for (const day of days) {
      const midnight = (day - 1) * minutesPerDay;
      numbers.fill(index + 1, midnight + fromMinute, midnight + toMinute);
    }
  }
  return numbers;
}
