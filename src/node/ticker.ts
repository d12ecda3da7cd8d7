/**
 * One timer for the next thing that happens by itself.
 *
 *     idle --arm--> armed for a due time --time is up--> idle, `due` called
 */

/** Longest timer the runtime takes, ms. */
const maxDelayMs = 2 ** 31 - 1;

export class Ticker {
  private readonly due: () => void;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private atMs = Infinity;

  /** `due`: called when the time is up, or the longest timer is; it looks and arms again. */
  constructor(due: () => void) {
    this.due = due;
  }

  /**
   * Waits for log time `dueMs`, at least `minMs`; at once while it is past. Infinity: for nothing.
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
