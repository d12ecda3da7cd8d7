/**
 * The server's clock, as near as it can be known from here: the stream's heartbeats tell it, and so
 * does each hold, by the time it was made at. Whatever is told was right when it was sent, so it is
 * a lower bound; the best one counts. The browser's own date is not asked then, and a countdown
 * that shows nothing left is never too early.
 */
import { useEffect, useReducer } from 'react';
import { api } from './backend.ts';

class Clock {
  /** Server's time less the steady counter, ms, by what answers told. */
  private boundMs = -Infinity;

  /** A time the server has just told, RFC 3339. */
  hear(time: string): void {
    const ms = Date.parse(time);
    if (!Number.isNaN(ms)) this.boundMs = Math.max(this.boundMs, ms - performance.now());
  }

  /** Ms since 1970. */
  now(): number {
    const bestMs = Math.max(api.clockOffsetMs === null ? -Infinity : api.now(), performance.now() + this.boundMs);
    // Before anything was told there is nothing to count down; the date here will do.
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
