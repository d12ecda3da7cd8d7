/**
 * Local time of a tariff, by the offsets that its command brought along: two machines' data of time
 * zones may differ, so none is asked here.
 */
const dayMs = 86_400_000;

export class LocalTime {
  private readonly fromMs: Float64Array;
  private readonly offsetMs: Float64Array;
  /** Where the last look-up was, and its offset. */
  private lastFromMs = Infinity;
  private lastToMs = -Infinity;
  private lastOffsetMs = 0;

  /** `offsets`: as in a tariff's definition, ascending; UTC when there are none. */
  constructor(offsets: readonly (readonly [fromMs: number, minutes: number])[]) {
    const known = offsets.length === 0 ? [[0, 0] as const] : offsets;
    this.fromMs = Float64Array.from(known, ([fromMs]) => fromMs);
    this.offsetMs = Float64Array.from(known, ([, minutes]) => minutes * 60_000);
  }

  /** Local day, days since 1970-01-01. */
  dayOf(ms: number): number {
    return Math.floor((ms + this.offsetAt(ms)) / dayMs);
  }

  /** Minute of the local week, from Monday 0:00 on. */
  minuteOfWeek(ms: number): number {
    const local = ms + this.offsetAt(ms);
    const day = Math.floor(local / dayMs);
    // 1970-01-01 was a Thursday.
    const weekday = (((day + 3) % 7) + 7) % 7;
    return weekday * 1440 + Math.floor((local - day * dayMs) / 60_000);
  }

  /** When a local day ends, ms: the first moment of the next one. */
  endOfDay(day: number): number {
    const local = (day + 1) * dayMs;
    // The next day begins under the offset that holds then. One that is skipped by a change of
    // offset just at midnight begins with the change.
    for (let at = 0; at < this.fromMs.length; at += 1) {
      const begins = Math.max(local - this.offsetMs[at]!, at === 0 ? -Infinity : this.fromMs[at]!);
      if (at + 1 === this.fromMs.length || begins < this.fromMs[at + 1]!) return begins;
    }
    return local;
  }

  private offsetAt(ms: number): number {
    // Nearly every look-up is under the same offset as the one before.
    if (ms >= this.lastFromMs && ms < this.lastToMs) return this.lastOffsetMs;
    let low = 0;
    let high = this.fromMs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.fromMs[middle]! <= ms) low = middle;
      else high = middle - 1;
    }
    this.lastFromMs = low === 0 ? -Infinity : this.fromMs[low]!;
    this.lastToMs = low + 1 < this.fromMs.length ? this.fromMs[low + 1]! : Infinity;
    this.lastOffsetMs = this.offsetMs[low]!;
    return this.lastOffsetMs;
  }
}
