/**
 * Halls as text: the whole map, the compact one, and what changed. What of a hall stays the same between two changes of its
 * layout is made once and kept, so that a map costs a look at each seat's state and no more.
 */
import type { State } from '../../engine/state.ts';
import type { SeatState } from '../../engine/seats.ts';
import { labelOf, seatStates } from '../../engine/seats.ts';
import { nameOf } from '../../engine/dump.ts';
import { formatId, formatPosition } from '../ids.ts';

/** Halls are kept up to so many seats in all, those asked for last. A seat takes some 110 bytes. */
const mostKeptSeats = 400_000;

const encoder = new TextEncoder();
const stateNames: readonly SeatState[] = [0, 1, 2, 3, 4].map((state) => nameOf(seatStates, state));
/** A state as JSON, as long as the longest of them, so that it can be written over another. */
const stateTexts = stateNames.map((name) => JSON.stringify(name).padEnd(JSON.stringify('available').length));
const stateBytes = stateTexts.map((text) => encoder.encode(text));

interface Layout {
  /** `Hall.layout` that it was made at. */
  readonly version: number;
  /** The standing seats: by section and row as they appeared, by place. */
  readonly seats: Uint32Array;
  /** All of them as JSON, available each, with a comma between. */
  readonly text: Uint8Array;
  /** Where in `text` the state of each stands. */
  readonly stateAt: Uint32Array;
  /** Seats that were taken away, or made anew: their labels may stand again. */
  readonly retired: readonly number[];
  /** Sections as the compact map has them; made when first asked for. */
  sections: string | null;
}

export class SeatMaps {
  /** By sale, asked for last at the end: a map remembers in which order it was filled. */
  private readonly layouts = new Map<number, Layout>();
  /** All seats there ever were, by sale. */
  private readonly rows = new Map<number, number[]>();
  /** The table was looked through up to here. */
  private seen = 0;

  /** All seats, in the order of the hall. */
  full(state: State, sale: number, position: number): Uint8Array<ArrayBuffer> {
    const { seats, text, stateAt } = this.layoutOf(state, sale);
    const states = state.seats.state;
    const end = encoder.encode(listEnd(state, position));
    const answer = new Uint8Array(listStart.length + text.length + end.length);
    answer.set(listStart);
    answer.set(text, listStart.length);
    answer.set(end, listStart.length + text.length);
    for (let i = 0; i < seats.length; i += 1) {
      const seatState = states.get(seats[i]!);
      if (seatState !== seatStates.available) answer.set(stateBytes[seatState]!, listStart.length + stateAt[i]!);
    }
    return answer;
  }

  /** The seats that changed behind a position; those that are gone are `removed`. */
  changed(state: State, sale: number, since: number, position: number): string {
    const { seats, retired } = this.layoutOf(state, sale);
    const { changedAt } = state.seats;
    const items: string[] = [];
    for (const seat of seats) if (changedAt.get(seat) > since) items.push(seatText(state, seat));
    const gone = new Map<string, number>();
    for (const seat of retired) if (changedAt.get(seat) > since) gone.set(state.seats.label(seat), seat);
    for (const [label, seat] of gone) if (state.seats.find(sale, label) < 0) items.push(seatText(state, seat));
    return listText(state, items, position);
  }

  /** The whole map in few bytes: the layout by rows, and two bits a seat. */
  compact(state: State, sale: number, position: number): string {
    const layout = this.layoutOf(state, sale);
    layout.sections ??= sectionsText(state, layout.seats);
    const { seats } = layout;
    const states = state.seats.state;
    const bits = new Uint8Array(Math.ceil(seats.length / 4));
    for (let i = 0; i < seats.length; i += 1) bits[i >>> 2]! |= states.get(seats[i]!) << (2 * (i & 3));
    const { cell } = state.genesis;
    return (
      `{"sale":"${formatId('sale', cell, sale)}","position":"${formatPosition(cell, position)}","form":"compact",` +
      `"sections":[${layout.sections}],"states":"${Buffer.from(bits.buffer).toString('base64')}"}`
    );
  }

  /** Every seat that a sale ever had whose last change lies behind a position. */
  *changedRows(state: State, sale: number, since: number): Generator<number> {
    const { changedAt } = state.seats;
    for (const seat of this.rowsOf(state, sale)) if (changedAt.get(seat) > since) yield seat;
  }

  private layoutOf(state: State, sale: number): Layout {
    const known = this.layouts.get(sale);
    const layout =
      known?.version === state.seats.hall(sale).layout ? known : makeLayout(state, sale, this.rowsOf(state, sale));
    this.layouts.delete(sale);
    this.layouts.set(sale, layout);
    this.forgetOldest();
    return layout;
  }

  private forgetOldest(): void {
    let seats = 0;
    for (const layout of this.layouts.values()) seats += layout.seats.length;
    for (const [sale, layout] of this.layouts) {
      if (seats <= mostKeptSeats || this.layouts.size === 1) return;
      this.layouts.delete(sale);
      seats -= layout.seats.length;
    }
  }

  private rowsOf({ seats }: State, sale: number): readonly number[] {
    for (; this.seen < seats.count; this.seen += 1) {
      const of = seats.sale.get(this.seen);
      const rows = this.rows.get(of);
      if (rows === undefined) this.rows.set(of, [this.seen]);
      else rows.push(this.seen);
    }
    return this.rows.get(sale) ?? [];
  }
}

/** A seat as JSON text; `inState`: by default the one it is in. */
export function seatText(state: State, seat: number, inState: number = state.seats.state.get(seat)): string {
  return `${textOfRow(state, state.seats.row.get(seat))(seat)}"${stateNames[inState]!}"}`;
}

export function stateName(state: State, seat: number): SeatState {
  return stateNames[state.seats.state.get(seat)]!;
}

export function listText(state: State, items: readonly string[], position: number): string {
  return `{"items":[${items.join(',')}${listEnd(state, position)}`;
}

const listStart = encoder.encode('{"items":[');

function listEnd(state: State, position: number): string {
  return `],"position":"${formatPosition(state.genesis.cell, position)}"}`;
}

/** What gives the JSON of a row's seats, each up to its state. */
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

/** A text as it stands between the quotes of JSON. What is put together of such is JSON too. */
function inQuotes(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function makeLayout(state: State, sale: number, rows: readonly number[]): Layout {
  const { seats } = state;
  const hall = seats.hall(sale);
  const standing: number[] = [];
  const stateAt: number[] = [];
  let text = '';
  let bytes = 0;
  // The sort is stable: rows of a section stay in order of appearance.
  for (const row of hall.rows.toSorted((one, other) => one.section - other.section)) {
    const textOf = textOfRow(state, row.row);
    for (let place = 1; place <= row.width; place += 1) {
      const seat = row.seatAt(place);
      if (seat < 0) continue;
      const start = `${standing.length === 0 ? '' : ','}${textOf(seat)}`;
      bytes += Buffer.byteLength(start);
      standing.push(seat);
      stateAt.push(bytes);
      const end = `${stateTexts[seatStates.available]!}}`;
      bytes += end.length;
      text += start + end;
    }
  }
  return {
    version: hall.layout,
    seats: Uint32Array.from(standing),
    text: encoder.encode(text),
    stateAt: Uint32Array.from(stateAt),
    retired: rows.filter((seat) => seats.state.get(seat) === seatStates.removed),
    sections: null,
  };
}

function sectionsText(state: State, standing: Uint32Array): string {
  const { seats } = state;
  const bySection = new Map<number, string[]>();
  for (let first = 0; first < standing.length;) {
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

/** Whole numbers that count up are a range. */
function numbersOf(numbers: readonly string[]): { from: number; to: number } | readonly string[] {
  const from = Number(numbers[0]);
  if (!Number.isSafeInteger(from)) return numbers;
  return numbers.every((number, i) => number === String(from + i)) ? { from, to: from + numbers.length - 1 } : numbers;
}
