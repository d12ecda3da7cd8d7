/** The hall of the demonstration: three blocks of stalls and a balcony. 1,004 seats. */
import type { HallDefinition, RowDefinition } from '../engine/commands/sales.ts';

interface Section {
  readonly name: string;
  readonly rows: number;
  /** Seats of each row. */
  readonly width: number;
  /** Rank of the first row's best seat; each further row is one rank worse. */
  readonly best: number;
  /** Where in a row the middle of the stage is: at a number, or between two. */
  readonly middle: number;
  /** The last row's places for wheelchairs, by number. */
  readonly accessible: readonly number[];
}

const sections: readonly Section[] = [
  { name: 'Stalls left', rows: 14, width: 12, best: 4, middle: 12, accessible: [1, 2, 3, 4] },
  { name: 'Stalls centre', rows: 14, width: 22, best: 1, middle: 11.5, accessible: [] },
  { name: 'Stalls right', rows: 14, width: 12, best: 4, middle: 1, accessible: [9, 10, 11, 12] },
  { name: 'Balcony', rows: 10, width: 36, best: 13, middle: 18.5, accessible: [1, 2] },
];

/**
 * Rows and seats are whole numbers, as the seats dialect requires; the section tells them apart.
 */
export const concertHall: HallDefinition = {
  sections: sections.map((section) => ({
    name: section.name,
    rows: Array.from({ length: section.rows }, (_, i) => rowOf(section, i)),
  })),
};

function rowOf({ rows, width, best, middle, accessible }: Section, i: number): RowDefinition {
  const rank = best + i;
  const seats = Array.from({ length: width }, (_, at) => {
    const number = at + 1;
    return {
      number: String(number),
      // Each seat to the side costs as much as a row to the back.
      rank: rank + Math.floor(Math.abs(number - middle)),
      ...(i === rows - 1 && accessible.includes(number) ? { accessible: true } : {}),
    };
  });
  return { name: String(i + 1), rank, seats };
}
