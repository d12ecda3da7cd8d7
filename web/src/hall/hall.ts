/**
 * A hall in these pages. Seats are numbers from 0 in the store's order: by section, row and place.
 * Their properties are arrays. The seats of a hall never change, only their states do. Another set
 * of seats is another hall.
 */
import type { MappedSeat, SeatState as StoreState } from '../../../sdk/src/index.ts';

export const seatStates = ['available', 'held', 'sold', 'blocked'] as const satisfies readonly StoreState[];
export type SeatState = (typeof seatStates)[number];

const available = seatStates.indexOf('available');

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
  private readonly names: readonly string[];

  /** Seats in the order of the hall. */
  constructor(seats: Iterable<MappedSeat>) {
    const all = [...seats];
    const sections: (Section & { end: number; endRow: number })[] = [];
    const rows: (Row & { end: number })[] = [];
    this.count = all.length;
    this.names = all.map(({ id }) => id);
    this.numbers = all.map(({ number }) => number);
    this.rowOf = new Uint32Array(this.count);
    this.places = Uint16Array.from(all, ({ place }) => place);
    this.accessible = Uint8Array.from(all, ({ accessible }) => (accessible ? 1 : 0));
    this.states = new Uint8Array(this.count).fill(seatStates.indexOf('blocked'));
    all.forEach(({ section: sectionName, row: rowName }, seat) => {
      const isNewSection = sections.at(-1)?.name !== sectionName;
      if (isNewSection) {
        sections.push({ name: sectionName, first: seat, end: seat, firstRow: rows.length, endRow: rows.length });
      }
      if (isNewSection || rows.at(-1)?.name !== rowName) {
        rows.push({ name: rowName, section: sections.length - 1, first: seat, end: seat });
      }
      const [section, row] = [there(sections.at(-1)), there(rows.at(-1))];
      section.end = seat + 1;
      section.endRow = rows.length;
      row.end = seat + 1;
      this.rowOf[seat] = rows.length - 1;
    });
    this.sections = sections;
    this.rows = rows;
    this.freeIn = new Uint32Array(sections.length);
    all.forEach(({ id, state }, seat) => {
      this.ids.set(id, seat);
      this.setState(seat, state);
    });
  }

  /** What the store calls it: `section-row-number`. */
  idOf(seat: number): string {
    return this.names[seat] ?? '';
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

  get hasAccessible(): boolean {
    return this.accessible.includes(1);
  }

  isAccessible(seat: number): boolean {
    return this.accessible[seat] === 1;
  }

  /** Returns whether the state changed. */
  setState(seat: number, state: StoreState): boolean {
    // A removed seat counts as blocked until the hall is read without it.
    const to = seatStates.indexOf(state === 'removed' ? 'blocked' : state);
    const from = this.states[seat];
    if (from === undefined || from === to) return false;
    this.states[seat] = to;
    if (from === available) this.countFree(seat, -1);
    if (to === available) this.countFree(seat, 1);
    return true;
  }

  /** Whether these are exactly its seats and places, in any state. */
  hasSeats(seats: Iterable<MappedSeat>): boolean {
    let seat = 0;
    for (const { id, section, row, place, accessible } of seats) {
      if (this.names[seat] !== id || this.places[seat] !== place || this.isAccessible(seat) !== accessible)
        return false;
      if (this.rowAt(seat).name !== row || this.sectionOf(seat).name !== section) return false;
      seat += 1;
    }
    return seat === this.count;
  }

  private countFree(seat: number, by: 1 | -1): void {
    this.free += by;
    const { section } = this.rowAt(seat);
    this.freeIn[section] = (this.freeIn[section] ?? 0) + by;
  }
}

function there<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new RangeError('there is no such seat, row or section');
  return part;
}
