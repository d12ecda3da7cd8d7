import { WordColumn } from '../base/columns.ts';
import { HashIndex } from '../base/hash-index.ts';
import type { KeyedHash } from '../base/keyed-hash.ts';

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
