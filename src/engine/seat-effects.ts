/**
 * What commands do to halls and their seats, and what orders, holds and offers do to the seats they take. That a command may have
 * its effect was checked by `seat-refusals.ts`.
 */
import { changeKinds } from './changes.ts';
import type { HallDefinition, SeatChange, SeatRemoval, SeatsAddition } from './command.ts';
import type { Wish } from './best.ts';
import { chooseBest } from './best.ts';
import type { HallRow } from './hall.ts';
import { changedSeat, placeFor, renames, seatsOf } from './placement.ts';
import { seatStates } from './seats.ts';
import type { State } from './state.ts';
import { stockReturned, touch } from './stock.ts';

/** Builds the hall of a new sale. */
export function buildHall(state: State, sale: number, hall: HallDefinition): void {
  const { seats, sales } = state;
  seats.addHall(sale);
  let capacity = 0;
  for (const section of hall.sections) {
    seats.addSection(sale, section.name);
    for (const given of section.rows) {
      const row = rowFor(state, sale, section.name, given.name, given.rank);
      let place = row.lastPlace();
      for (const seat of seatsOf(given.seats)) {
        const { number, rank = row.rank, accessible = false } = typeof seat === 'string' ? { number: seat } : seat;
        place += 1;
        standSeat(state, row, { number, place, rank, accessible, blocked: false }, 0);
        capacity += 1;
      }
    }
  }
  sales.capacity.set(sale, capacity);
}

/** Returns the first of the new seats. */
export function addSeats(state: State, body: SeatsAddition): number {
  const first = state.seats.count;
  for (const seat of body.seats) {
    const row = rowFor(state, body.sale, seat.section, seat.row, seat.rank);
    const { rank = row.rank, accessible = false, blocked = false } = seat;
    const place = placeFor(seat, row.lastPlace());
    standSeat(state, row, { number: seat.number, place, rank, accessible, blocked }, 0);
    if (!blocked) grow(state, body.sale, 1);
  }
  stockReturned(state, body.sale);
  return first;
}

/** Returns the seat's row after the change: a new one, unless it was only blocked or unblocked. */
export function changeSeat(state: State, change: SeatChange): number {
  const { seats } = state;
  const { sale, seat: old } = change;
  const wasBlocked = seats.state.get(old) === seatStates.blocked;
  const blocked = change.blocked ?? wasBlocked;
  let seat = old;
  if (renames(state, change)) {
    const target = changedSeat(state, change);
    retireSeat(state, old);
    const row = rowFor(state, sale, target.section, target.row, target.rank);
    // Its place was checked with the seat's own one free, and is chosen the same way now.
    const { number, rank = row.rank, accessible = false } = target;
    const place = placeFor(target, row.lastPlace());
    seat = standSeat(state, row, { number, place, rank, accessible, blocked }, seats.doorNumber.get(old));
    seats.createdAtMs.set(seat, seats.createdAtMs.get(old));
  } else if (blocked !== wasBlocked) {
    moveSeat(state, seat, blocked ? seatStates.blocked : seatStates.available, 0);
  }
  if (blocked !== wasBlocked) grow(state, sale, blocked ? -1 : 1);
  stockReturned(state, sale);
  return seat;
}

export function removeSeat(state: State, { sale, seat }: SeatRemoval): number {
  const { seats } = state;
  if (seats.state.get(seat) === seatStates.available) grow(state, sale, -1);
  retireSeat(state, seat);
  touch(state, sale);
  return seat;
}

/** Takes available seats for a hold or a line (row + 1); returns their list. */
export function takeSeats(state: State, chosen: Uint32Array, start: number, count: number): number {
  const { seats } = state;
  for (let i = start; i < start + count; i += 1) {
    if (seats.state.get(chosen[i]!) !== seatStates.available)
      throw new Error(`seat ${chosen[i]!} would be given twice`);
  }
  return seats.list(chosen, start, count);
}

/** Gives the seats of a list to a hold or line (row + 1), or back to the hall (holder 0). */
export function giveSeats(state: State, list: number, count: number, to: number, holder: number): void {
  for (let i = 0; i < count; i += 1) moveSeat(state, state.seats.listedSeat(list, i), to, holder);
}

const offerWish: Wish = { quantity: 0, section: 0, accessible: false, split: true };

/** Chooses seats for an offer: there are as many. */
export function chooseForOffer(state: State, sale: number, quantity: number): void {
  offerWish.quantity = quantity;
  state.chosen.count = 0;
  if (chooseBest(state.seats.hall(sale), offerWish, state.chosen) !== null) {
    throw new Error(`sale ${sale} has fewer seats than it counts`);
  }
}

interface Standing {
  readonly number: string;
  readonly place: number;
  readonly rank: number;
  readonly accessible: boolean;
  readonly blocked: boolean;
}

/** Makes a seat's row. `doorNumber`: of the row it follows; 0 for a new one. */
function standSeat(state: State, row: HallRow, standing: Standing, doorNumber: number): number {
  const { number, place, rank, accessible, blocked } = standing;
  const { seats, sales } = state;
  const seat = seats.add(row, number, place, rank, accessible);
  const door = sales.door.get(seats.sale.get(seat));
  seats.createdAtMs.set(seat, state.civilMs);
  seats.madeState.set(seat, blocked ? seatStates.blocked : seatStates.available);
  seats.doorNumber.set(seat, seats.namespaces.take(door, seat, doorNumber));
  if (blocked) noteSeat(state, seat);
  else moveSeat(state, seat, seatStates.available, 0);
  return seat;
}

/** Takes a seat that nobody has out of the hall. */
function retireSeat(state: State, seat: number): void {
  state.seats.move(seat, seatStates.blocked, 0);
  state.seats.retire(seat);
  noteSeat(state, seat);
}

function moveSeat(state: State, seat: number, to: number, holder: number): void {
  state.seats.move(seat, to, holder);
  noteSeat(state, seat);
}

function noteSeat(state: State, seat: number): void {
  state.seats.changedAt.set(seat, state.position);
  state.changes.add(changeKinds.seat, seat, state.position);
}

function rowFor(state: State, sale: number, section: string, name: string, rank?: number): HallRow {
  const { seats } = state;
  const known = seats.findRow(sale, section, name);
  return known ?? seats.addRow(sale, seats.addSection(sale, section), name, rank);
}

function grow(state: State, sale: number, by: number): void {
  state.sales.capacity.set(sale, state.sales.capacity.get(sale) + by);
}
