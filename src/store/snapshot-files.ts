/**
 * Snapshots in a data folder: written under a temporary name, synced, renamed, and the folder synced, so that a snapshot is whole or
 * absent. The newest two are kept, and the newest that a follower behind both could start from. One that is damaged, or of another
 * format, is passed over and said: the log has everything.
 */
import fs from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Engine } from '../engine/engine.ts';
import { isUnfinished, piecesOf, positionIn, snapshotPath, unfinishedPath } from './snapshot-layout.ts';
import { checkedPieces, loadSnapshot } from './snapshot-reader.ts';

const kept = 2;
/** A file in the making that nobody has touched for so long is left over from a process that died. */
const abandonedMs = 10 * 60 * 1000;
/** Between two pieces, so that syncs of others need not wait behind a whole snapshot. */
const pauseMs = 10;

/** Positions of the snapshots in a folder, newest first. */
export function snapshotPositions(folder: string): number[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const positions = names.map(positionIn).filter((position) => position >= 0);
  return positions.sort((one, other) => other - one);
}

/**
 * Writes a snapshot of the engine as it stands, at once; returns its size in bytes.
 * `lowestFollower`: the lowest position that a follower stands at, Infinity for no follower, null when nobody knows.
 */
export function saveSnapshot(folder: string, engine: Engine, lowestFollower: number | null = Infinity): number {
  removeAbandoned(folder);
  const unfinished = unfinishedPath(folder, engine.position);
  let size = 0;
  try {
    const file = fs.openSync(unfinished, 'wx', 0o600);
    try {
      for (const piece of piecesOf(engine)) {
        writeAll(file, piece);
        size += piece.length;
      }
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(unfinished, snapshotPath(folder, engine.position));
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
  syncFolder(folder);
  prune(folder, lowestFollower);
  return size;
}

/**
 * The same, piece by piece in the thread pool, with pauses, for a process that has other things to do meanwhile. The engine
 * must stand still until it is done. An abort ends it soon and leaves nothing behind.
 */
export async function saveSnapshotGently(
  folder: string,
  engine: Engine,
  lowestFollower: number | null,
  signal: AbortSignal,
): Promise<number> {
  removeAbandoned(folder);
  const { position } = engine;
  const unfinished = unfinishedPath(folder, position);
  let size = 0;
  try {
    const file = await open(unfinished, 'wx', 0o600);
    try {
      for (const piece of piecesOf(engine)) {
        signal.throwIfAborted();
        await writeAllLater(file, piece);
        size += piece.length;
        await file.datasync();
        await pause(pauseMs);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (engine.position !== position) throw new Error('the engine went on while its snapshot was written');
    signal.throwIfAborted();
    await rename(unfinished, snapshotPath(folder, position));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  syncFolder(folder);
  prune(folder, lowestFollower);
  return size;
}

/** An engine at the newest usable snapshot that is at `atMost` or before, or an empty one. */
export function loadNewestSnapshot(folder: string, onNotice: (message: string) => void, atMost = Infinity): Engine {
  for (const position of snapshotPositions(folder)) {
    if (position > atMost) continue;
    try {
      return loadSnapshot(folder, position);
    } catch (error) {
      onNotice(
        `snapshot ${snapshotPath(folder, position)} is not usable (${error instanceof Error ? error.message : String(error)}); passing it over`,
      );
    }
  }
  return new Engine();
}

/**
 * Copies a snapshot into another folder; it is on the disk when this resolves, but for its name.
 * @throws Error with the reason when it is not usable; nothing of it is left in `to` then
 */
export async function copySnapshot(from: string, to: string, position: number): Promise<void> {
  const unfinished = unfinishedPath(to, position);
  try {
    const file = await open(unfinished, 'wx', 0o600);
    try {
      for await (const piece of checkedPieces(from, position)) await writeAllLater(file, piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, snapshotPath(to, position));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** What is kept of the snapshots at these positions, newest first. */
export function keptPositions(positions: readonly number[], lowestFollower: number | null): number[] {
  if (lowestFollower === null) return [...positions];
  const forFollower = positions.find((position) => position <= lowestFollower);
  return positions.filter((position, rank) => rank < kept || position === forFollower);
}

function prune(folder: string, lowestFollower: number | null): void {
  const positions = snapshotPositions(folder);
  const keep = new Set(keptPositions(positions, lowestFollower));
  for (const position of positions) {
    // Another process may have been quicker.
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

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += fs.writeSync(file, bytes, at, bytes.length - at);
}

async function writeAllLater(file: fs.promises.FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
}

function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
