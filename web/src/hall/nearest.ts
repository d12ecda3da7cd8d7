/** The seats to offer for lost ones: as many, together in one row, as near as possible. */
import type { Hall } from './hall.ts';
import type { HallLayout } from './layout.ts';

/** The cost of another section, in seats of distance: a visitor chose the section on purpose. */
const otherSection = 6;
/** The cost of another row, in addition to its distance. */
const otherRow = 0.5;

/**
 * Free seats at consecutive places of one row, nearest to the wanted ones; null if no row has as
 * many. Accessible seats are offered if one was wanted, and otherwise only if there are no others.
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
    for (let seat = row.first; seat < row.end; seat += 1) {
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
