/** Tariffs of random histories: a few stations, and every rule in one or another. */
import type {
  Cap,
  FareTable,
  Interchange,
  Peak,
  SameStation,
  Share,
  TariffDefinition,
} from '../../src/engine/commands/tariff.ts';
import type { Random } from './random.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const ids = ['A', 'B', 'C', 'D', 'E'];

/** A tariff that is set now; `civilMs`: now. Rarely one that is refused. */
export function tariffFor(random: Random, civilMs: number, isFirst: boolean, byStations: boolean): TariffDefinition {
  const stations = ids
    .slice(0, isFirst ? 5 : random.pick([3, 4, 5, 5, 5]))
    .map((id, at) => ({ id, name: id, zone: 1 + (at % random.pick([3, 3, 3, 1])), number: null }));
  const fares = tableFor(random, stations.length, byStations);
  const later = random.pick([null, null, 0, 60_000, 20 * 60_000, hourMs, dayMs, 3 * dayMs, -1]);
  return {
    effectiveFromMs: later === null ? null : civilMs + later,
    currency: random.chance(98) ? 'EUR' : 'CHF',
    stations,
    fares,
    minimumBalance: random.pick([0, 0, 100, 500]),
    maximumFare: random.pick([
      600,
      900,
      901,
      random.chance(5) ? random.pick([0x3fffffff, 0x3fffffff, 0x40000000]) : 600,
    ]),
    journeyMinutes: random.pick([[], [], [30], [20, 60], [60, 90, 240]]),
    passbackSeconds: random.pick([0, 0, 60, 600]),
    caps: random.chance(25) ? [] : capsFor(random),
    peaks: random.chance(50) ? [] : peaksFor(random, stations.length, byStations),
    timeZone: 'Europe/Vienna',
    offsets: random.pick([
      [],
      [[0, 60]],
      [[civilMs + hourMs, 120]],
      [
        [0, 60],
        [civilMs + dayMs, 120],
      ],
    ] as const),
    categories: sharesFor(random),
    sameStation: random.chance(50) ? null : feesFor(random),
    interchanges: random.chance(25) ? [] : walksFor(random, stations.length),
  };
}

function tableFor(random: Random, stations: number, byStations: boolean): FareTable {
  const amount = (): number => random.pick([0, 150, 199, 200, 250, 333, 400]);
  if (!byStations) {
    return { zones: Array.from({ length: 3 }, () => Array.from({ length: 3 }, amount)) };
  }
  const pairs: [number, number, number][] = [];
  for (let from = 0; from < stations; from += 1) {
    for (let to = 0; to < stations; to += 1) if (random.chance(88)) pairs.push([from, to, amount()]);
  }
  return { pairs };
}

function capsFor(random: Random): Cap[] {
  return Array.from({ length: random.pick([1, 2, 3]) }, () => ({
    amount: random.pick([300, 500, 501, 800]),
    window: random.pick(['day', 'day', 'week', 2, 3, 7, 8] as const),
    zones: random.chance(60)
      ? null
      : random.pick([
          [1, 1],
          [1, 2],
          [2, 3],
        ] as const),
  }));
}

function peaksFor(random: Random, stations: number, byStations: boolean): Peak[] {
  const days = random.pick([[1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7], [3], [6, 7]]);
  const [from = 0, middle = 0, to = 0] = random.pick([
    [0, 600, 1440],
    [390, 570, 1200],
    [1320, 1380, 1440],
  ]);
  const windows: readonly (readonly [number, number])[] = [
    [from, middle],
    [middle, random.chance(97) ? to : middle],
  ];
  return windows.map(([fromMinute, toMinute]) => {
    return { days, fromMinute, toMinute, fares: tableFor(random, stations, byStations) };
  });
}

function sharesFor(random: Random): Record<string, Share> {
  const round = (): Share['round'] => random.pick(['down', 'up', 'nearest']);
  const child = { numerator: 1, denominator: 2, round: round() };
  const senior = { numerator: 2, denominator: 3, round: round() };
  return random.pick([{ child }, { child, senior }, { senior }, {}]);
}

function feesFor(random: Random): SameStation {
  return {
    graceSeconds: random.pick([0, 60, 600]),
    graceFee: random.pick([0, 0, 50]),
    untilMinutes: random.pick([10, 30, 240]),
    fee: random.pick([0, 120, 121]),
  };
}

function walksFor(random: Random, stations: number): Interchange[] {
  return Array.from({ length: random.pick([1, 3, 6]) }, () => ({
    from: random.below(stations),
    to: random.below(stations),
    minutes: random.pick([5, 20, 60]),
  }));
}
