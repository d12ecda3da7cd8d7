/**
 * A snapshot file: `snapshot-<position>.bin` in the data folder.
 *
 * | bytes | what |
 * |------:|------|
 * |     8 | magic |
 * |     n | the engine's bytes; their head names format, position and outcome hash |
 * |     4 | CRC-32 of all the bytes above |
 *
 * While it is written it has a unique temporary name: two processes may write the same snapshot at
 * the same time.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { Engine } from '../engine/engine.ts';
import { writeSnapshot } from '../engine/snapshot.ts';

export const snapshotMagic = new TextEncoder().encode('HFSNAP01');
export const snapshotCrcBytes = 4;
/** How much is written or read at once. */
export const pieceBytes = 1 << 20;

const namePattern = /^snapshot-(\d{16})\.bin$/;
const unfinishedPattern = /^snapshot-\d{16}\.bin\.([0-9a-f]{8}\.)?tmp$/;

export function snapshotPath(folder: string, position: number): string {
  return path.join(folder, `snapshot-${String(position).padStart(16, '0')}.bin`);
}

/** The temporary path of a position's snapshot. */
export function unfinishedPath(folder: string, position: number): string {
  return `${snapshotPath(folder, position)}.${randomBytes(4).toString('hex')}.tmp`;
}

export function isUnfinished(name: string): boolean {
  return unfinishedPattern.test(name);
}

/** The position in a snapshot's name; -1 for any other name. */
export function positionIn(name: string): number {
  return Number(namePattern.exec(name)?.[1] ?? -1);
}

/**
 * The bytes of the file in pieces of at most a few MiB, each valid until the next. The engine must
 * not move meanwhile.
 */
export function* piecesOf(engine: Engine): Generator<Uint8Array> {
  const { position } = engine;
  let crc = 0;
  for (const piece of gathered(snapshotMagic, writeSnapshot(engine))) {
    if (engine.position !== position) throw new Error('the engine went on while its snapshot was written');
    crc = crc32(piece, crc);
    yield piece;
  }
  yield new Uint8Array(Uint32Array.of(crc).buffer);
}

/** Gathers small columns, to make fewer and larger writes. */
function* gathered(first: Uint8Array, chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  const buffer = new Uint8Array(pieceBytes);
  buffer.set(first);
  let used = first.length;
  for (const chunk of chunks) {
    if (used + chunk.length > buffer.length) {
      yield buffer.subarray(0, used);
      used = 0;
    }
    if (chunk.length > buffer.length) {
      yield chunk;
    } else {
      buffer.set(chunk, used);
      used += chunk.length;
    }
  }
  yield buffer.subarray(0, used);
}
