/**
 * The content of a new store: the ticket event, three drops, a phone in a flash sale, a concert
 * with seats, a user; and a city of stations with its gates and cards.
 */
import { oneEach } from '../doors/drops/drops.ts';
import { countedSale, seatsOfHall } from '../doors/kit/sale-definition.ts';
import { eventDefinition as seatedEvent } from '../doors/seats/events.ts';
import { eventDefinition } from '../doors/tickets/events.ts';
import type { SaleDefinition } from '../engine/commands/sales.ts';
import { doors } from '../engine/command.ts';
import type { Demonstration } from '../store/genesis.ts';
import { demoCards, demoGates } from './demo-cards.ts';
import { demoCity } from './demo-city.ts';
import { tariffOf } from '../doors/gates/tariff-compile.ts';
import { concertHall } from './concert-hall.ts';

/** One pair at a time, held for a minute. */
function drop(name: string, capacity: number, amount: number): SaleDefinition {
  const price = { amount, currency: 'USD' };
  return countedSale(name, capacity, doors.drops, { ...oneEach, price, holdMs: 60_000, maxHoldMs: 60_000 });
}

const concert: SaleDefinition = {
  ...seatedEvent('City Philharmonic', '2030-12-31T19:30:00.000Z', 'active', null),
  hall: concertHall,
  capacity: seatsOfHall(concertHall),
  price: { amount: 4500, currency: 'USD' },
};

const currency = 'USD';
/** Its time zone is UTC, which never changes: any time compiles it alike. */
const tariff = tariffOf(demoCity(currency), 0);

export const demonstration: Demonstration = {
  sales: [
    eventDefinition('Opening Night', 5000),
    drop('Air Jordan 1 High OG', 100, 20_000),
    drop('New Balance 990v6 Grey', 60, 18_500),
    drop('Adidas Samba OG White', 250, 10_000),
    countedSale('iphone-15', 100, doors.flash),
    concert,
  ],
  customers: [{ id: 'demo_user', name: 'demo_user', email: null, door: doors.drops }],
  city: { tariff, gates: demoGates(tariff), cards: demoCards(currency) },
};
