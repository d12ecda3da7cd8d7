/**
 * A disk in memory that tells written from synced bytes and fails on command: for the simulation,
 * the crash tests and `--log memory`.
 *
 * It is harsher than real ones: an unsynced write may be torn at any byte or lost while a later one
 * is kept; making, moving or removing a name may be undone until its folder is synced; after a
 * failed sync, bytes read well and are lost all the same.
 *
 * Power: `on` -> `off` (a fault of kind 'power', or `cutPower`): every operation throws
 * PowerCutError, as if the process were gone -> `restart(loss, seed)` -> `on`. Files that were open
 * stay dead.
 */
import { dirname } from 'node:path';
import { unfinishedSuffix } from '../disk.ts';
import type { Disk, DiskFile, DiskLock, Pace } from '../disk.ts';
import { LogLockedError } from '../log.ts';
import { MemoryFile } from './memory-file.ts';
import type { Loss } from './memory-file.ts';
import { MemoryNames } from './memory-names.ts';
import { seededRandom } from './random.ts';

export interface DiskOperation {
  readonly kind: 'list' | 'open' | 'create' | 'read' | 'write' | 'sync' | 'rename' | 'remove' | 'syncFolder';
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
}

export type FaultCode = 'EIO' | 'ENOSPC' | 'EDQUOT' | 'EMFILE' | 'ENFILE' | 'EACCES' | 'EROFS' | 'ENOMEM';

/** A fault of one operation. A write still takes its first `written` bytes (default 0). */
export type Fault =
  | { readonly kind: 'error'; readonly code: FaultCode; readonly written?: number }
  | { readonly kind: 'power'; readonly written?: number }
  | { readonly kind: 'slow'; readonly ms: number };

export interface MemoryDiskOptions {
  /** Limit of all files together. Default: none. */
  readonly capacityBytes?: number;
  /** How a slow operation waits. Default: the thread sleeps. */
  readonly sleep?: (ms: number) => void;
}

export class PowerCutError extends Error {
  override readonly name = 'PowerCutError';
  /** The system's code for a disk that is gone. */
  readonly code = 'EIO';
}

const prepareChunkBytes = 1024 * 1024;

export class MemoryDisk implements Disk {
  /** Called before every operation; undefined lets it happen. */
  onOperation: ((operation: DiskOperation) => Fault | undefined) | null = null;
  /** May change at any time, as when another program fills or empties the disk. */
  capacityBytes: number;
  private readonly sleep: (ms: number) => void;
  private names = new MemoryNames();
  private locked = new Set<string>();
  private powered = true;
  /** Counts restarts: files that were opened before the last one are dead. */
  private generation = 0;

  constructor(options: MemoryDiskOptions = {}) {
    this.capacityBytes = options.capacityBytes ?? Infinity;
    this.sleep = options.sleep ?? sleepThread;
  }

  makeFolder(): void {
    this.assertPowered(this.generation);
  }

  list(folder: string): string[] {
    this.perform('list', folder);
    return this.names.list(folder);
  }

  open(path: string, mode: 'read' | 'write'): DiskFile {
    this.perform('open', path);
    return new OpenMemoryFile(path, this.names.get(path), mode, this, this.generation);
  }

  create(path: string): DiskFile {
    this.perform('create', path);
    const file = new MemoryFile();
    this.names.link(path, file);
    return new OpenMemoryFile(path, file, 'write', this, this.generation);
  }

  async prepare(path: string, bytes: number, pace: Pace): Promise<void> {
    const unfinished = path + unfinishedSuffix;
    try {
      const file = this.create(unfinished);
      this.names.get(unfinished).reserve(Math.min(bytes, this.capacityBytes));
      const zeros = new Uint8Array(Math.min(bytes, prepareChunkBytes));
      for (let done = 0; done < bytes; done += zeros.length) {
        await Promise.resolve();
        pace.signal.throwIfAborted();
        file.write(zeros.subarray(0, Math.min(zeros.length, bytes - done)), done);
        file.sync();
      }
      this.rename(unfinished, path);
      this.syncFolder(dirname(path));
    } catch (error) {
      if (this.powered) {
        this.remove(unfinished);
        this.remove(path);
      }
      throw error;
    }
  }

  rename(from: string, to: string): void {
    this.perform('rename', from);
    this.names.rename(from, to);
  }

  remove(path: string): void {
    this.perform('remove', path);
    this.names.unlink(path);
  }

  syncFolder(folder: string): void {
    this.perform('syncFolder', folder);
    this.names.sync(folder);
  }

  async discard(path: string): Promise<void> {
    await Promise.resolve();
    this.remove(path);
    this.syncFolder(dirname(path));
  }

  lock(folder: string): DiskLock {
    this.assertPowered(this.generation);
    if (this.locked.has(folder))
      throw new LogLockedError(`somebody else is writing in ${folder}; one folder takes one writer`);
    this.locked.add(folder);
    const locked = this.locked;
    return { isInPlace: () => locked.has(folder), release: () => locked.delete(folder) };
  }

  cutPower(): void {
    this.powered = false;
  }

  /**
   * Brings the disk back with what is left of the unsynced writes; the same seed loses the same.
   */
  restart(loss: Loss, seed = 0): void {
    this.names.crash(loss, seededRandom(seed));
    this.generation += 1;
    this.locked = new Set();
    this.powered = true;
  }

  /** An independent disk with the same content and the same unsynced writes, and no open files. */
  copy(): MemoryDisk {
    const copy = new MemoryDisk({ capacityBytes: this.capacityBytes, sleep: this.sleep });
    copy.names = this.names.copy();
    return copy;
  }

  /**
   * Every file's path and content as it reads now, not copied. Not an operation: no fault applies.
   */
  files(): Map<string, Uint8Array> {
    return this.names.contents();
  }

  /** Replaces a file by one of this content, durably. */
  replace(path: string, bytes: Uint8Array): void {
    const file = new MemoryFile();
    file.write(bytes, 0);
    file.sync();
    this.names.link(path, file);
    this.names.sync(dirname(path));
  }

  /** Flips bits of one byte at rest. */
  flip(path: string, offset: number, mask: number): void {
    const { content } = this.names.get(path);
    const byte = content[offset];
    if (byte === undefined) throw new RangeError(`${path} has no byte ${offset}`);
    content[offset] = byte ^ mask;
  }

  /** For the open files of this disk. */
  happen(kind: 'read' | 'sync', path: string, generation: number): void {
    this.assertPowered(generation);
    this.perform(kind, path);
  }

  /** For the open files of this disk: whether the path means that file. */
  means(path: string, file: MemoryFile): boolean {
    return this.names.has(path) && this.names.get(path) === file;
  }

  /** For the open files of this disk: writes as much as there is room for and the fault allows. */
  write(file: MemoryFile, path: string, bytes: Uint8Array, offset: number, generation: number): void {
    this.assertPowered(generation);
    const fault = this.onOperation?.({ kind: 'write', path, offset, bytes: bytes.length });
    if (fault?.kind === 'slow') this.sleep(fault.ms);
    else if (fault !== undefined) {
      if ((fault.written ?? 0) > 0) file.write(bytes.subarray(0, fault.written), offset);
      this.fail(fault, 'write', path);
    }
    const room = Math.max(0, this.capacityBytes - this.names.totalBytes() + file.size - offset);
    if (bytes.length > room) {
      if (room > 0) file.write(bytes.subarray(0, room), offset);
      throw systemError('ENOSPC', 'write', path);
    }
    file.write(bytes, offset);
  }

  private perform(kind: DiskOperation['kind'], path: string): void {
    this.assertPowered(this.generation);
    const fault = this.onOperation?.({ kind, path, offset: 0, bytes: 0 });
    if (fault?.kind === 'slow') this.sleep(fault.ms);
    else if (fault !== undefined) this.fail(fault, kind, path);
  }

  private fail(fault: Exclude<Fault, { kind: 'slow' }>, kind: string, path: string): never {
    if (fault.kind === 'error') throw systemError(fault.code, kind, path);
    this.cutPower();
    throw new PowerCutError(`the power was cut at ${kind} ${path}`);
  }

  private assertPowered(generation: number): void {
    if (!this.powered || generation !== this.generation) throw new PowerCutError('the power is cut');
  }
}

class OpenMemoryFile implements DiskFile {
  readonly path: string;
  private readonly file: MemoryFile;
  private readonly mode: 'read' | 'write';
  private readonly disk: MemoryDisk;
  private readonly generation: number;
  private open = true;

  constructor(path: string, file: MemoryFile, mode: 'read' | 'write', disk: MemoryDisk, generation: number) {
    this.path = path;
    this.file = file;
    this.mode = mode;
    this.disk = disk;
    this.generation = generation;
  }

  size(): number {
    return this.file.size;
  }

  read(into: Uint8Array, offset: number): number {
    this.assertOpen();
    this.disk.happen('read', this.path, this.generation);
    return this.file.read(into, offset);
  }

  write(bytes: Uint8Array, offset: number): void {
    this.assertOpen();
    if (this.mode === 'read') throw systemError('EBADF', 'write', this.path);
    this.disk.write(this.file, this.path, bytes, offset, this.generation);
  }

  sync(): void {
    this.assertOpen();
    try {
      this.disk.happen('sync', this.path, this.generation);
    } catch (error) {
      if (!(error instanceof PowerCutError)) this.file.failSync();
      throw error;
    }
    this.file.sync();
  }

  isInPlace(): boolean {
    this.assertOpen();
    return this.disk.means(this.path, this.file);
  }

  close(): void {
    this.assertOpen();
    this.open = false;
  }

  private assertOpen(): void {
    if (!this.open) throw systemError('EBADF', 'use', this.path);
  }
}

export function systemError(code: string, call: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${call} '${path}'`), { code });
}

function sleepThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
