/** Rows into SQLite by prepared upserts of many rows: half of a row's cost is the call. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Table, TableName } from '../table.ts';
import { tableNames } from '../table.ts';
import { tables } from '../schema.ts';
import { upsertOf } from '../statements.ts';
import type { Cell } from '../cells.ts';
import type { RowBatch, TableRows } from '../database.ts';

/** Rows a statement. 10 to 50 made no difference here; one at a time took a third longer. */
const rowsAtOnce = 32;

interface Upserts {
  readonly many: StatementSync;
  readonly one: StatementSync;
  /** Parameters, used again. */
  readonly manyCells: Cell[];
  readonly oneCells: Cell[];
}

export class SqliteRows {
  private readonly upserts: Readonly<Record<TableName, Upserts>>;

  constructor(database: DatabaseSync) {
    const made = tableNames.map((name) => [name, upsertsOf(database, tables[name])] as const);
    this.upserts = Object.fromEntries(made) as Record<TableName, Upserts>;
  }

  /** Within the caller's transaction. */
  write(batch: RowBatch): void {
    for (const rows of batch) this.writeTable(rows);
  }

  private writeTable(rows: TableRows): void {
    const { many, one, manyCells, oneCells } = this.upserts[rows.table.name];
    const { count, columns } = rows;
    let at = 0;
    for (; at + rowsAtOnce <= count; at += rowsAtOnce) {
      fill(manyCells, columns, at, rowsAtOnce);
      many.run(...manyCells);
    }
    for (; at < count; at += 1) {
      fill(oneCells, columns, at, 1);
      one.run(...oneCells);
    }
  }
}

function upsertsOf(database: DatabaseSync, table: Table): Upserts {
  const { length } = table.columns;
  return {
    many: database.prepare(upsertOf(table, rowsAtOnce)),
    one: database.prepare(upsertOf(table, 1)),
    manyCells: Array.from({ length: length * rowsAtOnce }, () => null),
    oneCells: Array.from({ length }, () => null),
  };
}

/** Rows are stored by column; parameters go row by row. */
function fill(cells: Cell[], columns: TableRows['columns'], from: number, rows: number): void {
  const width = columns.length;
  for (let column = 0; column < width; column += 1) {
    const values = columns[column]!;
    for (let row = 0, at = column; row < rows; row += 1, at += width) cells[at] = values[from + row]!;
  }
}
