import { ByteColumn, NumberColumn, WordColumn } from '../base/columns.ts';
import { Namespaces } from '../base/namespaces.ts';
import type { RefColumn } from '../base/ref.ts';
import type { SaleTable } from './sales.ts';
import type { Stored, Table } from './table.ts';
import { stored } from './table.ts';

interface Lined {
  readonly sales: SaleTable;
  readonly lines: LineTable;
}

export class OrderTable implements Table<{ readonly orders: number }, Lined> {
  count = 0;
  readonly firstLine = new WordColumn();
  readonly lineCount = new ByteColumn();
  readonly customer = new WordColumn() as RefColumn;
  readonly createdAtMs = new NumberColumn();
  readonly position = new NumberColumn();
  /** The hold that the order came from, if any. */
  readonly hold = new WordColumn() as RefColumn;
  /** The waitlist entry for the rest of a partial order. */
  readonly entry = new WordColumn() as RefColumn;
  /** Number within the door of its first line's sale, from 1. */
  readonly doorNumber = new WordColumn();
  readonly namespaces = new Namespaces();

  head(): { readonly orders: number } {
    return { orders: this.count };
  }

  restore({ orders = 0 }: { readonly orders?: number }): void {
    this.count = orders;
  }

  columns(): Stored[] {
    return stored(
      this.count,
      [this.firstLine, this.lineCount, this.customer, this.createdAtMs, this.position],
      [this.hold, this.doorNumber, this.entry],
    );
  }

  rebuild({ sales, lines }: Lined): void {
    for (let order = 0; order < this.count; order += 1) {
      this.namespaces.add(sales.door.get(lines.sale.get(this.firstLine.get(order))), order);
    }
  }
}

export class LineTable implements Table<{ readonly lines: number }> {
  count = 0;
  readonly order = new WordColumn();
  readonly sale = new WordColumn();
  readonly quantity = new WordColumn();
  readonly amount = new NumberColumn();
  /** Units available in the sale right after this line. */
  readonly remaining = new WordColumn();
  /**
   * Position of the cancellation; 0 while the line stands. With it an order can be shown as of any
   * position.
   */
  readonly cancelledAt = new NumberColumn();
  /** List of its seats (`SeatTable.lists`), as long as its quantity; 0 for none. */
  readonly seats = new WordColumn();
  /** The line sold before this one in the same sale; `none` at the first. */
  readonly previousOfSale = new WordColumn();

  head(): { readonly lines: number } {
    return { lines: this.count };
  }

  restore({ lines = 0 }: { readonly lines?: number }): void {
    this.count = lines;
  }

  columns(): Stored[] {
    return stored(
      this.count,
      [this.order, this.sale, this.quantity, this.amount, this.remaining, this.cancelledAt],
      [this.previousOfSale, this.seats],
    );
  }
}
