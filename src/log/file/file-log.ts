/**
 * The log in files of one folder. See DESIGN.md for the layout and for what holds after each fault.
 *
 * An append is synchronous from the encoded frame to the subscribers' return: write, sync,
 * watermark, subscribers. It waits only when a segment is full and the next one is not ready.
 *
 * States: open -> failed (a write or a sync whose outcome is unknown; every later append is
 * refused) -> closed.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { errorCode } from '../disk.ts';
import type { Disk, DiskLock } from '../disk.ts';
import { FrameEncoder } from '../frame.ts';
import type { ChainPoint, Nonce } from '../frame.ts';
import { LogFailedError } from '../log.ts';
import type { AppendBatch, Batch, Log, OnBatch, Subscription } from '../log.ts';
import { RealDisk } from './real-disk.ts';
import { findEnd, mend, sweep } from './recovery.ts';
import { locate, readBatch, replay } from './replay.ts';
import type { ReplaySource } from './replay.ts';
import { formatVersion, segmentHeaderBytes, segmentName } from './segment.ts';
import type { SegmentHeader } from './segment.ts';
import { SegmentIndex } from './segment-index.ts';
import { SegmentSupply } from './segment-supply.ts';
import type { WantedSegment } from './segment-supply.ts';
import { failed, SegmentWriter } from './segment-writer.ts';
import { Subscriptions } from './subscriptions.ts';
import { survey } from './survey.ts';
import type { Segment } from './survey.ts';
import { createWatermark, Watermark, watermarkName } from './watermark.ts';
import { Window } from './window.ts';

export interface FileLogOptions {
  /** Made when missing. */
  readonly folder: string;
  /** Default: the real one. */
  readonly disk?: Disk;
  /** Which cell this log is, below 2^32; a log of another cell is refused. Default 0. */
  readonly cell?: number;
  /** Small: an empty folder is then ready at once. Default 4 MiB. */
  readonly firstSegmentBytes?: number;
  /** Each segment is twice the one before, up to this. Default 64 MiB. */
  readonly maxSegmentBytes?: number;
  /** Called with sentences for the operator: a torn tail that was zeroed, a full disk. */
  readonly onNotice?: (message: string) => void;
  /** Default: performance.now. */
  readonly monotonicMs?: () => number;
  /** Default: random. A simulation passes its own. */
  readonly nonce?: () => Nonce;
}

const mebibyte = 1024 * 1024;
const readWindowBytes = 128 * 1024;
const resolved = Promise.resolve();

/**
 * Opens the log for writing and recovers it.
 * @throws LogLockedError another process writes in the folder
 * @throws LogDamagedError the files on the disk cannot be trusted; nothing was changed
 * @throws LogFullError no room for the first segment
 */
export async function openFileLog(options: FileLogOptions): Promise<FileLog> {
  const disk = options.disk ?? new RealDisk();
  disk.makeFolder(options.folder);
  const lock = disk.lock(options.folder);
  try {
    return await recover(disk, lock, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function recover(disk: Disk, lock: DiskLock, options: FileLogOptions): Promise<FileLog> {
  const { folder, cell = 0, onNotice = () => {}, monotonicMs = () => performance.now() } = options;
  let found = survey(disk, folder, cell);
  if (found === null) {
    createWatermark(disk, folder);
    found = survey(disk, folder, cell);
  }
  assert(found !== null, 'the watermark was just made');
  const window = new Window();
  const ending = findEnd(disk, found, window);
  for (const notice of [...found.notices, ...ending.notices]) onNotice(notice);
  mend(disk, ending, window);

  const watermark = new Watermark(disk.open(join(folder, watermarkName), 'write'), found.watermark);
  const supply = new SegmentSupply({
    disk,
    monotonicMs,
    onNotice,
    ...(options.firstSegmentBytes === undefined ? {} : { minBytes: options.firstSegmentBytes }),
  });
  try {
    watermark.settle(ending.chain.position, found.watermark.start);
    sweep(disk, folder, found, ending);
    if (ending.prepared !== null) supply.adopt(ending.prepared);
    const log = new FileLog({ disk, lock, supply, watermark, segments: found.segments, chain: ending.chain }, options);
    await log.begin(ending.offset);
    return log;
  } catch (error) {
    await supply.close();
    watermark.close();
    throw error;
  }
}

/** The result of recovery. */
interface Recovered {
  readonly disk: Disk;
  readonly lock: DiskLock;
  readonly supply: SegmentSupply;
  readonly watermark: Watermark;
  readonly segments: readonly Segment[];
  readonly chain: ChainPoint;
}

/**
 * Invariants:
 * - `chain` is the point that the next frame continues. All before `chain.position` is synced, and
 *   the subscribers have it.
 * - `segments` are in use, ascending and without gaps; `writer` writes the last one.
 * - At most one append is under way.
 */
export class FileLog implements Log {
  private readonly folder: string;
  private readonly disk: Disk;
  private readonly lock: DiskLock;
  private readonly supply: SegmentSupply;
  private readonly watermark: Watermark;
  private readonly cell: number;
  private readonly firstSegmentBytes: number;
  private readonly maxSegmentBytes: number;
  private readonly nonce: () => Nonce;
  private readonly encoder = new FrameEncoder();
  private readonly readWindow = new Window(readWindowBytes);
  private readonly subscriptions = new Subscriptions();
  private readonly source: ReplaySource;
  private segments: readonly Segment[];
  private chain: ChainPoint;
  private writer: SegmentWriter | null = null;
  private appending = false;
  private failure: LogFailedError | null = null;
  private closed = false;

  /** For `openFileLog` only. */
  constructor(recovered: Recovered, options: FileLogOptions) {
    const { disk, lock, supply, watermark, segments, chain } = recovered;
    this.folder = options.folder;
    this.disk = disk;
    this.lock = lock;
    this.supply = supply;
    this.watermark = watermark;
    this.segments = segments;
    this.chain = chain;
    this.cell = options.cell ?? 0;
    this.firstSegmentBytes = options.firstSegmentBytes ?? 4 * mebibyte;
    this.maxSegmentBytes = options.maxSegmentBytes ?? 64 * mebibyte;
    this.nonce = options.nonce ?? randomNonce;
    assert(this.firstSegmentBytes > segmentHeaderBytes, 'a segment holds its header');
    assert(this.maxSegmentBytes >= this.firstSegmentBytes, 'the first segment is not the largest');
    this.source = { disk, segments: () => this.segments, end: () => this.chain.position };
  }

  /** For `openFileLog` only: takes the last segment, or the first one ever, into use. */
  async begin(offset: number): Promise<void> {
    const last = this.segments.at(-1);
    if (last === undefined) await this.beginSegment(segmentHeaderBytes + 1);
    else this.writer = new SegmentWriter(this.disk.open(last.path, 'write'), last, offset);
    this.prepareAhead();
  }

  append(batch: AppendBatch): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    if (this.appending) return Promise.reject(new Error('an append is under way: one at a time'));
    this.appending = true;
    try {
      const writer = this.current();
      const timeMs = Math.max(batch.timeMs, this.chain.timeMs);
      const frame = this.encoder.encode(batch, this.chain, timeMs, writer.segment.header.nonce);
      if (!writer.fits(frame.length)) return this.appendInNext(frame.length);
      this.commit(writer, frame);
    } catch (error) {
      this.appending = false;
      return Promise.reject(this.noteFailure(error));
    }
    this.appending = false;
    return resolved;
  }

  async subscribe(from: number, onBatch: OnBatch): Promise<Subscription> {
    assert(Number.isSafeInteger(from) && from >= 1, 'positions count from 1');
    this.current();
    if (from < this.start()) locate(this.segments, from);
    await replay(this.source, from, onBatch, () => this.closed);
    this.current();
    // No turn of the event loop since the replay saw the end, so no batch can be missed in between.
    return this.subscriptions.add(Math.max(from, this.chain.position), onBatch);
  }

  async read(position: number): Promise<Batch | null> {
    assert(Number.isSafeInteger(position) && position >= 1, 'positions count from 1');
    const current = this.current();
    if (position >= this.chain.position) return null;
    const segment = locate(this.segments, position);
    if (segment === current.segment) return readBatch(current.file, segment, position, this.readWindow);
    const file = this.disk.open(segment.path, 'read');
    try {
      return readBatch(file, segment, position, this.readWindow);
    } finally {
      file.close();
    }
  }

  end(): Promise<number> {
    return Promise.resolve(this.chain.position);
  }

  start(): number {
    return this.segments[0]?.header.chain.position ?? 1;
  }

  lastTimeMs(): number {
    return this.chain.timeMs;
  }

  async trim(before: number): Promise<void> {
    this.current();
    if (this.failure !== null) throw this.failure;
    const limit = Math.min(before, this.chain.position);
    let drop = 0;
    while ((this.segments[drop + 1]?.header.chain.position ?? Infinity) <= limit) drop += 1;
    const kept = this.segments[drop];
    if (drop === 0 || kept === undefined) return;
    // The new start is on the disk first. Then a missing segment after the start is damage; one
    // before it is a trim that was cut short.
    this.settle(kept.header.chain.position);
    const dropped = this.segments.slice(0, drop);
    this.segments = this.segments.slice(drop);
    for (const segment of dropped) {
      // When the log is closed meanwhile, the next start removes the rest.
      if (this.closed) return;
      await this.disk.discard(segment.path);
    }
  }

  /**
   * Checks that every file it writes to is still in the folder under its name. Call it regularly: a
   * file that was removed or replaced still takes writes, and those are lost.
   * @throws LogFailedError one is not; then the log is dead
   */
  check(): void {
    if (this.closed || this.failure !== null) return;
    let gone: string | null;
    try {
      gone = this.gone();
    } catch (error) {
      // No free descriptor or a missing permission tells nothing about the files. The next check
      // may.
      if (errorCode(error) !== '') return;
      throw error;
    }
    if (gone === null) return;
    throw this.noteFailure(
      new LogFailedError(
        `${gone} was removed or replaced under the running store, which would go on writing where nobody finds it: put back what was there, ` +
          'or a backup, and start again',
      ),
    );
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.subscriptions.clear();
    await this.supply.close();
    try {
      if (this.failure === null) this.settle(this.watermark.start);
    } finally {
      this.writer?.close();
      this.watermark.close();
      this.lock.release();
    }
  }

  /** The first file that is no longer in its place, in words; null for none. */
  private gone(): string | null {
    const names = new Set(this.disk.list(this.folder));
    if (names.size === 0) return this.folder;
    const missing = this.segments.find(({ path }) => !names.has(basename(path)));
    if (missing !== undefined) return missing.path;
    if (this.writer !== null && !this.writer.file.isInPlace()) return this.writer.segment.path;
    if (!this.watermark.isInPlace()) return join(this.folder, watermarkName);
    return this.lock.isInPlace() ? null : `the lock in ${this.folder}`;
  }

  private current(): SegmentWriter {
    if (this.closed) throw new Error('the log is closed');
    assert(this.writer !== null, 'an open log has a current segment');
    return this.writer;
  }

  private async appendInNext(frameBytes: number): Promise<void> {
    try {
      const writer = await this.beginSegment(segmentHeaderBytes + frameBytes);
      this.commit(writer, this.encoder.stamp(writer.segment.header.nonce));
    } catch (error) {
      throw this.noteFailure(error);
    } finally {
      this.appending = false;
    }
  }

  /** Makes the frame durable, notes it in the watermark, and passes it to the subscribers. */
  private commit(writer: SegmentWriter, frame: Uint8Array): void {
    writer.segment.index.note(writer.offset, this.chain);
    writer.commit(frame);
    const batch = this.encoder.batch();
    const position = batch.first + batch.count;
    assert(batch.first === this.chain.position, 'positions have no gaps');
    this.chain = { position, crc: this.encoder.crc, timeMs: batch.timeMs };
    try {
      this.watermark.note(position);
    } catch (error) {
      throw failed('writing the watermark in', this.folder, error);
    }
    try {
      this.subscriptions.publish(batch);
    } catch (error) {
      throw failed('applying what was written to', this.folder, error);
    }
    if (writer.isHalfFull) this.prepareAhead();
  }

  private settle(start: number): void {
    try {
      this.watermark.settle(this.chain.position, start);
    } catch (error) {
      throw this.noteFailure(failed('syncing the watermark in', this.folder, error));
    }
  }

  private noteFailure(error: unknown): Error {
    if (error instanceof LogFailedError) this.failure ??= error;
    return error instanceof Error ? error : new Error(String(error));
  }

  /** Takes the next segment into use. */
  private async beginSegment(minimumBytes: number): Promise<SegmentWriter> {
    const prepared = await this.supply.take(this.nextSegment(minimumBytes), minimumBytes);
    const { path, number, sizeBytes } = prepared;
    const chain = this.chain;
    const header: SegmentHeader = {
      version: formatVersion,
      cell: this.cell,
      number,
      sizeBytes,
      nonce: this.nonce(),
      chain,
    };
    const segment: Segment = { path, header, index: new SegmentIndex(chain) };
    let writer: SegmentWriter;
    try {
      writer = SegmentWriter.begin(prepared.file, segment);
    } catch (error) {
      if (error instanceof LogFailedError) prepared.file.close();
      else this.supply.giveBack(prepared);
      throw error;
    }
    this.writer?.close();
    this.writer = writer;
    this.segments = [...this.segments, segment];
    // After a power cut the watermark is behind by one segment at most.
    this.settle(this.watermark.start);
    return writer;
  }

  private prepareAhead(): void {
    if (this.current().isHalfFull && this.supply.isIdle) this.supply.prepare(this.nextSegment(0));
  }

  /**
   * The wanted next segment: twice the size of the current one, within the limit, and large enough.
   * The supply may make a smaller one.
   */
  private nextSegment(minimumBytes: number): WantedSegment {
    const last = this.segments.at(-1)?.header;
    const number = (last?.number ?? 0) + 1;
    const doubled = Math.min((last?.sizeBytes ?? 0) * 2, this.maxSegmentBytes);
    let sizeBytes = Math.max(doubled, this.firstSegmentBytes);
    while (sizeBytes < minimumBytes) sizeBytes *= 2;
    return { path: join(this.folder, segmentName(number)), number, sizeBytes };
  }
}

function randomNonce(): Nonce {
  const bytes = randomBytes(8);
  return { low: bytes.readUInt32LE(0), high: bytes.readUInt32LE(4) };
}
