/**
 * The manifest of the SQL tables: what each column is, in the order in which rows are written (a table comes after those it refers to). The
 * migrations make these tables by hand; statements are generated from here, and a test compares the two for each dialect.
 *
 * A row's `id` is its number in the engine, from 1: the number in its public id (`order_0_17` is order 17 of cell 0). Links are such ids too. What
 * the engine has no number for, the seats of a hold or line, is numbered by it: `seatOf(hold, at)`. What is true or not is 1 or 0. Times
 * are ms since the epoch, money is minor units; both are integers below 2^53.
 */
import { maxSeats } from '../../engine/commands/lines.ts';

export type ColumnType = 'integer' | 'text';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** May be null. */
  readonly nullable?: true;
  /** Written again when the row changes. All others are as they were made. */
  readonly changes?: true;
  /** The table whose `id` it holds. `later`: that row is written after this one, so the key is checked at the transaction's end. */
  readonly refers?: { readonly table: TableName; readonly later?: true };
}

export interface Table {
  readonly name: TableName;
  /** The first is always `id`, the primary key. */
  readonly columns: readonly Column[];
  /** Columns that the database computes; never written, never compared. */
  readonly generated?: readonly string[];
}

export const tableNames = [
  'sales',
  'customers',
  'holds',
  'orders',
  'order_lines',
  'waitlist',
  'seats',
  'hold_seats',
  'order_line_seats',
] as const;
export type TableName = (typeof tableNames)[number];

const id: Column = { name: 'id', type: 'integer' };
const integer = (name: string, rest: Partial<Column> = {}): Column => ({ name, type: 'integer', ...rest });
const text = (name: string, rest: Partial<Column> = {}): Column => ({ name, type: 'text', ...rest });
const link = (name: string, table: TableName, rest: Partial<Column> = {}): Column =>
  integer(name, { refers: { table }, ...rest });
const nullable = { nullable: true } as const;
const changes = { changes: true } as const;

/** In write order. */
export const tables: Readonly<Record<TableName, Table>> = {
  sales: {
    name: 'sales',
    generated: ['available'],
    columns: [
      id,
      text('name', changes),
      /** counted, seated */
      text('kind'),
      /** Of a seated one: each seat is a line of its own in an order. */
      integer('line_per_seat'),
      /** open, paused, closed: what was said of it. Whether its window is open is a question of the time. */
      text('state', changes),
      integer('removed', changes),
      integer('capacity', changes),
      integer('sold', changes),
      integer('held', changes),
      integer('price_amount', { ...nullable, ...changes }),
      text('currency', { ...nullable, ...changes }),
      integer('opens_at_ms', { ...nullable, ...changes }),
      integer('closes_at_ms', { ...nullable, ...changes }),
      integer('hold_ms'),
      integer('max_hold_ms'),
      integer('max_per_order', nullable),
      integer('max_per_customer', nullable),
      /** forget, remember */
      text('refusals'),
      /** v1, tickets, drops, seats, flash, gates: whose namespace of small numbers it is in. */
      text('door'),
      integer('door_number'),
      text('image', { ...nullable, ...changes }),
      /** What a dialect keeps with its sale: an object of texts, as JSON. */
      text('attributes', changes),
      integer('created_at_ms'),
      integer('position'),
    ],
  },
  customers: {
    name: 'customers',
    columns: [
      id,
      /** The caller's id of the customer; unique. */
      text('public_id'),
      /** known: only named on an order, hold or join; registered: created; removed: what it had stays. */
      text('status', changes),
      text('name', { ...nullable, ...changes }),
      text('email', { ...nullable, ...changes }),
      text('door', changes),
      /** Null without a number in the door. */
      integer('door_number', { ...nullable, ...changes }),
      integer('created_at_ms', changes),
    ],
  },
  holds: {
    name: 'holds',
    columns: [
      id,
      link('sale_id', 'sales'),
      link('customer_id', 'customers', nullable),
      integer('quantity'),
      /** active, confirmed, released, expired */
      text('status', changes),
      integer('price_amount', nullable),
      integer('created_at_ms'),
      /** How long it was to last as it was placed. */
      integer('hold_ms'),
      integer('expires_at_ms', changes),
      /** Set exactly when it is confirmed. */
      integer('order_id', { ...nullable, ...changes, refers: { table: 'orders', later: true } }),
      /** The waitlist's entry that it was offered to. */
      integer('waitlist_id', { ...nullable, refers: { table: 'waitlist', later: true } }),
      integer('door_number', nullable),
      integer('position'),
    ],
  },
  orders: {
    name: 'orders',
    generated: ['cancelled_amount'],
    columns: [
      id,
      link('customer_id', 'customers', nullable),
      link('hold_id', 'holds', nullable),
      /** The waitlist's entry for what a partial order did not get. */
      integer('waitlist_id', { ...nullable, refers: { table: 'waitlist', later: true } }),
      /** The idempotency key as sent; null without one. Only the log knows it: written with the new row, never again. */
      text('key', nullable),
      /** Within the door of its first line's sale. */
      integer('door_number', nullable),
      integer('created_at_ms'),
      integer('position'),
      /** confirmed while all lines stand, partially_cancelled while some do, cancelled */
      text('status', changes),
      /** Units, amount and currency of what was bought; 0 and null where nothing has a price. */
      integer('quantity'),
      text('currency', nullable),
      integer('total_amount'),
      /** Of the lines that stand. */
      integer('active_quantity', changes),
      integer('active_amount', changes),
      /** Of the latest cancellation; null without one, and where engine version 1 cancelled. */
      integer('cancelled_at_ms', { ...nullable, ...changes }),
    ],
  },
  order_lines: {
    name: 'order_lines',
    columns: [
      id,
      link('order_id', 'orders'),
      /** From 0. */
      integer('line'),
      link('sale_id', 'sales'),
      integer('quantity'),
      integer('price_amount', nullable),
      /** What the sale had available right after it. */
      integer('remaining'),
      /** Position of its cancellation; null while it stands. */
      integer('cancelled_position', { ...nullable, ...changes }),
    ],
  },
  waitlist: {
    name: 'waitlist',
    columns: [
      id,
      link('sale_id', 'sales'),
      link('customer_id', 'customers'),
      integer('quantity'),
      /** waiting, offered, left, served */
      text('status', changes),
      /** Place in the sale's line, from 0. */
      integer('place'),
      /** Stock that returns is sold to it at once, not held. */
      integer('books'),
      /** Of an offer. */
      link('hold_id', 'holds', { ...nullable, ...changes }),
      /** What one that books was sold. */
      link('order_id', 'orders', { ...nullable, ...changes }),
      integer('created_at_ms'),
      integer('position'),
    ],
  },
  /** A seat that is renamed or moved is a new row with the same number in the door, and its old one is removed. */
  seats: {
    name: 'seats',
    generated: ['label'],
    columns: [
      id,
      link('sale_id', 'sales'),
      text('section'),
      text('row'),
      text('number'),
      /** In its row, from 1: seats whose places differ by one are neighbours. */
      integer('place'),
      /** How good, 0 best. */
      integer('rank'),
      integer('accessible'),
      /** available, held, sold, blocked, removed */
      text('status', changes),
      /** Set exactly while it is held. */
      link('hold_id', 'holds', { ...nullable, ...changes }),
      /** Set exactly while it is sold. */
      link('order_line_id', 'order_lines', { ...nullable, ...changes }),
      integer('door_number', nullable),
      integer('created_at_ms'),
      /** Position of the last change. */
      integer('changed_position', changes),
    ],
  },
  /** The seats that a hold was given, also when it has ended. */
  hold_seats: {
    name: 'hold_seats',
    columns: [id, link('hold_id', 'holds'), link('seat_id', 'seats')],
  },
  /** The seats that a line was sold, also when it is cancelled. */
  order_line_seats: {
    name: 'order_line_seats',
    columns: [id, link('order_line_id', 'order_lines'), link('seat_id', 'seats')],
  },
};

/** Id of the n-th seat, from 0, of a hold or line by its row: ids ascend with rows, and none is taken twice. */
export function seatOf(row: number, at: number): number {
  if (at >= maxSeats) throw new RangeError(`row ${row} has more than ${maxSeats} seats`);
  return row * maxSeats + at + 1;
}

/** What comes beside the tables: `cells` holds the position that the rows are true at, a row a cell, and the log they came from. */
export const cellsTable = {
  name: 'cells',
  columns: [
    id,
    text('log'),
    integer('position'),
    text('outcome_hash'),
    integer('log_time_ms'),
    text('epoch', nullable),
  ],
} as const;
