/** A city for measurements: its tariff, its gates and its cards, made in a stopped folder. */
import type { CardsIssue } from '../../engine/commands/cards.ts';
import { maxIssued } from '../../engine/commands/cards.ts';
import type { GateDefinition } from '../../engine/commands/gates.ts';
import type { TariffDefinition } from '../../engine/commands/tariff.ts';
import type { Kind } from '../../engine/command.ts';
import { Command, kinds } from '../../engine/command.ts';
import type { Store } from '../../store/open.ts';
import { openStore } from '../../store/open.ts';

export const stationCount = 50;
const zones = 5;
export const currency = 'USD';
/** Money enough for any day, and too little for one entry: one card in a hundred has that. */
const [plenty, little] = [50_000, 150];

/** By how many zones a journey crosses. */
function byDistance(first: number, more: number): TariffDefinition['fares'] {
  const fare = (from: number, to: number): number => first + more * Math.abs(from - to);
  return {
    zones: Array.from({ length: zones }, (_, from) => Array.from({ length: zones }, (__, to) => fare(from, to))),
  };
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** `raised`: one pair of zones, 1 to 3, costs so much more. It holds from the beginning of time. */
export function cityTariff(raised = 0): TariffDefinition {
  const usual = byDistance(200, 60);
  const rush = byDistance(260, 80);
  for (const fares of [usual, rush]) {
    if (raised !== 0 && 'zones' in fares) (fares.zones[0] as number[])[2]! += raised;
  }
  return {
    effectiveFromMs: 0,
    currency,
    stations: Array.from({ length: stationCount }, (_, at) => ({
      id: `station-${at + 1}`,
      number: at + 1,
      name: `Station ${at + 1}`,
      zone: 1 + (at % zones),
    })),
    fares: usual,
    minimumBalance: 200,
    maximumFare: 700,
    journeyMinutes: [120],
    passbackSeconds: 30,
    caps: [
      { amount: 1400, window: 'day', zones: null },
      { amount: 900, window: 'day', zones: [1, 2] },
      { amount: 6000, window: 'week', zones: null },
    ],
    peaks: [
      { days: everyDay, fromMinute: 6 * 60 + 30, toMinute: 9 * 60 + 30, fares: rush },
      { days: everyDay, fromMinute: 16 * 60, toMinute: 19 * 60, fares: rush },
    ],
    timeZone: 'UTC',
    offsets: [[0, 0]],
    categories: { child: { numerator: 1, denominator: 2, round: 'down' } },
    sameStation: { graceSeconds: 300, graceFee: 0, untilMinutes: 60, fee: 100 },
    interchanges: [
      { from: 0, to: 6, minutes: 15 },
      { from: 6, to: 0, minutes: 15 },
    ],
  };
}

/** Gate g (from 0) has the number g + 1. */
export function cityGate(gate: number): GateDefinition {
  return { id: `gate-${gate + 1}`, number: gate + 1, station: `station-${(gate % stationCount) + 1}` };
}

/**
 * The records that make so many cards: one in ten is a child's, one in a hundred is nearly empty.
 */
export function* cityCards(cards: number): Generator<CardsIssue> {
  const poor = Math.floor(cards / 100);
  const children = Math.floor(cards / 10);
  const groups: readonly (readonly [count: number, category: string, balance: number])[] = [
    [cards - poor - children, 'adult', plenty],
    [children, 'child', plenty],
    [poor, 'adult', little],
  ];
  for (const [count, category, balance] of groups) {
    for (let made = 0; made < count; made += maxIssued) {
      yield { count: Math.min(maxIssued, count - made), category, balance, currency };
    }
  }
}

/** Makes the city in a folder without a store. The cards have the numbers from 1. */
export async function buildCity(folder: string, gates: number, cards: number): Promise<void> {
  const store = await openStore({ place: { kind: 'file', folder }, maxKeys: null, onNotice: () => undefined });
  try {
    await submit(store, kinds.setTariff, cityTariff());
    await Promise.all(Array.from({ length: gates }, (_, gate) => submit(store, kinds.addGate, cityGate(gate))));
    for (const issue of cityCards(cards)) await submit(store, kinds.issueCards, issue);
  } finally {
    await store.close();
  }
}

async function submit({ node }: Store, kind: Kind, body: object): Promise<void> {
  const command = new Command().reset(kind);
  command.body = body;
  const code = await node.submit(command, (outcome) => outcome.row.code, undefined);
  if (code !== 'OK') throw new Error(`the city could not be built: ${code}`);
}
