/** A clock that stands still until it is told. */
import type { TimeSource } from '../../../src/node/clock.ts';

export class ManualTime implements TimeSource {
  private wall = Date.UTC(2026, 5, 1, 12);
  private monotonic = 1000;

  wallMs(): number {
    return this.wall;
  }

  monotonicMs(): number {
    return this.monotonic;
  }

  /** Time passes, by all clocks. */
  advance(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }

  /** Sets the wall clock. */
  jump(ms: number): void {
    this.wall += ms;
  }
}
