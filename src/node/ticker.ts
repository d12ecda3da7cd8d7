/**
 * One timer for the next duty.
 *
 *     idle --arm--> armed for a due time --time is up--> idle, `due` called
 */

/** Longest delay that the runtime's timers take, ms. */
const maxDelayMs = 2 ** 31 - 1;

export class Ticker {
  private readonly due: () => void;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private atMs = Infinity;

  /** `due`: called when the time, or the longest delay, is up; it checks and arms again. */
  constructor(due: () => void) {
    this.due = due;
  }

  /**
   * Waits until log time `dueMs`, but at least `minMs`, which is also the wait when it is past.
   * Infinity: no timer.
   */
  arm(dueMs: number, nowMs: () => number, minMs: number): void {
    if (dueMs === this.atMs && this.timer !== null) return;
    this.stop();
    this.atMs = dueMs;
    if (dueMs === Infinity) return;
    const delayMs = Math.max(minMs, Math.ceil(dueMs - nowMs()));
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.due();
      },
      Math.min(delayMs, maxDelayMs),
    );
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
