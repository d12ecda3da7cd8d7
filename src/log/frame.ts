/**
 * A frame: the bytes of one group commit. Little-endian throughout.
 *
 * | offset | bytes | field |
 * |-------:|------:|-------|
 * |      0 |     4 | magic, never zero: zeros are no frame |
 * |      4 |     4 | length of the whole frame, bytes |
 * |      8 |     8 | nonce of the segment: frames of other segments or times are invalid here |
 * |     16 |     4 | CRC of the previous frame: the chain |
 * |     20 |     4 | count of records, at least 1 |
 * |     24 |     8 | position of the first record |
 * |     32 |     8 | log time, ms since the epoch |
 * |     40 |     8 | node id, below 2^48 |
 * |     48 |     8 | the node's own number of the first record |
 * |     56 |     8 | position up to which the check of outcomes goes |
 * |     64 |     8 | the check: low half, high half |
 * |     72 |     n | records, back to back, opaque here |
 * | 72 + n |     4 | CRC-32 (IEEE) of all the bytes above |
 *
 * Numbers of 8 bytes hold integers up to 2^53 - 1. No buyer knows the nonce, so no bytes that a
 * buyer sends can pass for a frame, wherever they lie.
 */
import { crc32 } from 'node:zlib';
import assert from 'node:assert/strict';
import type { AppendBatch, Batch } from './log.ts';

export const frameMagic = 0x4d52_4648; // the bytes 'HFRM'
export const frameHeaderBytes = 72;
export const frameCrcBytes = 4;
/** Bytes of a frame without its records. */
export const frameOverheadBytes = frameHeaderBytes + frameCrcBytes;

const nodeIdLimit = 2 ** 48;
const uint32Limit = 2 ** 32;

/** 64 random bits that identify a segment. */
export interface Nonce {
  readonly low: number;
  readonly high: number;
}

/** A point in the chain of frames: the next frame has to continue it. */
export interface ChainPoint {
  /** Position of the next record. */
  readonly position: number;
  /** CRC of the last frame; 0 before the first. */
  readonly crc: number;
  /** Log time of the last frame; 0 before the first. */
  readonly timeMs: number;
}

export const chainStart: ChainPoint = { position: 1, crc: 0, timeMs: 0 };

export function putUint53(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint32(at + 4, Math.floor(value / uint32Limit), true);
}

/** Returns an unsafe integer, which the callers refuse, when the bytes hold more than 53 bits. */
export function getUint53(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * uint32Limit + view.getUint32(at, true);
}

/**
 * Encodes frames into one reused buffer. Invariant: between `encode` and the next `encode` the
 * buffer holds one whole, valid frame.
 */
export class FrameEncoder {
  private bytes = new Uint8Array(4096);
  private view = new DataView(this.bytes.buffer);
  private length = 0;
  private lastCrc = 0;

  /** Returns the frame's bytes, valid until the next `encode`. */
  encode(batch: AppendBatch, chain: ChainPoint, timeMs: number, nonce: Nonce): Uint8Array {
    const { records, count } = batch;
    assert(Number.isInteger(count) && count >= 1 && count < uint32Limit, 'a batch has at least one record');
    assert(Number.isSafeInteger(chain.position + count), 'positions stay below 2^53');
    assert(timeMs >= chain.timeMs && Number.isSafeInteger(timeMs), 'log time never goes back');
    assert(batch.nodeId >= 0 && batch.nodeId < nodeIdLimit && Number.isInteger(batch.nodeId), 'node id: 48 bits');
    assert(batch.firstNumber >= 0 && Number.isSafeInteger(batch.firstNumber), 'first number: an integer');
    assert(batch.checkPosition >= 0 && Number.isSafeInteger(batch.checkPosition), 'check position: an integer');
    const length = frameOverheadBytes + records.length;
    this.reserve(length);
    const view = this.view;
    view.setUint32(0, frameMagic, true);
    view.setUint32(4, length, true);
    view.setUint32(16, chain.crc, true);
    view.setUint32(20, count, true);
    putUint53(view, 24, chain.position);
    putUint53(view, 32, timeMs);
    putUint53(view, 40, batch.nodeId);
    putUint53(view, 48, batch.firstNumber);
    putUint53(view, 56, batch.checkPosition);
    view.setUint32(64, batch.checkLow, true);
    view.setUint32(68, batch.checkHigh, true);
    this.bytes.set(records, frameHeaderBytes);
    this.length = length;
    return this.stamp(nonce);
  }

  /** Stamps the last encoded frame with the nonce of another segment. */
  stamp(nonce: Nonce): Uint8Array {
    assert(this.length > 0, 'stamp follows encode');
    this.view.setUint32(8, nonce.low, true);
    this.view.setUint32(12, nonce.high, true);
    const end = this.length - frameCrcBytes;
    this.lastCrc = crc32(this.bytes.subarray(0, end));
    this.view.setUint32(end, this.lastCrc, true);
    return this.bytes.subarray(0, this.length);
  }

  /** The last encoded frame, as a subscriber gets it. */
  batch(): Batch {
    return batchAt(this.bytes, this.view, 0);
  }

  /** The CRC of the last encoded frame. */
  get crc(): number {
    return this.lastCrc;
  }

  private reserve(bytes: number): void {
    if (this.bytes.length >= bytes) return;
    let capacity = this.bytes.length;
    while (capacity < bytes) capacity *= 2;
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }
}

/**
 * The length that a frame at `at` claims; 0 when no frame begins there. At least a header must be
 * readable.
 */
export function claimedLength(view: DataView, at: number): number {
  if (view.getUint32(at, true) !== frameMagic) return 0;
  const length = view.getUint32(at + 4, true);
  return length < frameOverheadBytes ? 0 : length;
}

export function hasNonce(view: DataView, at: number, nonce: Nonce): boolean {
  return view.getUint32(at + 8, true) === nonce.low && view.getUint32(at + 12, true) === nonce.high;
}

/** Whether the `length` bytes at `at` are a whole frame. */
export function crcHolds(bytes: Uint8Array, view: DataView, at: number, length: number): boolean {
  const end = at + length - frameCrcBytes;
  return crc32(bytes.subarray(at, end)) === view.getUint32(end, true);
}

/**
 * Whether the frame at `at`, of a length that fits, continues `chain` in the segment of this nonce.
 */
export function continues(view: DataView, at: number, nonce: Nonce, chain: ChainPoint): boolean {
  const count = view.getUint32(at + 20, true);
  const timeMs = getUint53(view, at + 32);
  return (
    hasNonce(view, at, nonce) &&
    view.getUint32(at + 16, true) === chain.crc &&
    getUint53(view, at + 24) === chain.position &&
    count >= 1 &&
    Number.isSafeInteger(chain.position + count) &&
    timeMs >= chain.timeMs &&
    Number.isSafeInteger(timeMs)
  );
}

/** The position of the first record of the frame at `at`. */
export function firstAt(view: DataView, at: number): number {
  return getUint53(view, at + 24);
}

/** The chain after the frame at `at`. */
export function chainAfter(view: DataView, at: number): ChainPoint {
  const length = view.getUint32(at + 4, true);
  return {
    position: getUint53(view, at + 24) + view.getUint32(at + 20, true),
    crc: view.getUint32(at + length - frameCrcBytes, true),
    timeMs: getUint53(view, at + 32),
  };
}

/** The batch in the valid frame at `at`; its records are a view into `bytes`, not a copy. */
export function batchAt(bytes: Uint8Array, view: DataView, at: number): Batch {
  const length = view.getUint32(at + 4, true);
  return {
    first: getUint53(view, at + 24),
    count: view.getUint32(at + 20, true),
    timeMs: getUint53(view, at + 32),
    nodeId: getUint53(view, at + 40),
    firstNumber: getUint53(view, at + 48),
    checkPosition: getUint53(view, at + 56),
    checkLow: view.getUint32(at + 64, true),
    checkHigh: view.getUint32(at + 68, true),
    records: bytes.subarray(at + frameHeaderBytes, at + length - frameCrcBytes),
  };
}
