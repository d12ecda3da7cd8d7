/** The time that is left of a hold: how much of the ring, which number, and when it is spoken. */
import type { HeldStock } from '../visitor/deal.ts';

/** Seconds left at which the rest is spoken. */
const spokenAt: readonly number[] = [30, 10];

export interface TimeLeft {
  readonly ms: number;
  /** Whole seconds, the one that has begun included. */
  readonly seconds: number;
  /** Of the time that the hold had, 0 to 1. */
  readonly share: number;
}

export function timeLeft({ startedMs, expiresAtMs }: HeldStock, nowMs: number): TimeLeft {
  const ms = Math.max(0, expiresAtMs - nowMs);
  const share = Math.min(1, ms / Math.max(1, expiresAtMs - startedMs));
  return { ms, seconds: Math.ceil(ms / 1000), share };
}

/**
 * Whether the time is spoken, now that so many seconds are left, and that many were when it was
 * looked at before.
 */
export function isSpoken(before: number, seconds: number): boolean {
  return seconds > 0 && spokenAt.some((at) => before > at && seconds <= at);
}
