/**
 * A sparse index of one segment: about every 64 KiB it notes where a frame begins and the chain
 * point that it continues. A read in the middle starts near its place and still checks every frame.
 * Kept in memory, filled by scans and appends.
 *
 * Invariant: entries are in ascending order of both offset and position; the first is the segment's
 * first frame.
 */
import type { ChainPoint } from '../frame.ts';
import { segmentHeaderBytes } from './segment.ts';

const spacingBytes = 64 * 1024;

export interface IndexEntry {
  readonly offset: number;
  readonly chain: ChainPoint;
}

export class SegmentIndex {
  private readonly entries: IndexEntry[];
  private lastOffset = segmentHeaderBytes;

  constructor(chain: ChainPoint) {
    this.entries = [{ offset: segmentHeaderBytes, chain }];
  }

  /** Notes that a frame that continues `chain` begins at `offset`; most calls keep nothing. */
  note(offset: number, chain: ChainPoint): void {
    if (offset < this.lastOffset + spacingBytes) return;
    this.lastOffset = offset;
    this.entries.push({ offset, chain });
  }

  /** The last noted frame that begins at or before `position`. */
  before(position: number): IndexEntry {
    let low = 0;
    let high = this.entries.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.entries[middle]?.chain.position ?? Infinity) <= position) low = middle;
      else high = middle - 1;
    }
    const entry = this.entries[low];
    if (entry === undefined) throw new Error('an index has at least its first entry');
    return entry;
  }
}
