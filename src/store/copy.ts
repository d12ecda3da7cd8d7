/**
 * A consistent copy of a data folder, up to a position: for `backup`, and for `restore`, which is
 * the same in the other direction.
 */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isNoRoom } from '../log/disk.ts';
import type { LogCopy, LogCopyOptions } from '../log/file/copy.ts';
import { copyLog, NoSuchPointError } from '../log/file/copy.ts';
import { RealDisk } from '../log/file/real-disk.ts';
import { surveyBesideWriter } from '../log/file/survey.ts';
import { LogTrimmedError } from '../log/log.ts';
import { reasonOf } from '../reason.ts';
import { clearCopy } from './copy-target.ts';
import { syncFolder, writeAtomically } from './durable-files.ts';
import { secretName } from './folder.ts';
import { copySnapshot, snapshotPositions } from './snapshot-files.ts';
import { UserError } from './user-error.ts';

export interface FolderCopyOptions {
  readonly from: string;
  readonly to: string;
  readonly until?: NonNullable<LogCopyOptions['until']>;
  /** Pause after each MiB, which is synced too: for a copy beside a store that sells. Default 0. */
  readonly pauseMs?: number;
  readonly signal: AbortSignal;
  /** Called for each piece of the log. */
  readonly onBytes?: (bytes: number) => void;
  /** Called with sentences about what was found on the way. */
  readonly onNotice: (message: string) => void;
}

export interface FolderCopy {
  readonly log: LogCopy;
  /** Positions of the snapshots in the copy, newest first. */
  readonly snapshots: readonly number[];
  readonly hasSecret: boolean;
}

/** How often the copy starts again because the store trimmed its log meanwhile. */
const maxAttempts = 5;

/**
 * Fills a folder that `CopyTarget.prepare` has found empty. The watermark comes last: until then no
 * process takes the folder for a store.
 * @throws UserError, LogDamagedError, NoSuchPointError; the files made so far are still there
 */
export async function copyFolder(options: FolderCopyOptions): Promise<FolderCopy> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await copyOnce(options);
    } catch (error) {
      if (!(error instanceof LogTrimmedError)) throw error;
      if (attempt === maxAttempts) {
        throw new UserError(
          `the log in ${options.from} was trimmed ${maxAttempts} times while it was to be copied; try again in a quieter hour, or run the store without --trim meanwhile`,
        );
      }
      clearCopy(options.to, 'keep the lock');
      await pause(100);
    }
  }
}

async function copyOnce(options: FolderCopyOptions): Promise<FolderCopy> {
  const { from, to, until, pauseMs = 0, signal, onBytes } = options;
  const found = surveyBesideWriter(new RealDisk(), from, 0);
  // Snapshots before the log: then the log, read later, certainly has their positions.
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
 * The newest usable snapshot up to the position. For a trimmed log all of them: positions in
 * between need an older one, and no log replaces a snapshot that goes bad.
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
      const reason = reasonOf(error);
      onNotice(`the snapshot at position ${position} in ${from} is not usable (${reason}); left out`);
    }
  }
  return copied;
}

function copySecret(from: string, to: string): boolean {
  const source = path.join(from, secretName);
  if (!fs.existsSync(source)) return false;
  writeAtomically({ file: path.join(to, secretName), sync: 'content' }, [fs.readFileSync(source)]);
  return true;
}
