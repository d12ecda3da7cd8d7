/**
 * What a sale is for a person who looks at it now: of its own times by the server's clock, and of
 * what is left.
 */
import type { Sale } from '../../../sdk/src/index.ts';

export type Phase = 'soon' | 'open' | 'in-hands' | 'sold-out' | 'paused' | 'closed';

/**
 * `in-hands`: none is free, but not all are bought, so one may come back. The store's `status` is
 * right at the position it was told at; that a window opens or closes since then is no news of the
 * store, and is seen by the clock.
 */
export function phaseOf(sale: Sale, nowMs: number): Phase {
  if (sale.status === 'closed' || (sale.closesAt !== null && nowMs >= Date.parse(sale.closesAt))) return 'closed';
  if (sale.status === 'paused') return 'paused';
  if (sale.opensAt !== null && nowMs < Date.parse(sale.opensAt)) return 'soon';
  if (sale.available > 0) return 'open';
  return sale.sold >= sale.capacity ? 'sold-out' : 'in-hands';
}

/** When the phase changes next by itself, ms; null when only the store can change it. */
export function nextChangeMs(sale: Sale, nowMs: number): number | null {
  const times = [sale.opensAt, sale.closesAt].flatMap((time) => (time === null ? [] : [Date.parse(time)]));
  const ahead = times.filter((ms) => ms > nowMs);
  return ahead.length === 0 ? null : Math.min(...ahead);
}
