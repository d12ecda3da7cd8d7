/**
 * The manifest of the SQL tables. Migrations make these tables by hand. Statements are generated
 * from here, and a test compares the two for each dialect.
 */
import type { ColumnShape, Table, TableName } from './table.ts';
import { cards } from './tables/cards.ts';
import { customers } from './tables/customers.ts';
import { entries } from './tables/entries.ts';
import { gates } from './tables/gates.ts';
import { holds, holdSeats } from './tables/holds.ts';
import { journeys } from './tables/journeys.ts';
import { orderLines, orderLineSeats } from './tables/order-lines.ts';
import { orders } from './tables/orders.ts';
import { sales } from './tables/sales.ts';
import { seats } from './tables/seats.ts';
import { taps } from './tables/taps.ts';
import { waitlist } from './tables/waitlist.ts';

export const tables: Readonly<Record<TableName, Table>> = {
  sales,
  customers,
  holds,
  orders,
  order_lines: orderLines,
  waitlist,
  seats,
  hold_seats: holdSeats,
  order_line_seats: orderLineSeats,
  gates,
  cards,
  journeys,
  entries,
  taps,
};

const cellColumns: readonly ColumnShape[] = [
  { name: 'id', type: 'integer' },
  { name: 'log', type: 'text' },
  { name: 'position', type: 'integer' },
  { name: 'outcome_hash', type: 'text' },
  { name: 'log_time_ms', type: 'integer' },
  { name: 'epoch', type: 'text', nullable: true },
  // Set by who drops old taps, never by a follower.
  { name: 'taps_from_day', type: 'integer', nullable: true },
];

/** Beside the tables: the position at which the rows are true, one row a cell, and their log. */
export const cellsTable = { name: 'cells', columns: cellColumns } as const;
