/**
 * Best available: chooses the seats for a request that names only their number. The rules are in
 * DESIGN.md, in the order in which they are tried here. Writes the seats into `chosen` and changes
 * nothing else.
 */
import type { Chosen } from '../tables/chosen.ts';
import type { Hall, HallRow } from '../tables/hall.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';

export interface Wish {
  quantity: number;
  /** Index of a section + 1; 0 for any. */
  section: number;
  accessible: boolean;
  split: boolean;
}

/** Which available seats count: the accessible ones, the others, or all. */
const passes = { accessible: 0, ordinary: 1, open: 2 } as const;
type Pass = (typeof passes)[keyof typeof passes];

const forAccessible: readonly Pass[] = [passes.accessible];
const forOthers: readonly Pass[] = [passes.ordinary, passes.open];

/** Chooses seats; returns null when they were found, else the refusal. */
export function chooseBest(hall: Hall, wish: Wish, chosen: Chosen): OutcomeRow | null {
  hall.refresh();
  const tried = wish.accessible ? forAccessible : forOthers;
  for (const pass of tried) if (chooseWindow(hall, wish, pass, chosen)) return null;
  if (wish.split) {
    for (const pass of tried) if (chooseSpan(hall, wish, pass, chosen)) return null;
  }
  if (eligibleIn(hall, wish) < wish.quantity) return outcomes.SOLD_OUT;
  if (!wish.split) return outcomes.NOT_TOGETHER;
  takeAcross(hall, wish, wish.quantity, chosen);
  return null;
}

/**
 * Whether `chooseBest` is certain to find seats, without the search: some row has a run that is
 * long enough. When false, only the search tells.
 */
export function isSureOfSeats(hall: Hall, wish: Wish): boolean {
  // The longest runs are of all seats, not of the accessible ones alone.
  if (wish.accessible) return false;
  hall.refresh();
  const { longest, visited } = hall;
  let visit = longest.next(wish.quantity, 0);
  while (visit >= 0 && !inScope(visited[visit]!, wish)) visit = longest.next(wish.quantity, visit + 1);
  return visit >= 0;
}

/** How many seats of a wish's scope the last pass could take. */
export function eligibleIn(hall: Hall, wish: Wish): number {
  const pass = lastPass(wish);
  let eligible = 0;
  for (const row of hall.rows) if (inScope(row, wish)) eligible += eligibleCount(row, pass);
  return eligible;
}

/**
 * Takes seats of the last pass over the scope's rows in visiting order. The scope must have as
 * many.
 */
export function takeAcross(hall: Hall, wish: Wish, quantity: number, chosen: Chosen): void {
  hall.refresh();
  const pass = lastPass(wish);
  let left = quantity;
  for (const row of hall.visited) {
    if (left === 0) return;
    if (inScope(row, wish)) left -= takeFrom(row, pass, left, chosen);
  }
  if (left > 0) throw new Error('fewer seats were left than were counted');
}

function lastPass(wish: Wish): Pass {
  return wish.accessible ? passes.accessible : passes.open;
}

function inScope(row: HallRow, wish: Wish): boolean {
  return wish.section === 0 || row.section + 1 === wish.section;
}

/**
 * Chooses consecutive places of one row: the first row in visiting order that has them without
 * leaving an orphan.
 */
function chooseWindow(hall: Hall, wish: Wish, pass: Pass, chosen: Chosen): boolean {
  const { quantity } = wish;
  const longest = pass === passes.ordinary ? hall.longestOrdinary : hall.longest;
  let fallback: HallRow | null = null;
  let fallbackPlace = 0;
  for (let visit = longest.next(quantity, 0); visit >= 0; visit = longest.next(quantity, visit + 1)) {
    const row = hall.visited[visit]!;
    if (!inScope(row, wish)) continue;
    if (pass === passes.accessible && eligibleCount(row, pass) < quantity) continue;
    const place = bestWindow(row, pass, quantity, true);
    if (place > 0) {
      takeWindow(row, place, quantity, chosen);
      return true;
    }
    if (fallback !== null) continue;
    fallbackPlace = bestWindow(row, pass, quantity, false);
    if (fallbackPlace > 0) fallback = row;
  }
  if (fallback === null) return false;
  takeWindow(fallback, fallbackPlace, quantity, chosen);
  return true;
}

/**
 * First place of the row's window with the lowest sum of ranks, and among equals the lowest place;
 * 0 when the row has no window.
 */
function bestWindow(row: HallRow, pass: Pass, quantity: number, withoutOrphan: boolean): number {
  const { ranks, width } = row;
  let best = 0;
  let bestSum = Infinity;
  let run = 0;
  let sum = 0;
  for (let place = 1; place <= width; place += 1) {
    if (!isEligible(row, place, pass)) {
      run = 0;
      sum = 0;
      continue;
    }
    run += 1;
    sum += ranks[place]!;
    if (run > quantity) sum -= ranks[place - quantity]!;
    if (run < quantity || sum >= bestSum) continue;
    const first = place - quantity + 1;
    if (withoutOrphan && orphans(row, first, place)) continue;
    best = first;
    bestSum = sum;
  }
  return best;
}

/** Whether taking the places from first to last leaves a single available seat beside them. */
function orphans(row: HallRow, first: number, last: number): boolean {
  if (first > 1 && row.isAvailable(first - 1) && !row.isAvailable(first - 2)) return true;
  return row.isAvailable(last + 1) && !row.isAvailable(last + 2);
}

/** Chooses seats in the fewest rows that follow each other in one section. */
function chooseSpan(hall: Hall, wish: Wish, pass: Pass, chosen: Chosen): boolean {
  const { quantity } = wish;
  let best: HallRow[] | null = null;
  for (const rows of sectionsOf(hall, wish)) {
    let last = -1;
    let within = 0;
    for (let first = 0; first < rows.length; first += 1) {
      while (within < quantity && last + 1 < rows.length) {
        last += 1;
        within += eligibleCount(rows[last]!, pass);
      }
      if (within < quantity) break;
      if (best === null || last - first + 1 < best.length) best = rows.slice(first, last + 1);
      within -= eligibleCount(rows[first]!, pass);
    }
  }
  if (best === null) return false;
  let left = quantity;
  for (const row of best) left -= takeFrom(row, pass, left, chosen);
  return true;
}

/** The rows of each section in scope, sections and rows in order of appearance. */
function sectionsOf(hall: Hall, wish: Wish): Iterable<HallRow[]> {
  const sections = new Map<number, HallRow[]>();
  for (const row of hall.rows) {
    if (!inScope(row, wish)) continue;
    const rows = sections.get(row.section);
    if (rows === undefined) sections.set(row.section, [row]);
    else rows.push(row);
  }
  // A section usually appears with its first row. The exception is a hall that was made without
  // rows.
  return [...sections].sort(([one], [other]) => one - other).map(([, rows]) => rows);
}

function takeWindow(row: HallRow, first: number, quantity: number, chosen: Chosen): void {
  for (let place = first; place < first + quantity; place += 1) chosen.add(row.seatAt(place));
}

/** Takes at most `max` eligible seats of a row, by place; returns how many. */
function takeFrom(row: HallRow, pass: Pass, max: number, chosen: Chosen): number {
  let taken = 0;
  for (let place = 1; place <= row.width && taken < max; place += 1) {
    if (!isEligible(row, place, pass)) continue;
    chosen.add(row.seatAt(place));
    taken += 1;
  }
  return taken;
}

function isEligible(row: HallRow, place: number, pass: Pass): boolean {
  const word = place >>> 5;
  const bit = 1 << (place & 31);
  if (pass === passes.ordinary) return (row.ordinary[word]! & bit) !== 0;
  if (pass === passes.open) return (row.available[word]! & bit) !== 0;
  return (row.available[word]! & ~row.ordinary[word]! & bit) !== 0;
}

function eligibleCount(row: HallRow, pass: Pass): number {
  if (pass === passes.ordinary) return row.ordinaryCount;
  return pass === passes.open ? row.availableCount : row.availableCount - row.ordinaryCount;
}
