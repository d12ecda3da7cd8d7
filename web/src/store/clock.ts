/**
 * The best estimate of the server's clock. The stream's heartbeats carry it, and so does each hold,
 * in its creation time. Each such time was right when it was sent, so it is a lower bound; the
 * highest one counts. The browser's own date is not used then, and a countdown never reaches zero
 * too early.
 */
import { useEffect, useReducer } from 'react';
import { api } from './backend.ts';

class Clock {
  /** Server time minus the monotonic counter, ms, from answers. */
  private boundMs = -Infinity;

  /** Takes a time that the server has just sent, RFC 3339. */
  hear(time: string): void {
    const ms = Date.parse(time);
    if (!Number.isNaN(ms)) this.boundMs = Math.max(this.boundMs, ms - performance.now());
  }

  /** Ms since 1970. */
  now(): number {
    const bestMs = Math.max(api.clockOffsetMs === null ? -Infinity : api.now(), performance.now() + this.boundMs);
    // Before the first time from the server there is nothing to count down; the local date will do.
    return bestMs === -Infinity ? Date.now() : bestMs;
  }
}

export const clock = new Clock();

/** The server's time, redrawn every `everyMs`; null stops it. */
export function useNow(everyMs: number | null): number {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    if (everyMs === null) return undefined;
    const timer = setInterval(redraw, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return clock.now();
}
