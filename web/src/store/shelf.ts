/** Which sales the shop shows: drops, and what was made by the store's own API. Tickets and flash sales have their own ways to buy. */
import type { Sale } from '../../../sdk/src/index.ts';

const doors: readonly string[] = ['drops', 'v1'];

export function isInShop(sale: Sale): boolean {
  return doors.includes(sale.door);
}
