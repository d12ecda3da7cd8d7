/**
 * The part of a snapshot that a table describes itself, once. `snapshot.ts` loops over
 * `State.tables` and knows no single table.
 */
import type { Arena } from '../base/arena.ts';
import type { Column } from '../base/columns.ts';

/** A column, and the number of its rows to write. */
export type Stored = readonly [Column, number];

/**
 * `Head`: small fields, as JSON in the head of the snapshot that all tables share. Their names
 * never change, and a field of a later format may be missing. `All`: the tables that a rebuild
 * reads.
 */
export interface Table<Head extends object = object, All = unknown> {
  head?(): Head;
  /** Restores the head. The columns are filled after it, so it has to set the number of rows. */
  restore?(head: Partial<Head>): void;
  /**
   * The columns in the order of a snapshot of this format. New columns come last in their table.
   */
  columns?(format: number): readonly Stored[];
  arenas?(): readonly Arena[];
  /**
   * Rebuilds what is derived, once the columns of all tables are filled, and fills what the
   * snapshot's format lacks.
   */
  rebuild?(all: All, format: number): void;
}

/** Columns with the same number of rows; the groups are for the reader only. */
export function stored(rows: number, ...columns: readonly (readonly Column[])[]): Stored[] {
  return columns.flat().map((column) => [column, rows]);
}

/** Pushes one by one: with a spread call, a hall's rows could exceed the limit of arguments. */
export function fill<Item>(into: Item[], from: readonly Item[]): void {
  for (const item of from) into.push(item);
}
