/**
 * The two times of a node. Log time is the last one plus monotonic time elapsed: it counts
 * deadlines, and no wall clock moves it while the process runs. Civil time is log time plus an
 * offset that stands in the log: it is for dates, and follows the wall clock by a record where the
 * two have been apart for a while (`isApart`).
 */

/** Civil time that is further from the wall clock is set right, and said. */
export const toleratedDriftMs = 2000;
/** How long it must have been so: a clock that is set back and forth within it changes nothing. */
const patienceMs = 30_000;

export interface TimeSource {
  /** Wall clock, ms since the epoch. */
  wallMs(): number;
  /** A clock that never goes back, ms. */
  monotonicMs(): number;
}

export const systemTime: TimeSource = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export class LogClock {
  private readonly source: TimeSource;
  private currentMs: number;
  private readAtMs: number;
  /** When civil time was first seen apart from the wall clock; null while it is not. */
  private apartSinceMs: number | null = null;

  /** `lastLogTimeMs`: of the last durable batch; 0 for an empty log. */
  constructor(lastLogTimeMs: number, source: TimeSource = systemTime) {
    this.source = source;
    this.currentMs = lastLogTimeMs;
    this.readAtMs = source.monotonicMs();
  }

  /**
   * The log is replayed: log time goes on where civil time is the wall clock's, or at the last one
   * where that is later. `offsetMs`: civil time is log time plus this.
   */
  begin(offsetMs: number): void {
    this.readAtMs = this.source.monotonicMs();
    this.currentMs = Math.max(this.source.wallMs() - offsetMs, this.currentMs);
  }

  /** Log time now, ms with a fraction; never less than before. */
  nowMs(): number {
    const monotonicMs = this.source.monotonicMs();
    if (monotonicMs > this.readAtMs) {
      this.currentMs += monotonicMs - this.readAtMs;
      this.readAtMs = monotonicMs;
    }
    return this.currentMs;
  }

  /** A batch of this log time was seen: time is at least that. */
  observe(logTimeMs: number): void {
    if (logTimeMs > this.currentMs) this.currentMs = logTimeMs;
  }

  /** How far the wall clock is ahead of civil time, ms; negative where it is behind. */
  driftMs(offsetMs: number): number {
    return this.source.wallMs() - (this.nowMs() + offsetMs);
  }

  /** The offset, whole ms, with which civil time is what the wall clock says. */
  offsetToWallMs(): number {
    return Math.round(this.source.wallMs() - this.nowMs());
  }

  /**
   * Whether civil time, by this offset, has been too far from the wall clock for so long that it is
   * to be set. To be asked often.
   */
  isApart(offsetMs: number): boolean {
    if (Math.abs(this.driftMs(offsetMs)) <= toleratedDriftMs) {
      this.apartSinceMs = null;
      return false;
    }
    this.apartSinceMs ??= this.readAtMs;
    return this.readAtMs - this.apartSinceMs >= patienceMs;
  }
}
