/**
 * How long changes take to reach a reader that receives the latest state at intervals. A message at
 * time d brings everything up to its newest purchase, made at s; the message before it brought
 * everything up to s'. Changes come at a steady rate, so the delays of those between s' and s are
 * spread evenly from `d - s` to `d - s'`. A few points in between stand for them.
 */
import { build } from 'hdr-histogram-js';
import type { Histogram } from 'hdr-histogram-js';
import type { Delay } from './spec.ts';

const points = 5;
/** An RFC 3339 time in UTC with milliseconds. */
const timeLength = 24;

const decoder = new TextDecoder();

export class Delays {
  told = 0;
  private histogram = newHistogram();

  begin(): void {
    this.told = 0;
    this.histogram = newHistogram();
  }

  /**
   * A reader was told of everything up to `madeMs`, and had everything up to `beforeMs`; both ms
   * since the epoch.
   */
  add(nowMs: number, madeMs: number, beforeMs: number): void {
    this.told += 1;
    const stepMs = (madeMs - beforeMs) / points;
    for (let point = 0; point < points; point += 1) {
      const ms = nowMs - madeMs + (point + 0.5) * stepMs;
      this.histogram.recordValue(Math.max(1, Math.round(ms * 1000)));
    }
  }

  result(): Delay | null {
    const { histogram } = this;
    if (this.told === 0) return null;
    const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1000;
    return { p50: at(50), p99: at(99), max: histogram.maxValue / 1000 };
  }
}

function newHistogram(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 });
}

/** Finds the last purchase time in a piece of a stream: the quoted text after this name. */
export class TimeFinder {
  private readonly name: Uint8Array;
  private lastText = '';
  private lastMs = NaN;

  constructor(name: string) {
    this.name = new TextEncoder().encode(`"${name}":"`);
  }

  /** Ms since the epoch; NaN when there is none. */
  find(bytes: Uint8Array): number {
    const { name } = this;
    for (let at = bytes.length - name.length - timeLength; at >= 0; at -= 1) {
      let same = 0;
      while (same < name.length && bytes[at + same] === name[same]) same += 1;
      if (same === name.length) return this.parse(bytes, at + same);
    }
    return NaN;
  }

  /** Thousands of readers receive the same text, so the cached answer nearly always fits. */
  private parse(bytes: Uint8Array, at: number): number {
    const text = decoder.decode(bytes.subarray(at, at + timeLength));
    if (text !== this.lastText) {
      this.lastText = text;
      this.lastMs = Date.parse(text);
    }
    return this.lastMs;
  }
}
