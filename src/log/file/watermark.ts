/**
 * The watermark: a small file that says how far the log is known to be durable. A plain write
 * updates it after every sync and before any answer. So it is right after a crash of the process,
 * and at worst behind after a power cut. A recovery that finds less than it says stops.
 *
 * Three slots of 64 bytes, each with a CRC; the one with the highest sequence counts:
 *
 * | offset | bytes | field of a slot |
 * |-------:|------:|-------|
 * |      0 |     4 | magic |
 * |      4 |     4 | format version |
 * |      8 |     8 | sequence, one more with each write |
 * |     16 |     8 | end: the position after the last durable record |
 * |     24 |     8 | start: what lies before it may have been trimmed |
 * |     32 |    28 | zeros |
 * |     60 |     4 | CRC-32 of all the bytes above |
 *
 * Invariants: slots 1 and 2 take plain writes in turn, so one of them is whole at every instant of
 * the process. Slot 0 is written only when the content of the others is on the disk, and is synced
 * itself. A power cut that tears every later write leaves slot 0 whole.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { unfinishedSuffix } from '../disk.ts';
import type { Disk, DiskFile } from '../disk.ts';
import { getUint53, putUint53 } from '../frame.ts';
import { formatVersion } from './segment.ts';

export const watermarkName = 'watermark';

const magic = 0x4d57_4648; // the bytes 'HFWM'
const slotBytes = 64;
const slots = 3;
const crcAt = 60;
export const watermarkBytes = slots * slotBytes;

export interface WatermarkState {
  readonly sequence: number;
  readonly end: number;
  readonly start: number;
}

/**
 * The content of the file: the newest whole slot, or null when there is none, and the slots that
 * are not whole.
 */
export interface WatermarkReading {
  readonly state: WatermarkState | null;
  readonly brokenSlots: readonly number[];
}

export function readWatermark(bytes: Uint8Array): WatermarkReading {
  let state: WatermarkState | null = null;
  const brokenSlots: number[] = [];
  for (let slot = 0; slot < slots; slot += 1) {
    const found = decodeSlot(bytes.subarray(slot * slotBytes, (slot + 1) * slotBytes));
    if (found === null) brokenSlots.push(slot);
    else if (state === null || found.sequence > state.sequence) state = found;
  }
  return { state, brokenSlots };
}

/** Makes the file of a log, by default of an empty one. It is whole and on the disk, or absent. */
export function createWatermark(disk: Disk, folder: string, end = 1, start = 1): void {
  const unfinished = join(folder, watermarkName + unfinishedSuffix);
  const file = disk.create(unfinished);
  try {
    for (let slot = 0; slot < slots; slot += 1) {
      file.write(encodeSlot(new Uint8Array(slotBytes), { sequence: 0, end, start }), slot * slotBytes);
    }
    file.sync();
  } finally {
    file.close();
  }
  disk.rename(unfinished, join(folder, watermarkName));
  disk.syncFolder(folder);
}

export class Watermark {
  private readonly file: DiskFile;
  private readonly slot = new Uint8Array(slotBytes);
  private sequence: number;
  private end: number;
  private first: number;

  constructor(file: DiskFile, state: WatermarkState) {
    this.file = file;
    this.sequence = state.sequence;
    this.end = state.end;
    this.first = state.start;
  }

  get start(): number {
    return this.first;
  }

  /** A plain write. The caller has synced all that lies before `end`. */
  note(end: number): void {
    assert(end >= this.end, 'the watermark never falls');
    this.end = end;
    this.sequence += 1;
    this.write(1 + (this.sequence % 2));
  }

  /** Like `note`, and durable when this returns. */
  settle(end: number, start: number): void {
    assert(start >= this.first && start <= end, 'the start never falls and never passes the end');
    this.first = start;
    this.note(end);
    this.file.sync();
    this.write(0);
    this.file.sync();
  }

  /** Whether the folder still has the file under its name. */
  isInPlace(): boolean {
    return this.file.isInPlace();
  }

  close(): void {
    this.file.close();
  }

  private write(slot: number): void {
    const state = { sequence: this.sequence, end: this.end, start: this.first };
    this.file.write(encodeSlot(this.slot, state), slot * slotBytes);
  }
}

function encodeSlot(bytes: Uint8Array, state: WatermarkState): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, slotBytes);
  view.setUint32(0, magic, true);
  view.setUint32(4, formatVersion, true);
  putUint53(view, 8, state.sequence);
  putUint53(view, 16, state.end);
  putUint53(view, 24, state.start);
  view.setUint32(crcAt, crc32(bytes.subarray(0, crcAt)), true);
  return bytes;
}

function decodeSlot(bytes: Uint8Array): WatermarkState | null {
  if (bytes.length < slotBytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, slotBytes);
  if (view.getUint32(0, true) !== magic || view.getUint32(4, true) !== formatVersion) return null;
  if (crc32(bytes.subarray(0, crcAt)) !== view.getUint32(crcAt, true)) return null;
  return { sequence: getUint53(view, 8), end: getUint53(view, 16), start: getUint53(view, 24) };
}
