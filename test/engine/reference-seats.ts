/** The halls of the reference engine: how seats come, change and go. */
import type { HallDefinition, SeatDefinition } from '../../src/engine/commands/sales.ts';
import type { SeatAddition, SeatChange, SeatRemoval, SeatsAddition } from '../../src/engine/commands/seats.ts';
import type { OutcomeCode } from '../../src/engine/outcomes.ts';
import { stockReturned } from './reference-holds.ts';
import type { Model } from './reference-model.ts';
import {
  civilMs,
  hasSeat,
  namesOf,
  saleOf,
  saleOfSeat,
  standingSeats,
  stateOf,
  touchSeats,
} from './reference-model.ts';

const maxPlaces = 4096;
const maxAdded = 1000;

/** Where a seat stands, or is to stand. */
interface Spot {
  readonly section: string;
  readonly row: string;
  readonly number: string;
  readonly place: number;
}

/**
 * A new seat. `rank`: null for its row's; a row that appears with the seat takes the seat's.
 * `follows`: the seat that it replaces, whose number and time of creation it keeps.
 */
interface NewSeat extends Spot {
  readonly rank: number | null;
  readonly accessible: boolean;
  readonly blocked: boolean;
  readonly follows: { readonly doorNumber: number; readonly createdAtMs: number } | null;
}

/** The hall that a sale is made with. */
export function buildHall(model: Model, sale: number, hall: HallDefinition): void {
  for (const { name: section, rows } of hall.sections) {
    sectionOf(model, sale, section);
    for (const { name: row, rank, seats } of rows) {
      rowOf(model, sale, section, row, rank);
      const placesBefore = lastPlace(spotsOf(model, sale), section, row);
      for (const [at, seat] of seatsOfRow(seats).entries()) {
        const made = typeof seat === 'string' ? { number: seat } : seat;
        const { number, accessible = false, rank: its = null } = made;
        const spot = { section, row, number, place: placesBefore + at + 1 };
        addSeat(model, sale, { ...spot, rank: its, accessible, blocked: false, follows: null });
      }
    }
  }
}

function seatsOfRow(seats: readonly SeatDefinition[] | { readonly from: number; readonly to: number }) {
  if (!('from' in seats)) return seats;
  return Array.from({ length: Math.max(0, seats.to - seats.from + 1) }, (_, at) => String(seats.from + at));
}

/** The refusal of a hall: seats of the same name, or too many in a row. */
export function ofHall(hall: HallDefinition): OutcomeCode | null {
  const there: Spot[] = [];
  for (const { name: section, rows } of hall.sections) {
    for (const { name: row, seats } of rows) {
      const placesBefore = lastPlace(there, section, row);
      for (const [at, seat] of seatsOfRow(seats).entries()) {
        const number = typeof seat === 'string' ? seat : seat.number;
        const spot = { section, row, number, place: placesBefore + at + 1 };
        if (clashes(there, spot)) return 'SEAT_EXISTS';
        there.push(spot);
      }
    }
  }
  return null;
}

export function ofAddition(model: Model, { sale, seats }: SeatsAddition): OutcomeCode | null {
  const known = saleOf(model, sale);
  if (known === undefined) return 'UNKNOWN_SALE';
  if (seats.length === 0 || seats.length > maxAdded) return 'INVALID_QUANTITY';
  if (known.made.kind === 'counted') return 'NO_SEATS';
  return planAddition(model, sale, seats) === null ? 'SEAT_EXISTS' : null;
}

/** Returns the first of the new seats. */
export function addSeats(model: Model, { sale, seats }: SeatsAddition): number {
  const first = model.seats.length;
  for (const seat of planAddition(model, sale, seats)!) addSeat(model, sale, seat);
  stockReturned(model, sale);
  return first;
}

/** The seats that an addition makes, or null when one of them exists already. */
function planAddition(model: Model, sale: number, seats: readonly SeatAddition[]): NewSeat[] | null {
  const there = spotsOf(model, sale);
  const planned: NewSeat[] = [];
  for (const { section, row, number, place, rank = null, accessible = false, blocked = false } of seats) {
    const spot = { section, row, number, place: place ?? placeFor(there, section, row, number) };
    if (clashes(there, spot)) return null;
    there.push(spot);
    planned.push({ ...spot, rank, accessible, blocked, follows: null });
  }
  return planned;
}

function spotsOf(model: Model, sale: number): Spot[] {
  return standingSeats(model, sale).map((seat) => ({ ...namesOf(model, seat), place: model.seats[seat]!.place }));
}

function clashes(there: readonly Spot[], spot: Spot): boolean {
  const label = ({ section, row, number }: Spot): string => `${section}-${row}-${number}`;
  const same = (one: Spot): boolean => one.section === spot.section && one.row === spot.row && one.place === spot.place;
  const isPlace = spot.place >= 1 && spot.place <= maxPlaces;
  return !isPlace || there.some((one) => label(one) === label(spot) || same(one));
}

/** The place of a number for which none is given. */
function placeFor(there: readonly Spot[], section: string, row: string, number: string): number {
  if (/^[1-9]\d{0,3}$/.test(number) && Number(number) <= maxPlaces) return Number(number);
  return lastPlace(there, section, row) + 1;
}

/** The highest place of a row that has a seat, or 0. */
function lastPlace(there: readonly Spot[], section: string, row: string): number {
  const places = there.filter((one) => one.section === section && one.row === row).map(({ place }) => place);
  return Math.max(0, ...places);
}

export function ofSeat(model: Model, { sale, seat }: SeatRemoval): OutcomeCode | null {
  if (saleOf(model, sale) === undefined) return 'UNKNOWN_SALE';
  if (!hasSeat(model, sale, seat)) return 'UNKNOWN_SEAT';
  return ['held', 'sold'].includes(stateOf(model, seat)) ? 'SEAT_TAKEN' : null;
}

export function ofSeatChange(model: Model, change: SeatChange): OutcomeCode[] {
  const refused = ofSeat(model, change);
  if (refused !== null && refused !== 'SEAT_TAKEN') return [refused];
  const found: OutcomeCode[] = refused === null ? [] : [refused];
  if (clashes(othersOf(model, change), changed(model, change))) found.push('SEAT_EXISTS');
  return found;
}

/** Where the other seats of its sale stand. */
function othersOf(model: Model, { sale, seat }: SeatRemoval): Spot[] {
  const others = spotsOf(model, sale);
  others.splice(standingSeats(model, sale).indexOf(seat), 1);
  return others;
}

/** The seat as it is to be. */
function changed(model: Model, change: SeatChange): NewSeat {
  const seat = model.seats[change.seat]!;
  const names = namesOf(model, change.seat);
  const { section = names.section, row = names.row, number = names.number } = change;
  const { rank = seat.rank, accessible = seat.accessible, blocked = seat.blocked } = change;
  const stays = section === names.section && row === names.row && number === names.number;
  const moved = (): number => placeFor(othersOf(model, change), section, row, number);
  const place = change.place ?? (stays ? seat.place : moved());
  return { section, row, number, place, rank, accessible, blocked, follows: seat };
}

/** Returns the seat that stands there now. */
export function changeSeat(model: Model, change: SeatChange): number {
  const seat = model.seats[change.seat]!;
  const next = changed(model, change);
  const lasting = ({ section, row, number, place, rank, accessible }: NewSeat): string =>
    JSON.stringify([section, row, number, place, rank, accessible]);
  let standing = change.seat;
  if (lasting(next) !== lasting(changed(model, { sale: change.sale, seat: change.seat }))) {
    retire(model, change.seat);
    standing = addSeat(model, change.sale, next);
  } else if (next.blocked !== seat.blocked) {
    seat.blocked = next.blocked;
    touchSeats(model, [change.seat]);
  }
  stockReturned(model, change.sale);
  return standing;
}

export function removeSeat(model: Model, { seat }: SeatRemoval): number {
  retire(model, seat);
  return seat;
}

function retire(model: Model, seat: number): void {
  model.seats[seat]!.removed = true;
  touchSeats(model, [seat]);
}

function addSeat(model: Model, sale: number, made: NewSeat): number {
  const row = rowOf(model, sale, made.section, made.row, made.rank ?? undefined);
  const { number, place, accessible, blocked } = made;
  const doorNumber = made.follows?.doorNumber ?? nextSeatNumber(model, sale);
  const rank = made.rank ?? model.hallRows[row]!.rank;
  const createdAtMs = made.follows?.createdAtMs ?? civilMs(model);
  const { position: changedAt } = model;
  const seat = { row, number, place, rank, accessible, blocked, doorNumber };
  model.seats.push({ ...seat, createdAtMs, changedAt, removed: false });
  return model.seats.length - 1;
}

function nextSeatNumber(model: Model, sale: number): number {
  const { door } = model.sales[sale]!.made;
  if (door === 0) return 0;
  const ofDoor = model.seats.filter((_, seat) => model.sales[saleOfSeat(model, seat)!]!.made.door === door);
  return Math.max(0, ...ofDoor.map(({ doorNumber }) => doorNumber)) + 1;
}

/** The row with these names, which is there from now on. */
function rowOf(model: Model, sale: number, sectionName: string, name: string, given?: number): number {
  const section = sectionOf(model, sale, sectionName);
  const known = model.hallRows.findIndex((row) => row.section === section && row.name === name);
  if (known >= 0) return known;
  const before = model.hallRows.filter((row) => model.sections[row.section]!.sale === sale);
  return model.hallRows.push({ section, name, rank: given ?? before.length + 1 }) - 1;
}

function sectionOf(model: Model, sale: number, name: string): number {
  const known = model.sections.findIndex((one) => one.sale === sale && one.name === name);
  return known >= 0 ? known : model.sections.push({ sale, name }) - 1;
}
