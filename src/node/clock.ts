/**
 * The two times of a node. Log time is the last log time plus monotonic time elapsed. It counts
 * deadlines, and no wall clock moves it while the process runs. Civil time is log time plus an
 * offset that is in the log. It is for dates: a record brings it back to the wall clock when the
 * two have been apart for a while (`isApart`).
 */

/** Civil time that is further from the wall clock is corrected and reported. */
export const toleratedDriftMs = 2000;
/** How long it must be so: a clock that is set back and forth within this time changes nothing. */
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
  /** When civil time was first seen apart from the wall clock; null while the two agree. */
  private apartSinceMs: number | null = null;

  /** `lastLogTimeMs`: of the last durable batch; 0 for an empty log. */
  constructor(lastLogTimeMs: number, source: TimeSource = systemTime) {
    this.source = source;
    this.currentMs = lastLogTimeMs;
    this.readAtMs = source.monotonicMs();
  }

  /**
   * The log is replayed. Log time continues so that civil time is the wall clock's, but never
   * before the last log time. `offsetMs`: civil time is log time plus this.
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

  /** Notes a batch's log time: time is at least that. */
  observe(logTimeMs: number): void {
    if (logTimeMs > this.currentMs) this.currentMs = logTimeMs;
  }

  /** How far the wall clock is ahead of civil time, ms; negative where it is behind. */
  driftMs(offsetMs: number): number {
    return this.source.wallMs() - (this.nowMs() + offsetMs);
  }

  /** The offset, whole ms, with which civil time equals the wall clock. */
  offsetToWallMs(): number {
    return Math.round(this.source.wallMs() - this.nowMs());
  }

  /**
   * Whether civil time, by this offset, has been so far from the wall clock for so long that it has
   * to be corrected. To be asked often.
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
