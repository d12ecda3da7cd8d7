/** Placement of seats: by a hall's definition, an addition or a change. */
import type { RowDefinition, SeatDefinition } from '../commands/sales.ts';
import type { SeatAddition, SeatChange } from '../commands/seats.ts';
import { maxPlace } from '../tables/hall.ts';
import type { State } from '../state.ts';

/** Every seat of a row, in order. */
export function* seatsOf(seats: RowDefinition['seats']): Generator<SeatDefinition> {
  if ('from' in seats) {
    for (let number = seats.from; number <= seats.to; number += 1) yield String(number);
  } else {
    yield* seats;
  }
}

/** Whether a change alters more of a seat than whether it is blocked. */
export function renames(state: State, change: SeatChange): boolean {
  const { seats } = state;
  const { seat, section, row, number, place, rank, accessible } = change;
  return (
    differs(section, seats.section(seat)) ||
    differs(row, seats.rowOf(seat)) ||
    differs(number, seats.number(seat)) ||
    differs(place, seats.place.get(seat)) ||
    differs(rank, seats.rank.get(seat)) ||
    differs(accessible, seats.accessible.get(seat) === 1)
  );
}

function differs<Value>(asked: Value | undefined, is: Value): boolean {
  return asked !== undefined && asked !== is;
}

/** The changed seat, described like a seat to add. Keeps its place when row and number stay. */
export function changedSeat(state: State, change: SeatChange): SeatAddition {
  const { seats } = state;
  const { seat } = change;
  const section = change.section ?? seats.section(seat);
  const row = change.row ?? seats.rowOf(seat);
  const number = change.number ?? seats.number(seat);
  const stays = section === seats.section(seat) && row === seats.rowOf(seat) && number === seats.number(seat);
  const place = change.place ?? (stays ? seats.place.get(seat) : undefined);
  return {
    section,
    row,
    number,
    ...(place === undefined ? {} : { place }),
    rank: change.rank ?? seats.rank.get(seat),
    accessible: change.accessible ?? seats.accessible.get(seat) === 1,
  };
}

/**
 * The place of a seat in a row whose last place is given: the one it names, else its number, else
 * the next one. May lie past the last possible place.
 */
export function placeFor(seat: SeatAddition, lastPlace: number): number {
  if (seat.place !== undefined) return seat.place;
  const value = /^[1-9]\d{0,3}$/.test(seat.number) ? Number(seat.number) : 0;
  if (value >= 1 && value <= maxPlace) return value;
  return lastPlace + 1;
}
