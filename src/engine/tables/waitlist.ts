/**
 * Waitlists: customers in line for a sale that is sold out. Returned stock is offered in order, as
 * a hold with a deadline, within the record that returned it: no other customer can take it first.
 *
 *     waiting --stock that fits returns--> offered --its hold is confirmed--> served
 *        |                                    |
 *        +--leaves--> left <--leaves, hold lapses or is released--+
 *        +--stock that fits returns to an entry that books--> served
 *
 * An entry whose quantity does not fit, or whose customer would pass the sale's limit, is passed
 * over and stays in line.
 *
 * Invariants: a customer waits or is offered at most once a sale; `waiting` of a sale counts its
 * entries that wait; a block counts the waiting entries among its 256 places.
 */
import { NumberColumn, ByteColumn, WordColumn } from '../base/columns.ts';
import { HashIndex } from '../base/hash-index.ts';
import type { KeyedHash } from '../base/keyed-hash.ts';
import { waitTag } from '../base/tags.ts';
import type { RefColumn } from '../base/ref.ts';
import { noRef, refOf, rowOf } from '../base/ref.ts';
import { none } from './keys.ts';
import type { Stored, Table } from './table.ts';
import { stored } from './table.ts';

export const waitStates = { waiting: 0, offered: 1, left: 2, served: 3 } as const;

const blockPlaces = 256;

/** The line of one sale. */
class Line {
  /** Number of entries so far, which is the place of the next one. */
  places = 0;
  waiting = 0;
  /** No entry before this place waits. */
  firstPlace = 0;
  readonly entries = new WordColumn();
  /** Waiting entries in each block of places. */
  readonly blocks = new WordColumn();
}

export class WaitlistTable implements Table<{ readonly waitlist: number }> {
  count = 0;
  readonly sale = new WordColumn();
  readonly customer = new WordColumn() as RefColumn;
  readonly quantity = new WordColumn();
  readonly state = new ByteColumn();
  readonly createdAtMs = new NumberColumn();
  readonly position = new NumberColumn();
  /** Place in the sale's line, from 0. */
  readonly place = new WordColumn();
  /** The hold, once offered. */
  readonly hold = new WordColumn() as RefColumn;
  /** 1: returned stock becomes an order at once; and the row of that order. */
  readonly books = new ByteColumn();
  readonly order = new WordColumn() as RefColumn;
  /** The newest entry of each pair of sale and customer. */
  private readonly newest = new HashIndex();
  private readonly newestEntry = new WordColumn();
  private newestRows = 0;
  private readonly lines = new Map<number, Line>();
  private readonly hash: KeyedHash;

  constructor(hash: KeyedHash) {
    this.hash = hash;
  }

  /** The newest entry of a customer in a sale, or -1. */
  find(sale: number, customer: number): number {
    const row = this.findNewest(sale, customer);
    return row < 0 ? -1 : this.newestEntry.get(row);
  }

  /** Puts a customer at the end of a sale's line. */
  add(sale: number, customer: number, quantity: number, books: boolean, position: number, nowMs: number): number {
    const entry = this.count;
    this.count += 1;
    this.sale.set(entry, sale);
    this.customer.set(entry, refOf(customer));
    this.quantity.set(entry, quantity);
    this.state.set(entry, waitStates.waiting);
    this.createdAtMs.set(entry, nowMs);
    this.position.set(entry, position);
    this.hold.set(entry, noRef);
    this.books.set(entry, books ? 1 : 0);
    this.order.set(entry, noRef);
    this.append(entry);
    return entry;
  }

  /** Moves an entry from `waiting` or `offered` to another state. */
  move(entry: number, state: number): void {
    if (this.state.get(entry) === waitStates.waiting) this.unwait(entry);
    this.state.set(entry, state);
  }

  waitingOf(sale: number): number {
    return this.lines.get(sale)?.waiting ?? 0;
  }

  /** How many wait before an entry of the same sale. */
  ahead(entry: number): number {
    const line = this.lines.get(this.sale.get(entry));
    if (line === undefined) throw new Error(`entry ${entry} is in no line`);
    const place = this.place.get(entry);
    const block = Math.floor(place / blockPlaces);
    let ahead = 0;
    for (let i = 0; i < block; i += 1) ahead += line.blocks.get(i);
    for (let at = block * blockPlaces; at < place; at += 1) {
      if (this.state.get(line.entries.get(at)) === waitStates.waiting) ahead += 1;
    }
    return ahead;
  }

  /**
   * The next waiting entry of a sale at or after a place, or `none`. Skips whole blocks without
   * one.
   */
  nextWaiting(sale: number, fromPlace: number): number {
    const line = this.lines.get(sale);
    if (line === undefined || line.waiting === 0) return none;
    let place = Math.max(fromPlace, line.firstPlace);
    while (place < line.places) {
      if (place % blockPlaces === 0 && line.blocks.get(place / blockPlaces) === 0) {
        place += blockPlaces;
        continue;
      }
      const entry = line.entries.get(place);
      if (this.state.get(entry) === waitStates.waiting) {
        // No entry waits between the first place and here: the next search begins here.
        if (fromPlace <= line.firstPlace) line.firstPlace = place;
        return entry;
      }
      place += 1;
    }
    return none;
  }

  /** Rebuilds lines and index. */
  rebuild(): void {
    const { count } = this;
    this.count = 0;
    for (let entry = 0; entry < count; entry += 1) {
      this.count += 1;
      const state = this.state.get(entry);
      this.append(entry);
      if (state !== waitStates.waiting) this.unwait(entry);
    }
  }

  private append(entry: number): void {
    const sale = this.sale.get(entry);
    let line = this.lines.get(sale);
    if (line === undefined) {
      line = new Line();
      this.lines.set(sale, line);
    }
    const place = line.places;
    line.places += 1;
    line.waiting += 1;
    line.entries.set(place, entry);
    const block = Math.floor(place / blockPlaces);
    line.blocks.set(block, (place % blockPlaces === 0 ? 0 : line.blocks.get(block)) + 1);
    this.place.set(entry, place);
    const customer = rowOf(this.customer.get(entry));
    const row = this.findNewest(sale, customer);
    if (row >= 0) {
      this.newestEntry.set(row, entry);
      return;
    }
    const { hash } = this;
    this.newest.insert(this.newestRows, hash.h0, hash.h1, hash.h2, hash.h3);
    this.newestEntry.set(this.newestRows, entry);
    this.newestRows += 1;
  }

  private unwait(entry: number): void {
    const line = this.lines.get(this.sale.get(entry));
    if (line === undefined) throw new Error(`entry ${entry} is in no line`);
    const place = this.place.get(entry);
    const block = Math.floor(place / blockPlaces);
    line.waiting -= 1;
    line.blocks.set(block, line.blocks.get(block) - 1);
  }

  private findNewest(sale: number, customer: number): number {
    const { hash } = this;
    hash.pair(waitTag, customer, sale);
    return this.newest.find(hash.h0, hash.h1, hash.h2, hash.h3);
  }

  head(): { readonly waitlist: number } {
    return { waitlist: this.count };
  }

  restore({ waitlist = 0 }: { readonly waitlist?: number }): void {
    this.count = waitlist;
  }

  columns(): Stored[] {
    return stored(
      this.count,
      [this.sale, this.customer, this.quantity, this.state, this.createdAtMs],
      [this.position, this.place, this.hold, this.books, this.order],
    );
  }
}
