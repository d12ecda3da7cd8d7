/** Reads all rows of PostgreSQL's tables at its transaction's instant. */
import { TypeOverrides } from 'pg';
import type { Session } from './connection.ts';
import { declareAll, declareRange, readInteger } from './statements.ts';
import type { TableName } from '../table.ts';
import { tables } from '../schema.ts';
import type { Cell } from '../cells.ts';
import type { IdRange, OnRows, SqlReading, StoredPosition } from '../database.ts';

const rowsAtOnce = 5_000;
/** PostgreSQL's type number of bigint. */
const bigint = 20;

const types = new TypeOverrides();
types.setTypeParser(bigint, readInteger);

export class PostgresReading implements SqlReading {
  readonly position: StoredPosition | null;
  readonly tapsFromDay: number | null;
  private readonly session: Session;

  constructor(session: Session, position: StoredPosition | null, tapsFromDay: number | null) {
    this.session = session;
    this.position = position;
    this.tapsFromDay = tapsFromDay;
  }

  async readAll(name: TableName, onRows: OnRows, range?: IdRange): Promise<void> {
    const table = tables[name];
    await this.session.query(
      range === undefined
        ? { text: declareAll(table) }
        : { text: declareRange(table), values: [range.after, range.upTo] },
    );
    const columns: Cell[][] = table.columns.map(() => []);
    for (;;) {
      const { rows } = await this.session.rows<Cell[]>({ text: `FETCH ${rowsAtOnce} FROM every_row`, types });
      if (rows.length === 0) break;
      columns.forEach((column, at) => {
        for (let row = 0; row < rows.length; row += 1) column[row] = rows[row]![at]!;
        column.length = rows.length;
      });
      onRows(columns, rows.length);
    }
    await this.session.query({ text: 'CLOSE every_row' });
  }
}
