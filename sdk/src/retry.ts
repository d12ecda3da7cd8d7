/** When to retry, and how long to wait before it. */
import type { Failure } from './errors.ts';

export interface RetryOptions {
  /** Maximum number of attempts; by default as many as the deadline permits. */
  readonly attempts?: number | undefined;
  /** The first wait is random up to this, ms (100). The range doubles with each further retry. */
  readonly baseMs?: number | undefined;
  /** Maximum range, ms (5,000). */
  readonly capMs?: number | undefined;
  /**
   * Also retries what the store refuses for now: every problem that says `retryable`, such as
   * NOT_OPEN and PAUSED. Off by default: only calls that the store has not judged are retried.
   */
  readonly refusals?: boolean | undefined;
}

export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** The maximum delay of a timer, ms: some 25 days. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * Full jitter: ms to wait before retry number `retry` (from 0), uniform over 0 to base · 2^retry,
 * capped. Clients that failed together do not come back together. `random` returns a number from 0
 * to below 1.
 */
export function backoffMs(retry: number, { baseMs, capMs }: Backoff, random: () => number): number {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(retry, 52));
}

/**
 * Statuses that say nothing about the request itself: too many requests, not now, or a proxy that
 * did not reach the store.
 */
const passing: readonly number[] = [0, 429, 502, 503, 504];

export function isRetried(failure: Failure, refusals: boolean): boolean {
  return passing.includes(failure.status) || (refusals && failure.retryable);
}

/**
 * Ms before the next attempt: the wait of Retry-After plus jitter, which spreads a crowd that was
 * told the same time.
 */
export function waitMs(failure: Failure, retry: number, backoff: Backoff, random: () => number): number {
  return (failure.retryAfterMs ?? 0) + backoffMs(retry, backoff, random);
}

/**
 * The wait of a Retry-After header, ms: seconds, or a date. Null without the header, or if it is
 * malformed.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

/** Resolves after `ms`. @throws the signal's reason, at once, when it is aborted */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    throwIfAborted(signal);
    const onAbort = (): void => {
      stop();
      if (signal !== undefined) reject(reasonOf(signal));
    };
    const stop = after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** @throws the signal's reason when it is aborted */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw reasonOf(signal);
}

/** The reason of an aborted signal, always as an Error, since it is thrown. */
function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException(String(reason), 'AbortError');
}

/** Calls `fire` after `ms`. Returns a function that cancels this. */
export function after(ms: number, fire: () => void): () => void {
  const timer = setTimeout(fire, Math.min(ms, maxTimerMs));
  return () => clearTimeout(timer);
}
