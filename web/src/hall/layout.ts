/**
 * The positions of seats on the map. The store knows sections, rows and places, but no shape. So
 * sections become blocks in tiers before a stage, on arcs around a point behind it; that looks like
 * a hall with one block or with twenty. The unit is the distance between two neighbours of a row; x
 * grows to the right, y away from the stage.
 */
import type { Hall, Row } from './hall.ts';
import type { Block, Tier } from './tiers.ts';
import { aisle, chooseTiers, depthOf, minGap } from './tiers.ts';

/** From row to row. */
const rowStep = 1.16;
/** Minimum height of a name with some space, px; and the minimum width of a map. */
const nameHeight = 19;
const mapWidth = { wide: 800, tall: 350 };
/**
 * Half of the angle that the widest tier may take: a single block bends a little, many embrace the
 * stage.
 */
const bend = { single: 0.26, many: 0.5 };
/** Minimum radius of the first row: a small hall bends no more than a large one. */
const minRadius = 26;
/**
 * How much of its arc's growth a row spreads towards the back (0 keeps blocks straight, 1 makes
 * wedges), and the maximum.
 */
const spread = { part: 0.5, most: 1.14 };

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface RowLayout {
  /** Both ends of its name. */
  readonly start: Point;
  readonly end: Point;
}

export interface SectionLayout {
  /** Middle of its name, and how far it is turned, radians. */
  readonly label: Point;
  readonly angle: number;
  /** Room for the name, from side to side. */
  readonly width: number;
  readonly box: Box;
}

/** Its front is an arc around (0, 0), its back is straight. */
export interface StageLayout {
  readonly radius: number;
  readonly halfAngle: number;
  readonly top: number;
  readonly label: Point;
}

export interface HallLayout {
  /** By seat. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly rows: readonly RowLayout[];
  readonly sections: readonly SectionLayout[];
  readonly stage: StageLayout;
  readonly box: Box;
}

/** Lays a hall out for a map of a shape: `aspect` is its width over its height. */
export function layOut(hall: Hall, aspect: number): HallLayout {
  const columns = columnsOf(hall);
  const blocks = hall.sections.map((section): Block => {
    const rows = hall.rows.slice(section.firstRow, section.endRow);
    const ends = rows.map((_, at) => columns[section.firstRow + at] ?? noColumns);
    const width = Math.max(1, ...ends.map(({ left, right }) => right - left + 1));
    return { width, depth: Math.max(0, rows.length - 1) * rowStep };
  });
  const tiers = chooseTiers(blocks, aspect);
  const gap = gapOf(tiers, aspect);
  const front = frontRadius(tiers, gap, tiers.length === hall.sections.length);
  const x = new Float32Array(hall.count);
  const y = new Float32Array(hall.count);
  const sections: SectionLayout[] = [];
  const rows: RowLayout[] = [];
  let radius = front;
  for (const tier of tiers) {
    let along = -tier.width / 2;
    for (let section = tier.first; section < tier.end; section += 1) {
      const block = blocks[section] ?? { width: 1, depth: 0 };
      const angle = (along + block.width / 2) / radius;
      along += block.width + aisle;
      const { firstRow, endRow, first, end } = hall.sectionAt(section);
      for (let row = firstRow; row < endRow; row += 1) {
        const at = radius + (row - firstRow) * rowStep;
        const stretch = Math.min(spread.most, 1 + spread.part * (at / radius - 1)) / at;
        const { offset, left, right } = columns[row] ?? noColumns;
        const on = (column: number): Point => onArc(at, angle + column * stretch);
        const { first: firstSeat, end: endSeat } = hall.rows[row] ?? { first: 0, end: 0 };
        for (let seat = firstSeat; seat < endSeat; seat += 1) {
          const point = on((hall.places[seat] ?? 0) - offset);
          x[seat] = point.x;
          y[seat] = point.y;
        }
        rows.push({ start: on(left - 1.2), end: on(right + 1.2) });
      }
      const label = onArc(radius - 0.45 * gap, angle);
      sections.push({ label, angle, width: block.width + aisle - 1, box: boxOf(x, y, first, end, label) });
    }
    radius += tier.depth + gap;
  }
  const stage = stageOf(front - gap, tiers[0]?.width ?? 1);
  return { x, y, rows, sections, stage, box: boxAround(sections, rows, stage) };
}

function onArc(radius: number, angle: number): Point {
  return { x: radius * Math.sin(angle), y: radius * Math.cos(angle) };
}

interface Columns {
  /** Place that stands in the middle. */
  readonly offset: number;
  /** Columns of the first and last seat, from the middle. */
  readonly left: number;
  readonly right: number;
}

const noColumns: Columns = { offset: 0, left: 0, right: 0 };

/**
 * The columns of each row in its block. If all rows begin at place 1, each is centred. If some
 * begin later, places are columns of the section.
 */
function columnsOf(hall: Hall): Columns[] {
  const ends = hall.rows.map((row) => endsOf(hall, row));
  return hall.sections.flatMap(({ firstRow, endRow }) => {
    const own = ends.slice(firstRow, endRow);
    const isAligned = own.some(({ first }) => first > 1);
    const middle = (Math.min(...own.map(({ first }) => first)) + Math.max(...own.map(({ last }) => last))) / 2;
    return own.map(({ first, last }) => {
      const offset = isAligned ? middle : (first + last) / 2;
      return { offset, left: first - offset, right: last - offset };
    });
  });
}

/** First and last place of a row. */
function endsOf(hall: Hall, { first, end }: Row): { readonly first: number; readonly last: number } {
  return { first: hall.places[first] ?? 0, last: hall.places[end - 1] ?? 0 };
}

function gapOf(tiers: readonly Tier[], aspect: number): number {
  const width = Math.max(1, ...tiers.map((tier) => tier.width));
  const depth = depthOf(tiers);
  const unit = (aspect < 1 ? mapWidth.tall : mapWidth.wide) / Math.max(width, depth * aspect);
  return Math.max(minGap, nameHeight / unit);
}

/** Radius of the first row: as small as the bend permits. */
function frontRadius(tiers: readonly Tier[], gap: number, isSingle: boolean): number {
  const angle = 2 * (isSingle ? bend.single : bend.many);
  let radius = Math.max(3 * gap, minRadius);
  let before = 0;
  for (const tier of tiers) {
    radius = Math.max(radius, tier.width / angle - before);
    before += tier.depth + gap;
  }
  return radius;
}

function stageOf(radius: number, width: number): StageLayout {
  const halfAngle = Math.min(0.5, Math.max(3, width * 0.36) / radius);
  const edge = onArc(radius, halfAngle);
  const top = edge.y - 2.2;
  return { radius, halfAngle, top, label: { x: 0, y: (top + radius) / 2 } };
}

function boxOf(x: Float32Array, y: Float32Array, first: number, end: number, label: Point): Box {
  let [left, top, right, bottom] = [label.x, label.y, label.x, label.y];
  for (let seat = first; seat < end; seat += 1) {
    left = Math.min(left, x[seat] ?? left);
    right = Math.max(right, x[seat] ?? right);
    top = Math.min(top, y[seat] ?? top);
    bottom = Math.max(bottom, y[seat] ?? bottom);
  }
  return { left, top, right, bottom };
}

function boxAround(sections: readonly SectionLayout[], rows: readonly RowLayout[], stage: StageLayout): Box {
  const edge = onArc(stage.radius, stage.halfAngle);
  let box: Box = { left: -edge.x, top: stage.top, right: edge.x, bottom: stage.radius };
  for (const one of [...sections.map((section) => section.box), ...rows.map(boxOfRow)]) box = joined(box, one);
  return { left: box.left - 0.8, top: box.top - 0.8, right: box.right + 0.8, bottom: box.bottom + 1 };
}

function boxOfRow({ start, end }: RowLayout): Box {
  return {
    left: Math.min(start.x, end.x),
    top: Math.min(start.y, end.y),
    right: Math.max(start.x, end.x),
    bottom: Math.max(start.y, end.y),
  };
}

function joined(one: Box, other: Box): Box {
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}
