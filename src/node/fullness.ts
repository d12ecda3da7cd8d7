/**
 * Whether the log has no room for the last batch that was sent. A store that is not ready is sent
 * nothing more, so it looks by itself, once a second, until the log has taken something again.
 */
import type { Engine } from '../engine/engine.ts';

export type WritesRefused = 'log_full' | 'keys_full';

const everyMs = 1000;
/** How long a tick waits after the log had no room: what is due stays due, and the disk full. */
export const fullRetryMs = 250;

export class Fullness {
  private isLogFull = false;
  /** Appends a record that changes nothing, unless something else is on its way. */
  private readonly look: () => void;
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(look: () => void) {
    this.look = look;
  }

  /** Why writes are refused for now, if they are. */
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
