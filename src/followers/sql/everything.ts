/** All rows of a state, in stretches: to build tables anew, and to compare them. */
import type { State } from '../../engine/state.ts';
import { FillableBatch } from './row-batch.ts';
import { fillCustomers, fillHolds, fillOrderLines, fillOrders, fillSales, fillWaitlist } from './row-writers.ts';
import type { TableName } from './schema.ts';
import { tableNames } from './schema.ts';
import type { RowBatch } from './store.ts';

/** Idempotency key of an order by its row; null where there is none or it is not known. */
export type KeyOf = (order: number) => string | null;

const rowsAtOnce = 20_000;

export function rowCount(state: State, table: TableName): number {
  return table === 'order_lines' ? state.lines.count : state[table].count;
}

/** Every row of a state, tables in write order. What is given is valid until the next one is asked for. */
export function* everything(state: State, keyOf: KeyOf): Generator<RowBatch> {
  const into = new FillableBatch();
  for (const table of tableNames) {
    // Lines come with their orders.
    const count = table === 'order_lines' ? state.orders.count : rowCount(state, table);
    for (let from = 0; from < count; from += rowsAtOnce) {
      const rows = Uint32Array.from({ length: Math.min(rowsAtOnce, count - from) }, (_, at) => from + at);
      fillTable(state, table, rows, into, keyOf);
      yield [into.rows[table]];
    }
  }
}

/** `rows`: of orders, for their lines. */
function fillTable(state: State, table: TableName, rows: Uint32Array, into: FillableBatch, keyOf: KeyOf): void {
  const target = into.rows[table];
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
  }
}
