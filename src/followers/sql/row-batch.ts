/** Columns that are refilled for each batch, so no array is allocated. */
import type { Column as EngineColumn } from '../../engine/base/columns.ts';
import type { State } from '../../engine/state.ts';
import type { Cell, KeyOf } from './cells.ts';
import type { RowBatch, TableRows } from './database.ts';
import { tables } from './schema.ts';
import type { CellOf, Kept, Table, TableName } from './table.ts';
import { tableNames } from './table.ts';

/** The rows of one table. */
export class FillableRows implements TableRows {
  readonly table: Table;
  readonly columns: readonly Cell[][];
  count = 0;
  private readonly kept: readonly { readonly cells: Cell[]; readonly of: Kept }[];
  /** Each beside its getter: a search in columns of mixed shape is slow. */
  private readonly computed: readonly { readonly cells: Cell[]; readonly of: CellOf }[];
  /** Numbers of the rows; those of given seats are wider than 32 bits. */
  private numbers = new Float64Array(1024);

  constructor(table: Table) {
    this.table = table;
    const filled = table.columns.map(({ of }) => ({ cells: noCells(), of }));
    this.columns = filled.map(({ cells }) => cells);
    this.kept = filled.flatMap(({ cells, of }) => (typeof of === 'function' ? [] : { cells, of }));
    this.computed = filled.flatMap(({ cells, of }) => (typeof of === 'function' ? { cells, of } : []));
  }

  /** Fills in the rows of these things, in their order, over the previous ones. */
  fill(state: State, things: Float64Array, keyOf: KeyOf): void {
    this.count = this.number(state, things);
    const { count, numbers, computed } = this;
    const { begin } = this.table;
    for (const { cells, of } of this.kept) fillKept(cells, of.column(state), of.as, numbers, count);
    for (let at = 0; at < count; at += 1) {
      const row = numbers[at]!;
      begin?.(state, row);
      for (let column = 0; column < computed.length; column += 1) {
        const { cells, of } = computed[column]!;
        cells[at] = of(state, row, keyOf);
      }
    }
    // Cells behind these are of an earlier batch.
    for (const cells of this.columns) cells.length = count;
  }

  /** Numbers the rows of the things; returns how many there are. */
  private number(state: State, things: Float64Array): number {
    const { rows } = this.table;
    let at = 0;
    for (let i = 0; i < things.length; i += 1) {
      const thing = things[i]!;
      const count = rows === undefined ? 1 : rows.count(state, thing);
      if (count === 0) continue;
      const first = rows === undefined ? thing : rows.first(state, thing);
      while (at + count > this.numbers.length) this.grow();
      for (let nth = 0; nth < count; nth += 1) this.numbers[at + nth] = first + nth;
      at += count;
    }
    return at;
  }

  private grow(): void {
    const grown = new Float64Array(2 * this.numbers.length);
    grown.set(this.numbers);
    this.numbers = grown;
  }
}

/** Holds cells of any kind from the start: a loop that meets arrays of numbers too is slower. */
function noCells(): Cell[] {
  const cells: Cell[] = [null];
  cells.length = 0;
  return cells;
}

function fillKept(cells: Cell[], column: EngineColumn, as: Kept['as'], rows: Float64Array, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const value = column.get(rows[at]!);
    if (as === 'number') cells[at] = value;
    else if (as === 'id') cells[at] = value + 1;
    else if (as === 'unlessZero') cells[at] = value === 0 ? null : value;
    else cells[at] = Number.isFinite(value) ? value : null;
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
