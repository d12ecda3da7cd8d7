/**
 * The rules of choosing seats: the effect of a press, which seats are lost to others, and what is
 * offered instead.
 */
import type { Hall } from '../hall/hall.ts';
import { layOut } from '../hall/layout.ts';
import { nearestTogether } from '../hall/nearest.ts';
import { capitalised, saySeats, stateWords } from '../hall/words.ts';
import type { Deal } from '../visitor/deal.ts';

/** The map's shape does not matter for distances. */
const anyShape = 1.5;

export interface Lost {
  /** Seats that others took. */
  readonly seats: readonly string[];
  /** As many free seats together, to take instead; null if there are none. */
  readonly offer: readonly string[] | null;
}

/** The result of a press on a seat: the new choice, or why not; null for no effect and no words. */
export type Press =
  | { readonly seats: readonly string[]; readonly said: string }
  | { readonly seats: null; readonly said: string }
  | null;

/** The chosen seats, the visitor's deal with the sale, and the limit of seats. */
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
  // An earlier press is still in flight.
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

/** Those of some seats that are no longer free, or no longer exist. */
export function takenOf(hall: Hall, seats: readonly string[]): string[] {
  return seats.filter((id) => !hall.isFree(hall.find(id)));
}

/** As many seats together, as near as possible; null if there are none. */
export function offerFor(hall: Hall, wanted: readonly string[]): readonly string[] | null {
  const seats = wanted.map((id) => hall.find(id)).filter((seat) => seat >= 0);
  return nearestTogether(hall, layOut(hall, anyShape), seats)?.map((seat) => hall.idOf(seat)) ?? null;
}

/** The lost seats and the offer, as a sentence for a screen reader. */
export function sayLost(hall: Hall, { seats, offer }: Lost): string {
  const went = `${capitalised(sayThem(hall, seats))} just went to somebody else.`;
  if (offer === null) return `${went} As many together are not free any more.`;
  return `${went} Nearest free: ${sayThem(hall, offer)}.`;
}

function sayThem(hall: Hall, ids: readonly string[]): string {
  const seats = ids.map((id) => hall.find(id)).filter((seat) => seat >= 0);
  return seats.length === 0 ? 'a seat' : saySeats(hall, seats);
}
