/** All rows of a state, in stretches: to build tables anew, and to compare them. */
import type { State } from '../../engine/state.ts';
import { FillableBatch } from './row-batch.ts';
import { fillCustomers, fillHolds, fillOrderLines, fillOrders, fillSales, fillWaitlist } from './row-writers.ts';
import type { TableName } from './schema.ts';
import { tableNames } from './schema.ts';
import { fillHoldSeats, fillOrderLineSeats, fillSeats } from './seat-writers.ts';
import type { RowBatch } from './database.ts';

/** Idempotency key of an order by its row; null where there is none or it is not known. */
export type KeyOf = (order: number) => string | null;

const rowsAtOnce = 20_000;

/** Every row of a state, tables in write order, ids ascending. What is given is valid until the next one is asked for. */
export function* everything(state: State, keyOf: KeyOf): Generator<RowBatch> {
  const into = new FillableBatch();
  for (const table of tableNames) {
    const count = ownersOf(state, table);
    for (let from = 0, to = 0; from < count; from = to) {
      to = stretchEnd(state, table, from, count);
      fillTable(state, table, from, to, into, keyOf);
      if (into.rows[table].count > 0) yield [into.rows[table]];
    }
  }
}

/** How many things of the engine a table's rows are made of, each of none, one, or a few. */
function ownersOf(state: State, table: TableName): number {
  switch (table) {
    case 'order_lines':
      return state.orders.count;
    case 'hold_seats':
      return state.holds.count;
    case 'order_line_seats':
      return state.lines.count;
    default:
      return state[table].count;
  }
}

/** Where a stretch ends that makes about so many rows. */
function stretchEnd(state: State, table: TableName, from: number, count: number): number {
  const most = Math.min(count, from + rowsAtOnce);
  let rows = 0;
  for (let owner = from; owner < most; owner += 1) {
    rows += rowsOf(state, table, owner);
    if (rows >= rowsAtOnce) return owner + 1;
  }
  return most;
}

function rowsOf({ orders, holds, lines }: State, table: TableName, owner: number): number {
  switch (table) {
    case 'order_lines':
      return orders.lineCount.get(owner);
    case 'hold_seats':
      return holds.seats.get(owner) === 0 ? 0 : holds.quantity.get(owner);
    case 'order_line_seats':
      return lines.seats.get(owner) === 0 ? 0 : lines.quantity.get(owner);
    default:
      return 1;
  }
}

function fillTable(state: State, table: TableName, from: number, to: number, into: FillableBatch, keyOf: KeyOf): void {
  const target = into.rows[table];
  const rows = Uint32Array.from({ length: to - from }, (_, at) => from + at);
  switch (table) {
    case 'sales':
      return fillSales(state, rows, target);
    case 'customers':
      return fillCustomers(state, rows, target);
    case 'holds':
      return fillHolds(state, rows, target);
    case 'orders':
      return fillOrders(state, rows, target, keyOf);
    case 'order_lines':
      return fillOrderLines(state, rows, target);
    case 'waitlist':
      return fillWaitlist(state, rows, target);
    case 'seats':
      return fillSeats(state, rows, target);
    case 'hold_seats':
      return fillHoldSeats(state, from, to, target);
    case 'order_line_seats':
      return fillOrderLineSeats(state, from, to, target);
  }
}
