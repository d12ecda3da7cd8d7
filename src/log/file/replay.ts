/** Reads a range of the log, across segments, and hands out batches without copying them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Disk, DiskFile } from '../disk.ts';
import type { ChainPoint } from '../frame.ts';
import { LogTrimmedError } from '../log.ts';
import type { Batch, OnBatch } from '../log.ts';
import { headerContinues, SegmentScan } from './scan.ts';
import { damaged, withFile } from './survey.ts';
import type { Segment } from './survey.ts';
import { Window } from './window.ts';

/** The log that is read: meanwhile it may grow at its end and be trimmed at its start. */
export interface ReplaySource {
  readonly disk: Disk;
  readonly segments: () => readonly Segment[];
  /** The position after the last durable record. */
  readonly end: () => number;
}

/**
 * Brings every batch from the one that holds `from`, up to the end. No turn of the event loop lies
 * between the last look at the end and the return. `stopped` ends it early.
 * @throws LogTrimmedError, LogDamagedError
 */
export async function replay(
  source: ReplaySource,
  from: number,
  onBatch: OnBatch,
  stopped: () => boolean = () => false,
): Promise<ChainPoint | null> {
  const window = new Window();
  let position = from;
  let chain: ChainPoint | null = null;
  let segment: Segment | null = null;
  while (position < source.end() && !stopped()) {
    const next: Segment = locate(source.segments(), position);
    if (segment === next) throw unexpectedEnd(source, segment, position, window);
    if (chain !== null && !headerContinues(next.header, chain)) {
      throw damaged(next.path, 0, `the segment does not continue the one before it at position ${position}`);
    }
    segment = next;
    const file = source.disk.open(segment.path, 'read');
    try {
      const scan = new SegmentScan(file, segment.header, segment.index, window, position);
      let fills = window.fills;
      while (scan.chain.position < source.end() && !stopped()) {
        const batch = scan.next();
        if (batch === null) break;
        if (scan.chain.position > position) onBatch(batch);
        position = Math.max(position, scan.chain.position);
        if (window.fills === fills) continue;
        // A long replay yields to the event loop after each read of the file.
        await nextTurn();
        fills = window.fills;
      }
      chain = scan.chain;
    } finally {
      file.close();
    }
  }
  return chain;
}

/** The last segment that begins at or before `position`. @throws LogTrimmedError */
export function locate(segments: readonly Segment[], position: number): Segment {
  let low = 0;
  let high = segments.length - 1;
  const first = segments[0];
  if (first === undefined || first.header.chain.position > position) {
    throw new LogTrimmedError(
      `position ${position} is older than what the log keeps (${first?.header.chain.position ?? 1})`,
    );
  }
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((segments[middle]?.header.chain.position ?? Infinity) <= position) low = middle;
    else high = middle - 1;
  }
  return segments[low] ?? first;
}

/** The batch that holds `position`, its records copied. @throws LogDamagedError */
export function readBatch(file: DiskFile, segment: Segment, position: number, window: Window): Batch {
  const scan = new SegmentScan(file, segment.header, segment.index, window, position);
  for (;;) {
    const batch = scan.next();
    if (batch === null)
      throw damaged(segment.path, scan.offset, `no frame holds here, where position ${position} is sought`);
    if (scan.chain.position > position) return { ...batch, records: batch.records.slice() };
  }
}

function unexpectedEnd(source: ReplaySource, segment: Segment, position: number, window: Window): Error {
  const offset = withFile(source.disk, segment.path, (file) => {
    const scan = new SegmentScan(file, segment.header, segment.index, window, position);
    while (scan.skip());
    return scan.offset;
  });
  const what = `no frame holds here: the frames end at position ${position}, but ${source.end()} was acknowledged`;
  return damaged(segment.path, offset, what);
}
