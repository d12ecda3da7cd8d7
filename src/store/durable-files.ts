/**
 * How a file of a data folder is written: under another name, synced, renamed. So it is whole or
 * absent whenever the process is killed, and what had the name before stands until then.
 */
import fs from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { unfinishedSuffix } from '../log/disk.ts';
import { RealDisk } from '../log/file/real-disk.ts';

const disk = new RealDisk();

export interface AtomicWrite {
  /** What the file is called once it is whole. */
  readonly file: string;
  /** What it is called until then. Default: its name with `.tmp` behind it. */
  readonly unfinished?: string;
  /**
   * What is on the disk when it has its name, so that a power cut leaves it.
   * - `nothing`: the content may be lost too, where that does no harm.
   * - `content`: a file of that name is whole. The folder is synced later, or need not be.
   * - `name`: the file is there for good.
   */
  readonly sync: 'nothing' | 'content' | 'name';
}

/** What was made, renamed or removed in a folder is on the disk when this returns. */
export function syncFolder(folder: string): void {
  disk.syncFolder(folder);
}

/**
 * Writes a file of these bytes; returns how many they are. When it fails, nothing is left of it.
 */
export function writeAtomically(write: AtomicWrite, pieces: Iterable<Uint8Array>): number {
  const { file, unfinished = file + unfinishedSuffix, sync } = write;
  let size = 0;
  try {
    const descriptor = fs.openSync(unfinished, 'w', 0o600);
    try {
      for (const piece of pieces) {
        for (let at = 0; at < piece.length;) at += fs.writeSync(descriptor, piece, at, piece.length - at);
        size += piece.length;
      }
      if (sync !== 'nothing') fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(unfinished, file);
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
  if (sync === 'name') syncFolder(path.dirname(file));
  return size;
}

/**
 * The same in the thread pool, for a process that has other things to do meanwhile. The pieces may
 * throw to give the file up. `syncEach`: what is written is synced piece by piece, so that syncs of
 * others need not wait behind all of it.
 */
export async function writeAtomicallyAsync(
  write: AtomicWrite,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { syncEach = false } = {},
): Promise<number> {
  const { file, unfinished = file + unfinishedSuffix, sync } = write;
  let size = 0;
  try {
    const handle = await open(unfinished, 'w', 0o600);
    try {
      for await (const piece of pieces) {
        for (let at = 0; at < piece.length;) at += (await handle.write(piece, at, piece.length - at)).bytesWritten;
        size += piece.length;
        if (syncEach) await handle.datasync();
      }
      if (sync !== 'nothing') await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  if (sync === 'name') syncFolder(path.dirname(file));
  return size;
}
