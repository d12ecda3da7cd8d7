/**
 * A small city for the demonstration: twelve stations in four zones, and a tariff with a bit of
 * everything. It is JSON as `PUT /v1/tariff` takes it.
 */
import type { Static } from 'typebox';
import type { tariffRequest } from '../doors/gates/tariff-schemas.ts';

type City = Static<typeof tariffRequest>;

/** From the middle outwards. */
const stations: readonly (readonly [id: string, name: string, zone: number])[] = [
  ['central', 'Central Station', 1],
  ['market', 'Market Square', 1],
  ['town-hall', 'Town Hall', 1],
  ['old-bridge', 'Old Bridge', 1],
  ['university', 'University', 2],
  ['hospital', 'General Hospital', 2],
  ['harbour', 'Harbour', 2],
  ['stadium', 'Stadium', 2],
  ['mill-lane', 'Mill Lane', 3],
  ['botanic-garden', 'Botanic Garden', 3],
  ['lakeside', 'Lakeside', 3],
  ['airport', 'Airport', 4],
];

const usual = [200, 290, 370, 520] as const;
const rush = [260, 360, 450, 520] as const;

/** By how many zones a journey crosses; the same in both directions. */
function byDistance(fares: readonly number[]): City['fares'] {
  return { zones: fares.map((_, from) => fares.map((__, to) => fares[Math.abs(from - to)]!)) };
}

const workdays = [1, 2, 3, 4, 5];

/** `currency`: that of the store, since all of its money has one. */
export function demoCity(currency: string): City {
  return {
    currency,
    stations: stations.map(([id, name, zone], index) => ({ id, number: index + 1, name, zone })),
    fares: byDistance(usual),
    minimumBalance: 200,
    maximumFare: 520,
    journeyMinutes: [60, 80, 100, 120],
    passbackSeconds: 60,
    caps: [
      { amount: 900, window: 'day' },
      { amount: 650, window: 'day', zones: [1, 2] },
      { amount: 3800, window: 'calendarWeek' },
    ],
    peaks: [
      { days: workdays, from: '06:30', to: '09:30', fares: byDistance(rush) },
      { days: workdays, from: '16:00', to: '19:00', fares: byDistance(rush) },
    ],
    timeZone: 'UTC',
    categories: {
      child: { share: 0.5, round: 'down' },
      student: { share: '2/3', round: 'nearest' },
    },
    sameStation: { graceSeconds: 300, graceFee: 0, fee: 100, untilMinutes: 30 },
    // Two stations with a short walk between them, and no passage inside of the gates.
    interchanges: [
      { from: 'old-bridge', to: 'harbour', minutes: 20 },
      { from: 'harbour', to: 'old-bridge', minutes: 20 },
    ],
  };
}
