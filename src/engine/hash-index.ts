/**
 * Finds rows by 128-bit hash: extendible hashing over small open-addressing buckets.
 *
 * A full bucket splits in two and rehashes its own 900 rows (some tens of microseconds); the directory, an array of
 * references, doubles now and then. There is never a rehash of everything, so no growth stalls the loop.
 *
 * The index owns the hashes of its rows (16 bytes each). A slot keeps the row and 8 bits of its hash, so that a probe
 * that does not match almost never leaves the bucket.
 *
 * Invariants: a bucket of depth d holds exactly the rows whose first d hash bits are its own; no hash is there twice.
 */
import { WordColumn } from './columns.ts';

const slotCount = 1024;
const slotMask = slotCount - 1;
const splitAt = 896;

class Bucket {
  readonly depth: number;
  count = 0;
  /** Row + 1; 0 is an empty slot. */
  readonly rows = new Uint32Array(slotCount);
  readonly tags = new Uint8Array(slotCount);

  constructor(depth: number) {
    this.depth = depth;
  }
}

export class HashIndex {
  /** Four words a row. Part of a snapshot; the buckets are not. */
  readonly hashes = new WordColumn();
  private directory: Bucket[] = [new Bucket(1), new Bucket(1)];
  private depth = 1;

  /** The row with this hash, or -1. */
  find(h0: number, h1: number, h2: number, h3: number): number {
    const bucket = this.directory[h0 >>> (32 - this.depth)]!;
    const tag = h2 & 255;
    let slot = h1 & slotMask;
    for (;;) {
      const entry = bucket.rows[slot]!;
      if (entry === 0) return -1;
      if (bucket.tags[slot] === tag) {
        const at = (entry - 1) * 4;
        const hashes = this.hashes;
        if (
          hashes.get(at) === h0 >>> 0 &&
          hashes.get(at + 1) === h1 >>> 0 &&
          hashes.get(at + 2) === h2 >>> 0 &&
          hashes.get(at + 3) === h3 >>> 0
        ) {
          return entry - 1;
        }
      }
      slot = (slot + 1) & slotMask;
    }
  }

  /** Adds a row whose hash is not there yet. Rows are new ones in order, or ones that were removed. */
  insert(row: number, h0: number, h1: number, h2: number, h3: number): void {
    const at = row * 4;
    this.hashes.set(at, h0);
    this.hashes.set(at + 1, h1);
    this.hashes.set(at + 2, h2);
    this.hashes.set(at + 3, h3);
    let bucket = this.directory[h0 >>> (32 - this.depth)]!;
    while (bucket.count >= splitAt) {
      this.split(bucket, h0);
      bucket = this.directory[h0 >>> (32 - this.depth)]!;
    }
    place(bucket, row, h1, h2);
  }

  remove(row: number): void {
    const hashes = this.hashes;
    const at = row * 4;
    const bucket = this.directory[hashes.get(at) >>> (32 - this.depth)]!;
    let hole = hashes.get(at + 1) & slotMask;
    while (bucket.rows[hole] !== row + 1) {
      if (bucket.rows[hole] === 0) throw new Error(`row ${row} is not in the index`);
      hole = (hole + 1) & slotMask;
    }
    // Backward shift: what follows moves up unless that would put it before its home slot. No tombstones pile up.
    for (let slot = (hole + 1) & slotMask; bucket.rows[slot] !== 0; slot = (slot + 1) & slotMask) {
      const home = hashes.get((bucket.rows[slot]! - 1) * 4 + 1) & slotMask;
      if (((slot - home) & slotMask) < ((slot - hole) & slotMask)) continue;
      bucket.rows[hole] = bucket.rows[slot]!;
      bucket.tags[hole] = bucket.tags[slot]!;
      hole = slot;
    }
    bucket.rows[hole] = 0;
    bucket.count -= 1;
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

  private split(full: Bucket, h0: number): void {
    if (full.depth === this.depth) {
      if (this.depth >= 30) throw new Error('the hash index cannot grow further');
      const doubled: Bucket[] = [];
      for (const bucket of this.directory) doubled.push(bucket, bucket);
      this.directory = doubled;
      this.depth += 1;
    }
    const left = new Bucket(full.depth + 1);
    const right = new Bucket(full.depth + 1);
    const decidingBit = 31 - full.depth;
    for (let slot = 0; slot < slotCount; slot += 1) {
      const entry = full.rows[slot]!;
      if (entry === 0) continue;
      const at = (entry - 1) * 4;
      const half = (this.hashes.get(at) >>> decidingBit) & 1 ? right : left;
      place(half, entry - 1, this.hashes.get(at + 1), this.hashes.get(at + 2));
    }
    const span = 1 << (this.depth - full.depth);
    const first = (h0 >>> (32 - this.depth)) & ~(span - 1);
    for (let i = 0; i < span; i += 1) this.directory[first + i] = i < span / 2 ? left : right;
  }
}

function place(bucket: Bucket, row: number, h1: number, h2: number): void {
  let slot = h1 & slotMask;
  while (bucket.rows[slot] !== 0) slot = (slot + 1) & slotMask;
  bucket.rows[slot] = row + 1;
  bucket.tags[slot] = h2 & 255;
  bucket.count += 1;
}
