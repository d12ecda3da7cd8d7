/**
 * Totals of an order: what was bought, and what still stands. An order's status is derived here and
 * nowhere else.
 */
import type { State } from './state.ts';

export type OrderStatus = 'confirmed' | 'partially_cancelled' | 'cancelled';

/** Whether a line is cancelled as of a position. */
export function isCancelled({ lines }: State, line: number, asOf: number): boolean {
  const cancelledAt = lines.cancelledAt.get(line);
  return cancelledAt > 0 && cancelledAt <= asOf;
}

/** A reused object: a caller that shows many orders makes one and fills it for each. */
export class OrderSums {
  status: OrderStatus = 'confirmed';
  /** Currency of the priced lines; null when no line has a price. */
  currency: string | null = null;
  quantity = 0;
  /** Minor units, as all amounts here; 0 when no line has a price. */
  total = 0;
  activeQuantity = 0;
  activeTotal = 0;
  /** Position of the latest cancellation; 0 for none. */
  cancelledAt = 0;

  get cancelledTotal(): number {
    return this.total - this.activeTotal;
  }

  /** Sums up an order as of a position; `Infinity` for now. */
  of(state: State, order: number, asOf: number): this {
    const { orders, lines, sales } = state;
    const first = orders.firstLine.get(order);
    const end = first + orders.lineCount.get(order);
    let standing = 0;
    this.currency = null;
    this.quantity = this.total = this.activeQuantity = this.activeTotal = this.cancelledAt = 0;
    for (let line = first; line < end; line += 1) {
      const quantity = lines.quantity.get(line);
      const amount = lines.amount.get(line);
      const paid = Number.isNaN(amount) ? 0 : amount * quantity;
      if (!Number.isNaN(amount)) this.currency = sales.currency[lines.sale.get(line)] ?? null;
      this.quantity += quantity;
      this.total += paid;
      if (isCancelled(state, line, asOf)) {
        this.cancelledAt = Math.max(this.cancelledAt, lines.cancelledAt.get(line));
        continue;
      }
      standing += 1;
      this.activeQuantity += quantity;
      this.activeTotal += paid;
    }
    this.status = standing === end - first ? 'confirmed' : standing > 0 ? 'partially_cancelled' : 'cancelled';
    return this;
  }
}
