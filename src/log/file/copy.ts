/**
 * Copies the segments of a log into another folder, up to a given position, and checks every frame
 * of the copy. Only reads the source, up to its watermark, so a writer may be at work in it.
 *
 * Until `finish` the copy has no watermark, and without one neither readers nor writers take the
 * folder for a log. The caller adds all other files of the folder before `finish`. So an unfinished
 * copy never passes for a whole one.
 */
import { basename, join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { bytesOfRecords } from '../record-lengths.ts';
import type { Disk, DiskFile } from '../disk.ts';
import { FrameEncoder } from '../frame.ts';
import type { ChainPoint, Nonce } from '../frame.ts';
import { LogTrimmedError } from '../log.ts';
import type { Batch } from '../log.ts';
import { RealDisk } from './real-disk.ts';
import { endOfContent, headerContinues, SegmentScan } from './scan.ts';
import { SegmentIndex } from './segment-index.ts';
import { damaged, surveyBesideWriter } from './survey.ts';
import type { Segment, Survey } from './survey.ts';
import { createWatermark } from './watermark.ts';
import { Window } from './window.ts';

export interface LogCopyOptions {
  readonly from: string;
  /** An existing folder without a log. */
  readonly to: string;
  /**
   * The last position of the copy, which may lie inside a batch. Default: all that the watermark
   * vouches for.
   */
  readonly until?: number;
  /**
   * Pause after each MiB, which is synced too: a writer's own syncs then never wait behind
   * gigabytes. Default 0: no pause.
   */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
  /** Default: the real one. */
  readonly disk?: Disk;
  /** Default 0. */
  readonly cell?: number;
}

export interface LogCopy {
  /** The oldest position of the copy. */
  readonly start: number;
  /** The position after its last record. */
  readonly end: number;
  /** Log time of its last record, ms. */
  readonly lastTimeMs: number;
  /** The position after the source's last record, by its watermark. */
  readonly sourceEnd: number;
  readonly segments: number;
  readonly bytes: number;
  /** Makes the folder a log; durable when this returns. */
  finish(): void;
}

/** The copy cannot end at the requested position. */
export class NoSuchPointError extends Error {
  override readonly name = 'NoSuchPointError';
}

const pieceBytes = 1024 * 1024;

/**
 * @throws NoSuchPointError the source does not have the position, or no longer
 * @throws LogDamagedError a frame of the source does not hold
 * @throws LogTrimmedError the source was trimmed meanwhile: start again in an empty folder
 */
export async function copyLog(options: LogCopyOptions): Promise<LogCopy> {
  const { from, to, disk = new RealDisk(), cell = 0 } = options;
  const found = surveyBesideWriter(disk, from, cell);
  if (found === null || found.watermark.end === 1) throw new NoSuchPointError(`${from} has no record in its log`);
  const { segments, watermark } = found;
  const cut = new Cut(from, found, options.until);
  const copied: Segment[] = [];
  let end: End = { offset: 0, chain: segments[0]!.header.chain };
  for (const segment of segments) {
    const before = copied.at(-1);
    if (before !== undefined && !cut.wants(segment.header.chain)) break;
    if (before !== undefined && !headerContinues(segment.header, end.chain))
      throw stops(before, end, `but the next segment begins at ${segment.header.chain.position}`);
    const file = disk.create(join(to, basename(segment.path)));
    try {
      await copyBytes(disk, segment, file, options);
      end = await settle(file, segment, cut, options.signal);
      file.sync();
    } finally {
      file.close();
    }
    copied.push(segment);
  }
  const last = copied.at(-1);
  if (last !== undefined && cut.wants(end.chain))
    throw stops(last, end, `though all below ${watermark.end} was acknowledged`);
  disk.syncFolder(to);
  const { start } = watermark;
  return {
    start,
    end: end.chain.position,
    lastTimeMs: end.chain.timeMs,
    sourceEnd: watermark.end,
    segments: copied.length,
    bytes: copied.reduce((sum, { header }) => sum + header.sizeBytes, 0),
    finish: () => createWatermark(disk, to, end.chain.position, start),
  };
}

/** Where the frames of a segment end. */
interface End {
  readonly offset: number;
  readonly chain: ChainPoint;
}

function stops({ path }: Segment, { offset, chain }: End, although: string): Error {
  return damaged(path, offset, `the frames end here at position ${chain.position}, ${although}`);
}

/** Where a copy ends: before the position `end`. */
class Cut {
  readonly end: number;

  /** @throws NoSuchPointError */
  constructor(from: string, found: Survey, until: LogCopyOptions['until']) {
    const { start, end } = found.watermark;
    this.end = until === undefined ? end : until + 1;
    if (this.end > end)
      throw new NoSuchPointError(`the log in ${from} ends at position ${end - 1}, before ${this.end - 1}`);
    if (this.end < start)
      throw new NoSuchPointError(`the log in ${from} begins at position ${start}: what lay before was trimmed`);
  }

  /** Whether records after this point may belong to the copy. */
  wants(chain: ChainPoint): boolean {
    return chain.position < this.end;
  }

  /** How many of a batch's records belong to the copy. */
  countOf(batch: Batch): number {
    return Math.min(batch.count, this.end - batch.first);
  }
}

/** @throws LogTrimmedError when the source is gone */
async function copyBytes(disk: Disk, segment: Segment, into: DiskFile, options: LogCopyOptions): Promise<void> {
  const { pauseMs = 0, signal, onBytes } = options;
  const source = openUntrimmed(disk, segment.path);
  try {
    const piece = new Uint8Array(pieceBytes);
    for (let offset = 0; offset < segment.header.sizeBytes;) {
      signal?.throwIfAborted();
      const read = source.read(piece.subarray(0, segment.header.sizeBytes - offset), offset);
      if (read === 0) throw damaged(segment.path, offset, 'the file is shorter than its header says');
      into.write(piece.subarray(0, read), offset);
      offset += read;
      onBytes?.(read);
      if (pauseMs === 0) {
        await nextTurn();
      } else {
        into.sync();
        await pause(pauseMs);
      }
    }
  } finally {
    source.close();
  }
}

function openUntrimmed(disk: Disk, path: string): DiskFile {
  try {
    return disk.open(path, 'read');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new LogTrimmedError(`${path} was trimmed while it was to be copied`, { cause: error });
    throw error;
  }
}

/**
 * Checks the frames of a copied segment up to the cut and zeroes everything after it. Returns where
 * the frames end now.
 */
async function settle(file: DiskFile, segment: Segment, cut: Cut, signal?: AbortSignal): Promise<End> {
  const window = new Window();
  const { header } = segment;
  const scan = new SegmentScan(file, header, new SegmentIndex(header.chain), window);
  let end: End = { offset: scan.offset, chain: scan.chain };
  for (let fills = window.fills; ;) {
    const batch = cut.wants(scan.chain) ? scan.next() : null;
    const count = batch === null ? 0 : cut.countOf(batch);
    if (batch === null || count < batch.count) {
      if (batch !== null && count > 0) end = rewrite(file, end, batch, count, header.nonce);
      break;
    }
    end = { offset: scan.offset, chain: scan.chain };
    if (window.fills === fills) continue;
    fills = window.fills;
    signal?.throwIfAborted();
    await nextTurn();
  }
  const contentEnd = endOfContent(file, end.offset, new Window());
  const zeros = new Uint8Array(Math.min(pieceBytes, contentEnd - end.offset));
  for (let offset = end.offset; offset < contentEnd; offset += zeros.length)
    file.write(zeros.subarray(0, Math.min(zeros.length, contentEnd - offset)), offset);
  return end;
}

/** Replaces a batch's frame by one with only its first `count` records. */
function rewrite(file: DiskFile, at: End, batch: Batch, count: number, nonce: Nonce): End {
  const encoder = new FrameEncoder();
  const records = batch.records.subarray(0, bytesOfRecords(batch.records, count));
  const frame = encoder.encode({ ...batch, count, records }, at.chain, batch.timeMs, nonce);
  file.write(frame, at.offset);
  const chain = { position: batch.first + count, crc: encoder.crc, timeMs: batch.timeMs };
  return { offset: at.offset + frame.length, chain };
}
