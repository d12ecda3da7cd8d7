/**
 * The rows of a seated sale as bitsets, for the search of best available seats. Derived from the
 * seats' columns and rebuilt on restore.
 *
 * Invariants: a place's bit in `available` is set exactly when its seat is available; `ordinary`
 * has the available seats that are not accessible; `longest` and `longestOrdinary` are exact after
 * `refresh`.
 */

/** Highest place of a row. */
export const maxPlace = 4096;
const blockRows = 32;

export class HallRow {
  /** Index over all halls (`SeatTable.rowName`). */
  readonly row: number;
  readonly section: number;
  readonly rank: number;
  /** Highest place that ever had a seat. */
  width = 0;
  /** Number of available seats, and of those among them that are not accessible. */
  availableCount = 0;
  ordinaryCount = 0;
  /** By place; bit 0 of word 0 is place 0, which no seat has. */
  available = new Uint32Array(4);
  ordinary = new Uint32Array(4);
  /** By place: seat + 1, 0 for none; and the seat's rank. */
  seats = new Uint32Array(128);
  ranks = new Uint32Array(128);
  /** Index among the visited rows; -1 before the first visit. */
  visit = -1;
  /** Whether its longest runs have to be counted again. */
  stale = true;

  constructor(row: number, section: number, rank: number) {
    this.row = row;
    this.section = section;
    this.rank = rank;
  }

  /** Puts a seat at a free place. It is not available yet. */
  place(place: number, seat: number, rank: number): void {
    if (place < 1 || place > maxPlace) throw new Error(`a row has no place ${place}`);
    if (place > this.width) this.growTo(place);
    if (this.seats[place] !== 0) throw new Error(`place ${place} has a seat already`);
    this.seats[place] = seat + 1;
    this.ranks[place] = rank;
  }

  /** Removes the seat at a place; it must not be available. */
  clear(place: number): void {
    this.seats[place] = 0;
  }

  /** The seat at a place, or -1. */
  seatAt(place: number): number {
    return place <= this.width ? this.seats[place]! - 1 : -1;
  }

  /** Highest place with a seat; 0 in an empty row. */
  lastPlace(): number {
    let place = this.width;
    while (place > 0 && this.seats[place] === 0) place -= 1;
    return place;
  }

  isAvailable(place: number): boolean {
    return place <= this.width && (this.available[place >>> 5]! & (1 << (place & 31))) !== 0;
  }

  setAvailable(place: number, accessible: boolean, available: boolean): void {
    const word = place >>> 5;
    const bit = 1 << (place & 31);
    if (((this.available[word]! & bit) !== 0) === available) throw new Error(`place ${place} was so already`);
    this.available[word]! ^= bit;
    this.availableCount += available ? 1 : -1;
    if (!accessible) {
      this.ordinary[word]! ^= bit;
      this.ordinaryCount += available ? 1 : -1;
    }
  }

  /** Length of the longest run of set bits. */
  longestRun(bits: Uint32Array): number {
    let longest = 0;
    let run = 0;
    for (let place = 1; place <= this.width; place += 1) {
      if ((bits[place >>> 5]! & (1 << (place & 31))) === 0) {
        run = 0;
        continue;
      }
      run += 1;
      if (run > longest) longest = run;
    }
    return longest;
  }

  private growTo(place: number): void {
    this.width = place;
    if (place < this.seats.length) return;
    const places = Math.min(maxPlace + 32, 32 * Math.ceil((2 * place) / 32));
    this.seats = grown(this.seats, places);
    this.ranks = grown(this.ranks, places);
    this.available = grown(this.available, places / 32);
    this.ordinary = grown(this.ordinary, places / 32);
  }
}

/**
 * The longest run of available seats of each visited row, and of each block of 32 rows. With these
 * a search passes over most of a hall.
 */
class LongestRuns {
  readonly ofRow: Uint16Array;
  private readonly ofBlock: Uint16Array;

  constructor(rows: number) {
    this.ofRow = new Uint16Array(rows);
    this.ofBlock = new Uint16Array(Math.ceil(rows / blockRows));
  }

  set(visit: number, run: number): void {
    const { ofRow, ofBlock } = this;
    const before = ofRow[visit]!;
    ofRow[visit] = run;
    const block = Math.floor(visit / blockRows);
    if (run >= ofBlock[block]!) ofBlock[block] = run;
    else if (before === ofBlock[block]) ofBlock[block] = this.longestIn(block);
  }

  /** The first row, from visit `from` on, that has a run of so many seats; -1 for none. */
  next(seats: number, from: number): number {
    const { ofRow, ofBlock } = this;
    for (let visit = from; visit < ofRow.length;) {
      if (visit % blockRows === 0 && ofBlock[visit / blockRows]! < seats) {
        visit += blockRows;
        continue;
      }
      if (ofRow[visit]! >= seats) return visit;
      visit += 1;
    }
    return -1;
  }

  private longestIn(block: number): number {
    const { ofRow } = this;
    const end = Math.min(ofRow.length, (block + 1) * blockRows);
    let longest = 0;
    for (let visit = block * blockRows; visit < end; visit += 1) longest = Math.max(longest, ofRow[visit]!);
    return longest;
  }
}

export class Hall {
  /** Rows in order of appearance. */
  readonly rows: HallRow[] = [];
  /** Rows by rank, then by appearance; in step with the longest runs after `refresh`. */
  visited: HallRow[] = [];
  longest = new LongestRuns(0);
  longestOrdinary = new LongestRuns(0);
  /** Layout version, in memory only. Equal numbers mean an unchanged layout. */
  layout = 0;
  private stale: HallRow[] = [];
  private unsorted = false;

  add(row: HallRow): void {
    this.rows.push(row);
    this.stale.push(row);
    this.unsorted = true;
  }

  /** Notes that a seat of the row became available or stopped being so. */
  touch(row: HallRow): void {
    if (row.stale) return;
    row.stale = true;
    this.stale.push(row);
  }

  /**
   * Brings the visiting order and the longest runs up to date: counts only the rows that changed.
   */
  refresh(): void {
    if (this.unsorted) this.sort();
    for (const row of this.stale) {
      row.stale = false;
      this.longest.set(row.visit, row.longestRun(row.available));
      this.longestOrdinary.set(row.visit, row.longestRun(row.ordinary));
    }
    this.stale.length = 0;
  }

  private sort(): void {
    this.unsorted = false;
    // The sort is stable: equal ranks stay in order of appearance.
    this.visited = this.rows.toSorted((one, other) => one.rank - other.rank);
    this.longest = new LongestRuns(this.visited.length);
    this.longestOrdinary = new LongestRuns(this.visited.length);
    this.stale = [...this.rows];
    this.visited.forEach((row, visit) => {
      row.visit = visit;
      row.stale = true;
    });
  }
}

function grown(from: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const into = new Uint32Array(length);
  into.set(from);
  return into;
}
