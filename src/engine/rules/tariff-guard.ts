/**
 * Whether a tariff agrees with itself. Who makes one says what is wrong and where; this keeps what
 * contradicts itself out of the state, whoever appended it.
 */
import { maxBalance } from '../commands/cards.ts';
import type { Cap, FareTable, Peak, Share, TariffDefinition } from '../commands/tariff.ts';
import { maxStationNumber, minutesPerDay, tariffLimits } from '../commands/tariff.ts';
import type { TariffTable } from '../tables/tariffs.ts';
import { fullCategory } from '../tables/tariffs.ts';

export function isSound(definition: TariffDefinition, known: TariffTable): boolean {
  return (
    (definition.effectiveFromMs === null || Number.isFinite(definition.effectiveFromMs)) &&
    hasSoundStations(definition, known) &&
    hasSoundFares(definition) &&
    hasSoundAmounts(definition) &&
    hasSoundPeaks(definition) &&
    definition.caps.length <= tariffLimits.caps &&
    definition.caps.every(isSoundCap) &&
    hasSoundCategories(definition) &&
    hasSoundInterchanges(definition) &&
    hasSoundOffsets(definition)
  );
}

function isWhole(value: number, lowest: number, highest: number): boolean {
  return Number.isInteger(value) && value >= lowest && value <= highest;
}

const isAmount = (value: number): boolean => isWhole(value, 0, maxBalance);

/** Ids and numbers are each of one station, here and in all earlier tariffs. */
function hasSoundStations({ stations }: TariffDefinition, known: TariffTable): boolean {
  if (!isWhole(stations.length, 1, tariffLimits.stations)) return false;
  const ids = new Set(stations.map(({ id }) => id));
  const numbers = stations.flatMap(({ number }) => (number === null ? [] : [number]));
  return (
    ids.size === stations.length &&
    new Set(numbers).size === numbers.length &&
    stations.every(({ id, number, zone }) => {
      if (id === '' || !isWhole(zone, 1, tariffLimits.zones)) return false;
      if (number === null) return true;
      const has = known.stationNumber(id);
      return isWhole(number, 1, maxStationNumber) && (has === 0 ? known.stationId(number) === null : has === number);
    })
  );
}

/** All tables have one form; those by zones have one size, with a place for each zone. */
function hasSoundFares({ stations, fares, peaks }: TariffDefinition): boolean {
  const tables: readonly FareTable[] = [fares, ...peaks.map((peak) => peak.fares)];
  if ('pairs' in fares) {
    const pairs = tables.flatMap((table) => ('pairs' in table ? [table.pairs] : []));
    if (pairs.length < tables.length) return false;
    if (pairs.reduce((sum, { length }) => sum + length, 0) > tariffLimits.pairs) return false;
    return pairs.every((table) =>
      table.every(
        ([from, to, amount]) =>
          isWhole(from, 0, stations.length - 1) && isWhole(to, 0, stations.length - 1) && isAmount(amount),
      ),
    );
  }
  const size = fares.zones.length;
  return (
    size <= tariffLimits.zones &&
    stations.every(({ zone }) => zone <= size) &&
    tables.every(
      (table) =>
        'zones' in table &&
        table.zones.length === size &&
        table.zones.every((row) => row.length === size && row.every(isAmount)),
    )
  );
}

function hasSoundAmounts({ currency, minimumBalance, maximumFare, ...rest }: TariffDefinition): boolean {
  const { journeyMinutes, passbackSeconds, sameStation } = rest;
  const isTime = (minutes: number): boolean => isWhole(minutes, 0, tariffLimits.minutes);
  return (
    /^[A-Z]{3}$/.test(currency) &&
    isAmount(minimumBalance) &&
    isWhole(maximumFare, 0, tariffLimits.maximumFare) &&
    journeyMinutes.length <= tariffLimits.zones &&
    journeyMinutes.every(isTime) &&
    isWhole(passbackSeconds, 0, 60 * tariffLimits.minutes) &&
    (sameStation === null ||
      (isAmount(sameStation.fee) &&
        isAmount(sameStation.graceFee) &&
        isTime(sameStation.untilMinutes) &&
        isWhole(sameStation.graceSeconds, 0, sameStation.untilMinutes * 60)))
  );
}

function hasSoundPeaks({ peaks }: TariffDefinition): boolean {
  if (peaks.length > tariffLimits.peaks) return false;
  const taken = new Uint8Array(7 * minutesPerDay);
  return peaks.every((peak) => takes(peak, taken));
}

/** Whether the window's minutes were free; takes them. */
function takes({ days, fromMinute, toMinute }: Peak, taken: Uint8Array): boolean {
  if (!isWhole(toMinute, 1, minutesPerDay) || !isWhole(fromMinute, 0, toMinute - 1)) return false;
  return days.every((day) => {
    if (!isWhole(day, 1, 7)) return false;
    const minutes = taken.subarray((day - 1) * minutesPerDay + fromMinute, (day - 1) * minutesPerDay + toMinute);
    if (minutes.includes(1)) return false;
    minutes.fill(1);
    return true;
  });
}

function isSoundCap({ amount, window, zones }: Cap): boolean {
  return (
    isAmount(amount) &&
    (window === 'day' || window === 'week' || isWhole(window, 2, tariffLimits.rollingDays)) &&
    (zones === null || (isWhole(zones[0], 1, zones[1]) && isWhole(zones[1], 1, tariffLimits.zones)))
  );
}

function hasSoundCategories({ categories }: TariffDefinition): boolean {
  return Object.entries(categories).every(([name, share]) => name !== '' && name !== fullCategory && isShare(share));
}

function isShare({ numerator, denominator, round }: Share): boolean {
  const rounds: readonly string[] = ['down', 'up', 'nearest'];
  return (
    isWhole(denominator, 1, tariffLimits.denominator) && isWhole(numerator, 0, denominator) && rounds.includes(round)
  );
}

function hasSoundInterchanges({ interchanges, stations }: TariffDefinition): boolean {
  return (
    interchanges.length <= tariffLimits.interchanges &&
    interchanges.every(
      ({ from, to, minutes }) =>
        isWhole(from, 0, stations.length - 1) &&
        isWhole(to, 0, stations.length - 1) &&
        isWhole(minutes, 1, tariffLimits.minutes),
    )
  );
}

/** No zone is further than a day from UTC. */
function hasSoundOffsets({ offsets }: TariffDefinition): boolean {
  return (
    offsets.length <= tariffLimits.offsets &&
    offsets.every(
      ([fromMs, minutes], at) =>
        Number.isFinite(fromMs) && (at === 0 || offsets[at - 1]![0] < fromMs) && isWhole(minutes, -1440, 1440),
    )
  );
}
