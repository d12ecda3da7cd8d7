/** The remaining time of a hold: the part of the ring, the number, and when it is spoken. */
import type { HeldStock } from '../visitor/deal.ts';

/** Remaining seconds at which the time is spoken. */
const spokenAt: readonly number[] = [30, 10];

export interface TimeLeft {
  readonly ms: number;
  /** Whole seconds, including the one that has begun. */
  readonly seconds: number;
  /** Share of the hold's whole time, 0 to 1. */
  readonly share: number;
}

export function timeLeft({ startedMs, expiresAtMs }: HeldStock, nowMs: number): TimeLeft {
  const ms = Math.max(0, expiresAtMs - nowMs);
  const share = Math.min(1, ms / Math.max(1, expiresAtMs - startedMs));
  return { ms, seconds: Math.ceil(ms / 1000), share };
}

/** Whether to speak the time. `before`: seconds left at the previous look; `seconds`: now. */
export function isSpoken(before: number, seconds: number): boolean {
  return seconds > 0 && spokenAt.some((at) => before > at && seconds <= at);
}
