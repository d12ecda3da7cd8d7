import { WordColumn } from '../base/columns.ts';
import { HashIndex } from '../base/hash-index.ts';
import type { KeyedHash } from '../base/keyed-hash.ts';
import type { Stored, Table } from './table.ts';
import { stored } from './table.ts';

/** Units of a sale that a customer (by row) or an address (by hash) has. */
export class LimitTable implements Table<Readonly<Record<string, number>>> {
  rows = 0;
  private readonly hash: KeyedHash;
  private readonly tag: number;
  private readonly name: string;
  readonly index = new HashIndex();
  readonly units = new WordColumn();

  /** `name`: the name of its number of rows in the head of a snapshot. */
  constructor(hash: KeyedHash, tag: number, name: string) {
    this.hash = hash;
    this.tag = tag;
    this.name = name;
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
    const { hash } = this;
    hash.pair(this.tag, customer, sale);
    return this.index.find(hash.h0, hash.h1, hash.h2, hash.h3);
  }

  head(): Readonly<Record<string, number>> {
    return { [this.name]: this.rows };
  }

  restore(head: Readonly<Record<string, number>>): void {
    this.rows = head[this.name] ?? 0;
  }

  columns(): Stored[] {
    return [...stored(this.rows, [this.units]), ...stored(this.rows * 4, [this.index.hashes])];
  }

  rebuild(): void {
    this.index.rebuild(this.rows, () => true);
  }
}
