/** The phase of a sale for a visitor now: by its times, on the server's clock, and by its stock. */
import type { Sale } from '../../../sdk/src/index.ts';

export type Phase = 'soon' | 'open' | 'in-hands' | 'sold-out' | 'paused' | 'closed';

/**
 * `in-hands`: none is free, but not all are bought, so one may come back. The store's `status` was
 * right at its position. The store sends no news when a window opens or closes after that; the
 * clock tells.
 */
export function phaseOf(sale: Sale, nowMs: number): Phase {
  if (sale.status === 'closed' || (sale.closesAt !== null && nowMs >= Date.parse(sale.closesAt))) return 'closed';
  if (sale.status === 'paused') return 'paused';
  if (sale.opensAt !== null && nowMs < Date.parse(sale.opensAt)) return 'soon';
  if (sale.available > 0) return 'open';
  return sale.sold >= sale.capacity ? 'sold-out' : 'in-hands';
}

/** Time of the next change by the clock alone, ms; null if only the store can change the phase. */
export function nextChangeMs(sale: Sale, nowMs: number): number | null {
  const times = [sale.opensAt, sale.closesAt].flatMap((time) => (time === null ? [] : [Date.parse(time)]));
  const ahead = times.filter((ms) => ms > nowMs);
  return ahead.length === 0 ? null : Math.min(...ahead);
}
