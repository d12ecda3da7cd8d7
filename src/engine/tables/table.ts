/**
 * What a snapshot keeps, said once by the table that has it. `snapshot.ts` loops over
 * `State.tables` and knows none of them.
 */
import type { Arena } from '../base/arena.ts';
import type { Column } from '../base/columns.ts';

/** A column, and how many of its rows are written. */
export type Stored = readonly [Column, number];

/**
 * `Head`: what is small, as JSON in the head of the snapshot, which all tables share. Its names
 * never change, and what came with a later format may be missing. `All`: the tables that a rebuild
 * looks at.
 */
export interface Table<Head extends object = object, All = unknown> {
  head?(): Head;
  /**
   * Takes the head over. The columns are filled behind it, so it has to say how many rows there
   * are.
   */
  restore?(head: Partial<Head>): void;
  /**
   * In the order in which they stand in a snapshot of this format. New ones come behind the others
   * of their table.
   */
  columns?(format: number): readonly Stored[];
  arenas?(): readonly Arena[];
  /**
   * Makes what is derived, once the columns of all tables are filled; and what the snapshot's
   * format lacks.
   */
  rebuild?(all: All, format: number): void;
}

/** Columns that have the same rows, in groups for the eye alone. */
export function stored(rows: number, ...columns: readonly (readonly Column[])[]): Stored[] {
  return columns.flat().map((column) => [column, rows]);
}

/** One by one: spread into a call, a hall's rows could pass the most arguments there may be. */
export function fill<Item>(into: Item[], from: readonly Item[]): void {
  for (const item of from) into.push(item);
}
