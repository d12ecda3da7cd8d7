/**
 * The bytes of a queue's file. A head of 64 bytes, which is there twice in case a sector is lost:
 *
 *     0 "HFTAPS" and the form, 1   8 u32 epoch   12 u32 next sequence   16 u32 0   28 u32 CRC of 0..27
 *
 * Then records of 64 bytes, of which any may be torn or damaged without the others:
 *
 *     0 u8 kind   4 u32 CRC of the other bytes   8 u32 epoch, 12 u32 sequence: of the tap that this
 *     one stands in for, or 0   16 a tap, as in `tap-bytes.ts`
 */
import type { WireTap } from './tap-bytes.ts';
import { readTap, writeTap } from './tap-bytes.ts';

export const headBytes = 64;
export const recordBytes = 64;

const magic = [0x48, 0x46, 0x54, 0x41, 0x50, 0x53, 0, 1];
const copyBytes = 32;
const crcAt = 28;

export const recordKinds = {
  /** A new tap. */
  tap: 1,
  /** What the gate decided about a tap that is queued. */
  decision: 2,
  /** The store has this tap and all before it. */
  acknowledged: 3,
} as const;
type RecordKind = (typeof recordKinds)[keyof typeof recordKinds];

/** A tap by its number. */
export interface TapNumber {
  readonly epoch: number;
  readonly sequence: number;
}

export interface QueueRecord {
  readonly kind: RecordKind;
  readonly tap: WireTap;
  /** tap: the one that it stands in for, which the store has denied; null for none. */
  readonly corrects: TapNumber | null;
}

export interface QueueHead {
  readonly epoch: number;
  readonly nextSequence: number;
}

export function writeHead(view: DataView, { epoch, nextSequence }: QueueHead): void {
  for (let start = 0; start < headBytes; start += copyBytes) {
    for (const [at, byte] of magic.entries()) view.setUint8(start + at, byte);
    view.setUint32(start + 8, epoch, true);
    view.setUint32(start + 12, nextSequence, true);
    view.setUint32(start + crcAt, crc32(view, start, start + crcAt), true);
  }
}

/** Null when both copies are damaged. */
export function readHead(view: DataView): QueueHead | null {
  for (let start = 0; start + copyBytes <= Math.min(headBytes, view.byteLength); start += copyBytes) {
    const isOne = magic.every((byte, at) => view.getUint8(start + at) === byte);
    if (!isOne || view.getUint32(start + crcAt, true) !== crc32(view, start, start + crcAt)) continue;
    return { epoch: view.getUint32(start + 8, true), nextSequence: view.getUint32(start + 12, true) };
  }
  return null;
}

export function writeRecord(view: DataView, at: number, { kind, tap, corrects }: QueueRecord): void {
  view.setUint32(at, kind, true);
  view.setUint32(at + 8, corrects?.epoch ?? 0, true);
  view.setUint32(at + 12, corrects?.sequence ?? 0, true);
  writeTap(view, at + 16, tap);
  view.setUint32(at + 4, recordCrc(view, at), true);
}

/** Null for one that is torn or damaged. */
export function readRecord(view: DataView, at: number): QueueRecord | null {
  if (at + recordBytes > view.byteLength || view.getUint32(at + 4, true) !== recordCrc(view, at)) return null;
  const number = view.getUint32(at, true);
  const kind = Object.values(recordKinds).find((one) => one === number);
  if (kind === undefined) return null;
  const [epoch, sequence] = [view.getUint32(at + 8, true), view.getUint32(at + 12, true)];
  return { kind, tap: readTap(view, at + 16), corrects: sequence === 0 ? null : { epoch, sequence } };
}

function recordCrc(view: DataView, at: number): number {
  return crc32(view, at + 8, at + recordBytes, crc32(view, at, at + 4));
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb88320;
  return value >>> 0;
});

/** CRC-32 as in zip, over bytes `from` to below `to`; `before` is that of what comes first. */
export function crc32(view: DataView, from: number, to: number, before = 0): number {
  let value = ~before;
  for (let at = from; at < to; at += 1) value = (table[(value ^ view.getUint8(at)) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}
