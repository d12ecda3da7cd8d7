/**
 * Prepares the next segment before it is needed: a file of zeros, whole on the disk, made in the
 * background. It is already open, so taking it into use needs no descriptor. A sync of a write that
 * changes neither the size nor the blocks of a file takes about half as long.
 *
 * When the wanted size has no room, it makes a smaller one, down to what has to fit.
 *
 * States: empty -> preparing -> ready -> empty (taken). From preparing also back to empty, when
 * room, descriptors or a permission were missing. The log is not affected: its current segment goes
 * on. The next attempt begins a second later at the earliest, so a full disk is not kept busy with
 * filling and emptying. Only a failing disk (EIO) is final.
 */
import { isNoRoom, isPassing } from '../disk.ts';
import type { Disk, DiskFile } from '../disk.ts';
import { LogFullError } from '../log.ts';
import type { LogFailedError } from '../log.ts';
import { failed } from './segment-writer.ts';

const retryAfterMs = 1000;
/**
 * Smaller segments are not worth their header, unless the log's settings begin with smaller ones.
 */
const minSegmentBytes = 64 * 1024;

export interface WantedSegment {
  readonly path: string;
  readonly number: number;
  readonly sizeBytes: number;
}

export interface PreparedSegment extends WantedSegment {
  /** Open for writing. The caller that takes the segment closes it or gives it back. */
  readonly file: DiskFile;
}

export interface SegmentSupplyOptions {
  readonly disk: Disk;
  readonly monotonicMs: () => number;
  readonly onNotice: (message: string) => void;
  /** No segment is made smaller than this. Default 64 KiB. */
  readonly minBytes?: number;
}

/** The last failed attempt: why and when, and the smallest segment that it would have accepted. */
interface Refusal {
  readonly error: LogFullError;
  readonly atMs: number;
  readonly floorBytes: number;
}

export class SegmentSupply {
  private readonly disk: Disk;
  private readonly monotonicMs: () => number;
  private readonly onNotice: (message: string) => void;
  private readonly minBytes: number;
  private readonly stop = new AbortController();
  private ready: PreparedSegment | null = null;
  private preparing: Promise<void> | null = null;
  private isAwaited = false;
  private refusal: Refusal | null = null;
  /** The last notice to the operator: a notice is given once, not every second. */
  private lastNotice: string | null = null;
  private failure: LogFailedError | null = null;

  constructor({ disk, monotonicMs, onNotice, minBytes = minSegmentBytes }: SegmentSupplyOptions) {
    this.disk = disk;
    this.monotonicMs = monotonicMs;
    this.onNotice = onNotice;
    this.minBytes = Math.min(minBytes, minSegmentBytes);
  }

  /** Whether `prepare` would begin now. */
  get isIdle(): boolean {
    return this.ready === null && this.preparing === null && !this.isTooSoon(0) && this.failure === null;
  }

  /**
   * Takes over a segment that an earlier process prepared.
   * @throws what opening it throws
   */
  adopt(segment: WantedSegment): void {
    this.ready = { ...segment, file: this.disk.open(segment.path, 'write') };
  }

  /** Takes back a segment that could not be used. */
  giveBack(segment: PreparedSegment): void {
    this.ready = segment;
  }

  /** Begins in the background; `take` gives the result. `minimumBytes`: what has to fit. */
  prepare(wanted: WantedSegment, minimumBytes = 0): void {
    const floorBytes = this.floorOf(minimumBytes);
    this.preparing = this.make(wanted, floorBytes).then(
      (segment) => {
        this.preparing = null;
        this.ready = segment;
        this.refusal = null;
        if (this.lastNotice !== null) this.onNotice(`${segment.path} is prepared (${segment.sizeBytes} bytes)`);
        this.lastNotice = null;
      },
      (error: unknown) => {
        this.preparing = null;
        this.onFailure(wanted, floorBytes, error);
      },
    );
  }

  /**
   * Returns the prepared segment when it has at least `minimumBytes`; else makes one and waits for
   * it.
   * @throws LogFullError it cannot be made now, or an attempt failed less than a second ago
   * @throws LogFailedError the disk fails
   */
  async take(wanted: WantedSegment, minimumBytes: number): Promise<PreparedSegment> {
    for (;;) {
      this.isAwaited = true;
      if (this.preparing !== null) await this.preparing;
      this.isAwaited = false;
      this.stop.signal.throwIfAborted();
      if (this.failure !== null) throw this.failure;
      const ready = this.ready;
      if (ready !== null && ready.number === wanted.number && ready.sizeBytes >= minimumBytes) {
        this.ready = null;
        return ready;
      }
      // A segment that is too small for this frame is kept: it may do for the next one.
      if (this.refusal !== null && this.isTooSoon(minimumBytes)) throw this.refusal.error;
      if (ready !== null) await this.drop(ready);
      this.prepare(wanted, minimumBytes);
    }
  }

  /** Aborts a preparation that is under way. */
  async close(): Promise<void> {
    this.stop.abort(new Error('the log is closed'));
    await this.preparing;
    this.ready?.file.close();
    this.ready = null;
  }

  private floorOf(minimumBytes: number): number {
    return Math.max(minimumBytes, this.minBytes);
  }

  private async make(wanted: WantedSegment, floorBytes: number): Promise<PreparedSegment> {
    const { path } = wanted;
    const pace = { signal: this.stop.signal, isHurried: () => this.isAwaited };
    for (let sizeBytes = wanted.sizeBytes; ; sizeBytes = Math.max(floorBytes, Math.ceil(sizeBytes / 2))) {
      try {
        await this.disk.prepare(path, sizeBytes, pace);
        return { ...wanted, sizeBytes, file: this.disk.open(path, 'write') };
      } catch (error) {
        if (!isNoRoom(error) || sizeBytes <= floorBytes) throw error;
      }
    }
  }

  /** Discards a prepared segment: its room may be what a larger one needs. */
  private async drop(ready: PreparedSegment): Promise<void> {
    this.ready = null;
    ready.file.close();
    // If it cannot be removed, the next one takes its name or reports why not.
    await this.disk.discard(ready.path).catch(() => undefined);
  }

  private isTooSoon(minimumBytes: number): boolean {
    const refusal = this.refusal;
    if (refusal === null || this.floorOf(minimumBytes) < refusal.floorBytes) return false;
    return this.monotonicMs() - refusal.atMs < retryAfterMs;
  }

  private onFailure({ path }: WantedSegment, floorBytes: number, error: unknown): void {
    if (this.stop.signal.aborted) return;
    if (!isPassing(error)) {
      this.failure = failed('preparing', path, error);
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    const what = isNoRoom(error)
      ? `no room on the disk to prepare ${path} (${floorBytes} bytes)`
      : `${path} could not be prepared (${reason})`;
    this.refusal = { error: new LogFullError(what, { cause: error }), atMs: this.monotonicMs(), floorBytes };
    if (this.lastNotice === what) return;
    this.lastNotice = what;
    this.onNotice(`${what}; the current segment is used up to its end, and this is tried again once a second`);
  }
}
