/**
 * The e-mails of customers who must be the only one of their door to have theirs. Derived from the
 * customers and rebuilt on restore.
 */
import { WordColumn } from '../base/columns.ts';
import { HashIndex } from '../base/hash-index.ts';
import type { KeyedHash } from '../base/keyed-hash.ts';
import { emailTag } from '../base/tags.ts';
import type { CustomerTable } from './customers.ts';
import { customerProfile } from './customers.ts';
import type { Table } from './table.ts';

const encoder = new TextEncoder();

interface Customers {
  readonly customers: CustomerTable;
}

export class Emails implements Table<object, Customers> {
  private readonly index = new HashIndex();
  private readonly customer = new WordColumn();
  private rows = 0;
  private readonly hash: KeyedHash;

  constructor(hash: KeyedHash) {
    this.hash = hash;
  }

  /** Row of the door's customer with this e-mail, or -1. */
  find(door: number, email: string): number {
    const row = this.rowOf(door, email);
    return row < 0 ? -1 : this.customer.get(row);
  }

  /** Does nothing when a customer has the e-mail already. */
  add(door: number, email: string | null, customer: number): void {
    if (email === null || this.rowOf(door, email) >= 0) return;
    const { h0, h1, h2, h3 } = this.hash;
    this.index.insert(this.rows, h0, h1, h2, h3);
    this.customer.set(this.rows, customer);
    this.rows += 1;
  }

  /** Does nothing when another customer has the e-mail. */
  remove(door: number, email: string | null, customer: number): void {
    if (email === null) return;
    const row = this.rowOf(door, email);
    if (row >= 0 && this.customer.get(row) === customer) this.index.remove(row);
  }

  private rowOf(door: number, email: string): number {
    const bytes = encoder.encode(email);
    this.hash.prefixed(emailTag, door, bytes, 0, bytes.length);
    const { h0, h1, h2, h3 } = this.hash;
    return this.index.find(h0, h1, h2, h3);
  }

  rebuild(all: Customers): void {
    const { customers } = all;
    for (let row = 0; row < customers.count; row += 1) {
      if (customers.uniqueEmail.get(row) === 0 || customers.removed.get(row) === 1) continue;
      this.add(customers.door.get(row), customerProfile(all, row).email, row);
    }
  }
}
