/**
 * Idempotency keys: 58 bytes each; the text stays in the log.
 *
 *     absent --remember--> kept --(retention over, `reclaim`)--> absent
 *
 * A key is alive until it is reclaimed: retention is a promised minimum. Reclaiming is part of
 * applying a record, at most `reclaimPerRecord` keys of each kind. So it is deterministic and never
 * a pause.
 *
 * Invariants: `count` rows are alive, each in exactly one of: the queue of lasting keys (in log
 * order), the chain of an active hold, the queue of ended holds' keys (in the order the holds
 * ended). A free row has outcome kind 0.
 */
import { ByteColumn, NumberColumn, WordColumn } from '../base/columns.ts';
import { isFree } from '../command.ts';
import { HashIndex } from '../base/hash-index.ts';
import type { Stored, Table } from './table.ts';
import { stored } from './table.ts';

export const reclaimPerRecord = 4;
/** "No row" in a link. */
export const none = 0xffffffff;

class Queue {
  first = none;
  last = none;
}

export class KeyTable implements Table<{ readonly keyLinks: readonly number[] }> {
  readonly index = new HashIndex();
  readonly fingerprintLow = new WordColumn();
  readonly fingerprintHigh = new WordColumn();
  readonly position = new NumberColumn();
  /** Key time (`State.keyTimeMs`) of the effect, or of the end of the key's hold; s, rounded up. */
  readonly seconds = new WordColumn();
  readonly remaining = new WordColumn();
  readonly thing = new WordColumn();
  /** Command kind; 0 marks a free row. */
  readonly kind = new ByteColumn();
  readonly outcome = new ByteColumn();
  readonly next = new WordColumn();

  rows = 0;
  count = 0;
  /** How many of them are keys of free calls. */
  freeCount = 0;
  private free = none;
  private readonly lasting = new Queue();
  private readonly ended = new Queue();

  find(h0: number, h1: number, h2: number, h3: number): number {
    return this.index.find(h0, h1, h2, h3);
  }

  /**
   * A new row for this hash, in no queue yet. The caller fills the columns and then calls one of
   * the three methods below.
   */
  add(h0: number, h1: number, h2: number, h3: number): number {
    let row = this.free;
    if (row === none) {
      row = this.rows;
      this.rows += 1;
    } else {
      this.free = this.next.get(row);
    }
    this.index.insert(row, h0, h1, h2, h3);
    this.next.set(row, none);
    this.count += 1;
    return row;
  }

  /** Sets the outcome of a new key's command: its kind and the number of the outcome. */
  settle(row: number, kind: number, outcome: number): void {
    this.kind.set(row, kind);
    this.outcome.set(row, outcome);
    if (isFree(kind)) this.freeCount += 1;
  }

  /** Rebuilds the index and the counts. */
  rebuild(): void {
    this.index.rebuild(this.rows, (row) => this.kind.get(row) !== 0);
    this.freeCount = 0;
    for (let row = 0; row < this.rows; row += 1) if (isFree(this.kind.get(row))) this.freeCount += 1;
  }

  /** Keeps the key for the retention of order keys. */
  keepLasting(row: number): void {
    this.enqueue(this.lasting, row);
  }

  /** Chains the key to an active hold; returns the chain's new first row. */
  keepWithHold(row: number, firstOfHold: number): number {
    this.next.set(row, firstOfHold);
    return row;
  }

  /** Keeps the key for the retention of hold keys, from now on: its hold has ended. */
  keepEnded(row: number): void {
    this.enqueue(this.ended, row);
  }

  /** Moves an ended hold's chain to the queue of ended keys. */
  holdEnded(firstOfHold: number, seconds: number): void {
    for (let row = firstOfHold; row !== none;) {
      const next = this.next.get(row);
      this.next.set(row, none);
      this.seconds.set(row, seconds);
      this.enqueue(this.ended, row);
      row = next;
    }
  }

  /** Frees keys whose retention is over, by key time. */
  reclaim(nowMs: number, lastingRetentionMs: number, endedRetentionMs: number): void {
    this.reclaimQueue(this.lasting, (nowMs - lastingRetentionMs) / 1000);
    this.reclaimQueue(this.ended, (nowMs - endedRetentionMs) / 1000);
  }

  /** Key time from which the next key may be freed, ms; Infinity when no retention is running. */
  reclaimDueMs(lastingRetentionMs: number, endedRetentionMs: number): number {
    const dueMs = ({ first }: Queue, retentionMs: number): number =>
      first === none ? Infinity : this.seconds.get(first) * 1000 + retentionMs;
    return Math.min(dueMs(this.lasting, lastingRetentionMs), dueMs(this.ended, endedRetentionMs));
  }

  private reclaimQueue(queue: Queue, untilSeconds: number): void {
    for (let budget = reclaimPerRecord; budget > 0; budget -= 1) {
      const row = queue.first;
      if (row === none || this.seconds.get(row) > untilSeconds) return;
      queue.first = this.next.get(row);
      if (queue.first === none) queue.last = none;
      this.index.remove(row);
      if (isFree(this.kind.get(row))) this.freeCount -= 1;
      this.kind.set(row, 0);
      this.next.set(row, this.free);
      this.free = row;
      this.count -= 1;
    }
  }

  private enqueue(queue: Queue, row: number): void {
    if (queue.last === none) queue.first = row;
    else this.next.set(queue.last, row);
    queue.last = row;
  }

  /** Links for a snapshot, in a fixed order. */
  head(): { readonly keyLinks: readonly number[] } {
    const { rows, count, free, lasting, ended } = this;
    return { keyLinks: [rows, count, free, lasting.first, lasting.last, ended.first, ended.last] };
  }

  restore({ keyLinks = [0, 0, none, none, none, none, none] }: { readonly keyLinks?: readonly number[] }): void {
    const [rows, count, free, lastingFirst, lastingLast, endedFirst, endedLast] = keyLinks;
    this.rows = rows!;
    this.count = count!;
    this.free = free!;
    this.lasting.first = lastingFirst!;
    this.lasting.last = lastingLast!;
    this.ended.first = endedFirst!;
    this.ended.last = endedLast!;
  }

  columns(): Stored[] {
    return [
      ...stored(
        this.rows,
        [this.fingerprintLow, this.fingerprintHigh, this.position, this.seconds, this.remaining],
        [this.thing, this.kind, this.outcome, this.next],
      ),
      ...stored(this.rows * 4, [this.index.hashes]),
    ];
  }
}
