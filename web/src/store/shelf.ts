/**
 * The sales that the shop shows: drops, and sales of the native API. Seats, tickets and flash sales
 * have their own ways to buy.
 */
import type { Sale } from '../../../sdk/src/index.ts';

const doors: readonly string[] = ['drops', 'v1'];

export function isInShop(sale: Sale): boolean {
  return sale.kind === 'counted' && doors.includes(sale.door);
}

export function isSeated(sale: Sale): boolean {
  return sale.kind === 'seated';
}

/** Where a sale's seats are chosen. */
export function hallPath(sale: Pick<Sale, 'id'>): string {
  return `/box-office/${encodeURIComponent(sale.id)}`;
}
