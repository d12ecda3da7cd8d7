/** How long taps take, over the last seconds: the time below which 99 of 100 stay. */

/** What is looked back at, ms. */
const windowMs = 3000;

interface Sample {
  readonly atMs: number;
  readonly tookMs: number;
  readonly taps: number;
}

export class Latencies {
  private samples: Sample[] = [];

  add(sample: Sample): void {
    this.samples.push(sample);
  }

  /** Null without a tap in the window. */
  p99(nowMs: number): number | null {
    this.forget(nowMs);
    const sorted = this.samples.toSorted((one, other) => one.tookMs - other.tookMs);
    const taps = sorted.reduce((sum, sample) => sum + sample.taps, 0);
    let seen = 0;
    for (const sample of sorted) {
      seen += sample.taps;
      if (seen >= 0.99 * taps) return sample.tookMs;
    }
    return null;
  }

  /** Taps a second. `sinceMs`: when the counting began. */
  rate(nowMs: number, sinceMs: number): number {
    this.forget(nowMs);
    const taps = this.samples.reduce((sum, sample) => sum + sample.taps, 0);
    return (taps * 1000) / Math.max(250, Math.min(windowMs, nowMs - sinceMs));
  }

  private forget(nowMs: number): void {
    this.samples = this.samples.filter(({ atMs }) => nowMs - atMs < windowMs);
  }
}
