/**
 * Calls that cost a client nothing but leave something permanent: registrations and places in line.
 * Each address has a token bucket that refills at a rate a second up to a burst. Exempt are
 * purchases, holds, operators, and callers without an address of their own
 * (`ClientAddress.address`).
 */
import type { Call } from './call.ts';
import { HttpFailure, problems } from './problems.ts';

interface FreeCallsOptions {
  readonly perSecond: number;
  readonly burst: number;
  /** Minimum of addresses remembered; 50,000 by default. */
  readonly maxAddresses?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs?: () => number;
}

export const defaultFreeCalls = { perSecond: 200, burst: 2000 } as const;

interface Bucket {
  tokens: number;
  atMs: number;
}

export class FreeCalls {
  private readonly options: FreeCallsOptions;
  private readonly maxAddresses: number;
  private readonly nowMs: () => number;
  /**
   * Two generations bound the memory: when the younger is full, the older is dropped. A dropped
   * address was not seen while that many others were. By then its bucket is full again, or it is
   * one of an attacker's many addresses.
   */
  private young = new Map<string, Bucket>();
  private old = new Map<string, Bucket>();

  constructor(options: FreeCallsOptions = defaultFreeCalls) {
    this.options = options;
    this.maxAddresses = options.maxAddresses ?? 50_000;
    this.nowMs = options.nowMs ?? (() => performance.now());
  }

  /** How many addresses are remembered. */
  get addresses(): number {
    return this.young.size + this.old.size;
  }

  /** Takes a token from the client's bucket. @throws HttpFailure 429 when it is empty */
  charge(call: Call): void {
    if (call.isOperator) return;
    const { address } = call.client;
    if (address !== null && !this.take(address)) {
      const seconds = Math.max(1, Math.ceil(1 / this.options.perSecond));
      throw new HttpFailure(problems.TOO_MANY_CALLS, undefined, [], { 'Retry-After': String(seconds) });
    }
  }

  /** Whether the address had a token left. */
  take(address: string): boolean {
    const { perSecond, burst } = this.options;
    const nowMs = this.nowMs();
    const bucket = this.bucketOf(address, nowMs);
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  private bucketOf(address: string, nowMs: number): Bucket {
    const known = this.young.get(address);
    if (known !== undefined) return known;
    const bucket = this.old.get(address) ?? { tokens: this.options.burst, atMs: nowMs };
    this.old.delete(address);
    if (this.young.size >= this.maxAddresses) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(address, bucket);
    return bucket;
  }
}
