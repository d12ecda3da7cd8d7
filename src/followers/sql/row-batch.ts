/** Columns that are filled again and again: no array is made for a batch. */
import type { Table, TableName } from './schema.ts';
import { tableNames, tables } from './schema.ts';
import type { Cell, RowBatch, TableRows } from './database.ts';

/** Rows of one table as they are put together. */
export class FillableRows implements TableRows {
  readonly table: Table;
  readonly columns: readonly Cell[][];
  count = 0;

  constructor(table: Table) {
    this.table = table;
    this.columns = table.columns.map(() => []);
  }

  /** All columns have been given `count` cells from the front; what lies behind is of an earlier batch. */
  end(count: number): void {
    this.count = count;
    for (const column of this.columns) column.length = count;
  }
}

/** The rows of all tables. */
export class FillableBatch {
  readonly rows: Readonly<Record<TableName, FillableRows>>;

  constructor() {
    const made = tableNames.map((name) => [name, new FillableRows(tables[name])] as const);
    this.rows = Object.fromEntries(made) as Record<TableName, FillableRows>;
  }

  /** Tables with rows in them, in write order. */
  filled(): RowBatch {
    return tableNames.map((name) => this.rows[name]).filter((rows) => rows.count > 0);
  }

  get rowCount(): number {
    let count = 0;
    for (const name of tableNames) count += this.rows[name].count;
    return count;
  }
}
