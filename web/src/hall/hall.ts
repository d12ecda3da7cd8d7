/**
 * A hall as the pages keep it: seats are numbers from 0, in the order in which the store tells them, and what is known of each stands
 * in arrays. The seats never change while a hall lives; their states do. Another set of seats is another hall.
 */

/** What the store says a seat is, by the two bits it is told with. */
export const seatStates = ['available', 'held', 'sold', 'blocked'] as const;
export type SeatState = (typeof seatStates)[number];

const available = seatStates.indexOf('available');

/** The compact form of a hall, as far as it is read here. */
export interface CompactHall {
  readonly position: string;
  readonly sections: readonly CompactSection[];
  /** Base64 of two bits a seat, the first seat in the lowest bits of the first byte. */
  readonly states: string;
}

export interface CompactSection {
  readonly name: string;
  readonly rows: readonly CompactRow[];
}

export interface CompactRow {
  readonly name: string;
  readonly rank: number;
  readonly numbers: readonly string[] | { readonly from: number; readonly to: number };
  /** Where the seats stand, when not at 1, 2, 3, … */
  readonly places?: readonly number[] | undefined;
  /** Which of the row's seats, from 0. */
  readonly accessible?: readonly number[] | undefined;
}

/** Seats `first` to `end`, `end` not included. */
interface Span {
  readonly name: string;
  readonly first: number;
  readonly end: number;
}

export interface Row extends Span {
  readonly section: number;
}

export interface Section extends Span {
  /** Rows `firstRow` to `endRow`, `endRow` not included. */
  readonly firstRow: number;
  readonly endRow: number;
}

export class Hall {
  readonly sections: readonly Section[];
  readonly rows: readonly Row[];
  readonly count: number;
  readonly numbers: readonly string[];
  /** By seat. */
  readonly rowOf: Uint32Array;
  /** By seat: neighbours in a row stand at places that differ by one. */
  readonly places: Uint16Array;
  readonly accessible: Uint8Array;
  /** By seat: index in `seatStates`. */
  readonly states: Uint8Array;
  /** Seats that are available: in all, and by section. */
  free = 0;
  readonly freeIn: Uint32Array;
  private readonly ids = new Map<string, number>();

  /** @throws RangeError when the states do not cover the seats */
  constructor(compact: CompactHall) {
    const sections: Section[] = [];
    const rows: Row[] = [];
    const numbers: string[] = [];
    const places: number[] = [];
    const accessible: number[] = [];
    for (const section of compact.sections) {
      const first = numbers.length;
      const firstRow = rows.length;
      for (const row of section.rows) {
        const firstOfRow = numbers.length;
        numbers.push(...numbersOf(row));
        for (let at = firstOfRow; at < numbers.length; at += 1) places.push(row.places?.[at - firstOfRow] ?? at - firstOfRow + 1);
        for (const at of row.accessible ?? []) accessible.push(firstOfRow + at);
        rows.push({ name: row.name, section: sections.length, first: firstOfRow, end: numbers.length });
      }
      sections.push({ name: section.name, first, end: numbers.length, firstRow, endRow: rows.length });
    }
    this.sections = sections;
    this.rows = rows;
    this.numbers = numbers;
    this.count = numbers.length;
    this.places = Uint16Array.from(places);
    this.accessible = new Uint8Array(this.count);
    for (const seat of accessible) this.accessible[seat] = 1;
    this.rowOf = new Uint32Array(this.count);
    rows.forEach(({ first, end }, row) => this.rowOf.fill(row, first, end));
    this.states = statesOf(compact.states, this.count);
    this.freeIn = new Uint32Array(sections.length);
    for (let seat = 0; seat < this.count; seat += 1) {
      this.ids.set(this.idOf(seat), seat);
      if (this.states[seat] === available) this.countFree(seat, 1);
    }
  }

  /** What the store calls it: `section-row-number`. */
  idOf(seat: number): string {
    const row = this.rowAt(seat);
    return `${this.sectionAt(row.section).name}-${row.name}-${this.numberOf(seat)}`;
  }

  /** The seat of an id; -1 when there is none. */
  find(id: string): number {
    return this.ids.get(id) ?? -1;
  }

  numberOf(seat: number): string {
    return this.numbers[seat] ?? '';
  }

  /** The row that a seat stands in. */
  rowAt(seat: number): Row {
    return there(this.rows[this.rowOf[seat] ?? -1]);
  }

  sectionAt(section: number): Section {
    return there(this.sections[section]);
  }

  sectionOf(seat: number): Section {
    return this.sectionAt(this.rowAt(seat).section);
  }

  stateOf(seat: number): SeatState {
    return seatStates[this.states[seat] ?? 0] ?? 'available';
  }

  isFree(seat: number): boolean {
    return this.states[seat] === available;
  }

  isAccessible(seat: number): boolean {
    return this.accessible[seat] === 1;
  }

  /** Returns whether that is a change. */
  setState(seat: number, state: SeatState): boolean {
    const to = seatStates.indexOf(state);
    const from = this.states[seat];
    if (from === undefined || from === to) return false;
    this.states[seat] = to;
    if (from === available) this.countFree(seat, -1);
    if (to === available) this.countFree(seat, 1);
    return true;
  }

  private countFree(seat: number, by: 1 | -1): void {
    this.free += by;
    const { section } = this.rowAt(seat);
    this.freeIn[section] = (this.freeIn[section] ?? 0) + by;
  }
}

function numbersOf({ numbers }: CompactRow): string[] {
  if (!('from' in numbers)) return [...numbers];
  const { from, to } = numbers;
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => String(from + at));
}

function statesOf(base64: string, count: number): Uint8Array {
  const bytes = atob(base64);
  if (bytes.length < Math.ceil(count / 4)) throw new RangeError(`${bytes.length} bytes are no states of ${count} seats`);
  return Uint8Array.from({ length: count }, (_, seat) => (bytes.charCodeAt(seat >> 2) >> ((seat & 3) * 2)) & 3);
}

function there<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new RangeError('there is no such seat, row or section');
  return part;
}
