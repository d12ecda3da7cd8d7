/**
 * Reads the frames of one segment in order and checks each: magic, length, nonce, chain, position,
 * time, CRC. Recovery, replay and the reader for other processes all use this scan, so they agree
 * on what a frame is.
 *
 * State: `offset` is where the next frame begins, `chain` the point that it has to continue. Both
 * move only past a valid frame.
 */
import type { DiskFile } from '../disk.ts';
import {
  batchAt,
  chainAfter,
  claimedLength,
  continues,
  crcHolds,
  firstAt,
  frameMagic,
  frameOverheadBytes,
  hasNonce,
} from '../frame.ts';
import type { ChainPoint, Nonce } from '../frame.ts';
import type { Batch } from '../log.ts';
import type { SegmentHeader } from './segment.ts';
import type { SegmentIndex } from './segment-index.ts';
import type { Window } from './window.ts';

export class SegmentScan {
  readonly file: DiskFile;
  private readonly header: SegmentHeader;
  private readonly index: SegmentIndex;
  private readonly window: Window;
  private frameAt: number;
  private before: ChainPoint;

  /** Begins at the indexed frame at or before `from`; the segment's first frame for 0. */
  constructor(file: DiskFile, header: SegmentHeader, index: SegmentIndex, window: Window, from = 0) {
    this.file = file;
    this.header = header;
    this.index = index;
    this.window = window;
    const entry = index.before(from);
    this.frameAt = entry.offset;
    this.before = entry.chain;
  }

  get offset(): number {
    return this.frameAt;
  }

  get chain(): ChainPoint {
    return this.before;
  }

  /** Moves past the next frame; false when no valid one follows. */
  skip(): boolean {
    return this.advance() >= 0;
  }

  /**
   * The batch of the next frame; null when no valid one follows. Its records are valid until the
   * next call.
   */
  next(): Batch | null {
    const at = this.advance();
    return at < 0 ? null : batchAt(this.window.bytes, this.window.view, at);
  }

  /** Moves past the next frame; returns its place in the window, or -1. */
  private advance(): number {
    // The window may be older than the last append: only a fresh read proves that no frame follows.
    let at = this.find(false);
    if (at < 0) at = this.find(true);
    if (at < 0) return -1;
    this.index.note(this.frameAt, this.before);
    this.frameAt += claimedLength(this.window.view, at);
    this.before = chainAfter(this.window.view, at);
    return at;
  }

  private find(afresh: boolean): number {
    const window = this.window;
    const room = this.header.sizeBytes - this.frameAt;
    if (room < frameOverheadBytes) return -1;
    let at = afresh
      ? window.refill(this.file, this.frameAt, frameOverheadBytes)
      : window.at(this.file, this.frameAt, frameOverheadBytes);
    if (at < 0) return -1;
    const length = claimedLength(window.view, at);
    if (length === 0 || length > room || !continues(window.view, at, this.header.nonce, this.before)) return -1;
    at = window.at(this.file, this.frameAt, length);
    return at >= 0 && crcHolds(window.bytes, window.view, at, length) ? at : -1;
  }
}

const zeros = new Uint8Array(64 * 1024);

/** The offset after the last non-zero byte at or after `from`; `from` when all are zero. */
export function endOfContent(file: DiskFile, from: number, window: Window): number {
  let end = from;
  const size = file.size();
  for (let offset = from; offset < size;) {
    const at = window.at(file, offset, 1);
    if (at < 0) break; // Cut while we read; the size is checked elsewhere.
    const bytes = Math.min(size - offset, window.readable(file, offset));
    const last = lastNonZero(window.bytes.subarray(at, at + bytes));
    if (last >= 0) end = offset + last + 1;
    offset += bytes;
  }
  return end;
}

function lastNonZero(bytes: Uint8Array): number {
  for (let end = bytes.length; end > 0;) {
    const begin = Math.max(0, end - zeros.length);
    // Comparing whole blocks runs at the speed of memory, unlike a loop over bytes.
    if (Buffer.compare(bytes.subarray(begin, end), zeros.subarray(0, end - begin)) !== 0) {
      for (let at = end - 1; at >= begin; at -= 1) if (bytes[at] !== 0) return at;
    }
    end = begin;
  }
  return -1;
}

const magicBytes = Buffer.from(new Uint32Array([frameMagic]).buffer);

/** What `findLaterFrame` looks for. */
export interface Sought {
  /** The frame's first record has this position or a later one. */
  readonly position: number;
  /** The segment's nonce; null when its header is lost: then a frame of any nonce counts. */
  readonly nonce: Nonce | null;
}

/**
 * Looks in `[from, to)` for a whole frame of a position that the chain has not reached; returns its
 * offset, or -1. A frame is written only after the one before it was durable. So when such a frame
 * exists, the gap before it is damage, not a write torn by a crash.
 */
export function findLaterFrame(file: DiskFile, sought: Sought, from: number, to: number, window: Window): number {
  for (let offset = from; offset + frameOverheadBytes <= to;) {
    const at = window.at(file, offset, frameOverheadBytes);
    if (at < 0) return -1;
    const bytes = Math.min(to - offset, window.readable(file, offset));
    const found = Buffer.from(window.bytes.buffer, at, bytes).indexOf(magicBytes);
    if (found < 0) {
      offset += bytes - (magicBytes.length - 1);
    } else {
      if (isLaterFrame(file, sought, offset + found, to, window)) return offset + found;
      offset += found + 1;
    }
  }
  return -1;
}

function isLaterFrame(file: DiskFile, sought: Sought, offset: number, to: number, window: Window): boolean {
  const room = to - offset;
  if (room < frameOverheadBytes) return false;
  let at = window.at(file, offset, frameOverheadBytes);
  if (at < 0) return false;
  const length = claimedLength(window.view, at);
  if (length === 0 || length > room || firstAt(window.view, at) < sought.position) return false;
  if (sought.nonce !== null && !hasNonce(window.view, at, sought.nonce)) return false;
  at = window.at(file, offset, length);
  return at >= 0 && crcHolds(window.bytes, window.view, at, length);
}

/** Whether a segment with this header may continue the chain. */
export function headerContinues(header: SegmentHeader, chain: ChainPoint): boolean {
  const own = header.chain;
  return own.position === chain.position && own.crc === chain.crc && own.timeMs === chain.timeMs;
}
