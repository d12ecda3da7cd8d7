/**
 * What is limited here is what a card can hold: units are what its balance lacks to that, taking
 * one is a top-up by 1, and a fare of 1 makes room for another.
 */
import type { Answer } from '../../http/support/client.ts';
import type { Ask, DoorTable } from '../door/table.ts';
import { no, problem } from './v1.ts';

const card = '/v1/cards/card';
const maxBalance = 2 ** 31 - 1;

function post(path: string, json?: object): Ask {
  return { method: 'POST', path, ...(json === undefined ? {} : { json }) };
}

function get(path: string): Ask {
  return { method: 'GET', path };
}

function euros(amount: number): object {
  return { amount, currency: 'EUR' };
}

function load(amount: number, path = card): Ask {
  return post(`${path}/topups`, { amount: euros(amount) });
}

const tariff: Ask = {
  method: 'PUT',
  path: '/v1/tariff',
  json: {
    currency: 'EUR',
    stations: [{ id: 'north', name: 'North', zone: 1 }],
    fares: { zones: [[1]] },
    minimumBalance: 0,
    maximumFare: 1,
    passbackSeconds: 0,
  },
};
const gate = post('/v1/gates', { id: 'gate', station: 'north' });
/** Out without in: the maximum fare. */
const out = {
  gate: 'gate',
  sequence: 1,
  card: 'card',
  direction: 'out',
  at: '2026-06-01T12:00:00Z',
  decided: 'opened',
};

export const gates: DoorTable = {
  name: 'gates',
  args: ['--doors', 'gates'],
  isNative: true,
  forOperators: true,
  stock: (units) => [tariff, gate, post('/v1/cards', { id: 'card', balance: euros(maxBalance - units) })],
  restock: () => [post('/v1/cards', { balance: euros(7) })],
  take: () => load(1),
  taken: 201,
  tellsApart: ({ body }) => String((body['balance'] as { amount: number }).amount),
  left: {
    ask: get(card),
    read: ({ body }: Answer) => maxBalance - (body['balance'] as { amount: number }).amount,
  },
  relief: [post('/v1/taps', out)],
  key: 'required',
  keyed: [
    [post('/v1/cards', { id: 'other' }), 'optional'],
    [post(`${card}/refunds`, { amount: euros(1) }), 'optional'],
    [post(`${card}/block`), 'optional'],
    [post(`${card}/unblock`), 'optional'],
    [post('/v1/gates', { id: 'other' }), 'optional'],
    [post('/v1/gates/gate/skip', { from: 1, to: 1, reason: 'lost' }), 'optional'],
  ],
  others: [load(2), post(`${card}/refunds`, { amount: euros(1) }), post(`${card}/block`)],
  says: {
    soldOut: no('BALANCE_LIMIT'),
    keyReused: no('KEY_REUSED'),
    missingKey: no('MISSING_KEY'),
    malformedKey: no('INVALID_KEY'),
    emptyKey: no('INVALID_KEY'),
    noRoom: no('NOT_TAKEN'),
    keysFull: no('KEYS_FULL'),
    unknownResult: no('RESULT_UNKNOWN'),
    noJson: no('INVALID_JSON'),
    fieldTwice: no('INVALID_JSON'),
    noObject: no('INVALID_REQUEST'),
    tooLarge: no('BODY_TOO_LARGE'),
    otherType: no('UNSUPPORTED_TYPE'),
    foreignOrigin: no('FOREIGN_ORIGIN'),
    foreignHost: no('FOREIGN_HOST'),
  },
  errorForms: [problem, [...problem, 'errors']],
  byId: (id) =>
    [id, `card%20${id}`, 'CARD', 'card_0_1'].flatMap((one) => [
      [get(`/v1/cards/${one}`), no('UNKNOWN_CARD')] as const,
      [load(1, `/v1/cards/${one}`), no('UNKNOWN_CARD')] as const,
      [post(`/v1/cards/${one}/refunds`, { amount: euros(1) }), no('UNKNOWN_CARD')] as const,
      [post(`/v1/cards/${one}/block`), no('UNKNOWN_CARD')] as const,
      [post(`/v1/cards/${one}/unblock`), no('UNKNOWN_CARD')] as const,
      [get(`/v1/gates/${one}`), no('UNKNOWN_GATE')] as const,
      [post(`/v1/gates/${one}/skip`, { from: 1, to: 1, reason: 'lost' }), no('UNKNOWN_GATE')] as const,
    ]),
  unknown: [
    [get('/v1/cards/nobody'), no('UNKNOWN_CARD')],
    [load(1, '/v1/cards/nobody'), no('UNKNOWN_CARD')],
    [get('/v1/gates/nowhere'), no('UNKNOWN_GATE')],
    [post('/v1/gates', { id: 'other', station: 'nowhere' }), no('UNKNOWN_STATION')],
    [post('/v1/cards', { category: 'nobody' }), no('UNKNOWN_CATEGORY')],
  ],
  invalid: [
    [load(0), no('INVALID_REQUEST')],
    [load(-1), no('INVALID_REQUEST')],
    [load(1.5), no('INVALID_REQUEST')],
    [post(`${card}/topups`, { amount: '1' }), no('INVALID_REQUEST')],
    [post(`${card}/topups`, { amount: euros(1), admin: true }), no('INVALID_REQUEST')],
    [post(`${card}/topups`, {}), no('INVALID_REQUEST')],
    [post('/v1/taps', { ...out, sequence: 0 }), no('INVALID_REQUEST')],
    [post('/v1/taps', [{ ...out, direction: 'up' }]), no('INVALID_REQUEST')],
    [post('/v1/taps', []), no('INVALID_REQUEST')],
    [post('/v1/gates', { id: 'other', number: 0 }), no('INVALID_REQUEST')],
  ],
};
