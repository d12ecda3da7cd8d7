/**
 * A hall as text without its states: the part that stays the same between two changes of the
 * layout. A hundred thousand seats are eleven megabytes, so it is made piece by piece, with turns
 * of the event loop in between. That is safe: a seat's row keeps its label, rank and accessibility
 * until it is retired.
 */
import { nameOf } from '../../engine/base/names.ts';
import type { SeatState } from '../../engine/tables/seats.ts';
import { labelOf, seatStates } from '../../engine/tables/seats.ts';
import type { State } from '../../engine/state.ts';

/** A piece is some 55 KB and takes a millisecond. */
const pieceSeats = 512;
/** How long making it may block the event loop, ms. */
const turnMs = 2;

const encoder = new TextEncoder();
const stateNames: readonly SeatState[] = [0, 1, 2, 3, 4].map((state) => nameOf(seatStates, state));
/** A state as JSON, padded to the longest, so that it can be written over another. */
const stateTexts = stateNames.map((name) => JSON.stringify(name).padEnd(JSON.stringify('available').length));
const stateBytes = stateTexts.map((text) => encoder.encode(text));

interface Piece {
  /**
   * Its seats as JSON, each available, with commas between them and, except in the first piece,
   * before them.
   */
  readonly text: Uint8Array<ArrayBuffer>;
  /** Offset in `text` of each seat's state. */
  readonly stateAt: Uint32Array;
}

export class Layout {
  /** `Hall.layout` at which it was made. */
  readonly version: number;
  /** The present seats: sections and rows in order of appearance, then by place. */
  readonly seats: Uint32Array;
  /** Seats that were removed or remade: their labels may exist again. */
  readonly retired: readonly number[];
  private readonly state: State;
  private made: readonly Piece[] | null = null;
  private making: Promise<readonly Piece[]> | null = null;
  private sections: Promise<string> | null = null;

  /** `rows`: all seats that the sale ever had. */
  constructor(state: State, sale: number, rows: readonly number[]) {
    const { seats } = state;
    const hall = seats.hall(sale);
    const standing: number[] = [];
    // The sort is stable: rows of a section stay in order of appearance.
    for (const row of hall.rows.toSorted((one, other) => one.section - other.section)) {
      for (let place = 1; place <= row.width; place += 1) {
        const seat = row.seatAt(place);
        if (seat >= 0) standing.push(seat);
      }
    }
    this.state = state;
    this.version = hall.layout;
    this.seats = Uint32Array.from(standing);
    this.retired = rows.filter((seat) => seats.state.get(seat) === seatStates.removed);
  }

  /** The pieces once they are made; null before. */
  get pieces(): readonly Piece[] | null {
    return this.made;
  }

  async makePieces(): Promise<void> {
    this.making ??= this.piecesInTurns();
    this.made = await this.making;
  }

  /** Sections in the compact map's form. */
  sectionsText(): Promise<string> {
    this.sections ??= sectionsInTurns(this.state, this.seats);
    return this.sections;
  }

  private async piecesInTurns(): Promise<readonly Piece[]> {
    const turns = new Turns();
    const pieces: Piece[] = [];
    for (let from = 0; from < this.seats.length; from += pieceSeats) {
      await turns.next();
      pieces.push(pieceOf(this.state, this.seats.subarray(from, from + pieceSeats), from === 0));
    }
    return pieces;
  }
}

/** The states of seats, two bits each, the first in the lowest. */
export function statesOf({ seats: { state } }: State, seats: Uint32Array): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(Math.ceil(seats.length / 4));
  for (let i = 0; i < seats.length; i += 1) bits[i >>> 2]! |= state.get(seats[i]!) << (2 * (i & 3));
  return bits;
}

/** The seats of a hall as JSON, piece by piece, in the states of `bits`. */
export function* withStates(pieces: readonly Piece[], bits: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  let seat = 0;
  for (const { text, stateAt } of pieces) {
    const chunk = text.slice();
    for (const at of stateAt) {
      const seatState = (bits[seat >>> 2]! >> (2 * (seat & 3))) & 3;
      if (seatState !== seatStates.available) chunk.set(stateBytes[seatState]!, at);
      seat += 1;
    }
    yield chunk;
  }
}

/** A seat as JSON text; `inState`: its present state by default. */
export function seatText(state: State, seat: number, inState: number = state.seats.state.get(seat)): string {
  return `${textOfRow(state, state.seats.row.get(seat))(seat)}"${stateNames[inState]!}"}`;
}

export function stateName(state: State, seat: number): SeatState {
  return stateNames[state.seats.state.get(seat)]!;
}

/** Yields to the event loop when its time in a turn is used up. */
class Turns {
  private startedMs = performance.now();

  async next(): Promise<void> {
    if (performance.now() - this.startedMs < turnMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.startedMs = performance.now();
  }
}

function pieceOf(state: State, seats: Uint32Array, isFirst: boolean): Piece {
  const stateAt = new Uint32Array(seats.length);
  let text = '';
  let bytes = 0;
  let row = -1;
  let textOf = (_: number): string => '';
  seats.forEach((seat, i) => {
    const its = state.seats.row.get(seat);
    if (its !== row) textOf = textOfRow(state, its);
    row = its;
    const start = `${isFirst && i === 0 ? '' : ','}${textOf(seat)}`;
    bytes += Buffer.byteLength(start);
    stateAt[i] = bytes;
    const end = `${stateTexts[seatStates.available]!}}`;
    bytes += end.length;
    text += start + end;
  });
  return { text: encoder.encode(text), stateAt };
}

/** Returns a function for the JSON of a row's seats, each up to its state. */
function textOfRow({ seats }: State, row: number): (seat: number) => string {
  const section = inQuotes(seats.sectionName[seats.rowSection[row]!]!);
  const name = inQuotes(seats.rowName[row]!);
  const start = `{"id":"${labelOf(section, name, '')}`;
  const middle = `","section":"${section}","row":"${name}","number":"`;
  return (seat) => {
    const number = inQuotes(seats.number(seat));
    const accessible = seats.accessible.get(seat) === 1;
    return `${start}${number}${middle}${number}","rank":${seats.rank.get(seat)},"accessible":${accessible},"state":`;
  };
}

/** A text as it is between the quotes of JSON. A concatenation of such texts is valid too. */
function inQuotes(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

async function sectionsInTurns(state: State, standing: Uint32Array): Promise<string> {
  const { seats } = state;
  const turns = new Turns();
  const bySection = new Map<number, string[]>();
  for (let first = 0; first < standing.length;) {
    await turns.next();
    const row = seats.row.get(standing[first]!);
    let end = first + 1;
    while (end < standing.length && seats.row.get(standing[end]!) === row) end += 1;
    const section = seats.rowSection[row]!;
    const texts = bySection.get(section) ?? [];
    texts.push(JSON.stringify(compactRow(state, row, standing.subarray(first, end))));
    bySection.set(section, texts);
    first = end;
  }
  return Array.from(
    bySection,
    ([section, rows]) => `{"name":${JSON.stringify(seats.sectionName[section])},"rows":[${rows.join(',')}]}`,
  ).join(',');
}

function compactRow({ seats }: State, row: number, standing: Uint32Array): object {
  const every = <Value>(of: (seat: number) => Value): Value[] => Array.from(standing, of);
  const rank = seats.rowRank[row]!;
  const places = every((seat) => seats.place.get(seat));
  const ranks = every((seat) => seats.rank.get(seat));
  const accessible = every((seat) => seats.accessible.get(seat)).flatMap((is, i) => (is === 1 ? [i] : []));
  return {
    name: seats.rowName[row],
    rank,
    numbers: numbersOf(every((seat) => seats.number(seat))),
    ...(places.every((place, i) => place === i + 1) ? {} : { places }),
    ...(accessible.length === 0 ? {} : { accessible }),
    ...(ranks.every((each) => each === rank) ? {} : { ranks }),
  };
}

/** Consecutive whole numbers are a range. */
function numbersOf(numbers: readonly string[]): { from: number; to: number } | readonly string[] {
  const from = Number(numbers[0]);
  if (!Number.isSafeInteger(from)) return numbers;
  return numbers.every((number, i) => number === String(from + i)) ? { from, to: from + numbers.length - 1 } : numbers;
}
