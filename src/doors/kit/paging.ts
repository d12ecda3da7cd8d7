/**
 * Pages of lists: newest first, `limit` at a time. The opaque cursor stays right while new things
 * come. It carries the position at which its page was true, since in another history the same row
 * is another thing.
 */
import { Type } from 'typebox';
import type { State } from '../../engine/state.ts';
import { readPosition, writePosition } from './positions.ts';
import type { HttpFailure } from '../../http/problems.ts';
import { invalidParameter } from './requests.ts';

const defaultLimit = 20;

export const limitParameter = { limit: Type.Integer({ minimum: 1, maximum: 100, default: defaultLimit }) };
export const cursorParameter = { cursor: Type.String({ description: '`next` from the previous page.' }) };

/**
 * Rows of the requested page, of a table with `count` rows of which some are listed, and the cursor
 * of the next page.
 * @throws HttpFailure 400
 */
export function readPage(
  query: URLSearchParams,
  state: State,
  count: number,
  isListed: (row: number) => boolean,
): { items: number[]; next: string | null } {
  const limit = readLimit(query);
  const from = readCursor(query, state, 'r') ?? count - 1;
  if (from >= count) throw unknownCursor('was not given by this list');
  const items: number[] = [];
  let behind = from;
  for (; behind >= 0 && items.length < limit; behind -= 1) if (isListed(behind)) items.push(behind);
  // There is a next page only if it has something.
  while (behind >= 0 && !isListed(behind)) behind -= 1;
  return { items, next: behind >= 0 ? writeCursor(state, 'r', behind, state.position) : null };
}

/** @throws HttpFailure 400 */
export function readLimit(query: URLSearchParams): number {
  const text = query.get('limit') ?? String(defaultLimit);
  if (!/^[1-9]\d?$|^100$/.test(text)) throw invalidParameter('limit', 'is no whole number from 1 to 100');
  return Number(text);
}

/** What a cursor counts: rows from 0, or ids from 1. */
type CursorKind = 'r' | 'b';

export function writeCursor(state: State, kind: CursorKind, row: number, position: number): string {
  return Buffer.from(`${kind}${row}@${writePosition(state, position)}`).toString('base64url');
}

/** The row of `?cursor=`, at most ten digits; null when none is sent. @throws HttpFailure 400 */
export function readCursor(query: URLSearchParams, state: State, kind: CursorKind): number | null {
  const cursor = query.get('cursor');
  if (cursor === null) return null;
  const match = /^([rb])(0|[1-9]\d{0,9})@(.{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match === null || match[1] !== kind) throw unknownCursor('was not given by this list');
  const read = readPosition(state, match[3]!);
  if (read.kind !== 'here') throw unknownCursor('is of another history of this store, as before a restore');
  return Number(match[2]);
}

function unknownCursor(reason: string): HttpFailure {
  return invalidParameter('cursor', `${reason}: begin again without it`);
}
