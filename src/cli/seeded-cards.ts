/** The accounts that `seed cards` makes, and whether a store holds anything else. */
import type { State } from '../engine/state.ts';
import { cardId } from '../engine/tables/cards.ts';
import { demonstration } from './demonstration.ts';

/** Opening balance of the other accounts, minor units. */
export const seededBalance = 5000;

const encoder = new TextEncoder();

/** The card with an id; null when there is none. */
export function cardWithId(state: State, id: string): number | null {
  const bytes = encoder.encode(id);
  const card = state.findCard(bytes, 0, bytes.length);
  return card < 0 ? null : card;
}

/**
 * How many cards were issued by the thousand. Their ids are UUIDs of version 8, which nobody else
 * makes.
 */
export function issuedCards(state: State): number {
  const { cards } = state;
  let issued = 0;
  for (let card = 0; card < cards.count; card += 1) if (isIssued(cards.record(card))) issued += 1;
  return issued;
}

/**
 * By the record of the card's id: a byte that says UUID, then its bytes; the version is in the 7th.
 */
function isIssued(record: Uint8Array): boolean {
  return (record[0]! & 1) !== 0 && record[7]! >>> 4 === 8;
}

/**
 * What a store holds besides the demonstration and seeded accounts, a noun each: empty when nothing
 * of it would be missed.
 */
export function whatElseIn(state: State): string[] {
  const { sales, orders, holds, waitlist, customers, cards, tariffs, accessKeys, journal } = state;
  const { toppedUp, fares, refunded, adjusted } = cards.totals;
  const shown = state.seeded ? demonstration : { sales: [], customers: [] };
  const held: Readonly<Record<string, boolean>> = {
    orders: orders.count > 0,
    holds: holds.count > 0,
    'waiting customers': waitlist.count > 0,
    sales: sales.name.slice(0, sales.count).some((name, sale) => shown.sales[sale]?.name !== name),
    customers: customers.count > shown.customers.length,
    cards: hasOtherCards(state),
    taps: journal.taps.total > 0,
    'top-ups, fares or refunds': toppedUp !== 0 || fares !== 0 || refunded !== 0 || adjusted !== 0,
    gates: hasOtherGates(state),
    tariffs: tariffs.count > 1 || (tariffs.count === 1 && hasOtherStations(state)),
    'access keys': accessKeys.count > 0,
  };
  return Object.keys(held).filter((noun) => held[noun] === true);
}

const { city } = demonstration;

function hasOtherCards(state: State): boolean {
  const { cards } = state;
  const own = new Set(city.cards.map(({ id }) => id));
  for (let card = 0; card < cards.count; card += 1) {
    if (!isIssued(cards.record(card)) && !own.has(cardId(state, card))) return true;
  }
  return false;
}

function hasOtherGates({ gates }: State): boolean {
  const own = new Set(city.gates.map(({ id }) => id));
  return gates.rows.some(({ id }) => !own.has(id));
}

function hasOtherStations({ tariffs }: State): boolean {
  const { stations } = city.tariff;
  return (
    tariffs.stationCount !== stations.length || stations.some(({ id, number }) => tariffs.stationNumber(id) !== number)
  );
}
