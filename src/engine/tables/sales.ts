import { ByteColumn, NumberColumn, WordColumn } from '../base/columns.ts';
import { Namespaces } from '../base/namespaces.ts';
import type { Attributes, Price, SaleDefinition } from '../commands/sales.ts';
import type { Stored, Table } from './table.ts';
import { fill, stored } from './table.ts';

export const saleStates = { open: 0, paused: 1, closed: 2 } as const;

interface SaleHead {
  readonly sales: number;
  readonly made: readonly SaleDefinition[];
  readonly names: readonly string[];
  readonly images: readonly (string | null)[];
  readonly currencies: readonly (string | null)[];
  readonly attributes: readonly Attributes[];
}

interface Clock {
  /** Log time, ms. */
  readonly nowMs: number;
}

/** Invariant of each row: sold + held <= capacity, so available is never negative. */
export class SaleTable implements Table<SaleHead, Clock> {
  count = 0;
  readonly capacity = new WordColumn();
  readonly sold = new WordColumn();
  readonly held = new WordColumn();
  /** Civil time, as all dates here; -Infinity and Infinity for a window without that end. */
  readonly opensAtMs = new NumberColumn();
  readonly closesAtMs = new NumberColumn();
  /**
   * 1 once civil time has passed `opensAtMs`: a sale that has opened stays open when the clock is
   * set back.
   */
  readonly opened = new ByteColumn();
  readonly state = new ByteColumn();
  /**
   * Each 1 or 0: a seated sale; a sale whose seats are order lines of their own; a removed sale.
   */
  readonly seated = new ByteColumn();
  readonly linePerSeat = new ByteColumn();
  readonly removed = new ByteColumn();
  /** 1 when refusals are pinned to their key. */
  readonly remembers = new ByteColumn();
  /** 0 for no limit. */
  readonly maxPerOrder = new WordColumn();
  readonly maxPerCustomer = new WordColumn();
  readonly holdMs = new NumberColumn();
  readonly maxHoldMs = new NumberColumn();
  /** Unit price in minor units; NaN without a price. */
  readonly amount = new NumberColumn();
  readonly createdAtMs = new NumberColumn();
  readonly position = new NumberColumn();
  /** Newest order line of the sale; lines are linked backwards. */
  readonly lastLine = new WordColumn();
  /** Order lines ever sold, cancelled ones included. */
  readonly lineCount = new WordColumn();
  readonly door = new ByteColumn();
  /** Number within the door's namespace, from 1. */
  readonly doorNumber = new WordColumn();
  /** The sale as it was created, for the replay of its creation. */
  readonly made: SaleDefinition[] = [];
  readonly name: string[] = [];
  readonly image: (string | null)[] = [];
  readonly attributes: Attributes[] = [];
  readonly currency: (string | null)[] = [];
  readonly namespaces = new Namespaces(0);

  available(sale: number): number {
    return this.capacity.get(sale) - this.sold.get(sale) - this.held.get(sale);
  }

  price(sale: number): Price | null {
    const amount = this.amount.get(sale);
    const currency = this.currency[sale];
    return Number.isNaN(amount) || currency === null || currency === undefined ? null : { amount, currency };
  }

  head(): SaleHead {
    return {
      sales: this.count,
      made: this.made,
      names: this.name,
      images: this.image,
      currencies: this.currency,
      attributes: this.attributes,
    };
  }

  restore({
    sales = 0,
    made = [],
    names = [],
    images = [],
    currencies = [],
    attributes = [],
  }: Partial<SaleHead>): void {
    this.count = sales;
    fill(this.made, made);
    fill(this.name, names);
    fill(this.image, images);
    fill(this.currency, currencies);
    fill(this.attributes, attributes);
  }

  columns(format: number): Stored[] {
    return stored(
      this.count,
      [this.capacity, this.sold, this.held, this.opensAtMs, this.closesAtMs, this.state, this.remembers],
      [this.maxPerOrder, this.maxPerCustomer, this.holdMs, this.maxHoldMs, this.amount, this.createdAtMs],
      [this.position, this.lastLine, this.lineCount, this.door, this.doorNumber, this.seated, this.linePerSeat],
      [this.removed],
      format >= 4 ? [this.opened] : [],
    );
  }

  rebuild({ nowMs }: Clock, format: number): void {
    for (let sale = 0; sale < this.count; sale += 1) {
      this.namespaces.add(this.door.get(sale), sale);
      if (format < 4) this.opened.set(sale, this.opensAtMs.get(sale) <= nowMs ? 1 : 0);
    }
  }
}
