/** The same as `samples.ts`, for the door of cards and gates. */
import assert from 'node:assert/strict';
import type { TestStore } from './store.ts';

const euros = (amount: number): object => ({ amount, currency: 'EUR' });

const tariff = {
  currency: 'EUR',
  stations: [{ id: 'north', number: 1, name: 'North', zone: 1 }],
  fares: { zones: [[100]] },
  minimumBalance: 100,
  maximumFare: 300,
  passbackSeconds: 60,
};

export const gatesSamples: Readonly<Record<string, object>> = {
  'POST /v1/cards': { id: 'bob', name: 'Bob', category: 'adult', balance: euros(1000) },
  'POST /v1/cards/:id/topups': { amount: euros(500) },
  'POST /v1/cards/:id/refunds': { amount: euros(100), journey: 'journey_0_1' },
  'POST /v1/cards/:id/adjustments': { day: '2026-01-01', amount: euros(-20), replaces: 0, run: 70_000 },
  'POST /v1/gates': { id: 'north-2', number: 900, station: 'north' },
  'POST /v1/gates/:id/skip': { epoch: 9, from: 1, to: 5, reason: 'disk replaced' },
  'PUT /v1/tariff': tariff,
  'POST /v1/taps': {
    gate: 'ann',
    epoch: 5,
    sequence: 1,
    card: 'ann',
    station: 'north',
    direction: 'in',
    at: '2026-01-01T00:00:00Z',
    decided: 'opened',
  },
  'POST /v1/keys': { hash: 'ab'.repeat(32), gates: ['ann'], label: 'A gate' },
};

/** A tariff, a gate and a card that are called `ann`, a journey, and a key. */
export async function stockUpGates(store: TestStore): Promise<void> {
  const set = await store.ask('PUT', '/v1/tariff', { json: tariff });
  assert.equal(set.status, 200, set.text);
  const tap = { ...gatesSamples['POST /v1/taps'], epoch: 1 };
  const made = [
    await store.post('/v1/gates', { id: 'ann', station: 'north' }, null),
    await store.post('/v1/cards', { id: 'ann', balance: euros(100_000) }, null),
    await store.post('/v1/keys', { hash: 'cd'.repeat(32), gates: ['ann'] }, null),
    await store.post('/v1/taps', tap, null),
  ];
  assert.deepEqual(
    made.map(({ status }) => status),
    [201, 201, 201, 200],
    made.map(({ text }) => text).join(' '),
  );
}

export function gatesPathOf(path: string): string {
  return path.replace(/^\/v1\/(cards|gates)\/:id/, '/v1/$1/ann').replace(/^\/v1\/keys\/:id/, '/v1/keys/key_0_1');
}
