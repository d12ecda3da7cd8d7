/** A consistent copy of a data folder, up to a point: for `backup`, and for `restore`, which is the same the other way round. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isNoRoom } from '../log/disk.ts';
import type { LogCopy, LogCopyOptions } from '../log/file/copy.ts';
import { copyLog, NoSuchPointError } from '../log/file/copy.ts';
import { lockName, lockFolder } from '../log/file/lock.ts';
import { RealDisk } from '../log/file/real-disk.ts';
import { segmentNumber } from '../log/file/segment.ts';
import { surveyBesideWriter } from '../log/file/survey.ts';
import { watermarkName } from '../log/file/watermark.ts';
import { LogTrimmedError } from '../log/log.ts';
import { copySnapshot, snapshotPositions } from './snapshot-files.ts';
import { UserError } from '../cli/command.ts';
import { ownFile } from '../cli/folder.ts';
import { secretName } from './secret.ts';

export interface FolderCopyOptions {
  readonly from: string;
  readonly to: string;
  readonly until?: NonNullable<LogCopyOptions['until']>;
  /** Between two MiB, each synced: for a copy beside a store that sells. Default 0. */
  readonly pauseMs?: number;
  readonly signal: AbortSignal;
  /** Told of each piece of the log. */
  readonly onBytes?: (bytes: number) => void;
  /** Takes sentences about what was found on the way. */
  readonly onNotice: (message: string) => void;
}

export interface FolderCopy {
  readonly log: LogCopy;
  /** Positions of the snapshots in the copy, newest first. */
  readonly snapshots: readonly number[];
  readonly hasSecret: boolean;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** How often the copy begins anew because the store trimmed its log under it. */
const mostAttempts = 5;

export interface CopyRequest extends Omit<FolderCopyOptions, 'signal' | 'onNotice'> {
  /** How the user names the target. */
  readonly flag: string;
  /** A store is to be opened there: nobody else may open one in it until the copy is done. */
  readonly isStore: boolean;
}

/** A copy as a command makes it: with progress, ended by a signal, and leaving nothing half-made. @throws UserError */
export async function copyInto({ flag, isStore, ...options }: CopyRequest): Promise<FolderCopy> {
  const { from, to } = options;
  const target = CopyTarget.prepare(to, flag, from);
  const stop = new AbortController();
  const onSignal = (signal: string): void => stop.abort(new UserError(`ended by ${signal}`));
  for (const signal of signals) process.once(signal, onSignal);
  let done = 0;
  const progress = setInterval(() => console.error(`${(done / 1024 / 1024).toFixed(0)} MiB so far`), 2000);
  try {
    const lock = isStore ? lockFolder(to) : null;
    try {
      const onNotice = (message: string): void => console.error(message);
      return await copyFolder({ ...options, signal: stop.signal, onNotice, onBytes: (bytes) => (done += bytes) });
    } finally {
      lock?.release();
    }
  } catch (error) {
    const left = target.undo();
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`no copy was made: ${reason}${left === null ? `. Nothing is left in ${to}` : `; ${left}`}`);
  } finally {
    clearInterval(progress);
    for (const signal of signals) process.removeListener(signal, onSignal);
  }
}

/**
 * Fills a folder that `CopyTarget.prepare` has found empty. The watermark comes last: until then nobody takes the folder for a store.
 * @throws UserError, LogDamagedError, NoSuchPointError; what was made is still there
 */
export async function copyFolder(options: FolderCopyOptions): Promise<FolderCopy> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await copyOnce(options);
    } catch (error) {
      if (!(error instanceof LogTrimmedError)) throw error;
      if (attempt === mostAttempts) {
        throw new UserError(
          `the log in ${options.from} was trimmed ${mostAttempts} times while it was to be copied; try again in a quieter hour, or run the store without --trim meanwhile`,
        );
      }
      clear(options.to, 'keep the lock');
      await pause(100);
    }
  }
}

async function copyOnce(options: FolderCopyOptions): Promise<FolderCopy> {
  const { from, to, until, pauseMs = 0, signal, onBytes } = options;
  const found = surveyBesideWriter(new RealDisk(), from, 0);
  // Before the log: one that is copied now is at a position that the log, read later, certainly has.
  const startBefore = found?.watermark.start ?? 1;
  const snapshots = await copySnapshots(options, startBefore > 1);
  signal.throwIfAborted();
  const log = await copyLog({
    from,
    to,
    pauseMs,
    signal,
    ...(until === undefined ? {} : { until }),
    ...(onBytes === undefined ? {} : { onBytes }),
  });
  const newest = snapshots[0] ?? 0;
  if (newest >= log.end) {
    throw new UserError(
      `${from} has a snapshot at position ${newest}, but its log ends at ${log.end - 1}: a part of the log is missing`,
    );
  }
  if (newest + 1 < log.start) {
    if (log.start > startBefore) throw new LogTrimmedError('the snapshot was overtaken by a trim');
    throw new NoSuchPointError(
      `the log in ${from} begins at position ${log.start}, and no usable snapshot stands for what lay before up to the point that was asked for`,
    );
  }
  const hasSecret = copySecret(from, to);
  syncFolder(to);
  log.finish();
  return { log, snapshots, hasSecret };
}

/**
 * The newest usable snapshot up to the point; where the log was trimmed all of them, since points in between need an older
 * one, and nothing else could stand in for one that goes bad.
 */
async function copySnapshots(options: FolderCopyOptions, isTrimmed: boolean): Promise<number[]> {
  const { from, to, until, signal, onNotice } = options;
  const copied: number[] = [];
  for (const position of snapshotPositions(from)) {
    signal.throwIfAborted();
    if (copied.length > 0 && !isTrimmed) break;
    if (until !== undefined && position > until) continue;
    try {
      await copySnapshot(from, to, position);
      copied.push(position);
    } catch (error) {
      if (isNoRoom(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      onNotice(`the snapshot at position ${position} in ${from} is not usable (${reason}); left out`);
    }
  }
  return copied;
}

function copySecret(from: string, to: string): boolean {
  const source = path.join(from, secretName);
  if (!fs.existsSync(source)) return false;
  const file = fs.openSync(path.join(to, secretName), 'wx', 0o600);
  try {
    fs.writeSync(file, fs.readFileSync(source));
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
  return true;
}

/** The folder that a copy is made in: empty, and gone again when the copy fails and the folder was not there before. */
export class CopyTarget {
  private readonly folder: string;
  /** The topmost folder that was made for it. */
  private readonly made: string | undefined;

  private constructor(folder: string, made: string | undefined) {
    this.folder = folder;
    this.made = made;
  }

  /** `flag`: how the user named it. @throws UserError when it is not empty, or lies where it must not */
  static prepare(folder: string, flag: string, source: string): CopyTarget {
    const names = fs.existsSync(folder) ? listOf(folder, flag) : [];
    if (names.length > 0) {
      const what = isUnfinishedCopy(names)
        ? 'holds a copy that was cut short: remove it, or name'
        : 'is not empty: name';
      throw new UserError(`${folder} ${what} another folder with ${flag}; nothing was changed`);
    }
    if (`${folder}${path.sep}`.startsWith(`${source}${path.sep}`))
      throw new UserError(`${folder} lies inside of ${source}: name a folder elsewhere with ${flag}`);
    const made = fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) {
      // A folder's name is in the folder above it.
      for (let each = folder; ; each = path.dirname(each)) {
        syncFolder(path.dirname(each));
        if (each === made) break;
      }
    }
    return new CopyTarget(folder, made);
  }

  /** Removes what was made. Returns what the user is to be told where that fails; null when nothing is left. */
  undo(): string | null {
    try {
      clear(this.folder, 'with the lock');
      if (this.made === undefined) return null;
      for (let folder = this.folder; ; folder = path.dirname(folder)) {
        fs.rmdirSync(folder);
        if (folder === this.made) return null;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `what was made of it is still in ${this.folder} (${reason}): remove it`;
    }
  }
}

/** Segments are there, and what is written last is not. */
export function isUnfinishedCopy(names: readonly string[]): boolean {
  return names.some((name) => segmentNumber(name) > 0) && !names.includes(watermarkName);
}

function listOf(folder: string, flag: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${folder} cannot be used (${reason}); name a folder with ${flag}`);
  }
}

/** Removes all that a copy makes. */
function clear(folder: string, lock: 'keep the lock' | 'with the lock'): void {
  // The watermark first: what is left without it when this is cut short is no store.
  fs.rmSync(path.join(folder, watermarkName), { force: true });
  for (const name of fs.readdirSync(folder).filter((each) => ownFile.test(each)))
    if (lock === 'with the lock' || !name.startsWith(lockName)) fs.rmSync(path.join(folder, name));
}

function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
