/**
 * A segment: one file of the log, of a fixed size, zero-filled before its first use. A header, then
 * frames back to back, then zeros to the end.
 *
 * | offset | bytes | field of the header |
 * |-------:|------:|-------|
 * |      0 |     8 | magic 'HOLDFAST' |
 * |      8 |     4 | format version |
 * |     12 |     4 | cell |
 * |     16 |     8 | number of the segment, as in its name |
 * |     24 |     8 | size of the file, bytes |
 * |     32 |     8 | position of the first record |
 * |     40 |     8 | nonce |
 * |     48 |     8 | log time of the frame before |
 * |     56 |     4 | CRC of the frame before |
 * |     60 |     4 | CRC-32 of all the bytes above |
 *
 * A prepared segment has zeros for a header. The header is written and synced when the segment is
 * taken into use, before its first frame. So a segment without a whole header never held an
 * acknowledged frame.
 */
import { crc32 } from 'node:zlib';
import { getUint53, putUint53 } from '../frame.ts';
import type { ChainPoint, Nonce } from '../frame.ts';

export const segmentHeaderBytes = 64;
export const formatVersion = 1;

const magicBytes = new TextEncoder().encode('HOLDFAST');
const crcAt = 60;
const segmentNamePattern = /^log-(\d{10})\.seg$/;

export interface SegmentHeader {
  readonly version: number;
  readonly cell: number;
  readonly number: number;
  readonly sizeBytes: number;
  readonly nonce: Nonce;
  /** The point that the first frame of the segment continues. */
  readonly chain: ChainPoint;
}

export function segmentName(number: number): string {
  return `log-${String(number).padStart(10, '0')}.seg`;
}

/** The number in a segment's name; 0 for any other name. */
export function segmentNumber(name: string): number {
  return Number(segmentNamePattern.exec(name)?.[1] ?? 0);
}

export function encodeHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(segmentHeaderBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(magicBytes);
  view.setUint32(8, header.version, true);
  view.setUint32(12, header.cell, true);
  putUint53(view, 16, header.number);
  putUint53(view, 24, header.sizeBytes);
  putUint53(view, 32, header.chain.position);
  view.setUint32(40, header.nonce.low, true);
  view.setUint32(44, header.nonce.high, true);
  putUint53(view, 48, header.chain.timeMs);
  view.setUint32(56, header.chain.crc, true);
  view.setUint32(crcAt, crc32(bytes.subarray(0, crcAt)), true);
  return bytes;
}

/** The header in these bytes; null when they hold no whole one. */
export function decodeHeader(bytes: Uint8Array): SegmentHeader | null {
  if (bytes.length < segmentHeaderBytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, segmentHeaderBytes);
  if (magicBytes.some((byte, at) => bytes[at] !== byte)) return null;
  if (crc32(bytes.subarray(0, crcAt)) !== view.getUint32(crcAt, true)) return null;
  return {
    version: view.getUint32(8, true),
    cell: view.getUint32(12, true),
    number: getUint53(view, 16),
    sizeBytes: getUint53(view, 24),
    nonce: { low: view.getUint32(40, true), high: view.getUint32(44, true) },
    chain: {
      position: getUint53(view, 32),
      crc: view.getUint32(56, true),
      timeMs: getUint53(view, 48),
    },
  };
}
