/** Halls for tests of the pages: made as the store tells them, and read as the pages read them. */
import type { CompactRow, CompactSeats } from '../../../sdk/src/index.ts';
import { SeatMap } from '../../../sdk/src/index.ts';
import { Hall } from '../../../web/src/hall/hall.ts';

type Rows = readonly (number | Omit<CompactRow, 'name' | 'rank'>)[];

/**
 * Sections with their rows. A row is a number of seats, numbered from 1, or a list of seats. Rows
 * are called 1, 2, 3, …
 */
export function compactHall(sections: Readonly<Record<string, Rows>>): CompactSeats {
  const told = Object.entries(sections).map(([name, rows]) => ({
    name,
    rows: rows.map((row, at) => ({
      name: String(at + 1),
      rank: at + 1,
      ...(typeof row === 'number' ? { numbers: { from: 1, to: row } } : row),
    })),
  }));
  const count = told
    .flatMap(({ rows }) => rows)
    .reduce((sum, { numbers }) => sum + ('from' in numbers ? numbers.to - numbers.from + 1 : numbers.length), 0);
  const states = Buffer.alloc(Math.ceil(count / 4)).toString('base64');
  return { sale: 'sale_0_0', position: '0.1', form: 'compact', sections: told, states };
}

/** The hall, with all seats free except the named ones. */
export function hallOf(sections: Readonly<Record<string, Rows>>, taken: readonly string[] = []): Hall {
  const hall = new Hall(new SeatMap(compactHall(sections)).seats.values());
  for (const id of taken) hall.setState(seatIn(hall, id), 'sold');
  return hall;
}

export function seatIn(hall: Hall, id: string): number {
  const seat = hall.find(id);
  if (seat < 0) throw new Error(`no seat ${id}`);
  return seat;
}

export function rows(count: number, seats: number): number[] {
  return Array.from({ length: count }, () => seats);
}
