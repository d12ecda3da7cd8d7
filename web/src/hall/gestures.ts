/** Gestures on the map: drag, pinch, wheel, point, tap. It knows pointers, and nothing of seats. */
import type { Point } from './layout.ts';

/** A pointer that moved less than this has not dragged, px. */
const slop = { mouse: 4, touch: 9 };
/** Pixels of the wheel's units: pixel, line and page. */
const wheelUnits: readonly number[] = [1, 16, 400];

export interface GestureTarget {
  drag(by: Point): void;
  /** Zooms by a factor, at a point. Returns false at the limit. */
  zoom(factor: number, at: Point): boolean;
  /** The pointer rests on a point; null when it left. Never for touch. */
  point(at: Point | null): void;
  tap(at: Point, isTouch: boolean): void;
  /** A drag or pinch is over. */
  settle(): void;
}

interface Finger {
  readonly start: Point;
  readonly at: Point;
}

/** Listens on an element. Returns a function that stops this. */
export function listen(element: HTMLElement, target: GestureTarget): () => void {
  const fingers = new Map<number, Finger>();
  let hasDragged = false;

  const pointOf = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };

  const down = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    if (fingers.size === 0) hasDragged = false;
    const at = pointOf(event);
    fingers.set(event.pointerId, { start: at, at });
    if (fingers.size > 1) hasDragged = true;
  };

  const move = (event: PointerEvent): void => {
    const at = pointOf(event);
    const finger = fingers.get(event.pointerId);
    if (finger === undefined) {
      if (event.pointerType !== 'touch') target.point(at);
      return;
    }
    const [one, other] = [...fingers.values()];
    if (one !== undefined && other !== undefined) {
      const still = finger === one ? other : one;
      const factor = distance(at, still.at) / Math.max(1, distance(finger.at, still.at));
      const middle = { x: (at.x + still.at.x) / 2, y: (at.y + still.at.y) / 2 };
      target.zoom(factor, middle);
      target.drag({ x: (at.x - finger.at.x) / 2, y: (at.y - finger.at.y) / 2 });
    } else {
      const limit = event.pointerType === 'mouse' ? slop.mouse : slop.touch;
      if (!hasDragged && distance(at, finger.start) < limit) return;
      const from = hasDragged ? finger.at : finger.start;
      hasDragged = true;
      target.point(null);
      target.drag({ x: at.x - from.x, y: at.y - from.y });
    }
    fingers.set(event.pointerId, { ...finger, at });
  };

  const up = (event: PointerEvent): void => {
    if (!fingers.delete(event.pointerId)) return;
    if (fingers.size > 0) return;
    if (!hasDragged && event.type === 'pointerup') target.tap(pointOf(event), event.pointerType === 'touch');
    target.settle();
  };

  const leave = (): void => target.point(null);

  const wheel = (event: WheelEvent): void => {
    const unit = wheelUnits[event.deltaMode] ?? 1;
    // A pinch on a touchpad comes as a wheel with the control key, in small steps.
    const step = Math.min(120, Math.max(-120, event.deltaY * unit)) * (event.ctrlKey ? 0.01 : 0.0022);
    const moved = target.zoom(Math.exp(-step), pointOf(event));
    // When the whole hall is shown, the wheel scrolls the page again; a pinch never does.
    if (moved || event.ctrlKey) event.preventDefault();
  };

  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('pointerleave', leave);
  element.addEventListener('wheel', wheel, { passive: false });
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('pointerleave', leave);
    element.removeEventListener('wheel', wheel);
  };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
