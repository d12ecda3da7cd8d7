/** Seats in words. */
import type { Hall, SeatState } from './hall.ts';

/** States in a visitor's words: `blocked` was never on sale. */
export const stateWords: Readonly<Record<SeatState, string>> = {
  available: 'free',
  held: 'on hold',
  sold: 'taken',
  blocked: 'not for sale',
};

/** One row's share of some seats. */
export interface RowOfSeats {
  readonly section: string;
  readonly row: string;
  readonly seats: readonly number[];
}

/** The rows that some seats stand in, in the order of the hall. */
export function rowsOf(hall: Hall, seats: readonly number[]): RowOfSeats[] {
  const rows = new Map<number, number[]>();
  for (const seat of [...seats].sort((one, other) => one - other)) {
    const row = hall.rowOf[seat] ?? 0;
    rows.set(row, [...(rows.get(row) ?? []), seat]);
  }
  return [...rows.values()].map((own) => {
    const row = hall.rowAt(own[0] ?? 0);
    return { section: hall.sectionAt(row.section).name, row: row.name, seats: own };
  });
}

/** "Section A, row 12, seats 7 to 9 and 11". */
export function sayRow(hall: Hall, { section, row, seats }: RowOfSeats): string {
  const runs = runsOf(hall, seats);
  const noun = seats.length === 1 ? 'seat' : 'seats';
  return `section ${section}, row ${row}, ${noun} ${listed(runs)}`;
}

/** All of them: "section A, row 12, seats 7 and 8; section B, row 1, seat 3". */
export function saySeats(hall: Hall, seats: readonly number[]): string {
  return rowsOf(hall, seats)
    .map((row) => sayRow(hall, row))
    .join('; ');
}

/** "7–9, 11". */
export function numbersIn(hall: Hall, seats: readonly number[]): string {
  return runsOf(hall, seats).join(', ').replaceAll(' to ', '–');
}

/** Three or more neighbours become their first and last. */
function runsOf(hall: Hall, seats: readonly number[]): string[] {
  const runs: string[] = [];
  for (let from = 0; from < seats.length;) {
    let to = from;
    while (to + 1 < seats.length && areNeighbours(hall, seats[to] ?? 0, seats[to + 1] ?? 0)) to += 1;
    const [first, last] = [hall.numberOf(seats[from] ?? 0), hall.numberOf(seats[to] ?? 0)];
    if (to - from >= 2) runs.push(`${first} to ${last}`);
    else for (let at = from; at <= to; at += 1) runs.push(hall.numberOf(seats[at] ?? 0));
    from = to + 1;
  }
  return runs;
}

/** Whether one number follows the other, in place and in value. */
function areNeighbours(hall: Hall, one: number, other: number): boolean {
  const isNext = (hall.places[other] ?? 0) === (hall.places[one] ?? 0) + 1;
  return isNext && Number(hall.numberOf(other)) === Number(hall.numberOf(one)) + 1;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
