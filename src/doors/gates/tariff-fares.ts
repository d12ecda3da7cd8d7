/** Tables of fares, as a request has them and as the engine does. */
import type { FareTable, StationDefinition } from '../../engine/commands/tariff.ts';
import { tariffLimits } from '../../engine/commands/tariff.ts';
import { invalidField } from '../kit/validation.ts';

export type FaresJson = { readonly zones: readonly (readonly number[])[] } | { readonly pairs: Record<string, number> };

/** Errors of one kind that are named one by one. */
const namedPairs = 5;

export class FareReader {
  private readonly stations: readonly StationDefinition[];
  private readonly indexOf: ReadonlyMap<string, number>;
  /** Over all tables that were read. */
  private pairs = 0;
  private form: 'zones' | 'pairs' | null = null;
  private size = 0;

  constructor(stations: readonly StationDefinition[]) {
    this.stations = stations;
    this.indexOf = new Map(stations.map(({ id }, index) => [id, index]));
  }

  /** The index of a station. @throws HttpFailure 400 */
  indexAt(id: string, path: string): number {
    const index = this.indexOf.get(id);
    if (index === undefined) throw invalidField(path, `is "${id}", which is none of the tariff's stations`);
    return index;
  }

  /** All tables of a tariff have one form. @throws HttpFailure 400 with the place */
  read(fares: FaresJson, path: string): FareTable {
    const form = 'pairs' in fares ? 'pairs' : 'zones';
    this.form ??= form;
    if (form !== this.form) throw invalidField(path, `has ${form}, while the tariff's other fares have ${this.form}`);
    return 'pairs' in fares
      ? this.readPairs(fares.pairs, `${path}/pairs`)
      : this.readZones(fares.zones, `${path}/zones`);
  }

  private readZones(zones: readonly (readonly number[])[], path: string): FareTable {
    const highest = this.stations.reduce((one, other) => (other.zone > one.zone ? other : one));
    if (zones.length < highest.zone) {
      throw invalidField(path, `has ${zones.length} rows: station "${highest.id}" lies in zone ${highest.zone}`);
    }
    for (const [row, fares] of zones.entries()) {
      if (fares.length === zones.length) continue;
      const flaw = fares.length < zones.length ? 'a fare is missing' : 'there are too many';
      throw invalidField(`${path}/${row}`, `has ${fares.length} fares for ${zones.length} zones: ${flaw}`);
    }
    if (this.size === 0) this.size = zones.length;
    if (zones.length !== this.size) {
      throw invalidField(path, `has ${zones.length} zones, while the tariff's other fares have ${this.size}`);
    }
    return { zones };
  }

  private readPairs(pairs: Readonly<Record<string, number>>, path: string): FareTable {
    const count = this.stations.length;
    const given = new Map<number, number>();
    for (const [pair, amount] of Object.entries(pairs)) {
      const place = `${path}/${escaped(pair)}`;
      const ends = pair.split('|');
      if (ends.length !== 2) throw invalidField(place, 'must be the ids of two stations with | between them');
      given.set(this.indexAt(ends[0]!, place) * count + this.indexAt(ends[1]!, place), amount);
    }
    this.pairs += count * (count - 1);
    if (this.pairs > tariffLimits.pairs) {
      const all = `pairs of ${count} stations, in both directions and all tables, are ${this.pairs}`;
      throw invalidField(path, `is too large: ${all}; at most ${tariffLimits.pairs} are taken, so use zones`);
    }
    const table: [number, number, number][] = [];
    const missing: string[] = [];
    for (let from = 0; from < count; from += 1) {
      for (let to = 0; to < count; to += 1) {
        const amount = given.get(from * count + to) ?? given.get(to * count + from);
        if (amount !== undefined) table.push([from, to, amount]);
        // A station with itself may be left out: `sameStation` has a rule for it.
        else if (from < to) missing.push(`${this.stations[from]!.id}|${this.stations[to]!.id}`);
      }
    }
    if (missing.length > 0) throw invalidField(path, `lacks ${told(missing)}`);
    return { pairs: table };
  }
}

/** What `FareReader` reads as the same table. */
export function faresView(fares: FareTable, stations: readonly StationDefinition[]): FaresJson {
  if ('zones' in fares) return fares;
  const count = stations.length;
  const amounts = new Map(fares.pairs.map(([from, to, amount]) => [from * count + to, amount]));
  const pairs: Record<string, number> = {};
  for (const [from, to, amount] of fares.pairs) {
    // One direction stands for both where they cost the same.
    if (to < from && amounts.get(to * count + from) === amount) continue;
    pairs[`${stations[from]!.id}|${stations[to]!.id}`] = amount;
  }
  return { pairs };
}

function told(missing: readonly string[]): string {
  const named = missing.slice(0, namedPairs).join(', ');
  return missing.length > namedPairs ? `${named} and ${missing.length - namedPairs} more pairs` : named;
}

/** As a part of a JSON Pointer. */
export function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
