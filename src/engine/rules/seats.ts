/** The seats of a hall: created with their sale, added, changed, removed. */
import { noRef } from '../base/ref.ts';
import type { HallDefinition, SaleDefinition } from '../commands/sales.ts';
import type { SeatAddition, SeatChange, SeatRemoval, SeatsAddition } from '../commands/seats.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import { changedSeat, placeFor, renames, seatsOf } from './placement.ts';
import { moveSeat, noteSeat, stands } from './seat-choice.ts';
import { stockReturned, touch } from './stock.ts';
import type { State } from '../state.ts';
import type { HallRow } from '../tables/hall.ts';
import { maxPlace } from '../tables/hall.ts';
import { labelOf, seatStates } from '../tables/seats.ts';

interface Standing {
  readonly number: string;
  readonly place: number;
  readonly rank: number;
  readonly accessible: boolean;
  readonly blocked: boolean;
}

/** New sales: the refusal of a hall definition. */
export function refusalOfHall(made: SaleDefinition): OutcomeRow | null {
  if (made.kind !== 'seated') return null;
  if (made.hall === undefined) return outcomes.SEATS_REQUIRED;
  return hasPlainNames(made.hall) ? refusalOfRows(made.hall) : refusalOfLabels(made.hall);
}

/**
 * Whether labels of different rows cannot collide: each row occurs once, and no name contains the
 * separator of labels.
 */
function hasPlainNames({ sections }: HallDefinition): boolean {
  const names = new Set<string>();
  let rows = 0;
  for (const section of sections) {
    for (const row of section.rows) {
      names.add(`${section.name}-${row.name}`);
      rows += 1;
      if (row.name.includes('-')) return false;
    }
    if (section.name.includes('-')) return false;
  }
  return names.size === rows;
}

/** Checks row by row: a hall of a hundred thousand seats in ranges needs no text for each seat. */
function refusalOfRows({ sections }: HallDefinition): OutcomeRow | null {
  for (const section of sections) {
    for (const { seats } of section.rows) {
      const count = 'from' in seats ? seats.to - seats.from + 1 : seats.length;
      if (count > maxPlace) return outcomes.SEAT_EXISTS;
      if ('from' in seats) continue;
      const numbers = new Set(seats.map((seat) => (typeof seat === 'string' ? seat : seat.number)));
      if (numbers.size < count) return outcomes.SEAT_EXISTS;
    }
  }
  return null;
}

function refusalOfLabels({ sections }: HallDefinition): OutcomeRow | null {
  const labels = new Set<string>();
  const last = new Map<string, number>();
  for (const section of sections) {
    for (const row of section.rows) {
      const rowName = JSON.stringify([section.name, row.name]);
      let place = last.get(rowName) ?? 0;
      for (const seat of seatsOf(row.seats)) {
        place += 1;
        const label = labelOf(section.name, row.name, typeof seat === 'string' ? seat : seat.number);
        if (labels.has(label) || place > maxPlace) return outcomes.SEAT_EXISTS;
        labels.add(label);
      }
      last.set(rowName, place);
    }
  }
  return null;
}

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

export function refusalOfAddition(state: State, body: SeatsAddition): OutcomeRow | null {
  const { sales } = state;
  const { sale } = body;
  if (sale >= sales.count || sales.removed.get(sale) === 1) return outcomes.UNKNOWN_SALE;
  if (body.seats.length === 0 || body.seats.length > 1000) return outcomes.INVALID_QUANTITY;
  if (sales.seated.get(sale) === 0) return outcomes.NO_SEATS;
  const labels = new Set<string>();
  const places = new Set<string>();
  /** Last place of each row, counting the seats of the request before this one. */
  const last = new Map<string, number>();
  for (const seat of body.seats) {
    const rowName = JSON.stringify([seat.section, seat.row]);
    const row = state.seats.findRow(sale, seat.section, seat.row);
    const before = last.get(rowName) ?? row?.lastPlace() ?? 0;
    const place = placeFor(seat, before);
    const label = labelOf(seat.section, seat.row, seat.number);
    if (!isFree(state, sale, seat, place, -1)) return outcomes.SEAT_EXISTS;
    if (labels.has(label) || places.has(`${place} ${rowName}`)) return outcomes.SEAT_EXISTS;
    labels.add(label);
    places.add(`${place} ${rowName}`);
    last.set(rowName, Math.max(before, place));
  }
  return null;
}

/** Adds seats; returns the row of the first. */
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

export function refusalOfSeatChange(state: State, change: SeatChange): OutcomeRow | null {
  const refusal = refusalOfSeat(state, change);
  const isKnown = refusal === null || refusal === outcomes.SEAT_TAKEN;
  if (!isKnown || !renames(state, change)) return refusal;
  const target = changedSeat(state, change);
  const row = state.seats.findRow(change.sale, target.section, target.row);
  const place = placeFor(target, lastPlaceWithout(row, change.seat));
  return isFree(state, change.sale, target, place, change.seat) ? refusal : outcomes.SEAT_EXISTS;
}

/**
 * Changes a seat; returns its row after that: a new row, unless it was only blocked or unblocked.
 */
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
    // The check chose this place with the seat's own place free; the same choice is made again
    // here.
    const { number, rank = row.rank, accessible = false } = target;
    const place = placeFor(target, row.lastPlace());
    seat = standSeat(state, row, { number, place, rank, accessible, blocked }, seats.doorNumber.get(old));
    seats.createdAtMs.set(seat, seats.createdAtMs.get(old));
  } else if (blocked !== wasBlocked) {
    moveSeat(state, seat, blocked ? seatStates.blocked : seatStates.available, noRef);
  }
  if (blocked !== wasBlocked) grow(state, sale, blocked ? -1 : 1);
  stockReturned(state, sale);
  return seat;
}

/** The refusal of a command that changes or removes one seat. */
export function refusalOfSeat(state: State, { sale, seat }: SeatRemoval): OutcomeRow | null {
  const { sales, seats } = state;
  if (sale >= sales.count || sales.removed.get(sale) === 1) return outcomes.UNKNOWN_SALE;
  if (!stands(state, sale, seat)) return outcomes.UNKNOWN_SEAT;
  const seatState = seats.state.get(seat);
  return seatState === seatStates.held || seatState === seatStates.sold ? outcomes.SEAT_TAKEN : null;
}

export function removeSeat(state: State, { sale, seat }: SeatRemoval): number {
  const { seats } = state;
  if (seats.state.get(seat) === seatStates.available) grow(state, sale, -1);
  retireSeat(state, seat);
  touch(state, sale);
  return seat;
}

/** Whether label and place are free, or belong to the seat that is changed. */
function isFree(state: State, sale: number, seat: SeatAddition, place: number, changed: number): boolean {
  if (place < 1 || place > maxPlace) return false;
  const { seats } = state;
  const named = seats.find(sale, labelOf(seat.section, seat.row, seat.number));
  if (named >= 0 && named !== changed) return false;
  const there = seats.findRow(sale, seat.section, seat.row)?.seatAt(place) ?? -1;
  return there < 0 || there === changed;
}

/** The last place of a row without one seat. */
function lastPlaceWithout(row: HallRow | null, seat: number): number {
  if (row === null) return 0;
  let place = row.lastPlace();
  if (place === 0 || row.seatAt(place) !== seat) return place;
  do place -= 1;
  while (place > 0 && row.seatAt(place) < 0);
  return place;
}

/** Makes a seat's row. `doorNumber`: number of the row that it replaces; 0 for a new seat. */
function standSeat(state: State, row: HallRow, standing: Standing, doorNumber: number): number {
  const { number, place, rank, accessible, blocked } = standing;
  const { seats, sales } = state;
  const seat = seats.add(row, number, place, rank, accessible);
  const door = sales.door.get(seats.sale.get(seat));
  seats.createdAtMs.set(seat, state.civilMs);
  seats.madeState.set(seat, blocked ? seatStates.blocked : seatStates.available);
  seats.doorNumber.set(seat, seats.namespaces.take(door, seat, doorNumber));
  if (blocked) noteSeat(state, seat);
  else moveSeat(state, seat, seatStates.available, noRef);
  return seat;
}

/** Removes a seat without a holder from the hall. */
function retireSeat(state: State, seat: number): void {
  state.seats.move(seat, seatStates.blocked, noRef);
  state.seats.retire(seat);
  noteSeat(state, seat);
}

function rowFor(state: State, sale: number, section: string, name: string, rank?: number): HallRow {
  const { seats } = state;
  const known = seats.findRow(sale, section, name);
  return known ?? seats.addRow(sale, seats.addSection(sale, section), name, rank);
}

function grow(state: State, sale: number, by: number): void {
  state.sales.capacity.set(sale, state.sales.capacity.get(sale) + by);
}
