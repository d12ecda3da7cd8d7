/**
 * The stations of a feed: where one goes in and out. Platforms belong to their station; entrances
 * and passages are none.
 */
import type { Feed, Row } from './feed.ts';
import type { Notes } from './notes.ts';
import { named } from './notes.ts';

export interface FeedStation {
  readonly id: string;
  readonly name: string;
  /** Fare zones or areas that it lies in, sorted. */
  readonly areas: readonly string[];
}

export interface FeedStations {
  readonly stations: readonly FeedStation[];
  /** The station of each stop, itself included. */
  readonly stationOf: ReadonlyMap<string, string>;
}

const kinds = { stop: '0', station: '1' } as const;

/** `areasBy`: the areas that a feed gives a stop by itself. */
export function readStations(feed: Feed, areasBy: ReadonlyMap<string, readonly string[]>, notes: Notes): FeedStations {
  const stops = new Map(feed.rows('stops.txt').map((row) => [row('stop_id'), row]));
  const stationOf = new Map<string, string>();
  const own = new Map<string, Row>();
  const areas = new Map<string, Set<string>>();
  for (const [id, row] of stops) {
    const kind = row('location_type') || kinds.stop;
    if (kind !== kinds.stop && kind !== kinds.station) continue;
    const parent = row('parent_station');
    const station = kind === kinds.stop && stops.has(parent) ? parent : id;
    stationOf.set(id, station);
    own.set(station, stops.get(station)!);
    const found = areas.get(station) ?? new Set();
    areas.set(station, found);
    // What is said of a station holds for its platforms, unless they say otherwise: either way it
    // is the station's here.
    for (const area of areasBy.get(id) ?? []) found.add(area);
  }
  const stations = [...own].map(([id, row]) => ({
    id: id.normalize('NFC').replaceAll('|', '_'),
    name: row('stop_name').normalize('NFC').slice(0, 200),
    areas: [...areas.get(id)!].toSorted(),
  }));
  const renamed = [...own.keys()].filter((id, index) => stations[index]!.id !== id);
  if (renamed.length > 0) notes.add(`stations with | in their id got _ in its place: ${named(renamed)}`);
  const ids = new Map([...own.keys()].map((id, index) => [id, stations[index]!.id]));
  return { stations, stationOf: new Map([...stationOf].map(([stop, station]) => [stop, ids.get(station)!])) };
}
