/**
 * A tariff from its JSON. What it contradicts is told with the place; what depends on a time zone's
 * data or on decimals is resolved here, so that the engine counts with whole numbers alone.
 */
import type { Static } from 'typebox';
import { isCurrency } from '../../../sdk/src/money.ts';
import type { Cap, Interchange, Share, StationDefinition, TariffDefinition } from '../../engine/commands/tariff.ts';
import { tariffLimits } from '../../engine/commands/tariff.ts';
import type { TariffTable } from '../../engine/tables/tariffs.ts';
import { fullCategory } from '../../engine/tables/tariffs.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { readTime } from '../kit/requests.ts';
import { isComposed } from '../kit/texts.ts';
import { checkOf, invalidField } from '../kit/validation.ts';
import { escaped, FareReader } from './tariff-fares.ts';
import { readPeaks } from './tariff-peaks.ts';
import { tariffRequest } from './tariff-schemas.ts';
import { ratioOf } from './tariff-share.ts';
import { offsetsOf } from './tariff-zone.ts';

type TariffJson = Static<typeof tariffRequest>;

/** A definition is one record of the log, which has at most 1 MiB. */
export const maxTariffBytes = 1_000_000;
/** The offsets of a time zone are resolved for longer than that. */
const maxAheadMs = 10 * 366 * 86_400_000;

const check = checkOf(tariffRequest);

/**
 * `civilMs`: now, of which the offsets of the time zone are resolved.
 * @throws HttpFailure 400, with the place; 413
 */
export function tariffOf(json: unknown, civilMs: number): TariffDefinition {
  const asked = check(json);
  const effectiveFromMs = asked.effectiveFrom == null ? null : readTime(asked.effectiveFrom, '/effectiveFrom');
  if (effectiveFromMs !== null && effectiveFromMs > civilMs + maxAheadMs) {
    throw invalidField('/effectiveFrom', 'is more than ten years ahead');
  }
  if (!isCurrency(asked.currency)) {
    throw invalidField('/currency', `is "${asked.currency}", which ISO 4217 does not have`);
  }
  const stations = readStations(asked.stations);
  const reader = new FareReader(stations);
  const { timeZone = 'UTC', journeyMinutes, sameStation } = asked;
  const offsets = offsetsOf(timeZone, civilMs);
  if (offsets === null) throw invalidField('/timeZone', `is "${timeZone}", which is no time zone that is known here`);
  if (offsets.length > tariffLimits.offsets) {
    throw invalidField(
      '/timeZone',
      `changes its offset ${offsets.length - 1} times in twelve years, which is too often`,
    );
  }
  const definition: TariffDefinition = {
    effectiveFromMs,
    currency: asked.currency,
    stations,
    fares: reader.read(asked.fares, '/fares'),
    minimumBalance: asked.minimumBalance,
    maximumFare: asked.maximumFare,
    journeyMinutes:
      journeyMinutes == null ? [] : typeof journeyMinutes === 'number' ? [journeyMinutes] : journeyMinutes,
    passbackSeconds: asked.passbackSeconds ?? 0,
    caps: readCaps(asked),
    peaks: readPeaks(asked.peaks ?? [], reader),
    timeZone,
    offsets,
    categories: readCategories(asked.categories ?? {}),
    sameStation: sameStation == null ? null : readSameStation(sameStation),
    interchanges: readInterchanges(asked.interchanges ?? [], reader),
  };
  if (Buffer.byteLength(JSON.stringify(definition)) > maxTariffBytes) {
    throw new HttpFailure(problems.BODY_TOO_LARGE, `The tariff is larger than ${maxTariffBytes} bytes: use zones.`);
  }
  return definition;
}

/**
 * Numbers that stations have for good are not given to others.
 * @throws HttpFailure 400, with the place
 */
export function checkNumbers({ stations }: TariffDefinition, known: TariffTable): void {
  for (const [index, { id, number }] of stations.entries()) {
    if (number === null) continue;
    const own = known.stationNumber(id);
    const other = known.stationId(number);
    const path = `/stations/${index}/number`;
    if (own > 0 && own !== number)
      throw invalidField(path, `is ${number}: this station has the number ${own}, for good`);
    if (own === 0 && other !== null)
      throw invalidField(path, `is ${number}, the number of station "${other}", for good`);
  }
}

function readStations(stations: TariffJson['stations']): StationDefinition[] {
  const ids = new Map<string, number>();
  const numbers = new Map<number, number>();
  return stations.map(({ id, number, name = '', zone }, index) => {
    const path = `/stations/${index}`;
    if (!isComposed(id)) throw invalidField(`${path}/id`, 'is not in the Unicode form NFC: ids are kept as they are');
    const twin = ids.get(id) ?? numbers.get(number ?? 0);
    if (ids.has(id)) throw invalidField(`${path}/id`, `is "${id}" again, the id of /stations/${twin}`);
    if (twin !== undefined) throw invalidField(`${path}/number`, `is ${number} again, the number of /stations/${twin}`);
    ids.set(id, index);
    if (number !== undefined) numbers.set(number, index);
    return { id, number: number ?? null, name: name.normalize('NFC'), zone };
  });
}

function readCaps({ dailyCap, caps = [] }: TariffJson): Cap[] {
  const daily: Cap[] = dailyCap == null ? [] : [{ amount: dailyCap, window: 'day', zones: null }];
  const all = caps.map(({ amount, window, zones }, index): Cap => {
    const [lowest, highest] = zones ?? [];
    if (lowest !== undefined && lowest > highest!) {
      throw invalidField(`/caps/${index}/zones`, `goes from ${lowest} to ${highest}: the lowest zone comes first`);
    }
    return {
      amount,
      window: typeof window === 'object' ? window.rollingDays : window === 'calendarWeek' ? 'week' : window,
      zones: lowest === undefined ? null : [lowest, highest!],
    };
  });
  if (daily.length + all.length > tariffLimits.caps) {
    throw invalidField('/dailyCap', `is one cap more than the ${tariffLimits.caps} that are taken`);
  }
  return [...daily, ...all];
}

function readCategories(categories: NonNullable<TariffJson['categories']>): Record<string, Share> {
  const read = Object.entries(categories).map(([name, { share, round = 'down' }]): [string, Share] => {
    const path = `/categories/${escaped(name)}`;
    if (name === fullCategory) throw invalidField(path, `must not be given: ${fullCategory} pays in full`);
    if (!isComposed(name)) throw invalidField(path, 'is not in the Unicode form NFC: names are kept as they are');
    const ratio = ratioOf(share);
    if (ratio !== null) return [name, { ...ratio, round }];
    const forms = 'a number from 0 to 1 with at most 6 decimals, or a fraction such as 1/3';
    throw invalidField(`${path}/share`, `is ${share}: it must be ${forms}, with a denominator of at most 1000000`);
  });
  return Object.fromEntries(read);
}

type SameStationJson = NonNullable<TariffJson['sameStation']>;

function readSameStation({
  graceSeconds,
  graceFee = 0,
  fee,
  untilMinutes,
}: SameStationJson): TariffDefinition['sameStation'] {
  if (graceSeconds > untilMinutes * 60) {
    throw invalidField('/sameStation/graceSeconds', `ends after the ${untilMinutes} minutes of untilMinutes`);
  }
  return { graceSeconds, graceFee, untilMinutes, fee };
}

function readInterchanges(interchanges: NonNullable<TariffJson['interchanges']>, reader: FareReader): Interchange[] {
  const known = new Map<string, number>();
  return interchanges.map(({ from, to, minutes }, index) => {
    const path = `/interchanges/${index}`;
    const ends = { from: reader.indexAt(from, `${path}/from`), to: reader.indexAt(to, `${path}/to`) };
    const pair = `${ends.from}|${ends.to}`;
    if (known.has(pair))
      throw invalidField(path, `is from "${from}" to "${to}" again, as /interchanges/${known.get(pair)}`);
    known.set(pair, index);
    return { ...ends, minutes };
  });
}
