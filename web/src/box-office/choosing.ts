/**
 * The rules of choosing seats: what a press does, what is lost when somebody is quicker, and what
 * is offered instead.
 */
import type { Hall } from '../hall/hall.ts';
import { layOut } from '../hall/layout.ts';
import { nearestTogether } from '../hall/nearest.ts';
import { capitalised, saySeats, stateWords } from '../hall/words.ts';
import type { Deal } from '../visitor/deal.ts';

/** The map's shape does not matter for what is near. */
const anyShape = 1.5;

export interface Lost {
  /** Those that went to somebody else. */
  readonly seats: readonly string[];
  /** Free ones to take instead, as many as were wanted, together; null when there are none. */
  readonly offer: readonly string[] | null;
}

/**
 * What a press on a seat comes to: other seats are chosen, or it is said why not; null where it is
 * not even said.
 */
export type Press =
  | { readonly seats: readonly string[]; readonly said: string }
  | { readonly seats: null; readonly said: string }
  | null;

/** What has been chosen, how far the visitor is with the sale, and how many may be had at once. */
export interface Choosing {
  readonly seats: readonly string[];
  readonly deal: Deal;
  readonly limit: number;
}

export function pressOn(hall: Hall, seat: number, { seats, deal, limit }: Choosing): Press {
  const id = hall.idOf(seat);
  const name = capitalised(saySeats(hall, [seat]));
  if (deal.kind === 'held' && deal.hold.seats.includes(id)) return no(`${name} is held for you.`);
  if (deal.kind === 'held') return no('Buy what you hold, or let it go, before you choose others.');
  if (deal.kind === 'waiting') return no('You are in line for this. Leave the line before you choose a seat.');
  // The press before this one is on its way.
  if (deal.kind === 'reserving' || deal.kind === 'joining') return null;
  if (seats.includes(id)) {
    const left = seats.filter((other) => other !== id);
    return { seats: left, said: `${name}: no longer chosen. ${summaryOf(left, limit)}` };
  }
  if (!hall.isFree(seat)) return no(`${name} is ${stateWords[hall.stateOf(seat)]}.`);
  if (seats.length >= limit) return no(`At most ${limit} at once: take one back before you add another.`);
  const more = [...seats, id];
  return { seats: more, said: `${name}: chosen. ${summaryOf(more, limit)}` };
}

function no(said: string): Press {
  return { seats: null, said };
}

function summaryOf({ length }: readonly string[], limit: number): string {
  return length === 0 ? 'Nothing is chosen.' : `${length} of at most ${limit} chosen.`;
}

/** Those of some seats that are not free any more, or not there. */
export function takenOf(hall: Hall, seats: readonly string[]): string[] {
  return seats.filter((id) => !hall.isFree(hall.find(id)));
}

/** As many as were wanted, as near as can be; null when there are none together. */
export function offerFor(hall: Hall, wanted: readonly string[]): readonly string[] | null {
  const seats = wanted.map((id) => hall.find(id)).filter((seat) => seat >= 0);
  return nearestTogether(hall, layOut(hall, anyShape), seats)?.map((seat) => hall.idOf(seat)) ?? null;
}

/** What was lost, and what may be had instead, for ears. */
export function sayLost(hall: Hall, { seats, offer }: Lost): string {
  const went = `${capitalised(sayThem(hall, seats))} just went to somebody else.`;
  if (offer === null) return `${went} As many together are not free any more.`;
  return `${went} Nearest free: ${sayThem(hall, offer)}.`;
}

function sayThem(hall: Hall, ids: readonly string[]): string {
  const seats = ids.map((id) => hall.find(id)).filter((seat) => seat >= 0);
  return seats.length === 0 ? 'a seat' : saySeats(hall, seats);
}
