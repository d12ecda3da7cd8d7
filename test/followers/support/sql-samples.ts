/**
 * Contents for the databases: a small shop and what its dialects show of it, texts that mean
 * something elsewhere, the largest numbers.
 */
import { sqlText } from '../../../src/followers/sql/cells.ts';
import type { RowBatch } from '../../../src/followers/sql/database.ts';
import { rowsOf } from './sql-rows.ts';
import type { Row } from './sql-rows.ts';

const createdAtMs = 1_700_000_000_123;
const createdAt = '2023-11-14T22:13:20.123Z';

/** The log time of the position at which the tests write the shop. */
const nowMs = 1_700_000_000_009;

const seat = { sale_id: 5, created_at_ms: createdAtMs };

/** A sale of the seats dialect. */
function hall(number: number): Row {
  return {
    kind: 'seated',
    door: 'seats',
    door_number: number,
    name: 'A hall',
    attributes: attributes('active'),
    created_at_ms: createdAtMs,
  };
}

function attributes(status: string): string {
  return JSON.stringify({ status, event_date: '2027-01-31T20:00:00.000Z' });
}

/**
 * An event, a drop with a buyer and a hold of each kind, a sale of the native API with an order of
 * two lines, and halls of the seats dialect: one with a seat in each state, and events that are
 * closed in all the ways in which one can be.
 */
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
    { ...hall(1), id: 5, capacity: 4, sold: 2, held: 1, line_per_seat: 1, closes_at_ms: nowMs + 1 },
    { ...hall(2), id: 6, state: 'closed', attributes: attributes('postponed') },
    { ...hall(3), id: 7, removed: 1 },
    { ...hall(4), id: 8, closes_at_ms: nowMs },
    { ...hall(5), id: 9, state: 'paused', attributes: '{}' },
    { ...hall(6), id: 10, attributes: attributes('it’s \\ "off"; \ufffd'), state: 'closed' },
    { id: 11, door: 'drops', door_number: 3, removed: 1 },
    { id: 12, door: 'tickets', door_number: 2, removed: 1 },
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
    {
      id: 4,
      public_id: 'customer_0_2',
      status: 'registered',
      name: 'Cleo',
      email: 'cleo@example.org',
      door: 'seats',
      door_number: 1,
      created_at_ms: createdAtMs,
    },
    { id: 5, public_id: 'customer_0_3', status: 'removed', name: 'Dan', door: 'seats', door_number: 2 },
    { id: 6, public_id: 'eve', status: 'removed', door: 'drops', door_number: 2 },
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
    { id: 6, sale_id: 5, customer_id: 4, door_number: 1 },
    { id: 7, sale_id: 5, status: 'released', door_number: 2 },
  ]),
  rowsOf('orders', [
    { id: 1, key: 'key-1', door_number: 1, created_at_ms: createdAtMs },
    { id: 2, customer_id: 1, hold_id: 1, door_number: 1, created_at_ms: createdAtMs },
    { id: 3, customer_id: 2, key: '', status: 'cancelled' },
    { id: 4, customer_id: 4, waitlist_id: 4, door_number: 1 },
    { id: 5, customer_id: 4, door_number: 2 },
  ]),
  rowsOf('order_lines', [
    { id: 1, order_id: 1, sale_id: 1, quantity: 4, remaining: 46 },
    { id: 2, order_id: 2, sale_id: 2, quantity: 1, remaining: 8, price_amount: 20_005 },
    { id: 3, order_id: 3, sale_id: 3, quantity: 1, remaining: 99, cancelled_position: 8 },
    { id: 4, order_id: 3, line: 1, sale_id: 3, quantity: 1, remaining: 98, cancelled_position: 8 },
    { id: 5, order_id: 4, sale_id: 5, remaining: 1, cancelled_position: 8 },
    { id: 6, order_id: 4, line: 1, sale_id: 5, remaining: 1 },
    { id: 7, order_id: 5, sale_id: 5, remaining: 1 },
  ]),
  rowsOf('waitlist', [
    { id: 1, sale_id: 3, customer_id: 3, status: 'offered', hold_id: 5 },
    { id: 2, sale_id: 3, customer_id: 2, place: 1 },
    { id: 3, sale_id: 2, customer_id: 2, status: 'left' },
    { id: 4, sale_id: 5, customer_id: 4, status: 'served', books: 1, order_id: 5 },
  ]),
  rowsOf('seats', [
    { ...seat, id: 1, door_number: 1, status: 'available' },
    { ...seat, id: 2, door_number: 2, status: 'held', hold_id: 6 },
    { ...seat, id: 3, door_number: 3, status: 'sold', order_line_id: 6 },
    { ...seat, id: 4, door_number: 4, status: 'removed', changed_position: 9 },
    // The same seat under another number, in a row that the dialect cannot show.
    { ...seat, id: 5, door_number: 4, status: 'blocked', row: 'A', number: '007', place: 4, accessible: 1 },
    { ...seat, id: 6, door_number: 5, status: 'sold', order_line_id: 7, row: '0', number: '4294967296', place: 1 },
    { ...seat, id: 7, sale_id: 7, door_number: 6, status: 'available' },
    { ...seat, id: 8, sale_id: 6, door_number: 7, status: 'available', section: 'Bålcony — "B"', row: '12345678901' },
  ]),
  rowsOf('hold_seats', [
    { id: 2561, hold_id: 6, seat_id: 2 },
    { id: 3073, hold_id: 7, seat_id: 1 },
    { id: 3074, hold_id: 7, seat_id: 4 },
  ]),
  rowsOf('order_line_seats', [
    { id: 2049, order_line_id: 5, seat_id: 1 },
    { id: 2561, order_line_id: 6, seat_id: 3 },
    { id: 3073, order_line_id: 7, seat_id: 6 },
  ]),
];

const event = { name: 'A hall', event_date: '2027-01-31T20:00:00.000Z', created_at: createdAt };
const shown = { event_id: 1, created_at: createdAt };

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
  'seats.users': [{ id: 1, email: 'cleo@example.org', name: 'Cleo', created_at: createdAt }],
  'seats.events': [
    { ...event, id: 1, status: 'active' },
    { ...event, id: 2, status: 'postponed' },
    { ...event, id: 4, status: 'closed' },
    { ...event, id: 5, event_date: null, status: 'paused' },
    { ...event, id: 6, status: 'it’s \\ "off"; \ufffd' },
  ],
  'seats.seats': [
    { ...shown, id: 1, row_number: 1, seat_number: 1, status: 'available' },
    { ...shown, id: 2, row_number: 1, seat_number: 2, status: 'reserved' },
    { ...shown, id: 3, row_number: 1, seat_number: 3, status: 'booked' },
    { ...shown, id: 4, row_number: null, seat_number: null, status: 'blocked' },
    { ...shown, id: 5, row_number: 0, seat_number: 4_294_967_296, status: 'booked' },
    { ...shown, id: 7, event_id: 2, row_number: null, seat_number: 8, status: 'available' },
  ],
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
