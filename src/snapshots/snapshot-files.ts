/**
 * Snapshots on disk: `snapshot-<position>.bin`, the engine's bytes between a magic and a CRC-32. Written to a temporary name, synced,
 * renamed, and the folder synced, so that a snapshot is whole or absent. The newest two are kept. One that is damaged, or of another format, is
 * passed over and said: the log has everything.
 */
import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { Engine } from '../engine/engine.ts';
import { restoreSnapshot, writeSnapshot } from '../engine/snapshot.ts';

const magic = new TextEncoder().encode('HFSNAP01');
const crcBytes = 4;
const windowBytes = 4 << 20;
const kept = 2;
const namePattern = /^snapshot-(\d{16})\.bin$/;

function nameOf(position: number): string {
  return `snapshot-${String(position).padStart(16, '0')}.bin`;
}

/** Positions of the snapshots in a folder, newest first. */
export function snapshotPositions(folder: string): number[] {
  if (!fs.existsSync(folder)) return [];
  const positions: number[] = [];
  for (const name of fs.readdirSync(folder)) {
    const match = namePattern.exec(name);
    if (match !== null) positions.push(Number(match[1]));
  }
  return positions.sort((one, other) => other - one);
}

/** Writes a snapshot of the engine as it stands; returns its size in bytes. */
export function saveSnapshot(folder: string, engine: Engine): number {
  const final = path.join(folder, nameOf(engine.position));
  const temporary = `${final}.tmp`;
  const file = fs.openSync(temporary, 'w', 0o600);
  let size = 0;
  try {
    writeAll(file, magic);
    let crc = crc32(magic);
    for (const chunk of chunksOf(engine)) {
      writeAll(file, chunk);
      crc = crc32(chunk, crc);
      size += chunk.length;
    }
    writeAll(file, new Uint8Array(Uint32Array.of(crc).buffer));
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
  fs.renameSync(temporary, final);
  syncFolder(folder);
  for (const position of snapshotPositions(folder).slice(kept)) fs.unlinkSync(path.join(folder, nameOf(position)));
  return size + magic.length + crcBytes;
}

/** Small columns are gathered, so that a write is worth its call. */
function* chunksOf(engine: Engine): Generator<Uint8Array> {
  const gathered = new Uint8Array(1 << 20);
  let used = 0;
  for (const chunk of writeSnapshot(engine)) {
    if (used + chunk.length > gathered.length) {
      yield gathered.subarray(0, used);
      used = 0;
    }
    if (chunk.length > gathered.length) {
      yield chunk;
    } else {
      gathered.set(chunk, used);
      used += chunk.length;
    }
  }
  yield gathered.subarray(0, used);
}

/** An engine at the newest usable snapshot, or an empty one. */
export function loadNewestSnapshot(folder: string, onNotice: (message: string) => void): Engine {
  for (const position of snapshotPositions(folder)) {
    const file = path.join(folder, nameOf(position));
    try {
      const engine = loadSnapshot(file);
      if (engine.position !== position) throw new Error(`it holds position ${engine.position}`);
      return engine;
    } catch (error) {
      onNotice(
        `snapshot ${file} is not usable (${error instanceof Error ? error.message : String(error)}); passing it over`,
      );
    }
  }
  return new Engine();
}

function loadSnapshot(file: string): Engine {
  const descriptor = fs.openSync(file, 'r');
  try {
    const size = fs.fstatSync(descriptor).size;
    const end = size - crcBytes;
    if (end < magic.length) throw new Error('it is cut short');
    const reader = new WindowReader(descriptor, end);
    let crc = 0;
    for (let left = end; left > 0;) {
      const chunk = reader.pull(Math.min(left, windowBytes));
      crc = crc32(chunk, crc);
      left -= chunk.length;
    }
    const stored = Buffer.alloc(crcBytes);
    fs.readSync(descriptor, stored, 0, crcBytes, end);
    if (stored.readUInt32LE() !== crc >>> 0) throw new Error('its checksum does not match');
    reader.rewind();
    if (Buffer.compare(reader.pull(magic.length), magic) !== 0) throw new Error('it is no snapshot');
    const engine = new Engine();
    restoreSnapshot(engine, (bytes) => reader.pull(bytes));
    return engine;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Reads a file front to back through one window; what `pull` returns is valid until the next call. */
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

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += fs.writeSync(file, bytes, at, bytes.length - at);
}

function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
