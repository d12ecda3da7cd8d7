import { ByteColumn, NumberColumn, WordColumn } from '../base/columns.ts';
import { Namespaces } from '../base/namespaces.ts';
import type { RefColumn } from '../base/ref.ts';
import type { SaleTable } from './sales.ts';
import type { Stored, Table } from './table.ts';
import { stored } from './table.ts';

export const holdStates = { active: 0, confirmed: 1, released: 2, expired: 3 } as const;

interface Sales {
  readonly sales: SaleTable;
}

/** A hold ends once: `state` leaves `active` exactly one time. */
export class HoldTable implements Table<{ readonly holds: number }, Sales> {
  count = 0;
  readonly sale = new WordColumn();
  readonly quantity = new WordColumn();
  readonly customer = new WordColumn() as RefColumn;
  readonly state = new ByteColumn();
  /** Unit price at the time of the hold; NaN without one. */
  readonly amount = new NumberColumn();
  /** Civil time. */
  readonly createdAtMs = new NumberColumn();
  /** How long it was to last when it was placed. */
  readonly holdMs = new WordColumn();
  /** Log time: no change of the clock moves it. */
  readonly deadlineMs = new NumberColumn();
  readonly position = new NumberColumn();
  /** The order, once confirmed. */
  readonly order = new WordColumn() as RefColumn;
  /** First of the idempotency keys whose retention begins with the end of the hold. */
  readonly firstKey = new WordColumn();
  /** The waitlist entry, when the hold is an offer. */
  readonly entry = new WordColumn() as RefColumn;
  /** The door that placed it; 0 for the native one, and for an offer. */
  readonly placedBy = new ByteColumn();
  /**
   * Which limits count it: 1 when its customer's does, else 0; and the address whose limit does, or
   * 0.
   */
  readonly ofCustomer = new ByteColumn();
  readonly address = new WordColumn();
  /** List of its seats (`SeatTable.lists`), as long as its quantity; 0 for none. */
  readonly seats = new WordColumn();
  /** Number within the door of its sale, from 1. */
  readonly doorNumber = new WordColumn();
  readonly namespaces = new Namespaces();

  head(): { readonly holds: number } {
    return { holds: this.count };
  }

  restore({ holds = 0 }: { readonly holds?: number }): void {
    this.count = holds;
  }

  columns(format: number): Stored[] {
    return stored(
      this.count,
      [this.sale, this.quantity, this.customer, this.state, this.amount, this.createdAtMs],
      [this.holdMs, this.deadlineMs, this.position, this.order, this.firstKey, this.entry, this.doorNumber],
      [this.seats],
      format >= 4 ? [this.placedBy, this.ofCustomer, this.address] : [],
    );
  }

  rebuild({ sales }: Sales, format: number): void {
    for (let hold = 0; hold < this.count; hold += 1) {
      const door = sales.door.get(this.sale.get(hold));
      this.namespaces.add(door, hold);
      if (format >= 4) continue;
      // Before format 4 every hold belonged to the door of its sale, except offers.
      this.placedBy.set(hold, this.entry.get(hold) > 0 ? 0 : door);
      this.ofCustomer.add(hold, 0);
      this.address.add(hold, 0);
    }
  }
}
