/**
 * Reads one snapshot file: into an engine, at once; or only checks it, a piece at a time, while the
 * process does other work.
 */
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { Engine } from '../engine/engine.ts';
import type { SnapshotHead } from '../engine/snapshot.ts';
import { readSnapshotHead, restoreSnapshot } from '../engine/snapshot.ts';
import { pieceBytes, snapshotCrcBytes, snapshotMagic, snapshotPath } from './snapshot-layout.ts';

const windowBytes = 4 << 20;

/**
 * @throws Error with the reason when the file is no whole snapshot of this position in a format
 * that this program reads
 */
export function loadSnapshot(folder: string, position: number): Engine {
  const descriptor = fs.openSync(snapshotPath(folder, position), 'r');
  try {
    const end = fs.fstatSync(descriptor).size - snapshotCrcBytes;
    if (end < snapshotMagic.length) throw new Error('it is cut short');
    const reader = new WindowReader(descriptor, end);
    let crc = 0;
    for (let left = end; left > 0;) {
      const chunk = reader.pull(Math.min(left, windowBytes));
      crc = crc32(chunk, crc);
      left -= chunk.length;
    }
    const stored = Buffer.alloc(snapshotCrcBytes);
    fs.readSync(descriptor, stored, 0, snapshotCrcBytes, end);
    if (stored.readUInt32LE() !== crc >>> 0) throw new Error('its checksum does not match');
    reader.rewind();
    if (Buffer.compare(reader.pull(snapshotMagic.length), snapshotMagic) !== 0) throw new Error('it is no snapshot');
    const engine = new Engine();
    restoreSnapshot(engine, (bytes) => reader.pull(bytes));
    if (engine.position !== position) throw new Error(`it holds position ${engine.position}`);
    return engine;
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Reads a whole snapshot in the thread pool and returns its head.
 * @throws Error with the reason when the file is no whole snapshot of this position in a format
 * that this program reads
 */
export async function checkSnapshot(folder: string, position: number): Promise<SnapshotHead> {
  const pieces = checkedPieces(folder, position);
  for (;;) {
    const piece = await pieces.next();
    if (piece.done === true) return piece.value;
  }
}

/**
 * The bytes of a snapshot file, in order; each piece is valid until the next. Returns the head once
 * the checksum holds: until then a caller must not trust the pieces.
 */
export async function* checkedPieces(folder: string, position: number): AsyncGenerator<Uint8Array, SnapshotHead> {
  const file = await open(snapshotPath(folder, position), 'r');
  try {
    const { size } = await file.stat();
    const end = size - snapshotCrcBytes;
    if (end < snapshotMagic.length) throw new Error('it is cut short');
    const buffer = new Uint8Array(pieceBytes);
    const head = new HeadCollector();
    const stored = new Uint8Array(snapshotCrcBytes);
    let crc = 0;
    for (let offset = 0; offset < size;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - offset), offset);
      if (bytesRead === 0) throw new Error('it is cut short');
      const piece = buffer.subarray(0, bytesRead);
      const sum = piece.subarray(0, Math.max(0, end - offset));
      crc = crc32(sum, crc);
      head.take(sum);
      for (let at = Math.max(offset, end); at < offset + bytesRead; at += 1) stored[at - end] = piece[at - offset]!;
      offset += bytesRead;
      yield piece;
    }
    if (new DataView(stored.buffer).getUint32(0, true) !== crc >>> 0) throw new Error('its checksum does not match');
    const found = head.head();
    if (found.position !== position) throw new Error(`it holds position ${found.position}`);
    return found;
  } finally {
    await file.close();
  }
}

/** Gathers the beginning of a file, as far as the head reaches. */
class HeadCollector {
  private bytes = new Uint8Array(0);
  private wanted = snapshotMagic.length + 4;

  take(piece: Uint8Array): void {
    let left = piece;
    while (left.length > 0 && this.bytes.length < this.wanted) {
      const more = left.subarray(0, this.wanted - this.bytes.length);
      const joined = new Uint8Array(this.bytes.length + more.length);
      joined.set(this.bytes);
      joined.set(more, this.bytes.length);
      this.bytes = joined;
      left = left.subarray(more.length);
      if (joined.length === snapshotMagic.length + 4) {
        this.wanted += new DataView(joined.buffer).getUint32(snapshotMagic.length, true);
      }
    }
  }

  /** To be called only when the checksum holds. */
  head(): SnapshotHead {
    let at = 0;
    const pull = (bytes: number): Uint8Array => this.bytes.subarray(at, (at += bytes));
    if (Buffer.compare(pull(snapshotMagic.length), snapshotMagic) !== 0) throw new Error('it is no snapshot');
    return readSnapshotHead(pull);
  }
}

/**
 * Reads a file front to back through one window; what `pull` returns is valid until the next call.
 */
class WindowReader {
  private readonly file: number;
  private readonly end: number;
  private buffer = new Uint8Array(windowBytes);
  private start = 0;
  private filled = 0;
  private offset = 0;

  constructor(file: number, end: number) {
    this.file = file;
    this.end = end;
  }

  rewind(): void {
    this.start = 0;
    this.filled = 0;
    this.offset = 0;
  }

  pull(bytes: number): Uint8Array {
    if (this.filled - this.start < bytes) this.fill(bytes);
    const from = this.start;
    this.start += bytes;
    return this.buffer.subarray(from, from + bytes);
  }

  private fill(bytes: number): void {
    if (bytes > this.buffer.length) {
      const larger = new Uint8Array(bytes);
      larger.set(this.buffer.subarray(this.start, this.filled));
      this.buffer = larger;
    } else {
      this.buffer.copyWithin(0, this.start, this.filled);
    }
    this.filled -= this.start;
    this.start = 0;
    while (this.filled < bytes) {
      const most = Math.min(this.buffer.length - this.filled, this.end - this.offset);
      const read = most === 0 ? 0 : fs.readSync(this.file, this.buffer, this.filled, most, this.offset);
      if (read === 0) throw new Error('it is cut short');
      this.filled += read;
      this.offset += read;
    }
  }
}
