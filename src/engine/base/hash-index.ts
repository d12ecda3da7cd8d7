/**
 * Finds rows by 128-bit hash: extendible hashing over small open-addressing buckets.
 *
 * A full bucket splits in two and rehashes its own 900 rows (some tens of microseconds); the
 * directory, four bytes for some 500 rows, doubles now and then. Nothing ever rehashes the whole
 * index, so growth never stalls the event loop.
 *
 * The index owns the hashes of its rows (16 bytes each). A slot keeps the row and 5 bits of its
 * hash: a probe that does not match rarely reads the hash itself. Buckets lie side by side in large
 * arrays: a look-up touches two cold cache lines. With an object for each bucket it was six.
 *
 * Invariants: a bucket of depth d holds exactly the rows whose first d hash bits are its own; no
 * hash occurs twice.
 */
import { ByteColumn, WordColumn } from './columns.ts';

const slotBits = 10;
const slotCount = 1 << slotBits;
const slotMask = slotCount - 1;
const splitAt = 896;
const bucketBits = 6;
const bucketMask = (1 << bucketBits) - 1;
const rowBits = 27;
const rowMask = (1 << rowBits) - 1;

/** Limit of rows in one index: a slot has 27 bits for a row, and 0 marks an empty slot. */
export const maxIndexedRows = rowMask - 1;

export class HashIndex {
  /** Four words a row. Part of a snapshot; the buckets are not. */
  readonly hashes = new WordColumn();
  /** Slots of 64 buckets each: (tag << 27) | (row + 1), or 0. */
  private readonly slots: Uint32Array[] = [];
  private readonly depths = new ByteColumn();
  private readonly counts = new WordColumn();
  private buckets = 0;
  /** Bucket of each prefix of `depth` bits. */
  private directory = new Uint32Array(2);
  private depth = 1;
  /** Row, deciding word, home slot and tag of what a split moves. */
  private readonly moving = new Uint32Array(4 * slotCount);

  constructor() {
    this.directory[0] = this.addBucket(1);
    this.directory[1] = this.addBucket(1);
  }

  /** The row with this hash, or -1. */
  find(h0: number, h1: number, h2: number, h3: number): number {
    const bucket = this.directory[h0 >>> (32 - this.depth)]!;
    const slots = this.slots[bucket >>> bucketBits]!;
    const base = (bucket & bucketMask) << slotBits;
    const tag = h2 >>> rowBits;
    for (let slot = h1 & slotMask; ; slot = (slot + 1) & slotMask) {
      const entry = slots[base + slot]!;
      if (entry === 0) return -1;
      if (entry >>> rowBits !== tag) continue;
      const row = (entry & rowMask) - 1;
      const at = row * 4;
      const hashes = this.hashes;
      if (
        hashes.get(at) === h0 >>> 0 &&
        hashes.get(at + 1) === h1 >>> 0 &&
        hashes.get(at + 2) === h2 >>> 0 &&
        hashes.get(at + 3) === h3 >>> 0
      ) {
        return row;
      }
    }
  }

  /**
   * Adds a row whose hash is new to the index. The row is the next new one, or one that was
   * removed.
   */
  insert(row: number, h0: number, h1: number, h2: number, h3: number): void {
    if (row > maxIndexedRows) throw new Error(`an index has at most ${maxIndexedRows} rows`);
    const at = row * 4;
    this.hashes.set(at, h0);
    this.hashes.set(at + 1, h1);
    this.hashes.set(at + 2, h2);
    this.hashes.set(at + 3, h3);
    let bucket = this.directory[h0 >>> (32 - this.depth)]!;
    while (this.counts.get(bucket) >= splitAt) {
      this.split(bucket, h0);
      bucket = this.directory[h0 >>> (32 - this.depth)]!;
    }
    this.place(bucket, row, h1, h2);
  }

  remove(row: number): void {
    const hashes = this.hashes;
    const at = row * 4;
    const bucket = this.directory[hashes.get(at) >>> (32 - this.depth)]!;
    const slots = this.slots[bucket >>> bucketBits]!;
    const base = (bucket & bucketMask) << slotBits;
    let hole = hashes.get(at + 1) & slotMask;
    while ((slots[base + hole]! & rowMask) !== row + 1) {
      if (slots[base + hole] === 0) throw new Error(`row ${row} is not in the index`);
      hole = (hole + 1) & slotMask;
    }
    // Backward shift: the following entries move up, unless one would land before its home slot. No
    // tombstones pile up.
    for (let slot = (hole + 1) & slotMask; slots[base + slot] !== 0; slot = (slot + 1) & slotMask) {
      const home = hashes.get(((slots[base + slot]! & rowMask) - 1) * 4 + 1) & slotMask;
      if (((slot - home) & slotMask) < ((slot - hole) & slotMask)) continue;
      slots[base + hole] = slots[base + slot]!;
      hole = slot;
    }
    slots[base + hole] = 0;
    this.counts.set(bucket, this.counts.get(bucket) - 1);
  }

  /** Fills the buckets of an empty index from its hashes, after a restore. */
  rebuild(rows: number, isLive: (row: number) => boolean): void {
    const hashes = this.hashes;
    for (let row = 0; row < rows; row += 1) {
      if (!isLive(row)) continue;
      const at = row * 4;
      this.insert(row, hashes.get(at), hashes.get(at + 1), hashes.get(at + 2), hashes.get(at + 3));
    }
  }

  private place(bucket: number, row: number, h1: number, h2: number): void {
    const slots = this.slots[bucket >>> bucketBits]!;
    const base = (bucket & bucketMask) << slotBits;
    let slot = h1 & slotMask;
    while (slots[base + slot] !== 0) slot = (slot + 1) & slotMask;
    slots[base + slot] = ((h2 >>> rowBits) << rowBits) | (row + 1);
    this.counts.set(bucket, this.counts.get(bucket) + 1);
  }

  /** The bucket keeps the rows whose next bit is 0; a new one takes the others. */
  private split(full: number, h0: number): void {
    const fullDepth = this.depths.get(full);
    if (fullDepth === this.depth) this.doubleDirectory();
    const added = this.addBucket(fullDepth + 1);
    this.depths.set(full, fullDepth + 1);
    const moved = this.takeAll(full);
    const decidingBit = 31 - fullDepth;
    const { moving } = this;
    for (let i = 0; i < moved; i += 4) {
      const half = (moving[i + 1]! >>> decidingBit) & 1 ? added : full;
      this.place(half, moving[i]!, moving[i + 2]!, moving[i + 3]!);
    }
    const span = 1 << (this.depth - fullDepth);
    const first = (h0 >>> (32 - this.depth)) & ~(span - 1);
    for (let i = span / 2; i < span; i += 1) this.directory[first + i] = added;
  }

  /**
   * Empties a bucket into `moving`; returns how many of its words are filled. The hashes are
   * scattered in memory. A loop without branches lets the processor fetch many at once; placing
   * each row right away made a split take twice as long.
   */
  private takeAll(bucket: number): number {
    const slots = this.slots[bucket >>> bucketBits]!;
    const base = (bucket & bucketMask) << slotBits;
    const { moving, hashes } = this;
    let used = 0;
    for (let slot = base; slot < base + slotCount; slot += 1) {
      const entry = slots[slot]!;
      if (entry === 0) continue;
      const row = (entry & rowMask) - 1;
      const at = row * 4;
      moving[used] = row;
      moving[used + 1] = hashes.get(at);
      moving[used + 2] = hashes.get(at + 1);
      moving[used + 3] = hashes.get(at + 2);
      used += 4;
    }
    slots.fill(0, base, base + slotCount);
    this.counts.set(bucket, 0);
    return used;
  }

  private doubleDirectory(): void {
    if (this.depth >= 30) throw new Error('the hash index cannot grow further');
    const doubled = new Uint32Array(2 * this.directory.length);
    for (let i = 0; i < doubled.length; i += 1) doubled[i] = this.directory[i >>> 1]!;
    this.directory = doubled;
    this.depth += 1;
  }

  private addBucket(depth: number): number {
    const bucket = this.buckets;
    this.buckets += 1;
    if ((bucket & bucketMask) === 0) this.slots.push(new Uint32Array(slotCount << bucketBits));
    this.depths.set(bucket, depth);
    this.counts.set(bucket, 0);
    return bucket;
  }
}
