/**
 * A proper body for every route that takes one, and the things that their paths name. A new route
 * has to be added here.
 */
import assert from 'node:assert/strict';
import type { ServedLists } from '../../../src/cli/serve.ts';
import type { ListedRows } from '../../../src/doors/v1/lists.ts';
import type { Route } from '../../../src/http/door.ts';
import type { Options, TestStore } from './store.ts';
import { withStore } from './store.ts';
import { gatesPathOf, gatesSamples, stockUpGates } from './gates-samples.ts';
import { seatsPathOf, seatsSamples, stockUpSeats } from './seats-samples.ts';

const samples: Readonly<Record<string, object>> = {
  'POST /v1/sales': {
    name: 'A sale',
    kind: 'counted',
    capacity: 100,
    price: { amount: 100, currency: 'EUR' },
    opensAt: '2026-01-01T00:00:00Z',
    closesAt: '2999-01-01T00:00:00Z',
    holdSeconds: 60,
    maxHoldSeconds: 120,
    maxPerOrder: 5,
    maxPerCustomer: 5,
    refusals: 'forget',
    image: 'https://pictures.example/a.jpg',
  },
  'PATCH /v1/sales/:id': {
    name: 'Another name',
    price: { amount: 100, currency: 'EUR' },
    opensAt: null,
    closesAt: '2999-01-01T00:00:00Z',
    status: 'open',
    capacity: 1_000_000,
    image: null,
  },
  'POST /v1/sales/:id/seats': {
    seats: [{ section: 'B', row: '1', number: '1', place: 5, rank: 3, accessible: true, blocked: true }],
  },
  'PATCH /v1/sales/:id/seats/:seat': {
    section: 'A',
    row: '1',
    number: '1',
    place: 1,
    rank: 2,
    accessible: false,
    blocked: false,
  },
  'POST /v1/sales/:id/orders': { quantity: 1, customer: 'ann' },
  'POST /v1/sales/:id/holds': { quantity: 1, customer: 'ann', seconds: 60 },
  'POST /v1/sales/:id/waitlist': { quantity: 1, customer: 'ann' },
  'POST /v1/orders': { lines: [{ sale: 'sale_0_1', quantity: 1 }], customer: 'ann' },
  'POST /v1/orders/:id/cancel': { lines: [0] },
  'POST /v1/holds/:id/extend': { until: '2026-01-01T00:00:00Z' },
  'POST /v1/customers': { id: 'ann', name: 'Ann', email: 'ann@example.org' },
  ...gatesSamples,
  'POST /api/v1/events': { name: 'A night', totalSeats: 5000 },
  'POST /api/v1/purchase': { quantity: 1 },
  'POST /api/v1/purchases': { eventId: 'sale_0_2', quantity: 1, idempotencyKey: 'sample' },
  'POST /api/users': { username: 'bea' },
  'POST /api/drops': {
    name: 'A pair',
    price: 199.99,
    totalStock: 100,
    dropStartTime: '2026-01-01T00:00:00Z',
    holdSeconds: 60,
  },
  'POST /api/reserve/:dropId': { userId: 1 },
  'POST /api/purchase/:reservationId': { userId: 1 },
};

/** Lists of a store whose follower has written nothing yet. */
const none = async (): Promise<ListedRows> => ({ ids: [], position: 0 });
const noLists: ServedLists = {
  ordersOfCustomer: none,
  holdsOfCustomer: none,
  ordersOfSale: none,
  journeysOfCard: async () => ({ journeys: [], position: 0 }),
  entriesOfCard: async () => ({ entries: [], balance: 0, position: 0 }),
  keysOfOrders: async () => ({ keys: new Map() }),
};

/** Routes that were seen at the seats door. */
const ofSeats = new WeakSet<Route>();

export function sampleOf(route: Route): object {
  const sample = (ofSeats.has(route) ? seatsSamples : samples)[`${route.method} ${route.path}`];
  assert.ok(sample !== undefined, `give a sample body for ${route.method} ${route.path}`);
  return sample;
}

/**
 * A store with the doors of the main port, then one whose only door is drops: together they have
 * every route.
 */
export async function withEveryRoute(use: (store: TestStore) => Promise<void>, options: Options = {}): Promise<void> {
  for (const doors of ['v1,tickets,seats,gates', 'drops']) {
    await withStore({ lists: noLists, ...options, args: ['--doors', doors] }, use);
  }
}

const hall = { sections: [{ name: 'A', rows: [{ name: '1', seats: ['1', '2', { number: '3', accessible: true }] }] }] };

/** The things whose ids are in `pathOf` and the samples. */
export async function stockUp(store: TestStore): Promise<void> {
  const drops = store.listener.doors.some(({ name }) => name === 'drops');
  const made = drops
    ? [
        await store.post('/api/users', { username: 'ann' }, null),
        await store.post('/api/drops', { name: 'A', price: 1, totalStock: 1_000_000 }, null),
        await store.post('/api/reserve/1', { userId: 1 }, null),
      ]
    : [
        await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 1_000_000 }, null),
        await store.post('/api/v1/events', { name: 'Night', totalSeats: 1_000_000 }, null),
        await store.post('/v1/sales/sale_0_1/holds', { quantity: 1 }, 'a hold'),
        await store.post('/v1/orders', { lines: [{ sale: 'sale_0_2', quantity: 1 }] }, 'an order'),
        await store.post('/v1/sales', { name: 'Sold out', kind: 'counted', capacity: 1 }, null),
        await store.post('/v1/sales/sale_0_3/orders', { quantity: 1 }, 'all there is'),
        await store.post('/v1/sales/sale_0_3/waitlist', { quantity: 1, customer: 'bob' }, null),
        await store.post('/v1/sales', { name: 'Hall', kind: 'seated', hall }, null),
      ];
  for (const answer of made) assert.equal(answer.status, 201, answer.text);
  if (drops) return;
  await stockUpSeats(store);
  await stockUpGates(store);
}

/** The route's path with things that exist, and with what it must be asked for. */
export function pathOf(route: Route): string {
  if (ofSeats.has(route)) return seatsPathOf(route.method, route.path);
  const path = gatesPathOf(route.path)
    .replace(/^\/v1\/sales\/:id\/waitlist/, '/v1/sales/sale_0_3/waitlist')
    .replace(/^\/v1\/sales\/:id\/seats(?:\/:seat)?/, (path) =>
      path.endsWith(':seat') ? '/v1/sales/sale_0_4/seats/A-1-1' : '/v1/sales/sale_0_4/seats',
    )
    .replace(/^\/v1\/sales\/:id/, '/v1/sales/sale_0_1')
    .replace(/^\/v1\/holds\/:id/, '/v1/holds/hold_0_1')
    .replace(/^\/v1\/orders\/:id/, '/v1/orders/order_0_1')
    .replace(/^\/v1\/waitlist\/:id/, '/v1/waitlist/waitlist_0_1')
    .replace(/^\/v1\/customers\/:id/, '/v1/customers/ann')
    .replace(/^\/api\/v1\/purchases\/:id/, '/api/v1/purchases/order_0_1')
    .replace(/^\/api\/(drops|reserve|purchase)\/:\w+/, '/api/$1/1')
    .replace(/^\/socket\.io\/:file/, '/socket.io/socket.io.min.js')
    .replace(/:(id|eventId)/, 'sale_0_2');
  if (route.method === 'GET' && /^\/v1\/(orders|holds)$/.test(path)) return `${path}?customer=ann`;
  return route.method === 'DELETE' && path.endsWith('/waitlist') ? `${path}?customer=bob` : path;
}

/** The same with a thing that does not exist, where it names any. */
export function pathNowhere(route: Route): string {
  return pathOf(route).replace(/(?<=_0_)\d+|ann|(?<=\/)[12]$|(?<=\/event\/)1|socket\.io\.min/, '9999');
}

export function withQuery(path: string, query: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** Every open route, with its door. Pages are files, and routes only when they are built. */
export function routesOf(store: TestStore): readonly Route[] {
  for (const { name, routes } of store.listener.doors) if (name === 'seats') for (const one of routes) ofSeats.add(one);
  return store.listener.doors.filter(({ name }) => name !== 'pages').flatMap(({ routes }) => routes);
}
