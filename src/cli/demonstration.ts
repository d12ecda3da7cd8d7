/** What a new store opens with: the ticket event, three drops, a phone in a flash sale, a user. One command in the log. */
import { countedSale } from '../doors/sale-definition.ts';
import { eventDefinition } from '../doors/tickets/events.ts';
import type { SaleDefinition, SeedDefinition } from '../engine/command.ts';
import { doors } from '../engine/command.ts';

/** One pair at a time, held for a minute. */
function drop(name: string, capacity: number, amount: number): SaleDefinition {
  const price = { amount, currency: 'USD' };
  return countedSale(name, capacity, doors.drops, { price, holdMs: 60_000, maxHoldMs: 60_000 });
}

export const demonstration: SeedDefinition = {
  sales: [
    eventDefinition('Opening Night', 5000),
    drop('Air Jordan 1 High OG', 100, 20_000),
    drop('New Balance 990v6 Grey', 60, 18_500),
    drop('Adidas Samba OG White', 250, 10_000),
    countedSale('iphone-15', 100, doors.flash),
  ],
  customers: [{ id: 'demo_user', name: 'demo_user', email: null, door: doors.drops }],
};
