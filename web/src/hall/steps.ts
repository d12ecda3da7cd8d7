/** From seat to seat with the keys of a keyboard. */
import type { Hall } from './hall.ts';
import type { HallLayout } from './layout.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

const vectors: Readonly<Record<Direction, readonly [x: number, y: number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

/**
 * The next seat in a direction: along the row first, then the nearest beyond it; the same seat at
 * the edge of the hall.
 */
export function step(hall: Hall, layout: HallLayout, from: number, direction: Direction): number {
  const isSideways = direction === 'left' || direction === 'right';
  if (isSideways) {
    const beside = from + (direction === 'left' ? -1 : 1);
    if (hall.rowOf[beside] === hall.rowOf[from]) return beside;
  }
  const { section } = hall.rowAt(from);
  const [ahead, aside] = vectors[direction];
  const fromX = layout.x[from] ?? 0;
  const fromY = layout.y[from] ?? 0;
  let best = from;
  let bestCost = Infinity;
  for (let seat = 0; seat < hall.count; seat += 1) {
    // In a curved hall the rows behind begin farther out; they do not continue this one.
    if (isSideways ? hall.rowAt(seat).section === section : hall.rowOf[seat] === hall.rowOf[from]) continue;
    const x = (layout.x[seat] ?? 0) - fromX;
    const y = (layout.y[seat] ?? 0) - fromY;
    const forward = x * ahead + y * aside;
    const sideways = Math.abs(x * aside + y * ahead);
    // A seat more beside than ahead is reached by the other keys.
    if (forward < 0.4 || sideways > forward * 1.5 + 1) continue;
    const cost = forward + 2 * sideways;
    if (cost >= bestCost) continue;
    best = seat;
    bestCost = cost;
  }
  return best;
}

/** First or last seat of the row that a seat stands in. */
export function rowEnd(hall: Hall, from: number, end: 'first' | 'last'): number {
  const row = hall.rowAt(from);
  return end === 'first' ? row.first : row.end - 1;
}

/** First seat of the section before or behind. */
export function sectionBeside(hall: Hall, from: number, by: 1 | -1): number {
  const { section } = hall.rowAt(from);
  for (let at = section + by; at >= 0 && at < hall.sections.length; at += by) {
    const { first, end } = hall.sectionAt(at);
    if (end > first) return first;
  }
  return from;
}

/** The next free seat in the order of the hall, round its end; -1 when none is free. */
export function nextFree(hall: Hall, from: number, by: 1 | -1): number {
  for (let steps = 1; steps <= hall.count; steps += 1) {
    const seat = (from + by * steps + hall.count * 2) % hall.count;
    if (hall.isFree(seat)) return seat;
  }
  return -1;
}
