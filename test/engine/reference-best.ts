/**
 * The best available seats of a hall, by trying all: the rules of the engine's DESIGN.md, word by
 * word.
 */
import type { Model, Wish } from './reference-model.ts';
import { standings } from './reference-model.ts';

type Refused = 'SOLD_OUT' | 'NOT_TOGETHER';

/** Seats of one row at consecutive places. */
interface Window {
  readonly seats: readonly number[];
  readonly rankSum: number;
  readonly firstPlace: number;
  readonly orphans: boolean;
}

/** Rows of one section that follow each other, from the `first`th on. */
interface Span {
  readonly rows: readonly number[];
  readonly section: number;
  readonly first: number;
}

/**
 * The seats in the order in which they are found, or the refusal. Notes in `waysUsed` how they were
 * found.
 */
export function bestSeats(model: Model, wish: Wish): readonly number[] | Refused {
  const passes = passesOf(model, wish);
  for (const [name, eligible] of passes) {
    const found = bestWindow(model, wish, eligible);
    if (found === null) continue;
    note(model, `${name} pass`);
    if (found.orphans) note(model, 'orphans in the end');
    if (found.avoided) note(model, 'orphan avoided');
    return found.seats;
  }
  const last = passes.at(-1)![1];
  if (last.length < wish.quantity) return 'SOLD_OUT';
  if (!wish.split) return 'NOT_TOGETHER';
  for (const [name, eligible] of passes) {
    const rows = bestSpan(model, wish, eligible);
    if (rows === null) continue;
    note(model, `${name} split over ${Math.min(rows.length, 3)} rows`);
    return rows.flatMap((row) => inRow(model, row, eligible)).slice(0, wish.quantity);
  }
  note(model, 'split across sections');
  return inVisitingOrder(model, wish, last).slice(0, wish.quantity);
}

/** All seats of the scope that could be given in the last pass, in visiting order and by place. */
export function allEligible(model: Model, wish: Wish): number[] {
  return inVisitingOrder(model, wish, passesOf(model, wish).at(-1)![1]);
}

/** The passes by name, each with the seats that are eligible in it. */
function passesOf(model: Model, wish: Wish): [name: string, eligible: number[]][] {
  const rows = scopeOf(model, wish);
  const available = availableSeats(model).filter((seat) => rows.includes(model.seats[seat]!.row));
  const accessible = available.filter((seat) => model.seats[seat]!.accessible);
  if (wish.accessible) return [['accessible', accessible]];
  return [
    ['ordinary', available.filter((seat) => !accessible.includes(seat))],
    ['open', available],
  ];
}

/** Numbers of the rows in scope, in the order of their appearance. */
function scopeOf(model: Model, { sale, section }: Wish): number[] {
  return [...model.hallRows.keys()].filter((row) => {
    const its = model.hallRows[row]!.section;
    return section === null ? model.sections[its]!.sale === sale : its === section;
  });
}

function visited(model: Model, wish: Wish): number[] {
  // The sort is stable: rows of equal rank stay in the order of their appearance.
  return scopeOf(model, wish).sort((one, other) => model.hallRows[one]!.rank - model.hallRows[other]!.rank);
}

function inVisitingOrder(model: Model, wish: Wish, eligible: readonly number[]): number[] {
  return visited(model, wish).flatMap((row) => inRow(model, row, eligible));
}

/** Those of some seats that stand in a row, by place. */
function inRow(model: Model, row: number, seats: readonly number[]): number[] {
  const there = seats.filter((seat) => model.seats[seat]!.row === row);
  return there.sort((one, other) => model.seats[one]!.place - model.seats[other]!.place);
}

function bestWindow(
  model: Model,
  wish: Wish,
  eligible: readonly number[],
): (Window & { readonly avoided: boolean }) | null {
  const available = availableSeats(model);
  const ofRows = visited(model, wish).map((row) => windowsOf(model, row, wish.quantity, eligible, available));
  const any = ofRows.find((windows) => windows.length > 0);
  if (any === undefined) return null;
  const withoutOrphans = ofRows.map((windows) => windows.filter(({ orphans }) => !orphans));
  const kind = withoutOrphans.find((windows) => windows.length > 0);
  const best = lowestRanks(kind ?? any);
  return { ...best, avoided: best.seats[0] !== lowestRanks(any).seats[0] };
}

function lowestRanks(windows: readonly Window[]): Window {
  return windows.toSorted((one, other) => one.rankSum - other.rankSum || one.firstPlace - other.firstPlace)[0]!;
}

function windowsOf(
  model: Model,
  row: number,
  quantity: number,
  eligible: readonly number[],
  available: readonly number[],
): Window[] {
  const freePlaces = inRow(model, row, available).map((seat) => model.seats[seat]!.place);
  const isFree = (place: number): boolean => freePlaces.includes(place);
  const seats = inRow(model, row, eligible);
  return seats.flatMap((seat): Window[] => {
    const firstPlace = model.seats[seat]!.place;
    const window = seats.filter((other) => {
      const { place } = model.seats[other]!;
      return place >= firstPlace && place < firstPlace + quantity;
    });
    if (window.length < quantity) return [];
    const rankSum = window.reduce((sum, other) => sum + model.seats[other]!.rank, 0);
    const afterPlace = firstPlace + quantity;
    const orphanBefore = isFree(firstPlace - 1) && !isFree(firstPlace - 2);
    const orphanAfter = isFree(afterPlace) && !isFree(afterPlace + 1);
    return [{ seats: window, rankSum, firstPlace, orphans: orphanBefore || orphanAfter }];
  });
}

function availableSeats(model: Model): number[] {
  const all = standings(model);
  return [...all.keys()].filter((seat) => all[seat]!.state === 'available');
}

/** The rows of the best span, or null when no span has so many. */
function bestSpan(model: Model, wish: Wish, eligible: readonly number[]): readonly number[] | null {
  const scope = scopeOf(model, wish);
  const sections = [...new Set(scope.map((row) => model.hallRows[row]!.section))].sort((one, other) => one - other);
  const spans = sections.flatMap((section): Span[] => {
    const rows = scope.filter((row) => model.hallRows[row]!.section === section);
    return rows.flatMap((_, first) =>
      rows.slice(first).map((__, more) => ({ rows: rows.slice(first, first + more + 1), section, first })),
    );
  });
  const enough = spans.filter(({ rows }) => rows.flatMap((row) => inRow(model, row, eligible)).length >= wish.quantity);
  enough.sort(
    (one, other) => one.rows.length - other.rows.length || one.section - other.section || one.first - other.first,
  );
  return enough[0]?.rows ?? null;
}

function note(model: Model, way: string): void {
  model.waysUsed.set(way, (model.waysUsed.get(way) ?? 0) + 1);
}
