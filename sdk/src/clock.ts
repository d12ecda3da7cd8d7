/**
 * The server's clock as seen from here. Each time it tells arrives late by the way it took, never early, so the largest offset
 * among the last samples is the nearest to the truth.
 */

/** A minute of the stream's heartbeats. */
const keptSamples = 6;
/** No message takes this long on a connection that is open; a clock here that was set does, ms. */
const clockSetMs = 2000;

export class ServerClock {
  private samples: number[] = [];

  /** Server time minus local time, ms; null before the server told its time. */
  get offsetMs(): number | null {
    return this.samples.length === 0 ? null : Math.max(...this.samples);
  }

  /** Takes in a time the server told (ms since the epoch), that arrived at a local time. */
  observe(serverMs: number, localMs: number): void {
    const sample = serverMs - localMs;
    const { offsetMs } = this;
    if (offsetMs !== null && Math.abs(sample - offsetMs) > clockSetMs) this.samples = [];
    this.samples.push(sample);
    if (this.samples.length > keptSamples) this.samples.shift();
  }

  /** The server's time, ms since the epoch; the local time before it told. */
  now(): number {
    return Date.now() + (this.offsetMs ?? 0);
  }
}
