/**
 * Recovery: finds where the log ends, in two steps that never mix.
 *
 * `findEnd` only reads. It returns the end and what has to be mended, or throws LogDamagedError
 * with nothing changed on the disk. `mend` then makes the disk agree with what `findEnd` found.
 * After a crash during mending, `findEnd` finds the same end again.
 *
 * The end is where the chain of frames stops. Bytes after it are a torn tail, and may be zeroed,
 * when all of this is true: the chain reaches the watermark; no later segment is in use; no whole
 * frame of a later position follows.
 */
import assert from 'node:assert/strict';
import { chainStart } from '../frame.ts';
import type { ChainPoint } from '../frame.ts';
import type { Disk, DiskFile } from '../disk.ts';
import { endOfContent, findLaterFrame, headerContinues, SegmentScan } from './scan.ts';
import { segmentHeaderBytes } from './segment.ts';
import { damaged, withFile } from './survey.ts';
import type { Segment, Survey } from './survey.ts';
import type { Window } from './window.ts';

/** A range of bytes of a file. */
interface Range {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

export interface Ending {
  /** The point that the next frame continues. */
  readonly chain: ChainPoint;
  /** Offset of the next frame in the last segment. */
  readonly offset: number;
  /** Torn writes after everything that was acknowledged: to be zeroed. */
  readonly torn: readonly Range[];
  /**
   * Valid frames that the watermark does not vouch for: to be written again and synced before they
   * count.
   */
  readonly unvouched: readonly Range[];
  /** A whole prepared segment, ready for use. */
  readonly prepared: { readonly path: string; readonly number: number; readonly sizeBytes: number } | null;
  /** Segments that were never in use and cannot be: to be removed. */
  readonly useless: readonly string[];
  readonly notices: readonly string[];
}

/** @throws LogDamagedError */
export function findEnd(disk: Disk, found: Survey, window: Window): Ending {
  const { segments, watermark } = found;
  const last = segments.at(-1);
  const notices: string[] = [];
  const torn: Range[] = [];
  const unvouched: Range[] = [];
  // Records below the watermark are checked whenever they are read. So the scan begins with the
  // segment that holds the last record that the watermark vouches for.
  const vouchedLast = segments.findLastIndex((segment) => segment.header.chain.position < watermark.end);
  const scanned = segments.slice(Math.max(0, vouchedLast));
  let chain = scanned[0]?.header.chain ?? chainStart;
  let offset = segmentHeaderBytes;
  let before: Segment | undefined;
  for (const segment of scanned) {
    if (before !== undefined && !headerContinues(segment.header, chain)) {
      const next = segment.header.chain.position;
      const what = `the frames end here at position ${chain.position}, but the next segment begins at ${next}`;
      throw damaged(before.path, offset, what);
    }
    before = segment;
    withFile(disk, segment.path, (file) => {
      const { scan, vouchedUntil } = scanToEnd(file, segment, watermark.end, window);
      chain = scan.chain;
      offset = scan.offset;
      if (vouchedUntil < offset) unvouched.push({ path: segment.path, from: vouchedUntil, to: offset });
      const to = endOfContent(file, offset, window);
      if (to === offset) return;
      const range = { path: segment.path, from: offset, to };
      // A later header continues the chain exactly here, so these bytes hold nothing acknowledged.
      if (segment !== last) notices.push(`${describe(range)} behind the last frame are not zero; left as they are`);
      else torn.push(judgeTail(file, segment, chain, range, window));
    });
  }
  if (chain.position < watermark.end) {
    assert(last !== undefined, 'a survey without segments has nothing acknowledged');
    const what = `no frame holds here, at position ${chain.position}, though all below ${watermark.end} was acknowledged`;
    throw damaged(last.path, offset, what);
  }
  for (const range of torn) notices.push(`${describe(range)} are a torn tail, above all that was acknowledged: zeroed`);
  const rest = judgeHeadless(disk, found, chain.position, window);
  return { chain, offset, torn, unvouched, ...rest, notices: [...notices, ...rest.notices] };
}

function describe({ path, from, to }: Range): string {
  return `${path}: bytes ${from} to ${to}`;
}

/**
 * Scans to the last valid frame. Also returns where the first frame begins that the watermark does
 * not vouch for.
 */
function scanToEnd(
  file: DiskFile,
  segment: Segment,
  watermarkEnd: number,
  window: Window,
): { scan: SegmentScan; vouchedUntil: number } {
  const scan = new SegmentScan(file, segment.header, segment.index, window);
  let vouchedUntil = scan.offset;
  while (scan.skip()) if (scan.chain.position <= watermarkEnd) vouchedUntil = scan.offset;
  // A header that the watermark does not vouch for is treated like its frames.
  return { scan, vouchedUntil: segment.header.chain.position >= watermarkEnd ? 0 : vouchedUntil };
}

/** Returns the range when it may be zeroed. @throws LogDamagedError */
function judgeTail(file: DiskFile, segment: Segment, chain: ChainPoint, range: Range, window: Window): Range {
  const sought = { position: chain.position, nonce: segment.header.nonce };
  const later = findLaterFrame(file, sought, range.from, range.to, window);
  if (later < 0) return range;
  throw damaged(segment.path, range.from, `no frame holds here, but a later one does at byte ${later}`);
}

type HeadlessVerdict = Pick<Ending, 'prepared' | 'useless' | 'notices'>;

/**
 * A header is synced before the first frame after it is written. So an invalid header has no frame
 * after it, or the disk has lost data.
 */
function judgeHeadless(disk: Disk, found: Survey, position: number, window: Window): HeadlessVerdict {
  const useless: string[] = [];
  const notices: string[] = [];
  const next = (found.segments.at(-1)?.header.number ?? 0) + 1;
  let prepared: Ending['prepared'] = null;
  for (const { path, number } of found.headless) {
    const { sizeBytes, end, frame } = withFile(disk, path, (file) => {
      const end = endOfContent(file, 0, window);
      const frame = findLaterFrame(file, { position, nonce: null }, 0, end, window);
      return { sizeBytes: file.size(), end, frame };
    });
    if (frame >= 0)
      throw damaged(path, 0, `the header of the segment does not hold, but a frame at byte ${frame} does`);
    if (number === next && end === 0 && sizeBytes > segmentHeaderBytes) {
      prepared = { path, number, sizeBytes };
    } else {
      useless.push(path);
      notices.push(`${path}: a segment that never came into use, and is not as it was prepared: removed`);
    }
  }
  return { prepared, useless, notices };
}

/**
 * Makes the disk agree with what was found. Everything before the end is on the disk after this.
 */
export function mend(disk: Disk, ending: Ending, window: Window): void {
  for (const range of ending.torn) rewrite(disk, range, (bytes) => bytes.fill(0), window);
  // A process that died between write and sync leaves frames that may be only in the kernel's
  // cache, and after a failed sync the kernel may take them for clean. Writing them again marks
  // them dirty, so the next sync is certain to cover them.
  for (const range of ending.unvouched) rewrite(disk, range, (bytes) => bytes, window);
}

/**
 * Removes leftover files. Only after the watermark is synced: some files are left over because of
 * the start it names, and that may be only in the kernel's cache so far.
 */
export function sweep(disk: Disk, folder: string, found: Survey, ending: Ending): void {
  for (const path of [...found.leftovers, ...ending.useless]) disk.remove(path);
  // Not only for the files just removed: a process that died may have left names that only the
  // kernel's cache has.
  disk.syncFolder(folder);
}

function rewrite(disk: Disk, range: Range, change: (bytes: Uint8Array) => Uint8Array, window: Window): void {
  const file = disk.open(range.path, 'write');
  try {
    for (let offset = range.from; offset < range.to;) {
      const at = window.refill(file, offset, 1);
      const bytes = Math.min(range.to - offset, window.readable(file, offset));
      assert(at >= 0 && bytes > 0, 'what was scanned a moment ago is still there');
      file.write(change(window.bytes.subarray(at, at + bytes)), offset);
      offset += bytes;
    }
    file.sync();
  } finally {
    file.close();
  }
}
