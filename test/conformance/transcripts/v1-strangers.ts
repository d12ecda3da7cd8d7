/**
 * The native API on a store with an operator key: other callers need the tokens of what they made.
 */
import type { Call, Chapter } from './script.ts';
import { guarded } from './script.ts';

const sale = '/v1/sales/sale_0_1';
const until = { until: '2026-06-01T12:10:00Z' };
const create = { ask: 'POST /v1/sales', json: { name: 'A sale', kind: 'counted', capacity: 3 } };

/** A call without a token, with that of something else, and with its own. */
function asked(call: Call, own: string, other: string): Call[] {
  return [call, { ...call, token: other }, { ...call, token: own }];
}

export const strangers: readonly Chapter[] = [
  {
    name: 'an operator and strangers',
    args: ['--doors', 'v1'],
    environment: guarded,
    steps: [
      create,
      { ...create, headers: { Authorization: 'Bearer another-key-of-somebody-else' } },
      { ...create, headers: { Authorization: 'Basic dGhlLW9wZXJhdG9y' } },
      { ...create, as: 'operator' },
      { ask: `PATCH ${sale}`, json: { name: 'Mine' } },
      { ask: `PATCH ${sale}`, as: 'operator', json: { name: 'Ours' } },
      { ask: `GET ${sale}` },
      {
        ask: `POST ${sale}/holds`,
        key: 'h',
        json: { quantity: 1, customer: 'ann' },
        save: { hold: 'token', at: 'header Holdfast-Position' },
      },
      { ask: `POST ${sale}/holds`, key: 'h', json: { quantity: 1, customer: 'ann' } },
      { ask: `POST ${sale}/orders`, key: 'o', json: { quantity: 1, customer: 'bob' }, save: { order: 'token' } },
      { ask: `POST ${sale}/orders`, key: 'o', as: 'operator', json: { quantity: 1, customer: 'bob' } },
      { ask: `POST ${sale}/holds`, key: 'i', json: { quantity: 1 }, save: { second: 'token' } },
      ...asked({ ask: 'GET /v1/holds/hold_0_1' }, '{hold}', '{second}'),
      { ask: 'GET /v1/holds/hold_0_1?at={at}', token: '{hold}' },
      { ask: 'GET /v1/holds/hold_0_9', token: '{hold}' },
      { ask: 'GET /v1/holds/hold_0_1', as: 'operator' },
      ...asked({ ask: 'POST /v1/holds/hold_0_1/extend', json: until }, '{hold}', '{order}'),
      ...asked({ ask: 'POST /v1/holds/hold_0_1/confirm', key: 'c' }, '{hold}', 'no token'),
      { ask: 'POST /v1/holds/hold_0_1/confirm', key: 'c', as: 'operator' },
      ...asked({ ask: 'DELETE /v1/holds/hold_0_2' }, '{second}', '{hold}'),
      ...asked({ ask: 'GET /v1/orders/order_0_1' }, '{order}', '{hold}'),
      ...asked({ ask: 'POST /v1/orders/order_0_1/cancel', key: 'x', json: {} }, '{order}', '{second}'),
      { ask: 'GET /v1/orders/order_0_1', as: 'operator' },
      {
        ask: 'POST /v1/orders',
        key: 'b',
        json: { lines: [{ sale: 'sale_0_1', quantity: 2 }] },
        save: { basket: 'token' },
      },
      { ask: `POST ${sale}/waitlist`, json: { quantity: 1, customer: 'eve' }, save: { place: 'token' } },
      { ask: `POST ${sale}/waitlist`, json: { quantity: 1, customer: 'eve' } },
      { ask: `POST ${sale}/waitlist`, token: '{place}', json: { quantity: 1, customer: 'eve' } },
      ...asked({ ask: 'GET /v1/waitlist/waitlist_0_1' }, '{place}', '{basket}'),
      { ask: 'POST /v1/orders/order_0_3/cancel', key: 'x', token: '{basket}' },
      { ask: 'GET /v1/waitlist/waitlist_0_1', token: '{place}', save: { offered: 'hold.token' } },
      { ask: 'GET /v1/holds/hold_0_3', token: '{offered}' },
      { ask: 'GET /v1/stream?holds=hold_0_3:{offered}&waitlist=waitlist_0_1:{place}', until: 'event: ready' },
      { ask: 'GET /v1/stream?holds=hold_0_3&waitlist=waitlist_0_1', token: '{offered},{place}', until: 'event: ready' },
      { ask: 'GET /v1/stream?holds=hold_0_3:{place}' },
      { ask: 'GET /v1/stream?holds=hold_0_3&since=0.4.0123456789ab', until: 'event: ready' },
      ...asked({ ask: `DELETE ${sale}/waitlist?customer=eve` }, '{place}', '{order}'),
      { ask: 'POST /v1/customers', json: { id: 'ann', name: 'Ann' } },
      { ask: 'POST /v1/customers', token: 'hold_0_1:{hold}', json: { id: 'ann', name: 'Ann' } },
      { ask: 'POST /v1/customers', json: { id: 'zed' } },
      { ask: 'POST /v1/customers', json: { id: 'zed' } },
      { ask: 'POST /v1/customers', as: 'operator', json: { id: 'zed' } },
      { ask: 'GET /v1/customers/ann' },
      { ask: 'GET /v1/customers/ann', as: 'operator' },
      { ask: 'GET /v1/orders?customer=ann' },
      { ask: 'GET /v1/holds?customer=ann' },
      { ask: 'GET /v1/holds?customer=ann', as: 'operator' },
      { ask: `POST ${sale}/seats`, json: { seats: [{ section: 'A', row: '1', number: '1' }] } },
      { ask: `PATCH ${sale}/seats/A-1-1`, json: { rank: 1 } },
      { ask: `DELETE ${sale}/seats/A-1-1` },
      { ask: `GET ${sale}`, headers: { Host: 'shop.example', Origin: 'https://shop.example' } },
      { ask: `POST ${sale}/orders`, key: 'p', json: { quantity: 1 }, headers: { Origin: 'https://other.example' } },
      {
        ask: `POST ${sale}/orders`,
        key: 'p',
        json: { quantity: 1 },
        headers: { Host: 'shop.example', Origin: 'https://shop.example' },
      },
    ],
  },
];
