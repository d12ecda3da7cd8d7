/** A proper body for every route that takes one, and the things that their paths name. A new route has to be added here. */
import assert from 'node:assert/strict';
import type { Route } from '../../../src/http/route.ts';
import type { TestStore } from './store.ts';

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
  },
  'PATCH /v1/sales/:id': {
    name: 'Another name',
    price: { amount: 100, currency: 'EUR' },
    opensAt: null,
    closesAt: '2999-01-01T00:00:00Z',
    status: 'open',
    capacity: 1_000_000,
  },
  'POST /v1/sales/:id/orders': { quantity: 1, customer: 'ann' },
  'POST /v1/sales/:id/holds': { quantity: 1, customer: 'ann', seconds: 60 },
  'POST /v1/orders': { lines: [{ sale: 'sale_0_1', quantity: 1 }], customer: 'ann' },
  'POST /v1/orders/:id/cancel': { lines: [0] },
  'POST /v1/holds/:id/extend': { until: '2026-01-01T00:00:00Z' },
  'POST /v1/customers': { id: 'ann', name: 'Ann', email: 'ann@example.org' },
  'POST /api/v1/events': { name: 'A night', totalSeats: 5000 },
  'POST /api/v1/purchase': { quantity: 1 },
  'POST /api/v1/purchases': { eventId: 'sale_0_2', quantity: 1, idempotencyKey: 'sample' },
};

export function sampleOf(route: Route): object {
  const sample = samples[`${route.method} ${route.path}`];
  assert.ok(sample !== undefined, `give a sample body for ${route.method} ${route.path}`);
  return sample;
}

/** A sale, an event, a hold and an order, with the ids that `pathOf` and the samples use. */
export async function stockUp(store: TestStore): Promise<void> {
  const made = [
    await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 1_000_000 }, null),
    await store.post('/api/v1/events', { name: 'Night', totalSeats: 1_000_000 }, null),
    await store.post('/v1/sales/sale_0_1/holds', { quantity: 1 }, 'a hold'),
    await store.post('/v1/orders', { lines: [{ sale: 'sale_0_2', quantity: 1 }] }, 'an order'),
  ];
  for (const answer of made) assert.equal(answer.status, 201, answer.text);
}

/** The route's path with things that exist. */
export function pathOf(route: Route): string {
  return route.path
    .replace(/^\/v1\/sales\/:id/, '/v1/sales/sale_0_1')
    .replace(/^\/v1\/holds\/:id/, '/v1/holds/hold_0_1')
    .replace(/^\/v1\/orders\/:id/, '/v1/orders/order_0_1')
    .replace(/^\/v1\/customers\/:id/, '/v1/customers/ann')
    .replace(/^\/api\/v1\/purchases\/:id/, '/api/v1/purchases/order_0_1')
    .replace(/:(id|eventId)/, 'sale_0_2');
}

/** Every route that is open, with whoever handles it. */
export function routesOf(store: TestStore): readonly Route[] {
  return store.listener.doors.flatMap(({ routes }) => routes);
}
