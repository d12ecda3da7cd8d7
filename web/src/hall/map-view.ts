/**
 * The map of a hall on its canvases: the visible part, the marks, and when to repaint. It knows no
 * React: seats change and gestures move it far more often than a component should be drawn.
 *
 * It paints in animation frames only, and only what changed: the lower canvas when seats or the
 * camera changed, the marks above when a seat is pointed at or has just changed.
 */
import type { Camera, Size } from './camera.ts';
import { between, dragged, fit, lookingAt, revealing, toHall, toScreen, within, zoomed } from './camera.ts';
import type { GestureTarget } from './gestures.ts';
import { glyphKinds } from './glyphs.ts';
import type { Hall } from './hall.ts';
import type { HallLayout, Point } from './layout.ts';
import type { Scene } from './painter.ts';
import { Painter, pulseMs } from './painter.ts';
import type { Theme } from './theme.ts';

/** The visitor's own seats, each kind shown in its own way. */
export interface Own {
  readonly chosen: ReadonlySet<number>;
  readonly mine: ReadonlySet<number>;
  readonly bought: ReadonlySet<number>;
  /** Marked as an offer; they are free. */
  readonly offered: readonly number[];
}

export const nothingOwn: Own = { chosen: new Set(), mine: new Set(), bought: new Set(), offered: [] };

export interface Pointed extends Point {
  readonly seat: number;
}

export interface MapEvents {
  /**
   * The pointer, or else the keys, are on a seat that stands there on the screen; null for none.
   */
  pointed(at: Pointed | null): void;
  tapped(seat: number): void;
  /** Tells whether the whole hall is in sight now. */
  framed(isWhole: boolean): void;
}

/** Below this distance single seats cannot be hit, and a tap zooms in instead, px. */
const tooSmall = { mouse: 6, touch: 15 };
const comfortable = 27;
/** Width of a finger, px. */
const fingertip = 20;
/** With more changes at once, none is shown by itself. */
const maxPulses = 80;
const flightMs = 320;

interface Flight {
  readonly from: Camera;
  readonly to: Camera;
  readonly startMs: number;
}

export class MapView implements GestureTarget {
  private readonly below: CanvasRenderingContext2D;
  private readonly above: CanvasRenderingContext2D;
  private readonly events: MapEvents;
  private readonly painter: Painter;
  private readonly scene: Scene;
  private own: Own = nothingOwn;
  private size: Size = { width: 1, height: 1 };
  private ratio = 1;
  private camera: Camera;
  private flight: Flight | null = null;
  private isMoving = false;
  private isWhole = true;
  private hovered = -1;
  private cursor = -1;
  private told: Pointed | null = null;
  private pulses: (readonly [seat: number, atMs: number])[] = [];
  private hallIsOld = true;
  private marksAreOld = true;
  private frame = 0;

  constructor(
    canvases: { readonly below: HTMLCanvasElement; readonly above: HTMLCanvasElement },
    place: { readonly hall: Hall; readonly layout: HallLayout; readonly camera: Camera | null },
    theme: Theme,
    events: MapEvents,
  ) {
    this.below = penOf(canvases.below);
    this.above = penOf(canvases.above);
    this.events = events;
    this.painter = new Painter(theme);
    const { hall, layout } = place;
    this.scene = { hall, layout, kinds: new Uint8Array(hall.count) };
    this.camera = place.camera ?? fit(layout.box, this.size);
    this.isWhole = place.camera === null;
    this.sortOut();
  }

  /** The camera for another view of the same hall; null while it shows the whole. */
  get kept(): Camera | null {
    return this.isWhole ? null : this.camera;
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
  }

  resize(size: Size, ratio: number): void {
    this.size = size;
    this.ratio = ratio;
    for (const { canvas } of [this.below, this.above]) {
      canvas.width = Math.round(size.width * ratio);
      canvas.height = Math.round(size.height * ratio);
    }
    this.flight = null;
    const { box } = this.scene.layout;
    this.look(this.isWhole ? fit(box, size) : within(this.camera, box, size));
    this.paint(performance.now());
  }

  setOwn(own: Own): void {
    this.own = own;
    this.sortOut();
  }

  /** States of seats have changed. `isNews`: while the map is watched. */
  changed(seats: readonly number[], isNews: boolean): void {
    if (isNews && seats.length <= maxPulses) {
      const nowMs = performance.now();
      this.pulses = this.pulses.filter(([, atMs]) => nowMs - atMs < pulseMs);
      for (const seat of seats) if (!this.own.mine.has(seat)) this.pulses.push([seat, nowMs]);
    }
    this.sortOut();
  }

  /** The seat that the keys are on; -1 for none. It is brought into sight. */
  setCursor(seat: number): void {
    this.cursor = seat;
    if (seat >= 0) {
      const target = this.flight?.to ?? this.camera;
      const to = revealing(target, this.pointOf(seat), 48, this.scene.layout.box, this.size);
      if (to !== target) this.fly(to);
    }
    this.marksAreOld = true;
    this.paintSoon();
  }

  /** Zooms by a factor, around the middle or the seat that the keys are on. */
  zoomBy(factor: number): void {
    const from = this.flight?.to ?? this.camera;
    const middle = { x: this.size.width / 2, y: this.size.height / 2 };
    const at = this.cursor < 0 ? middle : toScreen(this.pointOf(this.cursor), from, this.size);
    this.fly(zoomed(from, factor, at, this.scene.layout.box, this.size));
  }

  showAll(): void {
    this.fly(fit(this.scene.layout.box, this.size));
  }

  /** Brings seats into the middle, near enough to be told apart. */
  lookAt(seats: readonly number[]): void {
    if (seats.length === 0) return;
    this.fly(
      lookingAt(
        seats.map((seat) => this.pointOf(seat)),
        this.scene.layout.box,
        this.size,
      ),
    );
  }

  drag(by: Point): void {
    this.flight = null;
    this.isMoving = true;
    this.look(dragged(this.camera, by, this.scene.layout.box, this.size));
  }

  zoom(factor: number, at: Point): boolean {
    const camera = zoomed(this.camera, factor, at, this.scene.layout.box, this.size);
    if (camera.scale === this.camera.scale) return factor > 1;
    this.flight = null;
    this.look(camera);
    return true;
  }

  settle(): void {
    this.isMoving = false;
    this.hallIsOld = true;
    this.paintSoon();
  }

  point(at: Point | null): void {
    const seat = at === null ? -1 : this.seatAt(at, Math.max(5, this.camera.scale * 0.6));
    if (seat === this.hovered) return;
    this.hovered = seat;
    this.marksAreOld = true;
    this.paintSoon();
  }

  tap(at: Point, isTouch: boolean): void {
    const { scale } = this.camera;
    if (scale < (isTouch ? tooSmall.touch : tooSmall.mouse)) {
      this.fly(zoomed(this.camera, comfortable / scale, at, this.scene.layout.box, this.size));
      return;
    }
    const seat = this.seatAt(at, isTouch ? fingertip : Math.max(6, scale * 0.6));
    if (seat >= 0) this.events.tapped(seat);
  }

  private pointOf(seat: number): Point {
    const { x, y } = this.scene.layout;
    return { x: x[seat] ?? 0, y: y[seat] ?? 0 };
  }

  /**
   * The seat nearest to a point on the screen, at most so many pixels away; -1 when there is none.
   */
  private seatAt(at: Point, reach: number): number {
    const { x, y } = toHall(at, this.camera, this.size);
    const { layout } = this.scene;
    let best = -1;
    let bestDistance = (reach / this.camera.scale) ** 2;
    for (let seat = 0; seat < layout.x.length; seat += 1) {
      const distance = ((layout.x[seat] ?? 0) - x) ** 2 + ((layout.y[seat] ?? 0) - y) ** 2;
      if (distance > bestDistance) continue;
      best = seat;
      bestDistance = distance;
    }
    return best;
  }

  /** Which glyph each seat gets. */
  private sortOut(): void {
    const { hall, kinds } = this.scene;
    const { chosen, mine, bought } = this.own;
    for (let seat = 0; seat < kinds.length; seat += 1) kinds[seat] = kindOf(hall, seat);
    for (const seat of bought) if (hall.stateOf(seat) === 'sold') kinds[seat] = glyphKinds.indexOf('bought');
    for (const seat of chosen) kinds[seat] = glyphKinds.indexOf('chosen');
    for (const seat of mine) kinds[seat] = glyphKinds.indexOf('mine');
    this.hallIsOld = true;
    this.marksAreOld = true;
    this.paintSoon();
  }

  private fly(to: Camera): void {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.look(to);
      return;
    }
    this.flight = { from: this.camera, to, startMs: performance.now() };
    this.paintSoon();
  }

  private look(camera: Camera): void {
    if (this.hovered >= 0 && camera !== this.camera) this.point(null);
    this.camera = camera;
    const isWhole = camera.scale <= fit(this.scene.layout.box, this.size).scale * 1.001;
    if (isWhole !== this.isWhole) this.events.framed(isWhole);
    this.isWhole = isWhole;
    this.hallIsOld = true;
    this.marksAreOld = true;
    this.paintSoon();
  }

  private paintSoon(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame((nowMs) => this.paint(nowMs));
  }

  private paint(nowMs: number): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.advance(nowMs);
    const view = { camera: this.camera, size: this.size, ratio: this.ratio };
    const detail = this.isMoving || this.flight !== null ? 'moving' : 'all';
    if (this.hallIsOld) this.painter.paintHall(this.below, this.scene, view, detail);
    this.hallIsOld = false;
    if (this.marksAreOld) {
      const { hovered, cursor, pulses, own } = this;
      const marks = { hovered, cursor, pulses, offered: own.offered };
      this.marksAreOld = this.painter.paintMarks(this.above, this.scene, view, marks, nowMs);
    }
    if (this.flight !== null || this.marksAreOld) this.paintSoon();
    this.tellPointed();
  }

  private tellPointed(): void {
    const seat = this.hovered >= 0 ? this.hovered : this.cursor;
    const isShown = seat >= 0 && this.flight === null;
    const pointed = isShown ? { seat, ...toScreen(this.pointOf(seat), this.camera, this.size) } : null;
    const { told } = this;
    if (pointed?.seat === told?.seat && pointed?.x === told?.x && pointed?.y === told?.y) return;
    this.told = pointed;
    this.events.pointed(pointed);
  }

  private advance(nowMs: number): void {
    if (this.flight === null) return;
    const { from, to, startMs } = this.flight;
    const part = Math.min(1, Math.max(0, (nowMs - startMs) / flightMs));
    const eased = 1 - (1 - part) ** 3;
    if (part >= 1) this.flight = null;
    this.look(part >= 1 ? to : between(from, to, eased));
  }
}

/** The common look of a seat: index in `glyphKinds`. */
export function kindOf(hall: Hall, seat: number): number {
  const state = hall.states[seat] ?? 0;
  if (state === 0) return hall.accessible[seat] === 1 ? freeAccessible : free;
  return stateKinds[state] ?? free;
}

const free = glyphKinds.indexOf('free');
const freeAccessible = glyphKinds.indexOf('freeAccessible');
/** By index in `seatStates`. */
const stateKinds = [free, glyphKinds.indexOf('held'), glyphKinds.indexOf('sold'), glyphKinds.indexOf('blocked')];

function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('this browser paints no canvas');
  return pen;
}
