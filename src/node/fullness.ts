/**
 * Whether the log had no room for the last batch. A store that is not ready gets no more requests,
 * so it tries a record of its own once a second, until the log takes one.
 */
import type { Engine } from '../engine/engine.ts';

export type WritesRefused = 'log_full' | 'keys_full';

const everyMs = 1000;
/**
 * How long a tick waits after the log had no room. Its duty stays due, so without a pause it would
 * be tried again at once.
 */
export const fullRetryMs = 250;

export class Fullness {
  private isLogFull = false;
  /** Appends a record that changes nothing, unless another one is on its way. */
  private readonly look: () => void;
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(look: () => void) {
    this.look = look;
  }

  /** Why writes are refused for now; null when they are not. */
  refused(engine: Engine): WritesRefused | null {
    if (this.isLogFull) return 'log_full';
    return engine.isKeysFull ? 'keys_full' : null;
  }

  logRefused(): void {
    this.isLogFull = true;
    this.timer ??= setInterval(this.look, everyMs);
  }

  logTook(): void {
    if (!this.isLogFull) return;
    this.isLogFull = false;
    this.stop();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}
