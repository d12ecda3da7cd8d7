/**
 * A survey of a log's folder: its files, its watermark, and the segments in use. It reads only the
 * small headers and changes nothing. The writer's recovery and the reader for other processes both
 * begin with it.
 */
import { join } from 'node:path';
import { errorCode, unfinishedSuffix } from '../disk.ts';
import type { Disk, DiskFile } from '../disk.ts';
import { LogDamagedError } from '../log.ts';
import { decodeHeader, formatVersion, segmentHeaderBytes, segmentName, segmentNumber } from './segment.ts';
import type { SegmentHeader } from './segment.ts';
import { SegmentIndex } from './segment-index.ts';
import { readWatermark, watermarkBytes, watermarkName } from './watermark.ts';
import type { WatermarkState } from './watermark.ts';

/** A segment in use: its header is valid. */
export interface Segment {
  readonly path: string;
  readonly header: SegmentHeader;
  readonly index: SegmentIndex;
}

/** A segment file without a valid header: prepared and not yet used, or damaged. */
export interface HeadlessSegment {
  readonly path: string;
  readonly number: number;
}

export interface Survey {
  readonly watermark: WatermarkState;
  /**
   * Without gaps, ascending; the first holds the watermark's start. Empty only when no record was
   * ever acknowledged.
   */
  readonly segments: Segment[];
  /** Segment files after the last one in use. */
  readonly headless: readonly HeadlessSegment[];
  /**
   * Files that a crash left behind and that are not needed: unfinished ones, and segments that were
   * being trimmed.
   */
  readonly leftovers: readonly string[];
  readonly notices: readonly string[];
}

const advice =
  'Nothing was changed. Keep a copy of the folder as it is, then restore it from a backup or from another replica.';

export function damaged(path: string, offset: number, what: string): LogDamagedError {
  return new LogDamagedError(`${path} at byte ${offset}: ${what}. ${advice}`, path, offset);
}

/**
 * `known`: segments in use that an earlier survey found; their headers are not read again.
 * @returns null for a folder without a log. @throws LogDamagedError
 */
export function survey(disk: Disk, folder: string, cell: number, known: readonly Segment[] = []): Survey | null {
  const notices: string[] = [];
  // Read the watermark before the listing: then the listing has every segment that the watermark
  // covers, even while a writer goes on.
  const watermarkPath = join(folder, watermarkName);
  const watermark = surveyWatermark(disk, watermarkPath, notices);
  const names = disk.list(folder);
  const numbers = names.map(segmentNumber).filter((number) => number > 0);
  numbers.sort((a, b) => a - b);
  if (watermark === null) {
    // The watermark is on the disk before the first segment is made, and nothing ever removes it.
    if (numbers.length > 0) throw damaged(watermarkPath, 0, 'the watermark is missing, though segments are there');
    return null;
  }
  const knownByNumber = new Map(known.map((segment) => [segment.header.number, segment]));
  const found = numbers.map((number) => knownByNumber.get(number) ?? surveySegment(disk, folder, number, cell));
  const lastUsed = found.findLastIndex(isUsed);
  const first = found.findLastIndex((segment) => isUsed(segment) && segment.header.chain.position <= watermark.start);
  if (first < 0 && (watermark.end > 1 || lastUsed >= 0)) {
    const oldest = found[0];
    const isHeadless = oldest !== undefined && !isUsed(oldest) && (oldest.number === 1 || lastUsed >= 0);
    if (isHeadless) throw damaged(oldest.path, 0, 'the header of the segment does not hold');
    const missing = segmentName(watermark.start === 1 ? 1 : Math.max(1, (numbers[0] ?? 1) - 1));
    throw damaged(join(folder, missing), 0, `the segment that holds position ${watermark.start} is missing`);
  }
  const segments: Segment[] = [];
  for (const segment of first < 0 ? [] : found.slice(first, lastUsed + 1)) {
    if (!isUsed(segment)) throw damaged(segment.path, 0, 'the header of the segment does not hold');
    const expected = (segments.at(-1)?.header.number ?? segment.header.number - 1) + 1;
    if (segment.header.number !== expected) {
      throw damaged(join(folder, segmentName(expected)), 0, 'the segment is missing, though a later one is there');
    }
    segments.push(segment);
  }
  const unfinished = names.filter(isUnfinished).map((name) => join(folder, name));
  const trimmed = found.slice(0, Math.max(first, 0)).map((segment) => segment.path);
  const headless = found.slice(lastUsed + 1).filter((segment): segment is HeadlessSegment => !isUsed(segment));
  return { watermark, segments, headless, leftovers: [...unfinished, ...trimmed], notices };
}

/** How often a reader beside the writer surveys again when the folder changed meanwhile. */
export const maxLooks = 5;

/**
 * A survey of a folder in which another process may be writing. @returns null for a folder without
 * a log.
 * @throws LogDamagedError
 */
export function surveyBesideWriter(
  disk: Disk,
  folder: string,
  cell: number,
  known: readonly Segment[] = [],
): Survey | null {
  for (let look = 1; ; look += 1) {
    try {
      return survey(disk, folder, cell, look === 1 ? known : []);
    } catch (error) {
      // The folder changed between the listing and the reads of its files.
      if (look === maxLooks || !(errorCode(error) === 'ENOENT' || error instanceof LogDamagedError)) throw error;
    }
  }
}

function isUnfinished(name: string): boolean {
  if (!name.endsWith(unfinishedSuffix)) return false;
  const finished = name.slice(0, -unfinishedSuffix.length);
  return finished === watermarkName || segmentNumber(finished) > 0;
}

function isUsed(segment: Segment | HeadlessSegment): segment is Segment {
  return 'header' in segment;
}

function surveyWatermark(disk: Disk, path: string, notices: string[]): WatermarkState | null {
  const bytes = new Uint8Array(watermarkBytes + 1);
  let length: number;
  try {
    length = withFile(disk, path, (file) => file.read(bytes, 0));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  if (length !== watermarkBytes) {
    throw damaged(path, Math.min(length, watermarkBytes), `the watermark is not ${watermarkBytes} bytes long`);
  }
  const { state, brokenSlots } = readWatermark(bytes.subarray(0, length));
  if (state === null) throw damaged(path, 0, 'no slot of the watermark holds');
  for (const slot of brokenSlots) notices.push(`${path}: slot ${slot} does not hold; the others are used`);
  return state;
}

function surveySegment(disk: Disk, folder: string, number: number, cell: number): Segment | HeadlessSegment {
  const path = join(folder, segmentName(number));
  const bytes = new Uint8Array(segmentHeaderBytes);
  let size = 0;
  const length = withFile(disk, path, (file) => {
    size = file.size();
    return file.read(bytes, 0);
  });
  const header = decodeHeader(bytes.subarray(0, length));
  if (header === null) return { path, number };
  if (header.version !== formatVersion) {
    throw damaged(path, 8, `the format version is ${header.version}; this program reads version ${formatVersion}`);
  }
  if (header.cell !== cell) throw damaged(path, 12, `the log is that of cell ${header.cell}, not of cell ${cell}`);
  if (header.number !== number) throw damaged(path, 16, `the file is segment ${header.number} under another's name`);
  if (header.sizeBytes !== size) {
    const place = Math.min(size, header.sizeBytes);
    throw damaged(path, place, `the file has ${size} bytes; its header says ${header.sizeBytes}`);
  }
  return { path, header, index: new SegmentIndex(header.chain) };
}

export function withFile<T>(disk: Disk, path: string, use: (file: DiskFile) => T): T {
  const file = disk.open(path, 'read');
  try {
    return use(file);
  } finally {
    file.close();
  }
}
