/**
 * Access keys of gates, by the hashes of their text: nobody can read a key from here. They are few
 * and seldom change, so a snapshot has them in its head. A row is never used again.
 */
import type { Table } from './table.ts';

export interface AccessKey {
  /** SHA-256 of the key, hexadecimal. */
  readonly hash: string;
  /** Ids of its gates. */
  readonly gates: readonly string[];
  readonly label: string | null;
  /** Civil time, ms. */
  readonly createdAtMs: number;
  /** Log position of its record. */
  readonly position: number;
}

interface KeysHead {
  readonly accessKeys: readonly AccessKey[];
  readonly removedKeys: readonly number[];
}

export class AccessKeyTable implements Table<KeysHead> {
  readonly rows: AccessKey[] = [];
  private readonly removed = new Set<number>();
  private readonly byHash = new Map<string, number>();

  get count(): number {
    return this.rows.length;
  }

  /** The row of the key with a hash, or -1 when there is none that still opens. */
  find(hash: string): number {
    return this.byHash.get(hash) ?? -1;
  }

  gatesOf(key: number): readonly string[] {
    return this.rows[key]!.gates;
  }

  isRemoved(key: number): boolean {
    return this.removed.has(key);
  }

  add(made: AccessKey): number {
    const key = this.rows.length;
    this.rows.push(made);
    this.byHash.set(made.hash, key);
    return key;
  }

  remove(key: number): void {
    this.removed.add(key);
    this.byHash.delete(this.rows[key]!.hash);
  }

  head(): KeysHead {
    return { accessKeys: this.rows, removedKeys: [...this.removed] };
  }

  restore({ accessKeys = [], removedKeys = [] }: Partial<KeysHead>): void {
    for (const made of accessKeys) this.rows.push(made);
    for (const key of removedKeys) this.removed.add(key);
    for (const [key, { hash }] of this.rows.entries()) if (!this.removed.has(key)) this.byHash.set(hash, key);
  }
}
