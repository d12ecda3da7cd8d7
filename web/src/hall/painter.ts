/**
 * Paints a hall on two canvases. The lower one has the seats, which seldom change; the upper one
 * follows the pointer, the keys and the news.
 */
import type { Camera, Size } from './camera.ts';
import { toScreen } from './camera.ts';
import { glyphKinds, Glyphs, seatRadius } from './glyphs.ts';
import type { Hall } from './hall.ts';
import type { HallLayout, Point, StageLayout } from './layout.ts';
import type { Theme } from './theme.ts';

/**
 * Minimum distance of two seats to show how many are left, px; and the same for names of rows and
 * of seats.
 */
const countsFrom = 5;
const rowNamesFrom = 10;
const numbersFrom = 23;
/** How long a change is shown, ms. */
export const pulseMs = 900;

const free = glyphKinds.indexOf('free');

export interface Scene {
  readonly hall: Hall;
  readonly layout: HallLayout;
  /** By seat: index in `glyphKinds`. */
  readonly kinds: Uint8Array;
}

export interface View {
  readonly camera: Camera;
  /** CSS pixels. */
  readonly size: Size;
  /** Pixels of the device in one of CSS. */
  readonly ratio: number;
}

export interface Marks {
  readonly hovered: number;
  readonly cursor: number;
  readonly offered: readonly number[];
  /** Changed seats with the time of the change, ms of the monotonic counter. */
  readonly pulses: readonly (readonly [seat: number, atMs: number])[];
}

/**
 * `moving` leaves out small print, since the next frame comes at once. `plain` has no words at all.
 */
export type Detail = 'all' | 'moving' | 'plain';

type Pen = CanvasRenderingContext2D;

export class Painter {
  private readonly theme: Theme;
  private readonly glyphs: Glyphs;

  constructor(theme: Theme) {
    this.theme = theme;
    this.glyphs = new Glyphs(theme);
  }

  paintHall(pen: Pen, { hall, layout, kinds }: Scene, view: View, detail: Detail): void {
    const { camera, size, ratio } = view;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.paintStage(pen, layout.stage, view, detail);
    if (detail !== 'plain') this.paintSectionNames(pen, hall, layout, view);
    if (detail !== 'plain' && camera.scale >= rowNamesFrom) this.paintRowNames(pen, hall, layout, view);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    const set = this.glyphs.of(camera.scale * seatRadius * ratio);
    const scale = camera.scale * ratio;
    const left = (size.width * ratio) / 2 - camera.x * scale;
    const top = (size.height * ratio) / 2 - camera.y * scale;
    const reach = scale;
    const [right, bottom] = [pen.canvas.width + reach, pen.canvas.height + reach];
    const { x, y } = layout;
    for (let seat = 0; seat < kinds.length; seat += 1) {
      const atX = (x[seat] ?? 0) * scale + left;
      const atY = (y[seat] ?? 0) * scale + top;
      if (atX < -reach || atX > right || atY < -reach || atY > bottom) continue;
      set.stamp(pen, kinds[seat] ?? 0, atX, atY);
    }
    if (camera.scale >= numbersFrom && detail === 'all') {
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.paintNumbers(pen, { hall, layout, kinds }, view);
    }
  }

  /** Paints the upper canvas. Returns whether anything on it still moves. */
  paintMarks(pen: Pen, { layout }: Scene, view: View, marks: Marks, nowMs: number): boolean {
    const { camera, size, ratio } = view;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const at = (seat: number): Point => toScreen({ x: layout.x[seat] ?? 0, y: layout.y[seat] ?? 0 }, camera, size);
    const radius = Math.max(1.5, camera.scale * seatRadius);
    let isMoving = false;
    for (const [seat, atMs] of marks.pulses) {
      const age = (nowMs - atMs) / pulseMs;
      if (age < 0 || age >= 1) continue;
      isMoving = true;
      pen.globalAlpha = (1 - age) ** 2;
      circle(pen, at(seat), radius * (1 + 1.1 * age) + 1, 2, this.theme.soft);
    }
    pen.globalAlpha = 1;
    const width = Math.min(2.5, radius * 0.5);
    for (const seat of marks.offered) circle(pen, at(seat), radius * 1.22 + width, width, this.theme.choice);
    if (marks.hovered >= 0) circle(pen, at(marks.hovered), radius * 1.22 + 2, 2, this.theme.ink);
    if (marks.cursor >= 0) {
      circle(pen, at(marks.cursor), radius * 1.22 + 3.5, 3, this.theme.ink);
      circle(pen, at(marks.cursor), radius * 1.22 + 1.25, 1.5, this.theme.sheet);
    }
    return isMoving;
  }

  private paintStage(pen: Pen, stage: StageLayout, { camera, size }: View, detail: Detail): void {
    const centre = toScreen({ x: 0, y: 0 }, camera, size);
    const label = toScreen(stage.label, camera, size);
    const radius = stage.radius * camera.scale;
    const top = toScreen({ x: 0, y: stage.top }, camera, size).y;
    const half = radius * Math.sin(stage.halfAngle);
    const corner = Math.min(camera.scale * 0.8, 10);
    pen.fillStyle = this.theme.line;
    pen.beginPath();
    pen.arc(centre.x, centre.y, radius, Math.PI / 2 - stage.halfAngle, Math.PI / 2 + stage.halfAngle);
    pen.arcTo(centre.x - half, top, centre.x, top, corner);
    pen.arcTo(centre.x + half, top, centre.x + half, top + corner, corner);
    pen.closePath();
    pen.fill();
    if (detail === 'plain') return;
    const height = Math.min(20, Math.max(10, camera.scale * 1.5));
    pen.font = `800 ${height}px ${this.theme.font}`;
    pen.letterSpacing = `${height * 0.12}px`;
    pen.fillStyle = this.theme.soft;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText('STAGE', label.x, label.y + 1);
    pen.letterSpacing = '0px';
  }

  /** With how many are left, where there is room for it. */
  private paintSectionNames(pen: Pen, hall: Hall, layout: HallLayout, { camera, size }: View): void {
    const height = Math.min(18, Math.max(11, camera.scale * 1.45));
    const nameFont = `750 ${height}px ${this.theme.font}`;
    const countFont = `500 ${Math.max(10.5, height * 0.84)}px ${this.theme.font}`;
    pen.textBaseline = 'middle';
    layout.sections.forEach(({ label, angle, width }, at) => {
      const { name } = hall.sectionAt(at);
      const { x, y } = toScreen(label, camera, size);
      if (x < -200 || x > size.width + 200 || y < -20 || y > size.height + 20) return;
      const room = width * camera.scale;
      const left = `${hall.freeIn[at] ?? 0} left`;
      pen.font = countFont;
      const countWidth = pen.measureText(left).width + height * 0.5;
      pen.font = nameFont;
      const nameWidth = pen.measureText(name).width;
      const withCount = camera.scale >= countsFrom && nameWidth + countWidth <= room;
      const from = -(Math.min(nameWidth, room) + (withCount ? countWidth : 0)) / 2;
      pen.save();
      pen.translate(x, y);
      // Turned with its rows: an upright name would reach into them.
      pen.rotate(-angle);
      pen.textAlign = 'left';
      pen.fillStyle = this.theme.ink;
      pen.fillText(fitting(pen, name, room), from, 0);
      pen.font = countFont;
      pen.fillStyle = this.theme.soft;
      if (withCount) pen.fillText(left, from + nameWidth + height * 0.5, 0);
      pen.restore();
    });
  }

  private paintRowNames(pen: Pen, hall: Hall, layout: HallLayout, { camera, size }: View): void {
    pen.font = `500 ${Math.min(13, camera.scale * 0.72)}px ${this.theme.font}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillStyle = this.theme.soft;
    layout.rows.forEach((row, at) => {
      for (const end of [row.start, row.end]) {
        const { x, y } = toScreen(end, camera, size);
        if (x < -20 || x > size.width + 20 || y < -10 || y > size.height + 10) continue;
        pen.fillText(hall.rows[at]?.name ?? '', x, y);
      }
    });
  }

  private paintNumbers(pen: Pen, { hall, layout, kinds }: Scene, { camera, size }: View): void {
    pen.font = `650 ${Math.min(14, camera.scale * 0.36)}px ${this.theme.font}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    const room = camera.scale * 0.62;
    for (let seat = 0; seat < kinds.length; seat += 1) {
      // All other seats have a sign in place of the number.
      if (kinds[seat] !== free) continue;
      const { x, y } = toScreen({ x: layout.x[seat] ?? 0, y: layout.y[seat] ?? 0 }, camera, size);
      if (x < 0 || x > size.width || y < 0 || y > size.height) continue;
      pen.fillStyle = this.theme.sheet;
      pen.fillText(hall.numberOf(seat), x, y + 0.5, room);
    }
  }
}

function circle(pen: Pen, { x, y }: Point, radius: number, width: number, colour: string): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.stroke();
}

/** The text, or as much of its beginning as there is room for. */
function fitting(pen: Pen, text: string, room: number): string {
  if (pen.measureText(text).width <= room) return text;
  let kept = text;
  while (kept.length > 1 && pen.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return kept.length < text.length ? `${kept}…` : text;
}
