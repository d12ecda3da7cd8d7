/**
 * A link to a row, as tables keep it: row + 1, or 0 for none, since new segments are all zeros. It
 * has a type of its own because a row and a link to it are both numbers, one apart.
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
 * A column of links. At run time it is a word column: `columns.ts` says why it has no class of its
 * own.
 */
export interface RefColumn extends WordColumn {
  get(row: number): Ref;
  set(row: number, value: Ref): void;
  add(row: number, value: Ref): void;
}
