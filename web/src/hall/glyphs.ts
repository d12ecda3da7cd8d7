/**
 * The look of seats, drawn once for each size and then copied: ten thousand copies fit into a
 * frame, ten thousand drawings do not. Glyphs are kept at fractions of a pixel, which keeps rows
 * even when seats are small.
 *
 * All differ without their colours. A free seat is a full disc, one held by others a hatched ring,
 * a taken one a speck. The visitor's own are larger, with a tick when chosen or bought and a ring
 * when held. Accessible seats are square.
 */
import type { Theme } from './theme.ts';

export const glyphKinds = ['free', 'freeAccessible', 'held', 'sold', 'blocked', 'chosen', 'mine', 'bought'] as const;
export type GlyphKind = (typeof glyphKinds)[number];

/** A seat's radius in units of the hall; the visitor's own are larger by `bold`. */
export const seatRadius = 0.385;
const bold = 1.22;
/** Below this radius a seat has no room for a sign, px on the device. */
const signRadius = 5.5;
/**
 * Radii are rounded to these steps, px on the device: zooming does not draw new glyphs for each
 * frame.
 */
const radiusStep = 0.25;
/** Maximum number of cached sets of glyphs. */
const maxSets = 24;

type Pen = CanvasRenderingContext2D;

/** Every glyph at one size. */
export class GlyphSet {
  private readonly canvas = document.createElement('canvas');
  private readonly cell: number;
  private readonly phases: number;

  constructor(radius: number, theme: Theme) {
    this.phases = radius > 12 ? 1 : radius > 6 ? 2 : 4;
    this.cell = Math.ceil(2 * radius * bold) + 4;
    this.canvas.width = this.cell * this.phases * this.phases;
    this.canvas.height = this.cell * glyphKinds.length;
    const pen = this.canvas.getContext('2d');
    if (pen === null) return;
    glyphKinds.forEach((kind, at) => {
      for (let phase = 0; phase < this.phases * this.phases; phase += 1) {
        pen.save();
        const shift = (part: number): number => this.cell / 2 + part / this.phases;
        pen.translate(
          this.cell * phase + shift(phase % this.phases),
          this.cell * at + shift(Math.floor(phase / this.phases)),
        );
        drawGlyph(pen, kind, radius, theme);
        pen.restore();
      }
    });
  }

  /** Stamps a glyph with its middle at a point, px on the device. */
  stamp(pen: Pen, kind: number, x: number, y: number): void {
    const { cell, phases } = this;
    const left = x - cell / 2;
    const top = y - cell / 2;
    const wholeLeft = Math.floor(left);
    const wholeTop = Math.floor(top);
    const phase = Math.floor((left - wholeLeft) * phases) + phases * Math.floor((top - wholeTop) * phases);
    pen.drawImage(this.canvas, cell * phase, cell * kind, cell, cell, wholeLeft, wholeTop, cell, cell);
  }
}

/** The sets of one theme, by size. */
export class Glyphs {
  private readonly theme: Theme;
  private readonly sets = new Map<number, GlyphSet>();

  constructor(theme: Theme) {
    this.theme = theme;
  }

  /** For a radius, px on the device. */
  of(radius: number): GlyphSet {
    const size = Math.max(4, Math.round(radius / radiusStep));
    let set = this.sets.get(size);
    if (set === undefined) {
      if (this.sets.size >= maxSets) this.sets.clear();
      this.sets.set(size, (set = new GlyphSet(size * radiusStep, this.theme)));
    }
    return set;
  }
}

/** Around (0, 0). */
export function drawGlyph(pen: Pen, kind: GlyphKind, radius: number, theme: Theme): void {
  switch (kind) {
    case 'free':
      disc(pen, radius, theme.ink);
      break;
    case 'freeAccessible':
      square(pen, radius, theme.ink);
      if (radius >= signRadius) wheelchair(pen, radius, theme.sheet);
      break;
    case 'held':
      held(pen, radius, theme);
      break;
    case 'sold':
      disc(pen, Math.max(0.6, radius * 0.36), theme.edge, 0.55);
      break;
    case 'blocked':
      if (radius >= 3) cross(pen, radius * 0.4, theme.edge);
      break;
    case 'chosen':
      disc(pen, radius * bold, theme.choice);
      if (radius >= signRadius) tick(pen, radius, theme.onChoice);
      break;
    case 'mine':
      disc(pen, radius * bold, theme.signal);
      ring(pen, radius * 0.62, Math.max(1, radius * 0.24), theme.onSignal);
      break;
    case 'bought':
    default:
      disc(pen, radius * bold, theme.good);
      if (radius >= signRadius) tick(pen, radius, theme.onGood);
  }
}

function disc(pen: Pen, radius: number, colour: string, alpha = 1): void {
  pen.globalAlpha = alpha;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(0, 0, radius, 0, 2 * Math.PI);
  pen.fill();
  pen.globalAlpha = 1;
}

function ring(pen: Pen, radius: number, width: number, colour: string): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(0, 0, radius, 0, 2 * Math.PI);
  pen.stroke();
}

function square(pen: Pen, radius: number, colour: string): void {
  const half = radius * 0.98;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(-half, -half, 2 * half, 2 * half, radius * 0.3);
  pen.fill();
}

/**
 * Hatched, as stock held by others is everywhere in these pages; a thin ring where there is no room
 * for lines.
 */
function held(pen: Pen, radius: number, theme: Theme): void {
  const width = Math.max(0.8, radius * 0.2);
  if (radius >= signRadius) {
    pen.save();
    pen.beginPath();
    pen.arc(0, 0, radius - width / 2, 0, 2 * Math.PI);
    pen.clip();
    pen.strokeStyle = theme.soft;
    pen.lineWidth = width * 0.8;
    pen.beginPath();
    for (let at = -2 * radius; at <= 2 * radius; at += radius * 0.62) {
      pen.moveTo(at - radius, radius);
      pen.lineTo(at + radius, -radius);
    }
    pen.stroke();
    pen.restore();
  }
  ring(pen, radius - width / 2, width, theme.soft);
}

function cross(pen: Pen, half: number, colour: string): void {
  pen.strokeStyle = colour;
  pen.lineWidth = Math.max(1, half * 0.4);
  pen.beginPath();
  pen.moveTo(-half, -half);
  pen.lineTo(half, half);
  pen.moveTo(half, -half);
  pen.lineTo(-half, half);
  pen.stroke();
}

function tick(pen: Pen, radius: number, colour: string): void {
  pen.strokeStyle = colour;
  pen.lineWidth = Math.max(1.4, radius * 0.26);
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.beginPath();
  pen.moveTo(-radius * 0.5, radius * 0.04);
  pen.lineTo(-radius * 0.12, radius * 0.42);
  pen.lineTo(radius * 0.54, -radius * 0.4);
  pen.stroke();
}

function wheelchair(pen: Pen, radius: number, colour: string): void {
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.lineWidth = Math.max(1, radius * 0.17);
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.beginPath();
  pen.arc(-radius * 0.13, -radius * 0.6, radius * 0.14, 0, 2 * Math.PI);
  pen.fill();
  pen.beginPath();
  pen.moveTo(-radius * 0.13, -radius * 0.34);
  pen.lineTo(-radius * 0.1, radius * 0.1);
  pen.lineTo(radius * 0.3, radius * 0.1);
  pen.lineTo(radius * 0.48, radius * 0.58);
  pen.stroke();
  pen.beginPath();
  pen.arc(-radius * 0.06, radius * 0.28, radius * 0.38, -0.95 * Math.PI, 0.22 * Math.PI, true);
  pen.stroke();
}
