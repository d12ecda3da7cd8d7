/**
 * Recovery: finds where the log ends, in two steps that never mix.
 *
 * `findEnd` only reads. It either returns the end together with what is to be mended, or throws LogDamagedError; then nothing
 * on the disk was changed. `mend` then makes the disk say what `findEnd` found. A crash in the middle of mending leaves a
 * folder of which `findEnd` finds the same end.
 *
 * The end is where the chain of frames stops. What lies behind it may be a torn tail, zeroed, when all of this is true:
 * the chain reaches the watermark; no later segment is in use; no whole frame of a later position follows.
 */
import assert from 'node:assert/strict';
import { CHAIN_START, type ChainPoint } from '../frame.ts';
import type { Disk, DiskFile } from '../disk.ts';
import { endOfContent, findLaterFrame, headerContinues, SegmentScan } from './scan.ts';
import { SEGMENT_HEADER_BYTES } from './segment.ts';
import { damaged, type Segment, type Survey, withFile } from './survey.ts';
import type { Window } from './window.ts';

/** Bytes of a file. */
interface Range {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

export interface Ending {
  /** What the next frame continues. */
  readonly chain: ChainPoint;
  /** Where in the last segment the next frame goes. */
  readonly offset: number;
  /** Torn writes that were never acknowledged: to be zeroed. */
  readonly torn: readonly Range[];
  /** Frames that hold and that the watermark does not vouch for: to be written again and synced before they count. */
  readonly unvouched: readonly Range[];
  /** A whole prepared segment, ready for use. */
  readonly prepared: { readonly path: string; readonly number: number; readonly sizeBytes: number } | null;
  /** Prepared segments that are of no use. */
  readonly useless: readonly string[];
  readonly notices: readonly string[];
}

/** @throws LogDamagedError */
export function findEnd(disk: Disk, folderSurvey: Survey, window: Window): Ending {
  const { segments, watermark } = folderSurvey;
  const notices: string[] = [];
  const torn: Range[] = [];
  const unvouched: Range[] = [];
  // Records below the watermark were checked when they were written, and are again whenever they are read: the scan only
  // has to begin with the segment that holds the last record that the watermark vouches for.
  const begin = Math.max(
    0,
    segments.findLastIndex((segment) => segment.header.chain.position < watermark.end),
  );
  let chain = segments[begin]?.header.chain ?? CHAIN_START;
  let offset = SEGMENT_HEADER_BYTES;
  for (const [at, segment] of segments.entries()) {
    if (at < begin) continue;
    if (!headerContinues(segment.header, chain)) {
      const before = segments[at - 1];
      assert(before !== undefined, 'the first header is where the chain begins');
      throw damaged(
        before.path,
        offset,
        `the frames end at position ${chain.position}, but the next segment begins at ${segment.header.chain.position}`,
      );
    }
    withFile(disk, segment.path, (file) => {
      const vouched = scanToEnd(file, segment, watermark.end, window);
      chain = vouched.scan.chain;
      offset = vouched.scan.offset;
      if (vouched.until < offset) unvouched.push({ path: segment.path, from: vouched.until, to: offset });
      const contentEnd = endOfContent(file, offset, window);
      if (contentEnd === offset) return;
      if (at < segments.length - 1) {
        // The next header continues the chain exactly here: nothing that was acknowledged can be among these bytes.
        notices.push(
          `${segment.path}: bytes ${offset} to ${contentEnd} behind its last frame are not zero; left as they are`,
        );
        return;
      }
      const later = findLaterFrame(file, segment.header, chain.position, offset, contentEnd, window);
      if (later >= 0) throw damaged(segment.path, offset, `no frame holds here, but a later one does at byte ${later}`);
      torn.push({ path: segment.path, from: offset, to: contentEnd });
    });
  }
  if (chain.position < watermark.end) {
    const last = segments.at(-1);
    assert(last !== undefined, 'a survey without segments has nothing acknowledged');
    throw damaged(
      last.path,
      offset,
      `no frame holds here: the log would end at position ${chain.position}, but ${watermark.end} was acknowledged`,
    );
  }
  for (const { path, from, to } of torn) {
    notices.push(`${path}: ${to - from} bytes from byte ${from} are a torn tail that was never acknowledged; zeroed`);
  }
  const rest = judgeHeadless(disk, folderSurvey, window);
  return {
    chain,
    offset,
    unvouched,
    torn: [...torn, ...rest.torn],
    ...pick(rest),
    notices: [...notices, ...rest.notices],
  };
}

function pick(rest: HeadlessVerdict): Pick<Ending, 'prepared' | 'useless'> {
  return { prepared: rest.prepared, useless: rest.useless };
}

/** Scans to the last frame that holds; `until` is where the first frame begins that the watermark does not vouch for. */
function scanToEnd(
  file: DiskFile,
  segment: Segment,
  watermarkEnd: number,
  window: Window,
): { scan: SegmentScan; until: number } {
  const scan = new SegmentScan(file, segment.header, segment.index, window);
  let until = scan.offset;
  while (scan.skip()) if (scan.chain.position <= watermarkEnd) until = scan.offset;
  // A header that is not vouched for is written again together with its frames.
  return { scan, until: segment.header.chain.position >= watermarkEnd ? 0 : until };
}

type HeadlessVerdict = Pick<Ending, 'torn' | 'prepared' | 'useless' | 'notices'>;

/**
 * A header is synced before the first frame behind it is written, and zeros are synced before the header. So behind a
 * header that does not hold there are zeros, or the disk has lost something.
 */
function judgeHeadless(disk: Disk, folderSurvey: Survey, window: Window): HeadlessVerdict {
  const torn: Range[] = [];
  const notices: string[] = [];
  const next = (folderSurvey.segments.at(-1)?.header.number ?? 0) + 1;
  const useless: string[] = [];
  let prepared: Ending['prepared'] = null;
  for (const { path, number } of folderSurvey.headless) {
    withFile(disk, path, (file) => {
      const sizeBytes = file.size();
      const end = endOfContent(file, 0, window);
      if (end > SEGMENT_HEADER_BYTES)
        throw damaged(path, 0, 'the header of the segment does not hold, and frames may follow');
      if (number !== next || sizeBytes <= SEGMENT_HEADER_BYTES) {
        useless.push(path);
        notices.push(`${path}: an empty segment that cannot be used; removed`);
        return;
      }
      if (end > 0) {
        torn.push({ path, from: 0, to: end });
        notices.push(`${path}: a header that was being written, before any frame; zeroed`);
      }
      prepared = { path, number, sizeBytes };
    });
  }
  return { torn, prepared, useless, notices };
}

/** Makes the disk say what was found. Everything before the returned end is on the disk after this. */
export function mend(disk: Disk, folder: string, folderSurvey: Survey, ending: Ending, window: Window): void {
  for (const range of ending.torn) rewrite(disk, range, (bytes) => bytes.fill(0), window);
  // A process that died between write and sync left frames that only the cache of the kernel may hold, and after a failed
  // sync the kernel may hold them for clean. Writing them again makes them dirty, so that the sync covers them for certain.
  for (const range of ending.unvouched) rewrite(disk, range, (bytes) => bytes, window);
  const remove = [...folderSurvey.leftovers, ...ending.useless];
  for (const path of remove) disk.remove(path);
  if (remove.length > 0) disk.syncFolder(folder);
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
