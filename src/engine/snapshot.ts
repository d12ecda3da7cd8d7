/**
 * The state as bytes, and back: a JSON head (everything small) and then every column, raw, in a
 * fixed order. The same state gives the same bytes on every machine (little-endian, which all
 * supported ones are). Indexes that are not state (hash buckets, the deadline heap, the windows)
 * are left out and rebuilt on restore.
 *
 * The engine knows no files. The caller pulls chunks to write, feeds bytes to restore, and adds the
 * checksum.
 */
import type { Arena } from './base/arena.ts';
import type { Column } from './base/columns.ts';
import { ByteColumn, NumberColumn, segmentRows, WordColumn } from './base/columns.ts';
import type { Genesis } from './commands/running.ts';
import type { Engine } from './engine.ts';
import { State } from './state.ts';

/**
 * Raised whenever the layout changes. Snapshots from `oldestFormat` on are read: a trimmed log can
 * only begin with one. A field that an older format lacks gets the value that it had when that
 * format was written.
 */
export const snapshotFormat = 5;
const oldestFormat = 3;

/** The head of every snapshot; the heads of the tables lie beside it. */
interface Head {
  readonly format: number;
  readonly position: number;
  readonly nowMs: number;
  readonly hashLow: number;
  readonly hashHigh: number;
  readonly genesis: Genesis;
}

/** The point of the log that a snapshot was taken at. */
export type SnapshotHead = Pick<Head, 'position' | 'nowMs' | 'hashLow' | 'hashHigh'>;

/** Returns exactly so many bytes. */
export type Pull = (bytes: number) => Uint8Array;

export function* writeSnapshot(engine: Engine): Generator<Uint8Array> {
  assertLittleEndian();
  const { state, position, nowMs, hashLow, hashHigh } = engine;
  const { genesis, tables } = state;
  const head: Head = { format: snapshotFormat, position, nowMs, hashLow, hashHigh, genesis };
  for (const table of tables) Object.assign(head, table.head?.());
  const json = new TextEncoder().encode(JSON.stringify(head));
  yield new Uint8Array(Uint32Array.of(json.length).buffer);
  yield json;
  for (const table of tables) {
    for (const [column, rows] of table.columns?.(snapshotFormat) ?? []) yield* columnBytes(column, rows);
  }
  for (const table of tables) for (const arena of table.arenas?.() ?? []) yield* arenaBytes(arena);
}

function* arenaBytes(arena: Arena): Generator<Uint8Array> {
  let left = arena.used;
  for (const segment of arena.segments) {
    yield segment.subarray(0, Math.min(segment.length, left));
    left -= segment.length;
  }
}

/** Fills an empty engine. @throws when the format is another one or the bytes run out. */
export function restoreSnapshot(engine: Engine, pull: Pull): void {
  assertLittleEndian();
  if (!engine.isEmpty) throw new Error('a snapshot is restored into an empty engine');
  const head = readHead(pull);
  const { format, position, nowMs, hashLow, hashHigh } = head;
  const state = new State(head.genesis);
  const { tables } = state;
  // A rebuild reads these too, not only the tables.
  state.position = position;
  state.nowMs = nowMs;
  for (const table of tables) table.restore?.(head);
  for (const table of tables) {
    for (const [column, rows] of table.columns?.(format) ?? []) fillColumn(column, rows, pull);
  }
  for (const table of tables) for (const arena of table.arenas?.() ?? []) arena.restore(pull);
  for (const table of tables) table.rebuild?.(state, format);
  engine.restore(state, position, nowMs, hashLow, hashHigh);
}

/**
 * Reads the head of a snapshot without restoring it.
 * @throws when the format is another one
 */
export function readSnapshotHead(pull: Pull): SnapshotHead {
  const { position, nowMs, hashLow, hashHigh } = readHead(pull);
  return { position, nowMs, hashLow, hashHigh };
}

function readHead(pull: Pull): Head {
  const length = pull(4);
  const headBytes = new DataView(length.buffer, length.byteOffset, 4).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(pull(headBytes))) as Head;
  if (head.format < oldestFormat || head.format > snapshotFormat) {
    throw new Error(`the snapshot has format ${head.format}; this program reads ${oldestFormat} to ${snapshotFormat}`);
  }
  return head;
}

function* columnBytes(column: Column, rows: number): Generator<Uint8Array> {
  let left = rows;
  for (const segment of column.segments) {
    if (left <= 0) return;
    const used = segment.subarray(0, Math.min(left, segmentRows));
    yield new Uint8Array(used.buffer, used.byteOffset, used.byteLength);
    left -= segmentRows;
  }
}

function fillColumn(column: Column, rows: number, pull: Pull): void {
  for (let left = rows; left > 0; left -= segmentRows) {
    const used = Math.min(left, segmentRows);
    const segment = addSegment(column);
    const bytes = used * segment.BYTES_PER_ELEMENT;
    new Uint8Array(segment.buffer).set(pull(bytes));
  }
}

function addSegment(column: Column): Uint8Array | Uint32Array | Float64Array {
  if (column instanceof ByteColumn) return append(column.segments, new Uint8Array(segmentRows));
  if (column instanceof WordColumn) return append(column.segments, new Uint32Array(segmentRows));
  if (column instanceof NumberColumn) return append(column.segments, new Float64Array(segmentRows));
  throw new Error('a column of an unknown type');
}

function append<Segment>(segments: Segment[], segment: Segment): Segment {
  segments.push(segment);
  return segment;
}

function assertLittleEndian(): void {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) throw new Error('snapshots need a little-endian machine');
}
