/**
 * The tariffs under which a period is rated again: those that held, or another one for its days.
 */
import type { TariffDefinition } from '../engine/commands/tariff.ts';
import { maxStationNumber } from '../engine/commands/tariff.ts';
import type { State } from '../engine/state.ts';
import { contextDays, lookedBackDays } from '../engine/tables/days.ts';
import { TariffTable } from '../engine/tables/tariffs.ts';
import type { TariffVersion } from '../engine/tables/tariff-version.ts';

/** A tariff, and since when it holds. */
export interface TariffThen {
  readonly effectiveFromMs: number;
  readonly definition: TariffDefinition;
}

/**
 * How many days before a day must be known to rate it: those of its caps, and two for journeys and
 * chains that began before it.
 */
export function contextDaysOf(definitions: Iterable<TariffDefinition>): number {
  let most = 0;
  for (const { caps, interchanges } of definitions) {
    for (const { window } of caps) most = Math.max(most, window === 'day' ? 0 : window === 'week' ? 6 : window - 1);
    for (const { minutes } of interchanges) most = Math.max(most, Math.floor(minutes / 1440));
  }
  return Math.min(contextDays, most + lookedBackDays);
}

/** A definition as a version of its own, to ask it for days. */
export function compiledAlone(definition: TariffDefinition): TariffVersion {
  return new TariffTable().add(definition, 0);
}

/** The tariffs that a log sets, as they hold in the end. */
export class TariffsThen {
  /** By the time since when they hold. */
  private readonly known = new Map<number, TariffDefinition>();

  /** Takes those that the state has now; it drops old ones later. */
  note({ tariffs }: State): void {
    for (const { effectiveFromMs, definition } of tariffs.versions) this.known.set(effectiveFromMs, definition);
  }

  /**
   * Those that matter from one time to another, the oldest first, and with `instead` from its
   * beginning to its end.
   */
  between(beginMs: number, endMs: number, instead: (TariffThen & { readonly untilMs: number }) | null): TariffThen[] {
    const known = [...this.known].map(([effectiveFromMs, definition]) => ({ effectiveFromMs, definition }));
    known.sort((one, other) => one.effectiveFromMs - other.effectiveFromMs);
    const all = instead === null ? known : withInstead(known, instead);
    let first = 0;
    while (first + 1 < all.length && all[first + 1]!.effectiveFromMs <= beginMs) first += 1;
    return all.slice(first).filter(({ effectiveFromMs }, rank) => rank === 0 || effectiveFromMs < endMs);
  }
}

function withInstead(known: readonly TariffThen[], instead: TariffThen & { readonly untilMs: number }): TariffThen[] {
  const { effectiveFromMs, definition, untilMs } = instead;
  const before = known.filter((each) => each.effectiveFromMs < effectiveFromMs);
  const after = known.filter((each) => each.effectiveFromMs >= untilMs);
  // The one that would hold at the end of the period goes on from there.
  const goesOn = known.findLast((each) => each.effectiveFromMs < untilMs) ?? known[0];
  const rest = goesOn === undefined ? [] : [{ effectiveFromMs: untilMs, definition: goesOn.definition }];
  const resumed = after[0]?.effectiveFromMs === untilMs ? after : [...rest, ...after];
  // Before the first one the first holds: so it must say what held before.
  const [first] = known;
  const held = before.length > 0 || first === undefined ? before : [{ ...first, effectiveFromMs: effectiveFromMs - 1 }];
  return [...held, { effectiveFromMs, definition }, ...resumed];
}

/**
 * Gives each station of a definition the number that the store knows it by. New ones get numbers
 * that no station of the store has.
 */
export class StationNumbers {
  private readonly state: State;
  private readonly given = new Map<string, number>();
  private lowest = maxStationNumber + 1;

  constructor(state: State) {
    this.state = state;
  }

  numbered(definition: TariffDefinition): TariffDefinition {
    const stations = definition.stations.map((station) => ({ ...station, number: this.numberOf(station.id) }));
    return { ...definition, stations };
  }

  private numberOf(id: string): number {
    const { tariffs } = this.state;
    const known = tariffs.stationNumber(id);
    if (known > 0) return known;
    let number = this.given.get(id);
    if (number !== undefined) return number;
    do this.lowest -= 1;
    while (tariffs.stationId(this.lowest) !== null);
    number = this.lowest;
    this.given.set(id, number);
    return number;
  }
}
