/**
 * A link to a row, as tables keep it: row + 1, so that 0, which new segments are full of, is none.
 * A type of its own, since a row and a link to it are both numbers, one apart.
 */
import type { WordColumn } from './columns.ts';

declare const isRef: unique symbol;

export type Ref = number & { readonly [isRef]: true };

export const noRef = 0 as Ref;

export function refOf(row: number): Ref {
  return (row + 1) as Ref;
}

/** The row that is linked; -1 for none. */
export function rowOf(ref: Ref): number {
  return ref - 1;
}

/**
 * A column of links. It is a column of words like any other: see `columns.ts` on why there is no
 * class for it.
 */
export interface RefColumn extends WordColumn {
  get(row: number): Ref;
  set(row: number, value: Ref): void;
  add(row: number, value: Ref): void;
}
