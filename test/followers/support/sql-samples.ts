/** Contents for the stores: a small shop and what its dialects show of it, texts that mean something elsewhere, the largest numbers. */
import { sqlText } from '../../../src/followers/sql/row-writers.ts';
import type { RowBatch } from '../../../src/followers/sql/store.ts';
import { rowsOf } from './sql-rows.ts';

const createdAtMs = 1_700_000_000_123;
const createdAt = '2023-11-14T22:13:20.123Z';

/** An event, a drop with a buyer and a hold of each kind, and a sale of the native API with an order of two lines. */
export const shop: RowBatch = [
  rowsOf('sales', [
    { id: 1, door: 'tickets', door_number: 1, name: 'Concert', capacity: 50, sold: 4, created_at_ms: createdAtMs },
    {
      id: 2,
      door: 'drops',
      door_number: 1,
      name: 'Shoe “one”',
      capacity: 10,
      sold: 1,
      held: 1,
      price_amount: 20_005,
      currency: 'USD',
      opens_at_ms: -62_167_219_199_999,
      closes_at_ms: 253_402_300_799_999,
      created_at_ms: createdAtMs,
    },
    { id: 3, door: 'v1', max_per_order: 4, max_per_customer: 2, image: 'https://example.com/a.png', sold: 2 },
    { id: 4, door: 'drops', door_number: 2, name: 'Free', price_amount: 0, currency: 'USD', created_at_ms: 0 },
  ]),
  rowsOf('customers', [
    {
      id: 1,
      public_id: 'ann',
      status: 'registered',
      name: 'ann',
      door: 'drops',
      door_number: 1,
      created_at_ms: createdAtMs,
    },
    { id: 2, public_id: 'customer_0_1', status: 'registered', name: 'Bea', email: 'bea@example.com', door: 'v1' },
    { id: 3, public_id: 'only named' },
  ]),
  rowsOf('holds', [
    {
      id: 1,
      sale_id: 2,
      customer_id: 1,
      status: 'confirmed',
      order_id: 2,
      door_number: 1,
      price_amount: 20_005,
      created_at_ms: createdAtMs,
      expires_at_ms: createdAtMs + 60_000,
    },
    {
      id: 2,
      sale_id: 2,
      customer_id: 1,
      door_number: 2,
      created_at_ms: createdAtMs,
      expires_at_ms: createdAtMs + 60_001,
    },
    {
      id: 3,
      sale_id: 2,
      customer_id: 2,
      door_number: 3,
      status: 'expired',
      created_at_ms: createdAtMs,
      expires_at_ms: createdAtMs + 60_000,
    },
    {
      id: 4,
      sale_id: 2,
      status: 'released',
      door_number: 4,
      created_at_ms: createdAtMs,
      expires_at_ms: createdAtMs + 60_000,
    },
    { id: 5, sale_id: 3, customer_id: 3, status: 'active', waitlist_id: 1 },
  ]),
  rowsOf('orders', [
    { id: 1, key: 'key-1', door_number: 1, created_at_ms: createdAtMs },
    { id: 2, customer_id: 1, hold_id: 1, door_number: 1, created_at_ms: createdAtMs },
    { id: 3, customer_id: 2, key: '', status: 'cancelled' },
  ]),
  rowsOf('order_lines', [
    { id: 1, order_id: 1, sale_id: 1, quantity: 4, remaining: 46 },
    { id: 2, order_id: 2, sale_id: 2, quantity: 1, remaining: 8, price_amount: 20_005 },
    { id: 3, order_id: 3, sale_id: 3, quantity: 1, remaining: 99, cancelled_position: 8 },
    { id: 4, order_id: 3, line: 1, sale_id: 3, quantity: 1, remaining: 98, cancelled_position: 8 },
  ]),
  rowsOf('waitlist', [
    { id: 1, sale_id: 3, customer_id: 3, status: 'offered', hold_id: 5 },
    { id: 2, sale_id: 3, customer_id: 2, place: 1 },
    { id: 3, sale_id: 2, customer_id: 2, status: 'left' },
  ]),
];

/** What the views show of the shop, by id. */
export const shopViews: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  'tickets.events': [{ id: 'sale_0_1', name: 'Concert', totalSeats: 50, seatsSold: 4, seatsRemaining: 46, createdAt }],
  'tickets.purchases': [
    {
      id: 'order_0_1',
      eventId: 'sale_0_1',
      quantity: 4,
      idempotencyKey: 'key-1',
      statusCode: 200,
      responseBody: '{"success":true,"seatsRemaining":46}',
      wasSuccessful: 1,
      createdAt,
    },
  ],
  'drops.users': [{ id: 1, username: 'ann', createdAt }],
  'drops.drops': [
    {
      id: 1,
      name: 'Shoe “one”',
      price: 200.05,
      total_stock: 10,
      available_stock: 8,
      drop_start_time: '0000-01-01T00:00:00.001Z',
    },
    {
      id: 2,
      name: 'Free',
      price: 0,
      total_stock: 100,
      available_stock: 100,
      drop_start_time: '1970-01-01T00:00:00.000Z',
    },
  ],
  'drops.reservations': [
    { id: 1, userId: 1, dropId: 1, status: 'PURCHASED', expires_at: '2023-11-14T22:14:20.123Z', createdAt },
    { id: 2, userId: 1, dropId: 1, status: 'ACTIVE', expires_at: '2023-11-14T22:14:20.124Z', createdAt },
    { id: 3, userId: null, dropId: 1, status: 'EXPIRED', expires_at: '2023-11-14T22:14:20.123Z', createdAt },
    { id: 4, userId: null, dropId: 1, status: 'EXPIRED', expires_at: '2023-11-14T22:14:20.123Z', createdAt },
  ],
  'drops.purchases': [{ id: 1, userId: 1, dropId: 1, reservationId: 1, createdAt }],
};

/** As a row's text: what a follower would write of what people may send. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  'NULL',
  'null',
  '{}',
  '{1,2}',
  '","',
  "'; DROP TABLE orders; --",
  "Robert'); DROP TABLE holdfast.orders CASCADE; --",
  '$1',
  '$$',
  '?1',
  '%s %',
  '\\',
  '\\\\"',
  "\\'",
  '\\N',
  '\\x41',
  '"quoted"',
  'tab\tline\nreturn\rbell\u0007del\u007f',
  'é ß 漢字 🎟️ 👩‍👩‍👧',
  '\u202eright to left',
  '\ufeffmark',
  '\uffff',
  'a'.repeat(100_000),
  sqlText('nul\0character'),
  sqlText('half \ud800 of a character'),
];

const most = Number.MAX_SAFE_INTEGER;

export const largest: RowBatch = [
  rowsOf('sales', [
    {
      id: most,
      capacity: most,
      sold: most,
      price_amount: most,
      currency: 'USD',
      opens_at_ms: -most,
      closes_at_ms: most,
      hold_ms: most,
      max_hold_ms: most,
      max_per_order: most,
      max_per_customer: most,
      created_at_ms: -most,
      position: most,
    },
  ]),
  rowsOf('orders', [{ id: most, created_at_ms: most, door_number: most, position: most }]),
  rowsOf('order_lines', [{ id: most, order_id: most, line: most, sale_id: most, quantity: most, remaining: most }]),
];
