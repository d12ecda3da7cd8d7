/**
 * The few operations that a log needs of a disk, so that one log runs on a real disk and on one in
 * memory whose faults a test commands.
 *
 * What stands on the path of an answer (write, sync) is synchronous: two cores answer sooner
 * without the thread pool's round trip. What takes long (preparing a segment, giving one up) is
 * asynchronous and never holds the event loop.
 *
 * Errors carry the `code` of the operating system ('EIO', 'ENOSPC', …).
 */

/** An open file. Offsets and sizes are bytes. */
export interface DiskFile {
  readonly path: string;
  size(): number;
  /** Reads from `offset` until `into` is full or the file ends; returns how many bytes it read. */
  read(into: Uint8Array, offset: number): number;
  /** Writes all of `bytes` at `offset`, or throws: then any part of them may be there. */
  write(bytes: Uint8Array, offset: number): void;
  /**
   * Returns when all that was written before is on the disk, as far as it is needed to read it back
   * (fdatasync).
   */
  sync(): void;
  /**
   * Whether the name that it was opened under still means this file. @throws when that cannot be
   * told
   */
  isInPlace(): boolean;
  close(): void;
}

/** How a preparation in the background goes on; asked again between its pieces. */
export interface Pace {
  /** Ends it: it then fails with the signal's reason. */
  readonly signal: AbortSignal;
  /** Somebody waits for it: as fast as the disk can, instead of as gently as it can. */
  readonly isHurried: () => boolean;
}

/** Held until `release`, or until the process that took it is no more. */
export interface DiskLock {
  /**
   * Whether the next process would find it taken, as far as the folder shows. @throws when that
   * cannot be told
   */
  isInPlace(): boolean;
  release(): void;
}

export interface Disk {
  /**
   * Makes the folder and those above it that are missing; they are on the disk when this returns.
   */
  makeFolder(folder: string): void;
  /** The names in a folder, in no order. An absent folder has none. */
  list(folder: string): string[];
  /** Opens a file that exists; `read` never changes anything. */
  open(path: string, mode: 'read' | 'write'): DiskFile;
  /**
   * Makes an empty file, in the place of one that exists. It may vanish in a power cut until
   * `syncFolder`.
   */
  create(path: string): DiskFile;
  /**
   * Makes a file of `bytes` zeros whose content, size and name are on the disk when this resolves.
   * Until then, and when it fails, no file has that name. Written piece by piece off the serving
   * path.
   */
  prepare(path: string, bytes: number, pace: Pace): Promise<void>;
  /**
   * Renames within one folder, in the place of what had the name. Certain to last only after
   * `syncFolder`.
   */
  rename(from: string, to: string): void;
  /** Removes a file; one that is absent is no error. Certain to last only after `syncFolder`. */
  remove(path: string): void;
  syncFolder(folder: string): void;
  /**
   * Removes a file off the serving path, since freeing a large one takes its time. Its name is gone
   * for good when this resolves; an absent file is no error.
   */
  discard(path: string): Promise<void>;
  /**
   * Takes the one place of a writer in this folder. @throws LogLockedError when somebody has it.
   */
  lock(folder: string): DiskLock;
}

/**
 * What a file is called while it is being made; a writer that starts removes those that were left
 * behind.
 */
export const unfinishedSuffix = '.tmp';

/** The operating system's code of an error, or '' when it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** There is no room (or no more allowed): nothing is broken, and it may pass. */
export function isNoRoom(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/**
 * The system refuses for a reason that is not the disk's and may be gone the next time: no
 * descriptor is free, a right is missing, there is no room. Not so EIO, and not what no system
 * said.
 */
export function isPassing(error: unknown): boolean {
  const code = errorCode(error);
  return code !== '' && code !== 'EIO';
}
