/** The seats to offer to who has lost theirs: as many, together in one row, as near as can be. */
import type { Hall } from './hall.ts';
import type { HallLayout } from './layout.ts';

/** What another section costs, in seats of distance: somebody who chose one meant it. */
const otherSection = 6;
/** And another row of it, beside its distance. */
const otherRow = 0.5;

/**
 * Free seats at consecutive places of one row, nearest to those wanted; null when no row has as many. Accessible seats are offered to
 * who wanted one, and else only when there are no others.
 */
export function nearestTogether(hall: Hall, layout: HallLayout, wanted: readonly number[]): number[] | null {
  const needsAccessible = wanted.some((seat) => hall.isAccessible(seat));
  return search(hall, layout, wanted, needsAccessible, false) ?? search(hall, layout, wanted, needsAccessible, true);
}

function search(
  hall: Hall,
  layout: HallLayout,
  wanted: readonly number[],
  needsAccessible: boolean,
  takesAny: boolean,
): number[] | null {
  const { length } = wanted;
  if (length === 0) return null;
  const middle = centre(layout, wanted);
  const rows = new Set(wanted.map((seat) => hall.rowOf[seat]));
  const sections = new Set(wanted.map((seat) => hall.rowAt(seat).section));
  let best: number[] | null = null;
  let bestCost = Infinity;
  hall.rows.forEach((row, index) => {
    const fixed = (rows.has(index) ? 0 : otherRow) + (sections.has(row.section) ? 0 : otherSection);
    const run: number[] = [];
    for (const seat of seatsByPlace(hall, index)) {
      const last = run.at(-1);
      if (last !== undefined && hall.places[seat] !== (hall.places[last] ?? 0) + 1) run.length = 0;
      const suits = hall.isFree(seat) && (takesAny || needsAccessible || !hall.isAccessible(seat));
      if (!suits) {
        run.length = 0;
        continue;
      }
      run.push(seat);
      if (run.length > length) run.shift();
      if (run.length < length) continue;
      if (needsAccessible && !takesAny && !run.some((one) => hall.isAccessible(one))) continue;
      const at = centre(layout, run);
      const cost = fixed + Math.hypot(at.x - middle.x, at.y - middle.y);
      if (cost >= bestCost) continue;
      best = [...run];
      bestCost = cost;
    }
  });
  return best;
}

function centre(layout: HallLayout, seats: readonly number[]): { x: number; y: number } {
  let [x, y] = [0, 0];
  for (const seat of seats) {
    x += layout.x[seat] ?? 0;
    y += layout.y[seat] ?? 0;
  }
  return { x: x / seats.length, y: y / seats.length };
}

/** The seats of a row from place to place; seats that were added later may be told last. */
export function seatsByPlace(hall: Hall, row: number): number[] {
  const { first, end } = hall.rows[row] ?? { first: 0, end: 0 };
  const seats = Array.from({ length: end - first }, (_, at) => first + at);
  return seats.sort((one, other) => (hall.places[one] ?? 0) - (hall.places[other] ?? 0));
}
