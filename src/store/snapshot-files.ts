/**
 * Snapshots in a data folder: written under a temporary name, synced and renamed, so each is whole
 * or absent. The newest two are kept, the newest one from which a follower behind both could start,
 * and those from which days of cards are settled. A damaged one, or one of another format, is
 * skipped with a notice: the log has everything.
 */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Engine } from '../engine/engine.ts';
import { settlementStarts } from '../engine/rules/days.ts';
import { reasonOf } from '../reason.ts';
import type { AtomicWrite } from './durable-files.ts';
import { writeAtomically, writeAtomicallyAsync } from './durable-files.ts';
import { namesIn } from './folder.ts';
import { isUnfinished, piecesOf, positionIn, snapshotPath, unfinishedPath } from './snapshot-layout.ts';
import { checkedPieces, loadSnapshot } from './snapshot-reader.ts';

const kept = 2;
/** An unfinished file that was not written for this long is left over from a process that died. */
const abandonedMs = 10 * 60 * 1000;
/** Pause between two pieces: other syncs then do not wait behind a whole snapshot. */
const pauseMs = 10;

/** Positions of the snapshots in a folder, newest first. */
export function snapshotPositions(folder: string): number[] {
  const positions = namesIn(folder)
    .map(positionIn)
    .filter((position) => position >= 0);
  return positions.sort((one, other) => other - one);
}

/**
 * Writes a snapshot of the engine as it stands, at once; returns its size in bytes.
 * `lowestFollower`: the lowest position that a follower stands at, Infinity for no follower, null
 * when unknown.
 */
export function saveSnapshot(folder: string, engine: Engine, lowestFollower: number | null = Infinity): number {
  removeAbandoned(folder);
  const size = writeAtomically({ ...namesOf(folder, engine.position), sync: 'name' }, piecesOf(engine));
  prune(folder, engine, lowestFollower);
  return size;
}

/**
 * Like `saveSnapshot`, piece by piece in the thread pool, with pauses, for a process that also has
 * other work. The engine must not move until it is done. An abort ends it soon and leaves nothing
 * behind.
 */
export async function saveSnapshotGently(
  folder: string,
  engine: Engine,
  lowestFollower: number | null,
  signal: AbortSignal,
): Promise<number> {
  removeAbandoned(folder);
  const { position } = engine;
  const pieces = withPauses(engine, () => {
    signal.throwIfAborted();
    // The name says the position: a snapshot of a moved engine is useless.
    if (engine.position !== position) throw new Error('the engine went on while its snapshot was written');
  });
  const size = await writeAtomicallyAsync({ ...namesOf(folder, position), sync: 'name' }, pieces, { syncEach: true });
  prune(folder, engine, lowestFollower);
  return size;
}

/** `check` throws to abandon the snapshot. */
async function* withPauses(engine: Engine, check: () => void): AsyncGenerator<Uint8Array> {
  for (const piece of piecesOf(engine)) {
    check();
    yield piece;
    await pause(pauseMs);
  }
  check();
}

/** An engine at the newest usable snapshot that is at `atMost` or before, or an empty one. */
export function loadNewestSnapshot(folder: string, onNotice: (message: string) => void, atMost = Infinity): Engine {
  for (const position of snapshotPositions(folder)) {
    if (position > atMost) continue;
    try {
      return loadSnapshot(folder, position);
    } catch (error) {
      onNotice(`snapshot ${snapshotPath(folder, position)} is not usable (${reasonOf(error)}); passing it over`);
    }
  }
  return new Engine();
}

/**
 * Copies a snapshot into another folder; its content is on the disk when this resolves, its name
 * not yet.
 * @throws Error with the reason when it is not usable; nothing of it is left in `to` then
 */
export async function copySnapshot(from: string, to: string, position: number): Promise<void> {
  await writeAtomicallyAsync({ ...namesOf(to, position), sync: 'content' }, checkedPieces(from, position));
}

function namesOf(folder: string, position: number): Pick<AtomicWrite, 'file' | 'unfinished'> {
  return { file: snapshotPath(folder, position), unfinished: unfinishedPath(folder, position) };
}

/**
 * The snapshots to keep, of those at these positions, newest first. `starts`: positions at which
 * replays begin that settle days.
 */
export function keptPositions(
  positions: readonly number[],
  lowestFollower: number | null,
  starts: readonly number[] = [],
): number[] {
  if (lowestFollower === null) return [...positions];
  const before = (limit: number): number | undefined => positions.find((position) => position <= limit);
  const needed = new Set([before(lowestFollower), ...starts.map((start) => before(start - 1))]);
  return positions.filter((position, rank) => rank < kept || needed.has(position));
}

function prune(folder: string, engine: Engine, lowestFollower: number | null): void {
  const positions = snapshotPositions(folder);
  const keep = new Set(keptPositions(positions, lowestFollower, settlementStarts(engine.state)));
  for (const position of positions) {
    // Another process may have removed it already.
    if (!keep.has(position)) fs.rmSync(snapshotPath(folder, position), { force: true });
  }
}

function removeAbandoned(folder: string): void {
  const oldestMs = Date.now() - abandonedMs;
  for (const name of fs.readdirSync(folder).filter(isUnfinished)) {
    const file = path.join(folder, name);
    const touchedMs = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (touchedMs < oldestMs) fs.rmSync(file, { force: true });
  }
}
