/** Pages of lists: newest first, `limit` at a time, from an opaque cursor that stays right while new things come. */
import { Type } from 'typebox';
import type { Call } from '../../http/call.ts';
import { invalidParameter } from './context.ts';

const defaultLimit = 20;

export const limitParameter = { limit: Type.Integer({ minimum: 1, maximum: 100, default: defaultLimit }) };
export const cursorParameter = { cursor: Type.String({ description: '`next` of the page before.' }) };

/**
 * Rows of the page asked for, of a table with `count` rows of which some are listed, and the cursor of the page behind it.
 * @throws HttpFailure 400
 */
export function readPage(
  call: Call,
  count: number,
  isListed: (row: number) => boolean,
): { items: number[]; next: string | null } {
  const limit = readLimit(call);
  const cursor = call.url.searchParams.get('cursor');
  const from = cursor === null ? count - 1 : decodeCursor(cursor, count);
  const items: number[] = [];
  let behind = from;
  for (; behind >= 0 && items.length < limit; behind -= 1) if (isListed(behind)) items.push(behind);
  // A page is followed by another only where that has something.
  while (behind >= 0 && !isListed(behind)) behind -= 1;
  return { items, next: behind >= 0 ? encodeCursor(behind) : null };
}

/** @throws HttpFailure 400 */
export function readLimit(call: Call): number {
  const text = call.url.searchParams.get('limit') ?? String(defaultLimit);
  if (!/^[1-9]\d?$|^100$/.test(text)) throw invalidParameter('limit', 'is no whole number from 1 to 100');
  return Number(text);
}

function encodeCursor(row: number): string {
  return Buffer.from(`r${row}`).toString('base64url');
}

function decodeCursor(cursor: string, count: number): number {
  const match = /^r(\d{1,10})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  const row = match === null ? -1 : Number(match[1]);
  if (row < 0 || row >= count) throw invalidParameter('cursor', 'was not given by this list');
  return row;
}
