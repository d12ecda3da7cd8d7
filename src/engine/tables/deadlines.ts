/**
 * Holds by (deadline, hold): a binary min-heap in columns, 12 bytes an entry.
 *
 * It is an index, not state. An entry may be stale: its hold has ended or was extended. Such an
 * entry is dropped or put back when it reaches the top, and never counts as an expiry. A snapshot
 * leaves the heap out and a restore rebuilds it, so two replicas may have different stale entries
 * and still decide the same.
 */
import { NumberColumn, WordColumn } from '../base/columns.ts';
import type { HoldTable } from './holds.ts';
import { holdStates } from './holds.ts';
import type { Table } from './table.ts';

interface Holds {
  readonly holds: HoldTable;
}

export class Deadlines implements Table<object, Holds> {
  private readonly dueMs = new NumberColumn();
  private readonly holds = new WordColumn();
  private size = 0;

  get length(): number {
    return this.size;
  }

  /** Deadline of the first entry; Infinity when there is none. */
  firstDueMs(): number {
    return this.size === 0 ? Infinity : this.dueMs.get(0);
  }

  firstHold(): number {
    return this.holds.get(0);
  }

  /** The holds of all entries, stale ones too, in no order. */
  *holdsOfAll(): Generator<number> {
    for (let at = 0; at < this.size; at += 1) yield this.holds.get(at);
  }

  push(dueMs: number, hold: number): void {
    let at = this.size;
    this.size += 1;
    this.dueMs.set(at, dueMs);
    this.holds.set(at, hold);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.before(dueMs, hold, parent)) break;
      this.move(parent, at);
      at = parent;
    }
    this.dueMs.set(at, dueMs);
    this.holds.set(at, hold);
  }

  pop(): void {
    if (this.size === 0) throw new Error('no deadline to take');
    this.size -= 1;
    if (this.size === 0) return;
    const dueMs = this.dueMs.get(this.size);
    const hold = this.holds.get(this.size);
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      const right = child + 1;
      if (right < this.size && this.before(this.dueMs.get(right), this.holds.get(right), child)) child = right;
      if (!this.before(this.dueMs.get(child), this.holds.get(child), -1, dueMs, hold)) break;
      this.move(child, at);
      at = child;
    }
    this.dueMs.set(at, dueMs);
    this.holds.set(at, hold);
  }

  /**
   * Whether (dueMs, hold) comes before the entry at `at`, or before (otherDueMs, otherHold) when
   * `at` is -1.
   */
  private before(dueMs: number, hold: number, at: number, otherDueMs = 0, otherHold = 0): boolean {
    const due = at < 0 ? otherDueMs : this.dueMs.get(at);
    return dueMs < due || (dueMs === due && hold < (at < 0 ? otherHold : this.holds.get(at)));
  }

  private move(from: number, to: number): void {
    this.dueMs.set(to, this.dueMs.get(from));
    this.holds.set(to, this.holds.get(from));
  }

  rebuild({ holds }: Holds): void {
    for (let hold = 0; hold < holds.count; hold += 1) {
      if (holds.state.get(hold) === holdStates.active) this.push(holds.deadlineMs.get(hold), hold);
    }
  }
}
