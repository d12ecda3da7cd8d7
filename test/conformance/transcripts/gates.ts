import type { Call, Chapter, Event } from './script.ts';
import { guarded } from './script.ts';

const args = ['--doors', 'gates'];
const ann = '/v1/cards/ann';
/** Log time as a script begins is noon of this day. */
const day = '2026-06-01';

const euros = (amount: number): object => ({ amount, currency: 'EUR' });

const tariff = {
  currency: 'EUR',
  stations: [
    { id: 'north', number: 1, name: 'North', zone: 1 },
    { id: 'south', number: 2, name: 'South', zone: 2 },
  ],
  fares: {
    zones: [
      [100, 150],
      [150, 100],
    ],
  },
  minimumBalance: 100,
  maximumFare: 300,
  passbackSeconds: 60,
  caps: [{ amount: 200, window: 'day' }],
  categories: { child: { share: 0.5, round: 'down' } },
};

function set(more: object = {}): Call {
  return { ask: 'PUT /v1/tariff', json: { ...tariff, ...more } };
}

function card(json: object): Call {
  return { ask: 'POST /v1/cards', json };
}

function load(key: string, amount: unknown, path = ann): Call {
  return { ask: `POST ${path}/topups`, key, json: { amount } };
}

function gate(json: object): Call {
  return { ask: 'POST /v1/gates', json };
}

const one = { gate: 'n1', sequence: 1, card: 'ann', direction: 'in', at: `${day}T12:00:00.000Z` };

function tap(more: object = {}): Call {
  return { ask: 'POST /v1/taps', json: { ...one, ...more } };
}

function taps(...more: readonly object[]): Call {
  return { ask: 'POST /v1/taps', json: more.map((tapped) => ({ ...one, ...tapped })) };
}

/** A new minimum balance is followed by a record in which the deny list is looked at again. */
const settled: Event = { rest: 150 };

const city: readonly Call[] = [
  gate({ id: 'n1', station: 'north' }),
  gate({ id: 's1', station: 'south' }),
  card({ id: 'ann', balance: euros(1000) }),
  card({ id: 'bob', category: 'child', balance: euros(150) }),
];

const hash = 'ab'.repeat(32);
const skip = { from: 1, to: 3, reason: 'lost' };

export const gates: readonly Chapter[] = [
  {
    name: 'cards',
    args,
    steps: [
      { ask: 'GET /v1/cards' },
      { ...card({ id: 'ann', name: 'Zoe\u0308', balance: euros(1000) }), key: 'c' },
      { ...card({ name: 'Zoe\u0308', id: 'ann', balance: { currency: 'EUR', amount: 1000 } }), key: 'c' },
      { ...card({ id: 'bob' }), key: 'c' },
      card({ id: '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1', name: null }),
      card({ id: 'ann' }),
      card({ id: 'eve', category: 'child' }),
      card({ id: 'eve', balance: { amount: 1, currency: 'USD' } }),
      card({ id: 'eve', balance: { amount: 1, currency: 'XXQ' } }),
      card({ id: 'eve', balance: euros(-1) }),
      card({ id: 'Zoe\u0308' }),
      card({ id: '', more: 1 }),
      { ask: 'POST /v1/cards', body: '{"id":' },
      { ask: `GET ${ann}`, save: { at: 'position' } },
      { ask: `GET ${ann}?at={at}` },
      { ask: `GET ${ann}?at=x` },
      { ask: `HEAD ${ann}` },
      { ask: 'GET /v1/cards/nobody' },
      { ask: 'GET /v1/cards?limit=1', save: { next: 'next' } },
      { ask: 'GET /v1/cards?limit=1&cursor={next}' },
      load('t', euros(500)),
      load('t', euros(500)),
      load('t', euros(501)),
      load('u', { amount: 1, currency: 'USD' }),
      load('u', euros(0)),
      load('u', euros(2 ** 31 - 1)),
      load('u', euros(1), '/v1/cards/nobody'),
      { ask: `POST ${ann}/topups`, json: { amount: euros(1) } },
      { ask: `POST ${ann}/refunds`, json: { amount: euros(20) } },
      { ask: `POST ${ann}/refunds`, json: { amount: euros(20), journey: 'journey_0_1' } },
      { ask: `POST ${ann}/adjustments`, json: { day: '2026-01-05', amount: euros(-5), replaces: 0, run: 70_000 } },
      { ask: `POST ${ann}/adjustments`, json: { day: '2026-01-05', amount: euros(-5), replaces: 0, run: 70_000 } },
      { ask: `POST ${ann}/adjustments`, json: { day: '2026-01-05', amount: euros(-5), replaces: 7, run: 70_001 } },
      { ask: `POST ${ann}/block` },
      { ask: `POST ${ann}/block`, key: 'b' },
      { ask: `POST ${ann}/unblock`, json: {} },
      { ask: `POST ${ann}/block`, key: 'b' },
      { ask: `POST ${ann}/block`, json: { why: 'lost' } },
      { ask: 'POST /v1/cards/nobody/unblock' },
      { ask: `GET ${ann}` },
      { ask: 'GET /v1/nothing' },
      { ask: `DELETE ${ann}` },
    ],
  },
  {
    name: 'tariffs and gates',
    args,
    steps: [
      { ask: 'GET /v1/tariff' },
      gate({ id: 'n1', station: 'north' }),
      set(),
      settled,
      set({ effectiveFrom: '2026-05-01T00:00:00Z' }),
      set({ currency: 'USD', maximumFare: 1 }),
      set({ fares: { zones: [[100]] } }),
      set({ stations: [] }),
      { ask: 'GET /v1/tariff' },
      { ...gate({ id: 'n1', station: 'north' }), key: 'g' },
      { ...gate({ id: 'n1', station: 'north' }), key: 'g' },
      { ...gate({ id: 'n2', station: 'north' }), key: 'g' },
      gate({ id: 'bus', number: 40 }),
      gate({ id: 'bus' }),
      gate({ id: 'tram', number: 40 }),
      gate({ id: 'tram', station: 'nowhere' }),
      gate({ id: 'tram', number: 0 }),
      { ask: 'GET /v1/gates' },
      { ask: 'GET /v1/gates?limit=1&cursor=x' },
      { ask: 'GET /v1/gates/bus' },
      { ask: 'GET /v1/gates/nowhere' },
      { ask: 'POST /v1/gates/bus/skip', key: 's', json: skip },
      { ask: 'POST /v1/gates/bus/skip', key: 's', json: skip },
      { ask: 'POST /v1/gates/bus/skip', json: skip },
      { ask: 'POST /v1/gates/bus/skip', json: { ...skip, to: 0 } },
      { ask: 'POST /v1/gates/nowhere/skip', json: skip },
    ],
  },
  {
    name: 'taps',
    args,
    steps: [
      set(),
      settled,
      ...city,
      tap(),
      tap(),
      tap({ sequence: 3 }),
      { pass: 600 },
      tap({ gate: 's1', direction: 'out', at: `${day}T12:10:00Z` }),
      { pass: 600 },
      taps(
        { sequence: 2, at: `${day}T12:20:00Z` },
        { sequence: 3, card: 'nobody' },
        { sequence: 4, card: 'bob', station: 'south' },
        { sequence: 5, card: 'bob', station: 'nowhere' },
        { sequence: 6, card: 'bob', decided: 'denied' },
        { sequence: 7, card: 'bob', at: `${day}T12:30:00Z` },
        { sequence: 8, card: 'bob', at: '2026-05-01T12:00:00Z', decided: 'opened' },
        { sequence: 9, card: 'bob', at: `${day}T12:20:00+00:00`, station: 'north' },
        { gate: 'nowhere', sequence: 1 },
      ),
      { pass: 600 },
      taps(
        { gate: 's1', sequence: 2, direction: 'out', at: `${day}T12:30:00Z` },
        { gate: 's1', sequence: 3, direction: 'out', card: 'bob', at: `${day}T12:30:00Z` },
        { gate: 's1', sequence: 4, direction: 'out', card: 'bob', at: `${day}T12:30:01Z` },
      ),
      { ask: 'GET /v1/taps/totals' },
      tap({ sequence: 0 }),
      taps({ sequence: 10 }, { sequence: 11, direction: 'up' }),
      taps({ sequence: 10 }, { sequence: 11, at: '2026-02-30T12:00:00Z' }),
      taps({ sequence: 10, colour: 'red' }),
      { ask: 'POST /v1/taps', json: [] },
      { ask: 'POST /v1/taps', body: 'x', headers: { 'Content-Type': 'text/plain' } },
      { ask: 'POST /v1/taps', body: 'x', headers: { 'Content-Type': 'application/vnd.holdfast.taps' } },
      { ask: 'GET /v1/taps' },
      { ask: 'GET /v1/taps/stream' },
      { ask: 'POST /v1/taps/stream', json: {} },
      { ask: `POST ${ann}/refunds`, json: { amount: euros(150), journey: 'journey_0_1' } },
      { ask: 'GET /v1/denylist', save: { next: 'next' } },
      { ask: `POST ${ann}/block` },
      { ask: 'GET /v1/denylist?since={next}', save: { next: 'next' } },
      { ask: `POST ${ann}/unblock` },
      load('more', euros(1000), '/v1/cards/bob'),
      { ask: 'GET /v1/denylist?since={next}' },
      { ask: 'GET /v1/denylist?since=x' },
      { ask: 'GET /v1/taps/totals' },
    ],
  },
  {
    name: 'keys of gates, and strangers',
    args,
    environment: guarded,
    steps: [
      { ...set(), as: 'operator' },
      settled,
      ...city.map((call) => ({ ...call, as: 'operator' }) as const),
      tap(),
      { ask: 'GET /v1/cards' },
      { ask: 'GET /v1/tariff' },
      { ask: 'GET /v1/denylist' },
      { ask: 'POST /v1/keys', json: { hash, gates: ['n1'] } },
      { ask: 'POST /v1/keys', as: 'operator', key: 'k', json: { hash, gates: ['n1'], label: 'North' } },
      { ask: 'POST /v1/keys', as: 'operator', key: 'k', json: { hash, gates: ['n1'], label: 'North' } },
      { ask: 'POST /v1/keys', as: 'operator', json: { hash: 'x', gates: [] } },
      // The key whose hash this is.
      {
        ask: 'POST /v1/keys',
        as: 'operator',
        json: { hash: 'c4e639b21f8841c18f988351fe4884244033a5ad2cf2f5aa20767263fadfafa5', gates: ['n1'] },
      },
      { ask: 'GET /v1/keys', as: 'operator' },
      { ...tap(), headers: { Authorization: 'Bearer key-of-the-north' } },
      { ...tap({ gate: 's1' }), headers: { Authorization: 'Bearer key-of-the-north' } },
      { ask: 'GET /v1/gates/n1', headers: { Authorization: 'Bearer key-of-the-north' } },
      { ask: 'GET /v1/gates/s1', headers: { Authorization: 'Bearer key-of-the-north' } },
      { ask: 'GET /v1/cards/ann', headers: { Authorization: 'Bearer key-of-the-north' } },
      { ask: 'DELETE /v1/keys/key_0_2', as: 'operator' },
      { ask: 'DELETE /v1/keys/key_0_2', as: 'operator' },
      { ask: 'DELETE /v1/keys/key_0_9', as: 'operator' },
      { ...tap(), headers: { Authorization: 'Bearer key-of-the-north' } },
    ],
  },
  {
    name: 'journeys and statements',
    args,
    follows: true,
    steps: [
      set(),
      settled,
      ...city,
      tap(),
      { pass: 600 },
      tap({ gate: 's1', direction: 'out', at: `${day}T12:10:00Z` }),
      { ask: `POST ${ann}/refunds`, json: { amount: euros(20), journey: 'journey_0_1' } },
      load('t', euros(5)),
      { ...tap({ sequence: 2, at: `${day}T12:10:00Z` }), save: { at: 'position' } },
      { views: 'read' },
      { ask: `GET ${ann}/journeys?at={at}` },
      { ask: `GET ${ann}/statement?at={at}` },
      { ask: `GET ${ann}/statement?limit=2&at={at}`, save: { next: 'next' } },
      { ask: `GET ${ann}/statement?limit=2&cursor={next}` },
      { ask: `GET ${ann}/journeys?limit=0` },
      { ask: `GET ${ann}/statement?cursor=x` },
      { ask: 'GET /v1/cards/nobody/journeys' },
      { ask: 'GET /v1/cards/nobody/statement' },
    ],
  },
  {
    name: 'no lists',
    args,
    steps: [set(), settled, ...city, { ask: `GET ${ann}/journeys` }, { ask: `GET ${ann}/statement` }],
  },
];
