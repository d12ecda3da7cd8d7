/** The visible part of the hall. Pure: each move returns another camera, kept within the hall. */
import type { Box, Point } from './layout.ts';

/** The hall's point in the middle of the screen, and the pixels of one unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Distance of two seats at the closest zoom, px. */
const closest = 46;
/**
 * The same when the whole hall is shown, px: a small hall does not fill the screen with its few
 * seats.
 */
const closestWhole = 30;
/** What of the hall stays in sight when it is moved to the side. */
const margin = 0.5;

/** The whole hall. */
export function fit(box: Box, size: Size): Camera {
  const scale = Math.min(size.width / (box.right - box.left), size.height / (box.bottom - box.top), closestWhole);
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, scale };
}

/** The nearest camera that shows the hall: no farther than the whole, no nearer than a seat. */
export function within(camera: Camera, box: Box, size: Size): Camera {
  const whole = fit(box, size);
  const scale = Math.min(Math.max(camera.scale, whole.scale), Math.max(closest, whole.scale));
  const reach = (low: number, high: number, pixels: number, at: number): number => {
    const room = pixels / scale;
    if (high - low <= room) return (low + high) / 2;
    const slack = (room / 2) * margin;
    return Math.min(Math.max(at, low + room / 2 - slack), high - room / 2 + slack);
  };
  return {
    x: reach(box.left, box.right, size.width, camera.x),
    y: reach(box.top, box.bottom, size.height, camera.y),
    scale,
  };
}

export function toScreen({ x, y }: Point, camera: Camera, size: Size): Point {
  return { x: (x - camera.x) * camera.scale + size.width / 2, y: (y - camera.y) * camera.scale + size.height / 2 };
}

export function toHall({ x, y }: Point, camera: Camera, size: Size): Point {
  return { x: (x - size.width / 2) / camera.scale + camera.x, y: (y - size.height / 2) / camera.scale + camera.y };
}

/** Nearer by a factor, while the point of the hall under `at` (on the screen) stays there. */
export function zoomed(camera: Camera, factor: number, at: Point, box: Box, size: Size): Camera {
  const scale = within({ ...camera, scale: camera.scale * factor }, box, size).scale;
  const under = toHall(at, camera, size);
  const x = under.x - (at.x - size.width / 2) / scale;
  const y = under.y - (at.y - size.height / 2) / scale;
  return within({ x, y, scale }, box, size);
}

/** Moved along with something that was dragged so far on the screen, px. */
export function dragged(camera: Camera, by: Point, box: Box, size: Size): Camera {
  return within({ ...camera, x: camera.x - by.x / camera.scale, y: camera.y - by.y / camera.scale }, box, size);
}

/** Moved as little as it takes to show a point, with some room around it, px. */
export function revealing(camera: Camera, point: Point, room: number, box: Box, size: Size): Camera {
  const at = toScreen(point, camera, size);
  const beyond = (value: number, extent: number): number => {
    const edge = Math.min(room, extent / 3);
    return value < edge ? value - edge : Math.max(0, value - (extent - edge));
  };
  const [right, down] = [beyond(at.x, size.width), beyond(at.y, size.height)];
  // Less than a pixel is rounding, and no reason to move.
  return Math.abs(right) < 1 && Math.abs(down) < 1 ? camera : dragged(camera, { x: -right, y: -down }, box, size);
}

/** Shows some seats in the middle, near enough to tell them apart. */
export function lookingAt(points: readonly Point[], box: Box, size: Size): Camera {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const around = {
    left: Math.min(...xs) - 5,
    right: Math.max(...xs) + 5,
    top: Math.min(...ys) - 4,
    bottom: Math.max(...ys) + 4,
  };
  const camera = fit(around, size);
  return within({ ...camera, scale: Math.min(camera.scale, 26) }, box, size);
}

/** A camera between two others; `part` is 0 to 1. */
export function between(one: Camera, other: Camera, part: number): Camera {
  const mix = (from: number, to: number): number => from + (to - from) * part;
  return { x: mix(one.x, other.x), y: mix(one.y, other.y), scale: one.scale * (other.scale / one.scale) ** part };
}
