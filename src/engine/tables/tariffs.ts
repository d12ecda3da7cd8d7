/**
 * Tariffs: the versions that still may rate a journey, and what all of them share for good, the
 * numbers of stations, rider categories and ranges of zones. Few and small: a snapshot keeps them
 * in its head, and compiles them again.
 */
import type { Cap, StationDefinition, TariffDefinition } from '../commands/tariff.ts';
import { maxStationNumber } from '../commands/tariff.ts';
import type { Table } from './table.ts';
import { fill } from './table.ts';
import type { TariffNumbers } from './tariff-version.ts';
import { TariffVersion } from './tariff-version.ts';

export type ZoneRange = readonly [lowest: number, highest: number];

export const allZones: ZoneRange = [1, 0xffff];
/** Index in `categories` of who pays in full. */
export const fullCategory = 'adult';

/** A kept version, as a snapshot has it. */
interface KeptVersion {
  readonly number: number;
  readonly effectiveFromMs: number;
  readonly definition: TariffDefinition;
}

interface TariffHead {
  readonly tariffs: {
    readonly count: number;
    readonly currency: string | null;
    readonly stations: readonly (readonly [number: number, id: string])[];
    readonly categories: readonly string[];
    readonly ranges: readonly ZoneRange[];
    readonly versions: readonly KeptVersion[];
  };
}

export class TariffTable implements Table<TariffHead> {
  /** Tariffs that were ever set. */
  count = 0;
  /** Of all money in the store; null until the first tariff or the first money. */
  currency: string | null = null;
  /** Ascending by `effectiveFromMs`, no two from the same time on. */
  readonly versions: TariffVersion[] = [];
  /** By index, for good. */
  readonly categories: string[] = [fullCategory];
  /** Ranges of zones of all caps, by index, for good; the first is all zones. */
  readonly ranges: ZoneRange[] = [allZones];
  private readonly numberOf = new Map<string, number>();
  private readonly idOf = new Map<number, string>();
  /** No free number is lower. */
  private lowestFree = 1;

  /** Stations that ever were in a tariff. */
  get stationCount(): number {
    return this.numberOf.size;
  }

  /** 0 for a station that no tariff ever had. */
  stationNumber(id: string): number {
    return this.numberOf.get(id) ?? 0;
  }

  /** Null for a number that no station has. */
  stationId(number: number): string | null {
    return this.idOf.get(number) ?? null;
  }

  /** -1 for a category that no tariff ever had. */
  categoryIndex(name: string): number {
    return this.categories.indexOf(name);
  }

  /** Index of a cap's range; -1 for a new one. */
  rangeIndex(zones: Cap['zones']): number {
    if (zones === null) return 0;
    return this.ranges.findIndex(([lowest, highest]) => lowest === zones[0] && highest === zones[1]);
  }

  /**
   * The version for a journey that begins then, ms: the newest that is effective, the first for all
   * earlier times; null while there is none.
   */
  at(ms: number): TariffVersion | null {
    const { versions } = this;
    for (let index = versions.length - 1; index > 0; index -= 1) {
      if (versions[index]!.effectiveFromMs <= ms) return versions[index]!;
    }
    return versions[0] ?? null;
  }

  /** The version in force. */
  current(civilMs: number): TariffVersion | null {
    return this.at(civilMs);
  }

  /** The next time from which another version is effective, ms; Infinity for none. */
  nextFromMs(ms: number): number {
    return this.versions.find(({ effectiveFromMs }) => effectiveFromMs > ms)?.effectiveFromMs ?? Infinity;
  }

  /** The version with a number, while it is kept. */
  numbered(number: number): TariffVersion | null {
    return this.versions.find((version) => version.number === number) ?? null;
  }

  /** Adds a version that nothing refuses. One that is effective from the same time on goes. */
  add(definition: TariffDefinition, effectiveFromMs: number): TariffVersion {
    this.register(definition);
    const version = this.compile({ number: this.count, effectiveFromMs, definition });
    this.count += 1;
    this.currency ??= definition.currency;
    const { versions } = this;
    let at = versions.length;
    while (at > 0 && versions[at - 1]!.effectiveFromMs >= effectiveFromMs) at -= 1;
    versions.splice(at, versions[at]?.effectiveFromMs === effectiveFromMs ? 1 : 0, version);
    return version;
  }

  /** How many of the oldest versions another one took the place of before `ms`. */
  supersededBefore(ms: number): number {
    const { versions } = this;
    let count = 0;
    while (count + 1 < versions.length && versions[count + 1]!.effectiveFromMs < ms) count += 1;
    return count;
  }

  head(): TariffHead {
    const { count, currency, categories, ranges, idOf } = this;
    const versions = this.versions.map(({ number, effectiveFromMs, definition }) => ({
      number,
      effectiveFromMs,
      definition,
    }));
    return { tariffs: { count, currency, stations: [...idOf], categories, ranges, versions } };
  }

  restore({ tariffs }: Partial<TariffHead>): void {
    if (tariffs === undefined) return;
    this.count = tariffs.count;
    this.currency = tariffs.currency;
    for (const [number, id] of tariffs.stations) this.setNumber(id, number);
    this.categories.length = 0;
    this.ranges.length = 0;
    fill(this.categories, tariffs.categories);
    fill(this.ranges, tariffs.ranges);
    for (const kept of tariffs.versions) this.versions.push(this.compile(kept));
  }

  /** Gives numbers to what is new in a definition. Stations that bring their own come first. */
  private register({ stations, categories, caps }: TariffDefinition): void {
    const numbered = (station: StationDefinition): boolean => station.number !== null;
    for (const { id, number } of stations.filter(numbered)) this.setNumber(id, number!);
    for (const { id } of stations) if (!this.numberOf.has(id)) this.setNumber(id, this.nextNumber());
    for (const name of Object.keys(categories)) if (this.categoryIndex(name) < 0) this.categories.push(name);
    for (const { zones } of caps) if (zones !== null && this.rangeIndex(zones) < 0) this.ranges.push(zones);
  }

  private setNumber(id: string, number: number): void {
    this.numberOf.set(id, number);
    this.idOf.set(number, id);
  }

  private nextNumber(): number {
    while (this.idOf.has(this.lowestFree)) this.lowestFree += 1;
    if (this.lowestFree > maxStationNumber) throw new Error('no number is left for a station');
    return this.lowestFree;
  }

  private compile({ number, effectiveFromMs, definition }: KeptVersion): TariffVersion {
    const numbers: TariffNumbers = {
      stations: definition.stations.map(({ id }) => this.stationNumber(id)),
      categories: this.categories,
      ranges: definition.caps.map(({ zones }) => this.rangeIndex(zones)),
    };
    return new TariffVersion(number, effectiveFromMs, definition, numbers);
  }
}
