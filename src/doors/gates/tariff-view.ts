/** A version of the tariff as JSON, such that the same JSON sets the same tariff. */
import type { Cap, TariffDefinition } from '../../engine/commands/tariff.ts';
import type { State } from '../../engine/state.ts';
import type { TariffVersion } from '../../engine/tables/tariff-version.ts';
import { formatTime } from '../kit/ids.ts';
import { writePosition } from '../kit/positions.ts';
import { faresView } from './tariff-fares.ts';
import { timeText } from './tariff-peaks.ts';
import { shareText } from './tariff-share.ts';

/** `position`: of the record that it reports; of a read, the present one. */
export function tariffView(state: State, version: TariffVersion, position = state.position): object {
  const { definition, effectiveFromMs } = version;
  const { stations, peaks, categories, journeyMinutes, interchanges, sameStation } = definition;
  return {
    effectiveFrom: formatTime(effectiveFromMs),
    currency: definition.currency,
    stations: stations.map(({ id, name, zone }) => ({ id, number: state.tariffs.stationNumber(id), name, zone })),
    fares: faresView(definition.fares, stations),
    minimumBalance: definition.minimumBalance,
    maximumFare: definition.maximumFare,
    journeyMinutes: journeyMinutes.length < 2 ? (journeyMinutes[0] ?? null) : journeyMinutes,
    passbackSeconds: definition.passbackSeconds,
    caps: definition.caps.map(capView),
    peaks: peaks.map(({ days, fromMinute, toMinute, fares }) => ({
      days,
      from: timeText(fromMinute),
      to: timeText(toMinute),
      fares: faresView(fares, stations),
    })),
    timeZone: definition.timeZone,
    categories: Object.fromEntries(
      Object.entries(categories).map(([name, share]) => [name, { share: shareText(share), round: share.round }]),
    ),
    sameStation: sameStation === null ? null : sameStationView(sameStation),
    interchanges: interchanges.map(({ from, to, minutes }) => ({
      from: stations[from]!.id,
      to: stations[to]!.id,
      minutes,
    })),
    position: writePosition(state, position),
  };
}

function capView({ amount, window, zones }: Cap): object {
  const shown = window === 'week' ? 'calendarWeek' : typeof window === 'number' ? { rollingDays: window } : window;
  return { amount, window: shown, ...(zones === null ? {} : { zones }) };
}

function sameStationView(rules: NonNullable<TariffDefinition['sameStation']>): object {
  const { graceSeconds, graceFee, fee, untilMinutes } = rules;
  return { graceSeconds, graceFee, fee, untilMinutes };
}
