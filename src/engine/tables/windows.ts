/**
 * Future civil times at which sales open or close: the node must tick for them. An index, not
 * state: whether a sale is open is always computed from its columns and civil time.
 */
import type { SaleTable } from './sales.ts';
import type { Table } from './table.ts';

interface Dated {
  readonly sales: SaleTable;
  /** Civil time, ms. */
  readonly civilMs: number;
}

export class Windows implements Table<object, Dated> {
  /** Sorted, latest first: the next one is the last element. A store has few. */
  private readonly timesMs: number[] = [];

  add(timeMs: number): void {
    if (!Number.isFinite(timeMs)) return;
    let low = 0;
    let high = this.timesMs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timesMs[middle]! > timeMs) low = middle + 1;
      else high = middle;
    }
    if (this.timesMs[low] !== timeMs) this.timesMs.splice(low, 0, timeMs);
  }

  nextMs(): number {
    return this.timesMs.at(-1) ?? Infinity;
  }

  dropUntil(civilMs: number): void {
    while (this.nextMs() <= civilMs) this.timesMs.pop();
  }

  /** Rebuilds the times from the dates of all sales. */
  rebuild({ sales, civilMs }: Dated): void {
    this.timesMs.length = 0;
    for (let sale = 0; sale < sales.count; sale += 1) {
      if (sales.opened.get(sale) === 0) this.add(sales.opensAtMs.get(sale));
      this.add(sales.closesAtMs.get(sale));
    }
    this.dropUntil(civilMs);
  }
}
