/**
 * A table: its columns, each with its getter, and its rows. One object describes all of a table;
 * they are in `tables/`.
 *
 * A row's `id` is its number in the engine, from 1: the number in its public id (`order_0_17` is
 * order 17 of cell 0). Links are such ids too. Booleans are 1 or 0. Times are ms since the epoch,
 * money is minor units; both are integers below 2^53.
 */
import type { Column as EngineColumn } from '../../engine/base/columns.ts';
import type { ChangeKind } from '../../engine/changes.ts';
import type { State } from '../../engine/state.ts';
import type { Cell, KeyOf } from './cells.ts';

/** In write order: a table comes after those it refers to. */
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
  'gates',
  'cards',
  'journeys',
  'entries',
  'taps',
] as const;
export type TableName = (typeof tableNames)[number];

/** A column as the database has it. */
export interface ColumnShape {
  readonly name: string;
  readonly type: 'integer' | 'text';
  /** May be null. */
  readonly nullable?: true;
  /** Written again when the row changes. Other columns never change. */
  readonly changes?: true;
  /**
   * The table whose `id` it holds. `later`: that row is written after this one, so the reference is
   * checked at the end.
   */
  readonly refers?: { readonly table: TableName; readonly later?: true };
}

/** The cell of a row, from 0. `keyOf` gives what only the log knows. */
export type CellOf = (state: State, row: number, keyOf: KeyOf) => Cell;

/**
 * Cells that the engine keeps as numbers in a column by row. Most are. A loop over the column saves
 * a call for each cell, some 10 ns: a tenth of an order's rows in all.
 */
export interface Kept {
  column(state: State): EngineColumn;
  /**
   * `id`: a row, whose id is one more. `unlessZero`, `unlessInfinite`: that number stands for null.
   */
  readonly as: 'number' | 'id' | 'unlessZero' | 'unlessInfinite';
}

export interface Column extends ColumnShape {
  readonly of: CellOf | Kept;
}

/** Things of the engine, numbered from 0 in order of creation. */
export interface Things {
  count(state: State): number;
  /**
   * The changes that the engine notes when one is created or changed. Empty for things that come
   * with others and never change.
   */
  readonly changes: readonly ChangeKind[];
  /**
   * Present for things of the journal. They come once and never change, and rows can be made of
   * them until the journal is cleared: of those from this number on.
   */
  readonly firstKept?: (state: State) => number;
}

export interface Table {
  readonly name: TableName;
  /**
   * The things that its rows are made of. Rows of new things are written, and those of changed
   * things if the table has a changing column. Tables of the same things share this object.
   */
  readonly of: Things;
  /**
   * The rows of a thing, a contiguous range. Absent where each thing is one row, with the thing's
   * number.
   */
  readonly rows?: {
    count(state: State, thing: number): number;
    /** Number of the first row, from 0; called only if there are some. Ascends with the things. */
    first(state: State, thing: number): number;
  };
  /** Called before the cells of a row are taken: computes what several of them need. */
  readonly begin?: (state: State, row: number) => void;
  /** The first is always `id`, the primary key. */
  readonly columns: readonly Column[];
  /** Columns that the database computes; never written, never compared. */
  readonly generated?: readonly string[];
  /**
   * The column with the row's day, days since 1970-01-01. Where a database can, the rows of a day
   * lie by themselves. The rows of old days may be dropped.
   */
  readonly byDay?: string;
}

/** Whether its rows come out of the journal, and so out of a replay, not out of a state. */
export function isJournaled({ of }: Pick<Table, 'of'>): boolean {
  return of.firstKept !== undefined;
}

/** A number as the engine keeps it. */
export function kept(column: Kept['column'], as: Kept['as'] = 'number'): Kept {
  return { column, as };
}

type Rest = Omit<ColumnShape, 'name' | 'type'>;

export const id: Column = { name: 'id', type: 'integer', of: (_, row) => row + 1 };

export function integer(name: string, of: Column['of'], rest: Rest = {}): Column {
  return { name, type: 'integer', of, ...rest };
}

export function text(name: string, of: Column['of'], rest: Rest = {}): Column {
  return { name, type: 'text', of, ...rest };
}

export function link(name: string, table: TableName, of: Column['of'], rest: Rest = {}): Column {
  return integer(name, of, { refers: { table }, ...rest });
}

export const nullable = { nullable: true } as const;
export const changes = { changes: true } as const;
