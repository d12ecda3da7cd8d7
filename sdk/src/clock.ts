/**
 * The server's clock as seen from here. Each time it tells arrives late by the way it took, never
 * early, so the one that lies farthest ahead of the steady counter here is the nearest to the
 * truth. The date here is not asked once a time was told: people set it, and networks do, while the
 * counter goes on. Where it stood still because the machine slept, the next time told is ahead of
 * all before it.
 */

/** A minute of the stream's heartbeats. */
const keptSamples = 6;

export class ServerClock {
  /** The server's times when the counter was at zero, as the last messages had it. */
  private readonly samples: number[] = [];

  /** Server time minus local time, ms; null before the server told its time. */
  get offsetMs(): number | null {
    return this.samples.length === 0 ? null : this.now() - Date.now();
  }

  /**
   * Takes in a time the server told (ms since the epoch), and what the steady counter said when it
   * arrived.
   */
  observe(serverMs: number, steadyMs: number = performance.now()): void {
    this.samples.push(serverMs - steadyMs);
    if (this.samples.length > keptSamples) this.samples.shift();
  }

  /**
   * The server's time, ms since the epoch; the local time before it told. `steadyMs`: what the
   * counter says.
   */
  now(steadyMs: number = performance.now()): number {
    return this.samples.length === 0 ? Date.now() : Math.max(...this.samples) + steadyMs;
  }
}
