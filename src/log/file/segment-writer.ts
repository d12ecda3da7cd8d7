/**
 * Writes frames into the current segment: one write, one sync, and a definite result.
 *
 * Invariants: before `offset` lie whole, synced frames; from `offset` on all is zero, except while
 * `commit` runs. After a LogFailedError neither is certain, and the writer must not be used again.
 */
import assert from 'node:assert/strict';
import { isNoRoom } from '../disk.ts';
import type { DiskFile } from '../disk.ts';
import { LogFailedError, LogFullError } from '../log.ts';
import { encodeHeader, segmentHeaderBytes } from './segment.ts';
import type { Segment } from './survey.ts';

export class SegmentWriter {
  readonly file: DiskFile;
  readonly segment: Segment;
  private end: number;

  constructor(file: DiskFile, segment: Segment, offset: number) {
    const { sizeBytes } = segment.header;
    assert(offset >= segmentHeaderBytes && offset <= sizeBytes, 'frames stand behind the header');
    this.file = file;
    this.segment = segment;
    this.end = offset;
  }

  /**
   * Takes a prepared file into use: its header is on the disk when this returns. @throws
   * LogFullError, LogFailedError
   */
  static begin(file: DiskFile, segment: Segment): SegmentWriter {
    writeDurably(file, encodeHeader(segment.header), 0);
    return new SegmentWriter(file, segment, segmentHeaderBytes);
  }

  get offset(): number {
    return this.end;
  }

  get isHalfFull(): boolean {
    return this.end * 2 >= this.segment.header.sizeBytes;
  }

  fits(bytes: number): boolean {
    return this.end + bytes <= this.segment.header.sizeBytes;
  }

  /** The frame is on the disk when this returns. @throws LogFullError, LogFailedError */
  commit(frame: Uint8Array): void {
    assert(this.fits(frame.length), 'a frame lies in one segment');
    writeDurably(this.file, frame, this.end);
    this.end += frame.length;
  }

  close(): void {
    this.file.close();
  }
}

function writeDurably(file: DiskFile, bytes: Uint8Array, offset: number): void {
  try {
    file.write(bytes, offset);
  } catch (error) {
    if (!isNoRoom(error)) throw failed('writing', file.path, error);
    takeBack(file, bytes.length, offset);
    throw new LogFullError(`no room on the disk for ${file.path}; nothing was written`, { cause: error });
  }
  try {
    file.sync();
  } catch (error) {
    // Also without room: the kernel may have dropped what it could not write, and then takes it for
    // clean.
    throw failed('syncing', file.path, error);
  }
}

/** Zeroes what a refused write left, durably: none of it can ever appear as a frame. */
function takeBack(file: DiskFile, bytes: number, offset: number): void {
  try {
    // Zeroes only what was written: past that, writing zeros would find no room either.
    const left = new Uint8Array(bytes);
    file.read(left, offset);
    let length = left.length;
    while (length > 0 && left[length - 1] === 0) length -= 1;
    if (length === 0) return;
    file.write(left.fill(0).subarray(0, length), offset);
    file.sync();
  } catch (error) {
    throw failed('taking back a cut write to', file.path, error);
  }
}

export function failed(doing: string, path: string, cause: unknown): LogFailedError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LogFailedError(`${doing} ${path} failed (${why}); what the disk holds is unknown until the next start`, {
    cause,
  });
}
