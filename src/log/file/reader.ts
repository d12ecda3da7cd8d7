/**
 * Reads the log of another process, without its lock and without changing anything: for followers,
 * backups and `inspect`. It reads up to the watermark, so it sees only durable records.
 */
import { errorCode } from '../disk.ts';
import type { Disk } from '../disk.ts';
import { chainStart } from '../frame.ts';
import { LogDamagedError } from '../log.ts';
import type { LogReader, LogReading, OnBatch } from '../log.ts';
import { RealDisk } from './real-disk.ts';
import { findEnd } from './recovery.ts';
import { locate, replay } from './replay.ts';
import { maxLooks, survey, surveyBesideWriter } from './survey.ts';
import type { Segment } from './survey.ts';
import { Window } from './window.ts';

export interface FileLogReaderOptions {
  readonly folder: string;
  /** Default: the real one. */
  readonly disk?: Disk;
  /** Default 0. */
  readonly cell?: number;
}

/** Its end is the one that the watermark vouches for. */
export interface FileLogReading extends LogReading {
  /** The segments in use, oldest first. */
  readonly segments: readonly SegmentSummary[];
}

export interface SegmentSummary {
  readonly path: string;
  readonly number: number;
  readonly first: number;
  readonly sizeBytes: number;
}

/** The frames after the watermark, for `inspect`. */
export interface FileLogTail {
  /**
   * - `clean`: nothing.
   * - `unvouched`: whole frames, which a recovery keeps.
   * - `torn`: bytes that a recovery would zero.
   * - `moving`: a writer is at work; the result is already out of date.
   */
  readonly state: 'clean' | 'unvouched' | 'torn' | 'moving';
  /** The position after the last whole frame. */
  readonly end: number;
  /** Log time of the last whole frame, ms. */
  readonly lastTimeMs: number;
  /**
   * The segment in which the frames end, and the offset after the last one; null for an empty
   * folder.
   */
  readonly path: string | null;
  readonly offset: number;
  readonly notices: readonly string[];
}

/**
 * Keeps what it learned of the segments: a follower that reads again and again starts near its
 * place.
 */
export class FileLogReader implements LogReader {
  private readonly disk: Disk;
  private readonly folder: string;
  private readonly cell: number;
  private known: readonly Segment[] = [];

  constructor(options: FileLogReaderOptions) {
    this.disk = options.disk ?? new RealDisk();
    this.folder = options.folder;
    this.cell = options.cell ?? 0;
  }

  /**
   * Brings every batch up to the watermark from the one that holds `from`. The first may begin
   * before `from`.
   * @throws LogTrimmedError, LogDamagedError
   */
  async read(from: number, onBatch: OnBatch, stopped: () => boolean = () => false): Promise<FileLogReading> {
    let next = from;
    let theirs: unknown;
    for (let look = 1; ; look += 1) {
      const found = surveyBesideWriter(this.disk, this.folder, this.cell, this.known);
      this.known = found?.segments ?? [];
      if (found === null) return { start: 1, end: 1, next, segments: [] };
      const { segments, watermark } = found;
      if (next < watermark.end) locate(segments, next);
      try {
        const source = { disk: this.disk, segments: () => segments, end: () => watermark.end };
        const bring: OnBatch = (batch) => {
          try {
            onBatch(batch);
          } catch (error) {
            theirs = error;
            throw error;
          }
          next = batch.first + batch.count;
        };
        await replay(source, next, bring, stopped);
        const start = segments[0]?.header.chain.position ?? 1;
        return { start, end: watermark.end, next, segments: segments.map(summaryOf) };
      } catch (error) {
        // A segment that has just disappeared was trimmed: the next look says how far. Damage
        // counts only at the second look, since a folder that was replaced differs from what is
        // known of it.
        const again = errorCode(error) === 'ENOENT' || (error instanceof LogDamagedError && look === 1);
        if (error === theirs || !again || look === maxLooks) throw error;
        this.known = [];
      }
    }
  }
}

/** Reads once, for callers that do not read again. */
export function readFileLog(
  options: FileLogReaderOptions & { readonly from?: number; readonly onBatch?: OnBatch },
): Promise<FileLogReading> {
  const { from = 1, onBatch = () => {} } = options;
  return new FileLogReader(options).read(from, onBatch);
}

/**
 * Reports what a recovery would find at the log's end. Changes nothing.
 * @throws LogDamagedError where a recovery would.
 */
export function inspectTail(options: FileLogReaderOptions): FileLogTail {
  const { folder, disk = new RealDisk(), cell = 0 } = options;
  const before = survey(disk, folder, cell);
  if (before === null) {
    return { state: 'clean', end: 1, lastTimeMs: 0, path: null, offset: 0, notices: [] };
  }
  const isMoving = (): boolean => survey(disk, folder, cell)?.watermark.sequence !== before.watermark.sequence;
  try {
    const { chain, offset, torn, notices } = findEnd(disk, before, new Window());
    const settled = torn.length > 0 ? 'torn' : chain.position > before.watermark.end ? 'unvouched' : 'clean';
    const state = settled !== 'clean' && isMoving() ? 'moving' : settled;
    const path = before.segments.at(-1)?.path ?? null;
    return {
      state,
      end: chain.position,
      lastTimeMs: chain.timeMs,
      path,
      offset,
      notices: [...before.notices, ...notices],
    };
  } catch (error) {
    if (!isMoving()) throw error;
    const { position, timeMs } = before.segments.at(-1)?.header.chain ?? chainStart;
    const end = Math.max(position, before.watermark.end);
    return { state: 'moving', end, lastTimeMs: timeMs, path: null, offset: 0, notices: [] };
  }
}

function summaryOf({ path, header }: Segment): SegmentSummary {
  return { path, number: header.number, first: header.chain.position, sizeBytes: header.sizeBytes };
}
