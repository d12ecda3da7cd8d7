/**
 * An estimate of the server's clock. Each time it sends arrives late by the transfer time, never
 * early. So the one that lies farthest ahead of the local monotonic counter is nearest to the
 * truth. Once a time was received the local date is not used, since people and networks set it,
 * while the counter goes on. If the counter stood still because the machine slept, the next time
 * received is ahead of all before it.
 */

/** The heartbeats of a minute. */
const keptSamples = 6;

export class ServerClock {
  /** The server's time at the counter's zero, by each of the last messages. */
  private readonly samples: number[] = [];

  /** Server time minus local time, ms; null before the server told its time. */
  get offsetMs(): number | null {
    return this.samples.length === 0 ? null : this.now() - Date.now();
  }

  /** Takes a time from the server (ms since the epoch), and the counter's value when it arrived. */
  observe(serverMs: number, steadyMs: number = performance.now()): void {
    this.samples.push(serverMs - steadyMs);
    if (this.samples.length > keptSamples) this.samples.shift();
  }

  /**
   * The server's time, ms since the epoch; the local time before one was received. `steadyMs`: the
   * counter's value.
   */
  now(steadyMs: number = performance.now()): number {
    return this.samples.length === 0 ? Date.now() : Math.max(...this.samples) + steadyMs;
  }
}
