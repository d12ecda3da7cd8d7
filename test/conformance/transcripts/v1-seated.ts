/** Halls with numbered seats, through the native API. */
import type { Call, Chapter } from './script.ts';

const sale = '/v1/sales/sale_0_1';

const hall = {
  sections: [
    {
      name: 'A',
      rows: [
        { name: '1', rank: 1, seats: ['1', '2', { number: '3', accessible: true }, { number: '4', rank: 9 }] },
        { name: '2', seats: { from: 1, to: 4 } },
      ],
    },
    { name: 'B', rows: [{ name: '1', seats: ['x', 'y'] }] },
  ],
};

function make(json: object = {}): Call {
  return { ask: 'POST /v1/sales', json: { name: 'A hall', kind: 'seated', hall, ...json } };
}

function buy(key: string, json: object): Call {
  return { ask: `POST ${sale}/orders`, key, json };
}

function hold(key: string, json: object): Call {
  return { ask: `POST ${sale}/holds`, key, json };
}

function add(...seats: readonly object[]): Call {
  return { ask: `POST ${sale}/seats`, json: { seats } };
}

const rowsOf = (...seats: readonly unknown[]): object => ({ sections: [{ name: 'A', rows: [{ name: '1', seats }] }] });

export const seated: readonly Chapter[] = [
  {
    name: 'halls',
    args: ['--doors', 'v1'],
    steps: [
      make(),
      { ...make({ price: { amount: 100, currency: 'EUR' } }), key: 'hall' },
      { ...make({ price: { amount: 100, currency: 'EUR' } }), key: 'hall' },
      make({ hall: rowsOf('1', '1') }),
      make({ hall: rowsOf(7) }),
      make({ hall: rowsOf({ number: '1', colour: 'red' }) }),
      make({ hall: { sections: [{ name: 'A', rows: [{ name: '1', seats: { from: 2, to: 1 } }] }] } }),
      make({ hall: { sections: [{ name: 'A', rows: [{ name: '1', seats: { from: 1, to: 5000 } }] }] } }),
      make({ hall: { sections: [{ name: '', rows: [] }] } }),
      make({ hall: undefined }),
      make({ capacity: 5 }),
      { ask: 'POST /v1/sales', json: { name: 'Counted', kind: 'counted', capacity: 1 } },
      { ask: `GET ${sale}` },
      { ask: `GET ${sale}/seats` },
      { ask: `HEAD ${sale}/seats` },
      { ask: `GET ${sale}/seats?form=compact` },
      { ask: `GET ${sale}/seats?form=compact`, headers: { 'Accept-Encoding': 'gzip' } },
      { ask: `GET ${sale}/seats?form=full` },
      { ask: `GET ${sale}/seats?form=compact&since=0.3.0123456789ab` },
      { ask: 'GET /v1/sales/sale_0_3/seats' },
      { ask: 'GET /v1/sales/sale_0_9/seats' },
      add({ section: 'A', row: '1', number: '5', rank: 3 }, { section: 'C', row: '1', number: '1', blocked: true }),
      { ...add({ section: 'C', row: '1', number: '2', place: 2 }), key: 'more' },
      { ...add({ section: 'C', row: '1', number: '2', place: 2 }), key: 'more' },
      { ...add({ section: 'C', row: '1', number: '3' }), key: 'more' },
      add({ section: 'A', row: '1', number: '1' }),
      add({ section: 'A', row: '1', number: '9', place: 1 }),
      add(),
      add({ section: 'A' }),
      { ask: 'POST /v1/sales/sale_0_9/seats', json: { seats: [{ section: 'A', row: '1', number: '1' }] } },
      { ask: 'POST /v1/sales/sale_0_3/seats', json: { seats: [{ section: 'A', row: '1', number: '1' }] } },
      { ask: `PATCH ${sale}/seats/A-1-1`, json: { number: '1a', rank: 7, accessible: true } },
      { ask: `PATCH ${sale}/seats/A-1-1`, json: { rank: 1 } },
      { ask: `PATCH ${sale}/seats/A-1-1a`, json: { number: '2' } },
      { ask: `PATCH ${sale}/seats/A-1-1a`, json: { blocked: true } },
      { ask: `PATCH ${sale}/seats/A-1-1a`, json: {} },
      { ask: `PATCH ${sale}/seats/A-1-1a`, json: { blocked: 'yes' } },
      { ask: `DELETE ${sale}/seats/A-1-1a` },
      { ask: `DELETE ${sale}/seats/A-1-1a` },
      { ask: 'DELETE /v1/sales/sale_0_9/seats/A-1-1' },
      { ask: `GET ${sale}/seats?since=0.5.0123456789ab` },
      { ask: `GET ${sale}/seats?since=0.5.ffffffffffff` },
      { ask: `GET ${sale}/seats?since=x` },
      { ask: `PATCH ${sale}`, json: { capacity: 20 } },
      { ask: `GET ${sale}` },
      { ask: `OPTIONS ${sale}/seats/A-1-1` },
      { ask: `PUT ${sale}/seats/A-1-2`, json: {} },
    ],
  },
  {
    name: 'seats that are held and sold',
    args: ['--doors', 'v1'],
    steps: [
      make({ price: { amount: 100, currency: 'EUR' }, maxPerOrder: null }),
      { ask: 'POST /v1/sales', json: { name: 'Counted', kind: 'counted', capacity: 5 } },
      buy('a', { seats: ['A-1-1', 'A-1-2'], customer: 'ann' }),
      buy('a', { seats: ['A-1-1', 'A-1-2'], customer: 'ann' }),
      buy('a', { seats: ['A-1-2', 'A-1-1'], customer: 'ann' }),
      buy('b', { seats: ['A-1-1'] }),
      buy('b', { seats: ['A-1-3', 'A-1-3'] }),
      buy('b', { seats: ['A-9-9'] }),
      buy('b', { seats: [] }),
      buy('b', { seats: ['A-1-3'], quantity: 1 }),
      buy('b', { quantity: 1 }),
      buy('best', { best: { quantity: 2 } }),
      buy('best', { best: { quantity: 2 } }),
      buy('c', { best: { quantity: 1, section: 'Z' } }),
      buy('c', { best: { quantity: 9 } }),
      buy('c', { best: { quantity: 4, section: 'A', split: false } }),
      buy('c', { best: { quantity: 2, accessible: true } }),
      buy('c', { best: { quantity: 0 } }),
      { ask: 'POST /v1/sales/sale_0_2/orders', key: 'c', json: { best: { quantity: 1 } } },
      hold('h', { seats: ['B-1-x'], customer: 'bob', seconds: 30 }),
      hold('h', { seats: ['B-1-x'], customer: 'bob', seconds: 30 }),
      hold('i', { seats: ['B-1-x'] }),
      hold('i', { best: { quantity: 1, section: 'B' } }),
      hold('j', { best: { quantity: 1, section: 'B' } }),
      { ask: `DELETE ${sale}/seats/B-1-x` },
      { ask: `PATCH ${sale}/seats/B-1-x`, json: { blocked: true } },
      { ask: `GET ${sale}/seats?form=compact` },
      { ask: `GET ${sale}/seats?since=0.4.0123456789ab` },
      { ask: 'GET /v1/stream?seats=sale_0_1', until: 'event: ready' },
      { ask: 'GET /v1/stream?seats=sale_0_1&since=0.5.0123456789ab', until: 'event: ready' },
      { ask: 'POST /v1/holds/hold_0_1/confirm', key: 'c' },
      { ask: 'DELETE /v1/holds/hold_0_2' },
      { ask: 'GET /v1/holds/hold_0_2' },
      {
        ask: 'POST /v1/orders',
        key: 'basket',
        json: {
          lines: [
            { sale: 'sale_0_1', seats: ['A-1-3'] },
            { sale: 'sale_0_2', quantity: 1 },
          ],
        },
      },
      {
        ask: 'POST /v1/orders',
        key: 'twice',
        json: {
          lines: [
            { sale: 'sale_0_1', seats: ['A-2-1'] },
            { sale: 'sale_0_1', best: { quantity: 1 } },
          ],
        },
      },
      { ask: 'POST /v1/orders', key: 'twice', json: { lines: [{ sale: 'sale_0_1', seats: [7] }] } },
      { ask: 'POST /v1/orders/order_0_1/cancel', key: 'x' },
      { ask: 'GET /v1/orders/order_0_1' },
      { ask: `GET ${sale}/seats` },
      buy('rest', { best: { quantity: 5, split: true } }),
      buy('all', { best: { quantity: 9, split: true } }),
      { ask: `POST ${sale}/waitlist`, json: { quantity: 8, customer: 'eve' } },
      { ask: `GET ${sale}` },
      { pass: 60 },
      { ask: `GET ${sale}` },
    ],
  },
];
