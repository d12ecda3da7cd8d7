/**
 * The few disk operations that a log needs. One log implementation runs on the real disk and on a
 * disk in memory whose faults a test commands.
 *
 * Operations on the path of an answer (write, sync) are synchronous: on two cores an answer is
 * sooner without the round trip through the thread pool. Slow operations (preparing a segment,
 * discarding one) are asynchronous and never block the event loop.
 *
 * Errors carry the `code` of the operating system ('EIO', 'ENOSPC', …).
 */

/** An open file. Offsets and sizes are bytes. */
export interface DiskFile {
  readonly path: string;
  size(): number;
  /** Reads from `offset` until `into` is full or the file ends; returns how many bytes it read. */
  read(into: Uint8Array, offset: number): number;
  /** Writes all of `bytes` at `offset`, or throws; then any part of them may have been written. */
  write(bytes: Uint8Array, offset: number): void;
  /**
   * Returns when everything written before is on the disk, with the metadata needed to read it back
   * (fdatasync).
   */
  sync(): void;
  /**
   * Whether the name under which it was opened still means this file.
   * @throws when the system cannot tell
   */
  isInPlace(): boolean;
  close(): void;
}

/** How fast a preparation in the background goes; asked again between its pieces. */
export interface Pace {
  /** Aborts it: it then fails with the signal's reason. */
  readonly signal: AbortSignal;
  /** Whether a caller waits for it: then it goes as fast as the disk can, without pauses. */
  readonly isHurried: () => boolean;
}

/** Held until `release`, or until the process that took it ends. */
export interface DiskLock {
  /**
   * Whether another process would find it taken, as far as the folder shows.
   * @throws when the system cannot tell
   */
  isInPlace(): boolean;
  release(): void;
}

export interface Disk {
  /** Makes the folder and its missing parents; they are on the disk when this returns. */
  makeFolder(folder: string): void;
  /** The names in a folder, in no order. An absent folder has none. */
  list(folder: string): string[];
  /** Opens a file that exists; `read` never changes anything. */
  open(path: string, mode: 'read' | 'write'): DiskFile;
  /**
   * Makes an empty file and replaces an existing one. Until `syncFolder` a power cut may undo it.
   */
  create(path: string): DiskFile;
  /**
   * Makes a file of `bytes` zeros whose content, size and name are on the disk when this resolves.
   * Until then, and when it fails, no file has that name. Writes piece by piece, off the serving
   * path.
   */
  prepare(path: string, bytes: number, pace: Pace): Promise<void>;
  /**
   * Renames within one folder and replaces the file that had the name. Durable only after
   * `syncFolder`.
   */
  rename(from: string, to: string): void;
  /** Removes a file; an absent file is no error. Durable only after `syncFolder`. */
  remove(path: string): void;
  syncFolder(folder: string): void;
  /**
   * Removes a file off the serving path, since freeing a large one takes long. The removal is
   * durable when this resolves; an absent file is no error.
   */
  discard(path: string): Promise<void>;
  /**
   * Takes the writer's lock of this folder.
   * @throws LogLockedError when another writer has it
   */
  lock(folder: string): DiskLock;
}

/** Suffix of a file while it is being made. A writer that starts removes those left behind. */
export const unfinishedSuffix = '.tmp';

/** The operating system's code of an error, or '' when it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether the disk or the quota is full: nothing is broken, and it may pass. */
export function isNoRoom(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/**
 * Whether the system refused for a reason that may pass and is no fault of the disk: no free
 * descriptor, a missing permission, no room. False for EIO, and for errors without a code.
 */
export function isPassing(error: unknown): boolean {
  const code = errorCode(error);
  return code !== '' && code !== 'EIO';
}
