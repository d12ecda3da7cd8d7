/**
 * Log time of this node: the last log time plus monotonic time elapsed, slewed at most 10 % towards the wall clock. A wall
 * clock that jumps, either way, neither expires everything nor freezes expiry; it is followed slowly.
 */
const slewLimit = 0.1;

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

  /** `lastLogTimeMs`: of the last durable batch; 0 for an empty log. Starts at the wall clock or there, whichever is later. */
  constructor(lastLogTimeMs: number, source: TimeSource = systemTime) {
    this.source = source;
    this.currentMs = Math.max(source.wallMs(), lastLogTimeMs);
    this.readAtMs = source.monotonicMs();
  }

  /** Log time now, ms with a fraction; never less than before. */
  nowMs(): number {
    const monotonicMs = this.source.monotonicMs();
    const elapsedMs = Math.max(0, monotonicMs - this.readAtMs);
    this.readAtMs = monotonicMs;
    this.currentMs += elapsedMs;
    const behindMs = this.source.wallMs() - this.currentMs;
    const most = elapsedMs * slewLimit;
    this.currentMs += Math.max(-most, Math.min(most, behindMs));
    return this.currentMs;
  }

  /** A batch of this log time was seen: time is at least that. */
  observe(logTimeMs: number): void {
    if (logTimeMs > this.currentMs) this.currentMs = logTimeMs;
  }
}
