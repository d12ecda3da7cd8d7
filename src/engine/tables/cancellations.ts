/**
 * The times of cancellations. An order line keeps the position of its cancellation; this table has
 * the time of that position.
 */
import { NumberColumn } from '../base/columns.ts';
import type { Stored, Table } from './table.ts';
import { stored } from './table.ts';

export class Cancellations implements Table<{ readonly cancellations: number }> {
  count = 0;
  /** Positions of the records that cancelled something, ascending. */
  readonly position = new NumberColumn();
  /** Civil time of each, ms. */
  readonly timeMs = new NumberColumn();

  /** One record may cancel many lines. */
  add(position: number, timeMs: number): void {
    if (this.count > 0 && this.position.get(this.count - 1) === position) return;
    this.position.set(this.count, position);
    this.timeMs.set(this.count, timeMs);
    this.count += 1;
  }

  /**
   * Civil time of the cancellation at a position, ms; null when it was not kept, before engine
   * version 2.
   */
  timeAt(position: number): number | null {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.position.get(middle) < position) low = middle + 1;
      else high = middle;
    }
    return low < this.count && this.position.get(low) === position ? this.timeMs.get(low) : null;
  }

  head(): { readonly cancellations: number } {
    return { cancellations: this.count };
  }

  restore({ cancellations = 0 }: { readonly cancellations?: number }): void {
    this.count = cancellations;
  }

  columns(): Stored[] {
    return stored(this.count, [this.position, this.timeMs]);
  }
}
