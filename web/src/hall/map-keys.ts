/** The keys on the map: they move from seat to seat, choose one, and zoom. */
import type { Hall } from './hall.ts';
import type { HallLayout } from './layout.ts';
import type { Direction } from './steps.ts';
import { nextFree, rowEnd, sectionBeside, step } from './steps.ts';

/** Zoom factor of one press. */
export const zoomStep = 1.7;

interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
}

/** The free seat nearest to the middle of the stage; the first seat if none is free. */
export function startOf(hall: Hall, layout: HallLayout | null): number {
  let best = 0;
  let bestDistance = Infinity;
  for (let seat = 0; layout !== null && seat < hall.count; seat += 1) {
    if (!hall.isFree(seat)) continue;
    const distance = Math.hypot(layout.x[seat] ?? 0, (layout.y[seat] ?? 0) - layout.stage.radius);
    if (distance >= bestDistance) continue;
    best = seat;
    bestDistance = distance;
  }
  return best;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The seat that a key moves to; null for other keys. */
export function seatFor(hall: Hall, layout: HallLayout, from: number, { key, shiftKey }: Key): number | null {
  const arrow = arrows[key];
  if (arrow !== undefined) return step(hall, layout, from, arrow);
  switch (key) {
    case 'Home':
      return rowEnd(hall, from, 'first');
    case 'End':
      return rowEnd(hall, from, 'last');
    case 'PageUp':
      return sectionBeside(hall, from, -1);
    case 'PageDown':
      return sectionBeside(hall, from, 1);
    case 'f':
    case 'F': {
      const free = nextFree(hall, from, shiftKey ? -1 : 1);
      return free < 0 ? from : free;
    }
    default:
      return null;
  }
}

/** What comes nearer and goes farther. */
export interface Zoomable {
  zoomBy(factor: number): void;
  showAll(): void;
}

/** Performs a key that does not move; false for a key without a meaning. */
export function act({ key }: Key, view: Zoomable | null, pick: () => void): boolean {
  switch (key) {
    case 'Enter':
    case ' ':
      pick();
      return true;
    case '+':
    case '=':
      view?.zoomBy(zoomStep);
      return true;
    case '-':
    case '_':
      view?.zoomBy(1 / zoomStep);
      return true;
    case '0':
      view?.showAll();
      return true;
    default:
      return false;
  }
}
