import { Arena } from '../base/arena.ts';
import { ByteColumn, NumberColumn, WordColumn } from '../base/columns.ts';
import { HashIndex } from '../base/hash-index.ts';
import { Namespaces } from '../base/namespaces.ts';
import type { Stored, Table } from './table.ts';
import { stored } from './table.ts';

/**
 * Earlier profiles of customers: an answer from that time is replayed with the profile of that
 * time.
 */
export class FormerProfiles {
  count = 0;
  /** Arena reference. */
  readonly profile = new NumberColumn();
  /** Position from which it was in force. */
  readonly position = new NumberColumn();
  /** The one before it: row + 1; 0 for none. */
  readonly before = new WordColumn();
}

interface CustomerHead {
  readonly customers: number;
  readonly numbered: number;
  readonly arenaUsed: number;
  readonly formerProfiles: number;
}

export class CustomerTable implements Table<CustomerHead> {
  count = 0;
  readonly index = new HashIndex();
  /** Arena references. */
  readonly id = new NumberColumn();
  /** JSON of name and e-mail; 0 for a customer known only by the id on an order or hold. */
  readonly profile = new NumberColumn();
  /** The profile as it was registered. */
  readonly madeProfile = new NumberColumn();
  /** Position from which the present profile is in force. */
  readonly profileAt = new NumberColumn();
  /** The profile before it: row in `former` + 1; 0 for none. */
  readonly formerProfile = new WordColumn();
  readonly former = new FormerProfiles();
  readonly createdAtMs = new NumberColumn();
  readonly removed = new ByteColumn();
  /** 1 when no other customer of its door may have its e-mail. */
  readonly uniqueEmail = new ByteColumn();
  readonly arena = new Arena();
  /** Number of customers that got their id from the engine. */
  numbered = 0;
  readonly door = new ByteColumn();
  /** Number within the door it was registered by, from 1; 0 without one. */
  readonly doorNumber = new WordColumn();
  readonly namespaces = new Namespaces();

  head(): CustomerHead {
    return {
      customers: this.count,
      numbered: this.numbered,
      arenaUsed: this.arena.used,
      formerProfiles: this.former.count,
    };
  }

  restore({ customers = 0, numbered = 0, arenaUsed = 1, formerProfiles = 0 }: Partial<CustomerHead>): void {
    this.count = customers;
    this.numbered = numbered;
    this.arena.used = arenaUsed;
    this.former.count = formerProfiles;
  }

  columns(format: number): Stored[] {
    const { former } = this;
    return [
      ...stored(
        this.count,
        [this.id, this.profile, this.createdAtMs, this.door, this.doorNumber, this.madeProfile, this.removed],
        [this.uniqueEmail],
        format >= 4 ? [this.profileAt, this.formerProfile] : [],
      ),
      ...stored(former.count, [former.profile, former.position, former.before]),
      ...stored(this.count * 4, [this.index.hashes]),
    ];
  }

  arenas(): Arena[] {
    return [this.arena];
  }

  rebuild(_: unknown, format: number): void {
    this.index.rebuild(this.count, () => true);
    this.rebuildNumbers();
    if (format >= 4) return;
    // Before format 4 a profile also applied to all earlier positions.
    for (let row = 0; row < this.count; row += 1) {
      this.profileAt.add(row, 0);
      this.formerProfile.add(row, 0);
    }
  }

  /** A customer gets its number on registration, so numbers are not in the order of rows. */
  private rebuildNumbers(): void {
    const numbered: number[] = [];
    for (let row = 0; row < this.count; row += 1) if (this.doorNumber.get(row) > 0) numbered.push(row);
    numbered.sort((one, other) => this.doorNumber.get(one) - this.doorNumber.get(other));
    for (const row of numbered) this.namespaces.add(this.door.get(row), row);
  }
}

/** The tables that these functions read. */
interface Customers {
  readonly customers: CustomerTable;
}

/** Id of a customer by its link (row + 1); null for 0. */
export function customerId(state: Customers, rowPlusOne: number): string | null {
  const { customers } = state;
  return rowPlusOne === 0 ? null : customers.arena.text(customers.id.get(rowPlusOne - 1));
}

export function customerProfile(state: Customers, customer: number): { name: string | null; email: string | null } {
  const { customers } = state;
  return profileOf(state, customers.profile.get(customer));
}

/**
 * The profile that a customer had when the record at a position was applied; null before its first.
 */
export function customerProfileAt(
  state: Customers,
  customer: number,
  position: number,
): { name: string | null; email: string | null } | null {
  const { customers } = state;
  const { former } = customers;
  let profile = customers.profile.get(customer);
  let at = customers.profileAt.get(customer);
  let before = customers.formerProfile.get(customer);
  while (profile > 0 && at >= position) {
    profile = before === 0 ? 0 : former.profile.get(before - 1);
    at = before === 0 ? 0 : former.position.get(before - 1);
    before = before === 0 ? 0 : former.before.get(before - 1);
  }
  return profile === 0 ? null : profileOf(state, profile);
}

/** Every name that a customer had, with the position from which it holds, oldest first. */
export function customerNames(state: Customers, customer: number): (readonly [number, string | null])[] {
  const { customers } = state;
  const { former } = customers;
  if (customers.profile.get(customer) === 0) return [];
  const names: (readonly [number, string | null])[] = [
    [customers.profileAt.get(customer), customerProfile(state, customer).name],
  ];
  for (let row = customers.formerProfile.get(customer); row > 0; row = former.before.get(row - 1)) {
    names.unshift([former.position.get(row - 1), profileOf(state, former.profile.get(row - 1)).name]);
  }
  return names;
}

/** The profile as it was registered, before any change. */
export function madeCustomerProfile(state: Customers, customer: number): { name: string | null; email: string | null } {
  return profileOf(state, state.customers.madeProfile.get(customer));
}

function profileOf({ customers }: Customers, reference: number): { name: string | null; email: string | null } {
  if (reference === 0) return { name: null, email: null };
  // Written by `setProfile` in rules/customers.ts as exactly this shape.
  return JSON.parse(customers.arena.text(reference)) as { name: string | null; email: string | null };
}
