/**
 * Tells the histories of a log apart. Each start of a store is a record (`started`) with a new
 * random mark, its epoch. Two stores that continue copies of one log have different epochs from
 * there on, although their positions count alike.
 */
import type { Table } from './table.ts';

interface EpochHead {
  readonly epochs: readonly (readonly [number, string])[];
}

export class Epochs implements Table<EpochHead> {
  /** Positions of the `started` records, ascending, and their marks. */
  readonly positions: number[] = [];
  readonly marks: string[] = [];

  /** `mark`: 12 lower-case hexadecimal digits. */
  add(position: number, mark: string): void {
    this.positions.push(position);
    this.marks.push(mark);
  }

  /** The epoch in force at a position; null before the first `started` record. */
  at(position: number): string | null {
    const last = this.positions.length - 1;
    // Nearly every look-up is for the newest position.
    if (last >= 0 && position >= this.positions[last]!) return this.marks[last]!;
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.positions[middle]! > position) high = middle;
      else low = middle + 1;
    }
    return low > 0 ? this.marks[low - 1]! : null;
  }

  /** Position and mark of each, in the order of `add`. */
  entries(): [number, string][] {
    return this.positions.map((position, i) => [position, this.marks[i]!]);
  }

  /** Whether this log has the epoch at the position; for null, whether it has none there. */
  has(position: number, epoch: string | null): boolean {
    return this.at(position) === epoch;
  }

  head(): EpochHead {
    return { epochs: this.entries() };
  }

  restore({ epochs = [] }: Partial<EpochHead>): void {
    for (const [position, mark] of epochs) this.add(position, mark);
  }
}
