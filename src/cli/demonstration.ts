/** What a new store opens with: the ticket event, three drops, a phone in a flash sale, a user. One command in the log. */
import type { SaleDefinition, SeedDefinition } from '../engine/command.ts';
import { doors } from '../engine/command.ts';

function sale(name: string, capacity: number, door: number, rest: Partial<SaleDefinition> = {}): SaleDefinition {
  return {
    name,
    kind: 'counted',
    capacity,
    price: null,
    opensAtMs: null,
    closesAtMs: null,
    holdMs: 300_000,
    maxHoldMs: 900_000,
    maxPerOrder: null,
    maxPerCustomer: null,
    refusals: 'forget',
    door,
    ...rest,
  };
}

function drop(name: string, capacity: number, amount: number): SaleDefinition {
  return sale(name, capacity, doors.drops, { price: { amount, currency: 'USD' }, holdMs: 60_000, maxHoldMs: 60_000 });
}

export const demonstration: SeedDefinition = {
  sales: [
    sale('Opening Night', 5000, doors.tickets),
    drop('Air Jordan 1 High OG', 100, 20_000),
    drop('New Balance 990v6 Grey', 60, 18_500),
    drop('Adidas Samba OG White', 250, 10_000),
    sale('iphone-15', 100, doors.flash),
  ],
  customers: [{ id: 'demo_user', name: 'demo_user', email: null }],
};
