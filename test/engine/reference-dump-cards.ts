/** The cards, tariffs, gates and journeys of the reference engine, as a dump. */
import type { StateDump } from '../../src/engine/dump.ts';
import type { Card, EntryKind, Transit, Travel } from './reference-cards.ts';
import { balanceOf } from './reference-cards.ts';

export function dumpTransit(transit: Transit): Omit<StateDump, keyof SalesDump> {
  const { cards, tariffs, entries, taps, journeys, begunJourneys } = transit;
  const total = (kind: EntryKind): number =>
    entries.filter((entry) => entry.kind === kind).reduce((sum, { amount }) => sum + amount, 0);
  return {
    cards: cards.map((card) => ({
      id: card.id,
      name: card.name,
      category: tariffs.categories[card.category]!,
      balance: balanceOf(card),
      status: card.blocked ? 'blocked' : 'active',
      createdAtMs: card.createdAtMs,
    })),
    cardTotals: {
      opened: total('opening'),
      toppedUp: total('topUp'),
      fares: 0 - total('fare'),
      refunded: total('refund'),
      adjusted: total('adjustment'),
    },
    cardCurrency: transit.currency,
    denied: dumpDenied(cards, transit.denyChanges),
    journal: {
      taps: taps.length,
      entries: entries.length,
      endedJourneys: journeys.length,
      begunJourneys,
      appliedTaps: transit.opened + transit.denied,
      openedTaps: transit.opened,
      deniedTaps: transit.denied,
    },
    tariffs: tariffs.versions.map(({ number, effectiveFromMs, definition }) => ({
      number,
      effectiveFromMs,
      currency: definition.currency,
      stations: definition.stations.map(({ id }) => [id, tariffs.stations.get(id)!]),
      categories: Object.keys(definition.categories),
    })),
    accessKeys: transit.gateKeys.map((key) => ({
      hash: key.hash,
      gates: key.gates,
      label: key.label,
      createdAtMs: key.createdAtMs,
      position: key.position,
      removed: key.removed,
    })),
    gates: transit.gates.map(({ id, number, station, createdAtMs, epochs }) => ({
      id,
      number,
      station,
      createdAtMs,
      epochs: epochs.map(({ epoch, mark }) => [epoch, mark]),
    })),
    travel: cards.flatMap(({ travel }) => (travel === null ? [] : [dumpTravel(travel, [...tariffs.ranges])])),
    closedDay: transit.closedDay,
    dayStarts: transit.dayStarts.slice(-400),
  };
}

/** The fields of a dump that are about sales. */
type SalesDump = Pick<
  StateDump,
  | 'position'
  | 'nowMs'
  | 'version'
  | 'keys'
  | 'freeKeys'
  | 'idleMs'
  | 'epochs'
  | 'cancellations'
  | 'offsets'
  | 'sales'
  | 'holds'
  | 'orders'
  | 'customers'
  | 'waitlist'
  | 'owedOffers'
>;

/** Those on the deny list, and those that left it within the changes that are kept. */
function dumpDenied(cards: readonly Card[], changes: number): StateDump['denied'] {
  return cards
    .filter(({ listed, denied }) => listed || denied > Math.max(0, changes - 65_536))
    .map(({ id, denied, listed }) => [denied, id, listed] as const)
    .toSorted(([one], [other]) => one - other);
}

function dumpTravel(travel: Travel, ranges: readonly string[]): StateDump['travel'][number] {
  const { card, newestDay, open, last, chain, notes } = travel;
  return {
    card,
    newestDay,
    open: open === null ? null : { number: open.number, gate: open.gate, station: open.station, atMs: open.atMs },
    chained: open?.chained ?? false,
    last: last === null ? null : { station: last.station, direction: last.direction === 'in' ? 0 : 1, atMs: last.atMs },
    chain:
      chain === null
        ? null
        : {
            number: chain.number,
            from: chain.from,
            atMs: chain.fromAtMs,
            exit: chain.exit,
            exitAtMs: chain.exitAtMs,
            base: chain.base,
          },
    counted: ranges.flatMap((range, number) =>
      countedOf(travel, range).map(([day, sum]) => [number, day, sum] as const),
    ),
    notes: notes
      .toSorted((one, other) => one.day - other.day)
      .map(({ day, uncounted, adjusted, disordered, settled, run }) => ({
        day,
        uncounted,
        adjusted,
        disordered,
        settled,
        run,
      })),
  };
}

/** Sums of the fares that count for a range of zones, by day; zeros left out. */
function countedOf({ counted, newestDay }: Travel, range: string): [number, number][] {
  return Array.from({ length: 8 }, (_, at) => newestDay - 7 + at)
    .map((day): [number, number] => {
      const ofDay = counted.filter((ride) => ride.day === day && ride.ranges.includes(range));
      return [day, ofDay.reduce((sum, { amount }) => sum + amount, 0)];
    })
    .filter(([, sum]) => sum > 0);
}
