/**
 * Has the next segment ready before it is needed: a file of zeros, whole on the disk, made in the background. A sync of a
 * write that changes neither the size nor the blocks of a file takes about half as long.
 *
 * States: empty -> preparing -> ready -> empty (taken). From preparing also back to empty, when there was no room; then the
 * next attempt begins at the earliest a second later, so that a full disk is not kept busy with filling and emptying it.
 */
import { type Disk, isNoRoom } from '../disk.ts';
import { type LogFailedError, LogFullError } from '../log.ts';
import { failed } from './segment-writer.ts';

const RETRY_AFTER_MS = 1000;

export interface PreparedSegment {
  readonly path: string;
  readonly number: number;
  readonly sizeBytes: number;
}

export class SegmentSupply {
  readonly #disk: Disk;
  readonly #monotonicMs: () => number;
  readonly #onNotice: (message: string) => void;
  readonly #stop = new AbortController();
  #ready: PreparedSegment | null = null;
  #preparing: Promise<void> | null = null;
  #isAwaited = false;
  /** Why the last attempt found no room, and when. */
  #refusal: LogFullError | null = null;
  #refusedAtMs = 0;
  #failure: LogFailedError | null = null;

  constructor(disk: Disk, monotonicMs: () => number, onNotice: (message: string) => void) {
    this.#disk = disk;
    this.#monotonicMs = monotonicMs;
    this.#onNotice = onNotice;
  }

  /** Whether `prepare` would begin now. */
  get isIdle(): boolean {
    return this.#ready === null && this.#preparing === null && !this.#isTooSoon() && this.#failure === null;
  }

  /** Takes over a segment that an earlier process prepared. */
  adopt(segment: PreparedSegment): void {
    this.#ready = segment;
  }

  /** Begins in the background; what comes of it shows when the segment is taken. */
  prepare(segment: PreparedSegment): void {
    const pace = { signal: this.#stop.signal, isHurried: () => this.#isAwaited };
    this.#preparing = this.#disk.prepare(segment.path, segment.sizeBytes, pace).then(
      () => {
        this.#preparing = null;
        this.#ready = segment;
        this.#refusal = null;
      },
      (error: unknown) => {
        this.#preparing = null;
        this.#onFailure(segment, error);
      },
    );
  }

  /**
   * The prepared segment, when it has at least `minimumBytes`; else one is made and waited for.
   * @throws LogFullError there is no room, or there was none less than a second ago
   * @throws LogFailedError the disk refuses for another reason
   */
  async take(wanted: PreparedSegment, minimumBytes: number): Promise<PreparedSegment> {
    for (;;) {
      this.#isAwaited = true;
      if (this.#preparing !== null) await this.#preparing;
      this.#isAwaited = false;
      this.#stop.signal.throwIfAborted();
      if (this.#failure !== null) throw this.#failure;
      const ready = this.#ready;
      this.#ready = null;
      if (ready !== null && ready.number === wanted.number && ready.sizeBytes >= minimumBytes) return ready;
      if (this.#isTooSoon() && this.#refusal !== null) throw this.#refusal;
      this.#refusal = null;
      this.prepare(wanted);
    }
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('the log is closed'));
    await this.#preparing;
  }

  #isTooSoon(): boolean {
    return this.#refusal !== null && this.#monotonicMs() - this.#refusedAtMs < RETRY_AFTER_MS;
  }

  #onFailure(segment: PreparedSegment, error: unknown): void {
    if (this.#stop.signal.aborted) return;
    if (!isNoRoom(error)) {
      this.#failure = failed('preparing', segment.path, error);
      return;
    }
    const message = `no room on the disk to prepare ${segment.path} (${segment.sizeBytes} bytes)`;
    this.#refusal = new LogFullError(message, { cause: error });
    this.#refusedAtMs = this.#monotonicMs();
    this.#onNotice(`${message}; tried again at most once a second`);
  }
}
