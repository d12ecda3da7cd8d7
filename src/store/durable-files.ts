/**
 * Writes a file of a data folder: under another name, synced, then renamed. Whenever the process is
 * killed, the file is whole or absent, and an earlier file of that name stands until the rename.
 */
import fs from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { unfinishedSuffix } from '../log/disk.ts';
import { RealDisk } from '../log/file/real-disk.ts';

const disk = new RealDisk();

export interface AtomicWrite {
  /** Name of the finished file. */
  readonly file: string;
  /** Name until then. Default: the finished name with `.tmp` after it. */
  readonly unfinished?: string;
  /**
   * What a power cut leaves once the file has its name:
   * - `nothing`: even the content may be lost, for files where that does no harm.
   * - `content`: a file of that name is whole. The folder is synced later, or needs no sync.
   * - `name`: the file itself is durable.
   */
  readonly sync: 'nothing' | 'content' | 'name';
}

/** Makes what was created, renamed or removed in a folder durable. */
export function syncFolder(folder: string): void {
  disk.syncFolder(folder);
}

/** Writes a file of these bytes; returns their number. When it fails, it leaves nothing behind. */
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
 * Like `writeAtomically`, in the thread pool, for a process that also serves. The pieces may throw
 * to abandon the file. `syncEach`: syncs after each piece, so other syncs do not wait behind the
 * whole file.
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
