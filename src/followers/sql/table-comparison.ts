/** Compares a table's rows in the database with those that the log gives. */
import type { Cell } from './cells.ts';
import type { TableRows } from './database.ts';
import { tables } from './schema.ts';
import type { TableName } from './table.ts';

/** One row that differs from the log. */
export interface Difference {
  readonly table: TableName;
  readonly id: number;
  /** `missing`: only the log has it. `extra`: only the database has it. */
  readonly kind: 'missing' | 'extra' | 'differs';
  /** Columns that differ, with what the log says and what the database has. */
  readonly columns: readonly { readonly name: string; readonly log: Cell; readonly database: Cell }[];
}

export interface ComparisonOptions {
  /** Keys are not known of orders before this one, whose records were trimmed from the log. */
  readonly firstKeyed: number;
  /** Rows of earlier days were dropped on demand, and are not compared; null while none were. */
  readonly fromDay: number | null;
  readonly tell: (difference: Difference) => void;
  /** The stretch of the log's rows that comes next; null for none. */
  readonly more: () => TableRows | null;
}

/** Walks the database's rows of a table and the expected rows side by side, by id. */
export class TableComparison {
  private readonly name: TableName;
  private readonly options: ComparisonOptions;
  private readonly dayAt: number;
  private expected: TableRows | null = null;
  private at = 0;
  /** How many rows the log gives. */
  rows = 0;

  constructor(name: TableName, options: ComparisonOptions) {
    this.name = name;
    this.options = options;
    const { columns, byDay } = tables[name];
    this.dayAt = columns.findIndex((column) => column.name === byDay);
  }

  begin(first: TableRows | null): void {
    this.expected = first;
    this.at = 0;
    this.skipEmpty();
  }

  take(columns: readonly (readonly Cell[])[], count: number): void {
    for (let row = 0; row < count; row += 1) {
      if (this.wasDropped(columns, row)) continue;
      const id = Number(columns[0]![row]);
      while (this.expected !== null && this.expectedId() < id) this.missing();
      if (this.expected === null || this.expectedId() > id) {
        this.options.tell({ table: this.name, id, kind: 'extra', columns: [] });
      } else {
        this.both(id, columns, row);
        this.advance();
      }
    }
  }

  /** The database has no more rows. */
  end(): void {
    while (this.expected !== null) this.missing();
  }

  private both(id: number, columns: readonly (readonly Cell[])[], row: number): void {
    const { expected } = this;
    let differing: { name: string; log: Cell; database: Cell }[] | null = null;
    tables[this.name].columns.forEach(({ name }, column) => {
      const log = expected!.columns[column]![this.at]!;
      const database = columns[column]![row]!;
      if (log === database || this.isUnknownKey(name, id)) return;
      (differing ??= []).push({ name, log, database });
    });
    if (differing !== null) this.options.tell({ table: this.name, id, kind: 'differs', columns: differing });
  }

  /** The key of an order whose record was trimmed from the log. */
  private isUnknownKey(column: string, id: number): boolean {
    return this.name === 'orders' && column === 'key' && id <= this.options.firstKeyed;
  }

  private missing(): void {
    this.options.tell({ table: this.name, id: this.expectedId(), kind: 'missing', columns: [] });
    this.advance();
  }

  private expectedId(): number {
    return Number(this.expected!.columns[0]![this.at]);
  }

  private advance(): void {
    this.at += 1;
    this.rows += 1;
    this.skipEmpty();
  }

  private skipEmpty(): void {
    for (;;) {
      if (this.expected === null) return;
      if (this.at >= this.expected.count) {
        this.expected = this.options.more();
        this.at = 0;
      } else if (this.wasDropped(this.expected.columns, this.at)) this.at += 1;
      else return;
    }
  }

  private wasDropped(columns: readonly (readonly Cell[])[], row: number): boolean {
    const { fromDay } = this.options;
    return fromDay !== null && this.dayAt >= 0 && Number(columns[this.dayAt]![row]) < fromDay;
  }
}
