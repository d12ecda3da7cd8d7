/** The real disk, over file descriptors of node:fs. */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { open as openAsync, rename as renameAsync, rm as rmAsync } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, unfinishedSuffix } from '../disk.ts';
import type { Disk, DiskFile, DiskLock, Pace } from '../disk.ts';
import { lockFolder } from './lock.ts';
import { isSameFile } from './same-file.ts';

/**
 * How much of a segment is zeroed between two syncs while it is prepared, and the pause after each.
 * Small pieces, because a commit's own sync in between must not wait behind tens of megabytes of
 * zeros; large ones without a pause when a caller waits.
 */
const gentleBytes = 1024 * 1024;
const gentlePauseMs = 10;
const hurriedBytes = 4 * gentleBytes;

class RealFile implements DiskFile {
  readonly path: string;
  private readonly fd: number;

  constructor(path: string, flags: string) {
    this.path = path;
    this.fd = openSync(path, flags, 0o600);
  }

  size(): number {
    return fstatSync(this.fd).size;
  }

  read(into: Uint8Array, offset: number): number {
    let done = 0;
    while (done < into.length) {
      const got = readSync(this.fd, into, done, into.length - done, offset + done);
      if (got === 0) break;
      done += got;
    }
    return done;
  }

  write(bytes: Uint8Array, offset: number): void {
    let done = 0;
    // The kernel may write only a part, as on a disk that is just filling up; the next call then
    // gives the reason.
    while (done < bytes.length) {
      const took = writeSync(this.fd, bytes, done, bytes.length - done, offset + done);
      if (took === 0) throw tookNothing(this.path);
      done += took;
    }
  }

  sync(): void {
    fdatasyncSync(this.fd);
  }

  isInPlace(): boolean {
    return isSameFile(this.path, fstatSync(this.fd, { bigint: true }));
  }

  close(): void {
    closeSync(this.fd);
  }
}

export class RealDisk implements Disk {
  makeFolder(folder: string): void {
    const made = mkdirSync(folder, { recursive: true, mode: 0o700 }) ?? folder;
    // A folder's name is in its parent. Sync the parent even when the folder exists: a process may
    // have died before doing so.
    const top = dirname(resolve(made));
    for (let above = dirname(resolve(folder)); ; above = dirname(above)) {
      this.syncFolderAbove(above);
      if (above === top || above === dirname(above)) break;
    }
  }

  list(folder: string): string[] {
    try {
      return readdirSync(folder);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  open(path: string, mode: 'read' | 'write'): DiskFile {
    return new RealFile(path, mode === 'read' ? 'r' : 'r+');
  }

  create(path: string): DiskFile {
    return new RealFile(path, 'w+');
  }

  async prepare(path: string, bytes: number, pace: Pace): Promise<void> {
    const unfinished = path + unfinishedSuffix;
    requireRoom(dirname(path), bytes);
    try {
      await writeZeros(unfinished, bytes, pace);
      await renameAsync(unfinished, path);
      await syncFolderAsync(dirname(path));
    } catch (error) {
      await rmAsync(unfinished, { force: true });
      await rmAsync(path, { force: true });
      throw error;
    }
  }

  rename(from: string, to: string): void {
    renameSync(from, to);
  }

  remove(path: string): void {
    rmSync(path, { force: true });
  }

  syncFolder(folder: string): void {
    const fd = openSync(folder, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  async discard(path: string): Promise<void> {
    await rmAsync(path, { force: true });
    await syncFolderAsync(dirname(path));
  }

  private syncFolderAbove(folder: string): void {
    try {
      this.syncFolder(folder);
    } catch (error) {
      // A folder that this process may traverse but not read is not its own to sync.
      if (errorCode(error) !== 'EACCES') throw error;
    }
  }

  lock(folder: string): DiskLock {
    return lockFolder(folder);
  }
}

/**
 * Checks for room first: filling the disk to its last byte would hurt other programs that write
 * there.
 */
function requireRoom(folder: string, bytes: number): void {
  let free: number;
  try {
    const { bavail, bsize } = statfsSync(folder);
    free = bavail * bsize;
  } catch {
    // The writes will tell.
    return;
  }
  if (free < bytes) throw noRoom(`${free} of ${bytes} bytes are free in ${folder}`);
}

/**
 * The error for a write that took no byte and gave no reason: the system does so when there is no
 * room.
 */
function tookNothing(path: string): Error {
  return noRoom(`the disk took no more bytes for ${path}`);
}

function noRoom(message: string): Error {
  return Object.assign(new Error(`ENOSPC: ${message}`), { code: 'ENOSPC' });
}

async function writeZeros(path: string, bytes: number, pace: Pace): Promise<void> {
  const zeros = new Uint8Array(Math.min(bytes, hurriedBytes));
  const file = await openAsync(path, 'w', 0o600);
  try {
    for (let done = 0; done < bytes;) {
      pace.signal.throwIfAborted();
      const piece = pace.isHurried() ? hurriedBytes : gentleBytes;
      const { bytesWritten } = await file.write(zeros, 0, Math.min(piece, bytes - done), done);
      if (bytesWritten === 0) throw tookNothing(path);
      done += bytesWritten;
      await file.datasync();
      if (!pace.isHurried() && done < bytes) await pause(gentlePauseMs);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolderAsync(folder: string): Promise<void> {
  const handle = await openAsync(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
