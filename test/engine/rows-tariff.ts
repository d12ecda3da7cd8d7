/**
 * A tariff, made from the words of a row. Without words it is that of a small city: stations A and
 * B in zone 1, C in zone 2, D and E in zone 3; 200 within a zone, 100 more for each one crossed.
 */
import type { Cap, FareTable, Interchange, Peak, Share, TariffDefinition } from '../../src/engine/commands/tariff.ts';
import type { Words } from './rows-cards.ts';

const city: TariffDefinition = {
  effectiveFromMs: null,
  currency: 'EUR',
  stations: ['A:1', 'B:1', 'C:2', 'D:3', 'E:3'].map(stationIn),
  fares: {
    zones: [
      [200, 300, 400],
      [300, 200, 300],
      [400, 300, 200],
    ],
  },
  minimumBalance: 100,
  maximumFare: 800,
  journeyMinutes: [],
  passbackSeconds: 0,
  caps: [],
  peaks: [],
  timeZone: 'UTC',
  offsets: [],
  categories: {},
  sameStation: null,
  interchanges: [],
};

/** Words: see the functions below, one for each. */
export function tariffOf(words: Words, beginMs: number): TariffDefinition {
  const all = (name: string): string[] | undefined => words.take(name)?.split(',').filter(Boolean);
  const stations = all('stations')?.map(stationIn) ?? city.stations;
  const place = (id: string): number => stations.findIndex((station) => station.id === id);
  const zones = words.take('zones');
  const pairs = all('pairs')?.map((pair) => pairIn(pair, place));
  const fares: FareTable = pairs !== undefined ? { pairs } : zones === undefined ? city.fares : zonesIn(zones);
  const from = words.take('from');
  const same = words.take('same')?.split('/').map(Number);
  const [graceSeconds = 0, graceFee = 0, untilMinutes = 0, fee = 0] = same ?? [];
  return {
    ...city,
    stations,
    fares,
    currency: words.take('currency') ?? city.currency,
    effectiveFromMs: from === undefined ? null : beginMs + Number.parseInt(from, 10),
    minimumBalance: words.numberOf('minimum') ?? city.minimumBalance,
    maximumFare: words.numberOf('maximum') ?? city.maximumFare,
    journeyMinutes: all('minutes')?.map(Number) ?? city.journeyMinutes,
    passbackSeconds: words.numberOf('passback') ?? city.passbackSeconds,
    caps: all('caps')?.map(capIn) ?? city.caps,
    peaks: all('peaks')?.map((peak) => peakIn(peak, fares)) ?? city.peaks,
    offsets: all('offsets')?.map((offset) => offsetIn(offset, beginMs)) ?? city.offsets,
    categories: Object.fromEntries(all('shares')?.map(shareIn) ?? []),
    sameStation: same === undefined ? null : { graceSeconds, graceFee, untilMinutes, fee },
    interchanges: all('walks')?.map((walk) => walkIn(walk, place)) ?? city.interchanges,
  };
}

/** "A:1", with a number "A:1:7". */
function stationIn(word: string): TariffDefinition['stations'][number] {
  const [id = '', zone, number] = word.split(':');
  return { id, name: id, zone: Number(zone), number: number === undefined ? null : Number(number) };
}

/** "200,300/300,200": a row for each zone. */
function zonesIn(word: string): FareTable {
  return { zones: word.split('/').map((row) => row.split(',').map(Number)) };
}

/** "A-B:150". */
function pairIn(word: string, place: (id: string) => number): readonly [number, number, number] {
  const [ends = '', amount] = word.split(':');
  const [from = '', to = ''] = ends.split('-');
  return [place(from), place(to), Number(amount)];
}

/** "day:500", "week:900:1-2", "7:1500". */
function capIn(word: string): Cap {
  const [window = '', amount, zones] = word.split(':');
  const [lowest = 0, highest = 0] = zones?.split('-').map(Number) ?? [];
  return {
    amount: Number(amount),
    window: window === 'day' || window === 'week' ? window : Number(window),
    zones: zones === undefined ? null : [lowest, highest],
  };
}

/** "12345/08:00-09:30/2": weekdays, window, and what all fares are multiplied by. */
function peakIn(word: string, fares: FareTable): Peak {
  const [days = '', window = '', factor] = word.split('/');
  const times = (amount: number): number => amount * Number(factor);
  const [fromMinute = 0, toMinute = 0] = window.split('-').map((time) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    return 60 * hours + minutes;
  });
  return {
    days: Array.from(days, Number),
    fromMinute,
    toMinute,
    fares:
      'pairs' in fares
        ? { pairs: fares.pairs.map(([from, to, amount]) => [from, to, times(amount)] as const) }
        : { zones: fares.zones.map((row) => row.map(times)) },
  };
}

/** "60" minutes ahead of UTC, or from a time on: "7200000ms/120". */
function offsetIn(word: string, beginMs: number): readonly [number, number] {
  const [from = '', minutes] = word.split('/');
  return minutes === undefined ? [0, Number(from)] : [beginMs + Number.parseInt(from, 10), Number(minutes)];
}

/** "child:1/2:down". */
function shareIn(word: string): readonly [string, Share] {
  const [name = '', part = '', round] = word.split(':');
  const [numerator = 0, denominator = 0] = part.split('/').map(Number);
  return [name, { numerator, denominator, round: round as Share['round'] }];
}

/** "B-C:15": from an exit at B to an entry at C, within 15 minutes. */
function walkIn(word: string, place: (id: string) => number): Interchange {
  const [ends = '', minutes] = word.split(':');
  const [from = '', to = ''] = ends.split('-');
  return { from: place(from), to: place(to), minutes: Number(minutes) };
}
