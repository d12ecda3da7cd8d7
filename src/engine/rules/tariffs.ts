/** Setting a tariff. */
import { changeKinds } from '../changes.ts';
import type { TariffDefinition } from '../commands/tariff.ts';
import { maxStationNumber } from '../commands/tariff.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import type { State } from '../state.ts';
import { isSound } from './tariff-guard.ts';

/** How long a version is kept once another one took its place: taps come up to 8 days late. */
const keptMs = 12 * 86_400_000;
/** What the store keeps at a time, and, of categories and ranges, for good. */
const maxVersions = 64;
const maxCategories = 256;
const maxRanges = 16;

export function refusalOfTariff(state: State, definition: TariffDefinition): OutcomeRow | null {
  const { tariffs, civilMs } = state;
  if (tariffs.currency !== null && definition.currency !== tariffs.currency) return outcomes.CURRENCY_MISMATCH;
  const { effectiveFromMs } = definition;
  // The first one takes nothing back that was charged.
  if (effectiveFromMs !== null && effectiveFromMs < civilMs && tariffs.count > 0) return outcomes.TARIFF_IN_PAST;
  if (!isSound(definition, tariffs)) return outcomes.INVALID_TARIFF;
  return isTooMuch(state, definition) ? outcomes.TARIFF_LIMIT : null;
}

function isTooMuch({ tariffs, civilMs }: State, { stations, categories, caps }: TariffDefinition): boolean {
  const { versions } = tariffs;
  const newStations = stations.filter(({ id }) => tariffs.stationNumber(id) === 0);
  const newCategories = Object.keys(categories).filter((name) => tariffs.categoryIndex(name) < 0);
  const newRanges = new Set(
    caps.filter(({ zones }) => tariffs.rangeIndex(zones) < 0).map(({ zones }) => String(zones)),
  );
  return (
    versions.length - tariffs.supersededBefore(civilMs - keptMs) >= maxVersions ||
    tariffs.stationCount + newStations.length > maxStationNumber ||
    tariffs.categories.length + newCategories.length > maxCategories ||
    tariffs.ranges.length + newRanges.size > maxRanges
  );
}

/** Returns the number of the version. */
export function setTariff(state: State, definition: TariffDefinition): number {
  const { tariffs, civilMs } = state;
  tariffs.versions.splice(0, tariffs.supersededBefore(civilMs - keptMs));
  const { number } = tariffs.add(definition, definition.effectiveFromMs ?? civilMs);
  state.changes.add(changeKinds.tariff, number, state.position);
  return number;
}
