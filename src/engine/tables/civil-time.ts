/**
 * Civil time: log time plus an offset that is in the log. Log time is monotone and counts
 * deadlines; civil time follows the wall clock and is for dates. The offset may go back.
 */
import type { Table } from './table.ts';

interface OffsetHead {
  readonly offsets: readonly (readonly [number, number])[];
}

export class CivilTime implements Table<OffsetHead> {
  /** In force now, ms. */
  offsetMs = 0;
  /** Positions of the records that changed the offset, ascending, and the offset from there on. */
  readonly positions: number[] = [];
  readonly offsets: number[] = [];

  /** From the record at `position` on, civil time is log time plus `offsetMs`. */
  set(position: number, offsetMs: number): void {
    this.positions.push(position);
    this.offsets.push(offsetMs);
    this.offsetMs = offsetMs;
  }

  /** Position and offset of each change, in the order of `set`. */
  entries(): [number, number][] {
    return this.positions.map((position, i) => [position, this.offsets[i]!]);
  }

  /** The offset in force at a position, after its record was applied. */
  offsetAt(position: number): number {
    for (let i = this.positions.length - 1; i >= 0; i -= 1) {
      if (this.positions[i]! <= position) return this.offsets[i]!;
    }
    return 0;
  }

  head(): OffsetHead {
    return { offsets: this.entries() };
  }

  restore({ offsets = [] }: Partial<OffsetHead>): void {
    for (const [position, offsetMs] of offsets) this.set(position, offsetMs);
  }
}
