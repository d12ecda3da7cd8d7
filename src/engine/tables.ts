/**
 * The tables: one row a thing, one column a field. Rows are numbered from 0 in log order and never move, so a row number
 * is the thing's identity. Only `effects.ts` and `sweep.ts` write them.
 */
import { Arena } from './arena.ts';
import { ByteColumn, NumberColumn, WordColumn } from './columns.ts';
import type { Attributes, Price, SaleDefinition } from './command.ts';
import { HashIndex } from './hash-index.ts';
import type { KeyedHash } from './keyed-hash.ts';

/**
 * Small numbers of a dialect's own, from 1: the things of one kind that belong to one door, in order of creation.
 */
export class Namespaces {
  private readonly rows: WordColumn[] = [];
  private readonly counts: number[] = [];

  /** Gives a row the next number of a door; 0 where there is no door. */
  add(door: number, row: number): number {
    if (door === 0) return 0;
    const rows = (this.rows[door] ??= new WordColumn());
    const count = this.counts[door] ?? 0;
    rows.set(count, row);
    this.counts[door] = count + 1;
    return count + 1;
  }

  /** Gives a row a number that was another row's; 0 asks for the next one. */
  take(door: number, row: number, number: number): number {
    if (number === 0 || number > this.count(door)) return this.add(door, row);
    this.rows[door]!.set(number - 1, row);
    return number;
  }

  /** Row of a number, or -1. */
  row(door: number, number: number): number {
    const count = this.counts[door] ?? 0;
    return number >= 1 && number <= count ? this.rows[door]!.get(number - 1) : -1;
  }

  count(door: number): number {
    return this.counts[door] ?? 0;
  }
}

export const saleStates = { open: 0, paused: 1, closed: 2 } as const;
export const holdStates = { active: 0, confirmed: 1, released: 2, expired: 3 } as const;

/** Invariant of each row: sold + held <= capacity, so available is never negative. */
export class SaleTable {
  count = 0;
  readonly capacity = new WordColumn();
  readonly sold = new WordColumn();
  readonly held = new WordColumn();
  /** Civil time, as all dates here; -Infinity and Infinity where the window has no such end. */
  readonly opensAtMs = new NumberColumn();
  readonly closesAtMs = new NumberColumn();
  /** 1 once civil time has passed `opensAtMs`: a sale that has opened stays so, wherever a clock goes. */
  readonly opened = new ByteColumn();
  readonly state = new ByteColumn();
  /** 1 for a seated sale, one whose seats are lines of their own, one that was removed. */
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
  /** The sale as it was made, for the replay of its creation. */
  readonly made: SaleDefinition[] = [];
  readonly name: string[] = [];
  readonly image: (string | null)[] = [];
  readonly attributes: Attributes[] = [];
  readonly currency: (string | null)[] = [];
  /** Sales of each door in order of creation; a sale's number in the door is its place here + 1. */
  readonly ofDoor: number[][] = [];

  available(sale: number): number {
    return this.capacity.get(sale) - this.sold.get(sale) - this.held.get(sale);
  }

  price(sale: number): Price | null {
    const amount = this.amount.get(sale);
    const currency = this.currency[sale];
    return Number.isNaN(amount) || currency === null || currency === undefined ? null : { amount, currency };
  }
}

/** A hold ends once: `state` leaves `active` exactly one time. */
export class HoldTable {
  count = 0;
  readonly sale = new WordColumn();
  readonly quantity = new WordColumn();
  /** Customer row + 1; 0 for none. */
  readonly customer = new WordColumn();
  readonly state = new ByteColumn();
  /** Unit price at the time of the hold; NaN without one. */
  readonly amount = new NumberColumn();
  /** Civil time. */
  readonly createdAtMs = new NumberColumn();
  /** How long it was to last when placed. */
  readonly holdMs = new WordColumn();
  /** Log time, which no clock moves. */
  readonly deadlineMs = new NumberColumn();
  readonly position = new NumberColumn();
  /** Order row + 1 once confirmed. */
  readonly order = new WordColumn();
  /** First of the idempotency keys that end with the hold. */
  readonly firstKey = new WordColumn();
  /** Waitlist entry + 1 when the hold is an offer. */
  readonly entry = new WordColumn();
  /** The door that placed it; 0 for the native one, and for an offer. */
  readonly placedBy = new ByteColumn();
  /** What counts it among those held: 1 where its customer does, and the address that does, or 0. */
  readonly ofCustomer = new ByteColumn();
  readonly address = new WordColumn();
  /** List of its seats (`SeatTable.lists`), as long as its quantity; 0 for none. */
  readonly seats = new WordColumn();
  /** Number within the door of its sale, from 1. */
  readonly doorNumber = new WordColumn();
  readonly namespaces = new Namespaces();
}

export class OrderTable {
  count = 0;
  readonly firstLine = new WordColumn();
  readonly lineCount = new ByteColumn();
  /** Customer row + 1; 0 for none. */
  readonly customer = new WordColumn();
  readonly createdAtMs = new NumberColumn();
  readonly position = new NumberColumn();
  /** Hold row + 1 when the order came from a hold. */
  readonly hold = new WordColumn();
  /** Waitlist entry + 1 for what a partial order did not get. */
  readonly entry = new WordColumn();
  /** Number within the door of its first line's sale, from 1. */
  readonly doorNumber = new WordColumn();
  readonly namespaces = new Namespaces();
}

export class LineTable {
  count = 0;
  readonly order = new WordColumn();
  readonly sale = new WordColumn();
  readonly quantity = new WordColumn();
  readonly amount = new NumberColumn();
  /** What the sale had available right after this line. */
  readonly remaining = new WordColumn();
  /** Position of the cancellation; 0 while the line stands. So an order can be shown as it was at any position. */
  readonly cancelledAt = new NumberColumn();
  /** List of its seats (`SeatTable.lists`), as long as its quantity; 0 for none. */
  readonly seats = new WordColumn();
  /** The line sold before this one in the same sale; `none` at the first. */
  readonly previousOfSale = new WordColumn();
}

/** Profiles that were others once, so that what was said under them is shown under them. */
export class FormerProfiles {
  count = 0;
  /** Arena reference. */
  readonly profile = new NumberColumn();
  /** Position at which it came. */
  readonly position = new NumberColumn();
  /** The one before it: row + 1; 0 for none. */
  readonly before = new WordColumn();
}

export class CustomerTable {
  count = 0;
  readonly index = new HashIndex();
  /** Arena references. */
  readonly id = new NumberColumn();
  /** JSON of name and e-mail; 0 for a customer known only by the id on an order or hold. */
  readonly profile = new NumberColumn();
  /** The profile as it was registered. */
  readonly madeProfile = new NumberColumn();
  /** Position at which the present profile came. */
  readonly profileAt = new NumberColumn();
  /** The profile before it: row in `former` + 1; 0 for none. */
  readonly formerProfile = new WordColumn();
  readonly former = new FormerProfiles();
  readonly createdAtMs = new NumberColumn();
  readonly removed = new ByteColumn();
  /** 1 when no other customer of its door may have its e-mail. */
  readonly uniqueEmail = new ByteColumn();
  readonly arena = new Arena();
  /** Customers that got their id from the engine. */
  numbered = 0;
  readonly door = new ByteColumn();
  /** Number within the door it was registered by, from 1; 0 without one. */
  readonly doorNumber = new WordColumn();
  readonly namespaces = new Namespaces();
}

/** Units that somebody has in a sale: a customer, by row, or an address, by hash. */
export class LimitTable {
  rows = 0;
  private readonly hash: KeyedHash;
  private readonly tag: number;
  readonly index = new HashIndex();
  readonly units = new WordColumn();
  private readonly pair = new Uint8Array(4);

  constructor(hash: KeyedHash, tag: number) {
    this.hash = hash;
    this.tag = tag;
  }

  unitsOf(sale: number, customer: number): number {
    const row = this.find(sale, customer);
    return row < 0 ? 0 : this.units.get(row);
  }

  change(sale: number, customer: number, by: number): void {
    let row = this.find(sale, customer);
    if (row < 0) {
      row = this.rows;
      this.rows += 1;
      this.index.insert(row, this.hash.h0, this.hash.h1, this.hash.h2, this.hash.h3);
      this.units.set(row, 0);
    }
    const units = this.units.get(row) + by;
    if (units < 0) throw new Error('a customer cannot have fewer than no units');
    this.units.set(row, units);
  }

  private find(sale: number, customer: number): number {
    const hash = this.hash;
    const pair = this.pair;
    pair[0] = sale;
    pair[1] = sale >>> 8;
    pair[2] = sale >>> 16;
    pair[3] = sale >>> 24;
    hash.prefixed(this.tag, customer, pair, 0, pair.length);
    return this.index.find(hash.h0, hash.h1, hash.h2, hash.h3);
  }
}

/** First words of hashed prefixes, so that hashes of different things never meet. */
export const limitTag = 0x4c494d49;
export const heldTag = 0x48454c44;
export const addressTag = 0x41444452;
export const customerTag = 0x43555354;
export const keyTag = 0x4b455953;
