/**
 * Statements for PostgreSQL, made from the manifest, and the form in which columns travel to them.
 */
import { escapeIdentifier } from 'pg';
import { integerText } from './copy.ts';
import type { Column, Table } from '../table.ts';
import { onConflict } from '../statements.ts';
import type { Cell } from '../cells.ts';

/** Our tables are in this schema; the dialects' views have schemas of their own. */
export const schemaName = 'holdfast';

const arrayTypes: Readonly<Record<Column['type'], string>> = { integer: 'bigint[]', text: 'text[]' };
/** Stands for null in an array's text; a text that looks the same is quoted. */
const nothing = 'NULL';

export function qualified(table: string): string {
  return `${schemaName}.${escapeIdentifier(table)}`;
}

/**
 * Takes one array a column. Rows that are there get their changing columns; the others are
 * inserted.
 */
export function upsert(table: Table): string {
  const names = table.columns.map(({ name }) => escapeIdentifier(name));
  const arrays = table.columns.map(({ type }, at) => `$${at + 1}::${arrayTypes[type]}`);
  return (
    `INSERT INTO ${qualified(table.name)} (${names.join(', ')}) ` +
    `SELECT * FROM unnest(${arrays.join(', ')}) ${onConflict(table)}`
  );
}

/** Takes rows that are new, as `copyText` writes them. */
export function copyIn(table: Table): string {
  return `COPY ${qualified(table.name)} (${table.columns.map(({ name }) => escapeIdentifier(name)).join(', ')}) FROM STDIN`;
}

/** Every row by id, as a cursor. */
export function declareAll(table: Table): string {
  return declare(table, '');
}

/** Those above `$1`, up to `$2`. */
export function declareRange(table: Table): string {
  return declare(table, 'WHERE id > $1::bigint AND id <= $2::bigint');
}

function declare(table: Table, which: string): string {
  const names = table.columns.map(({ name }) => escapeIdentifier(name)).join(', ');
  return `DECLARE every_row NO SCROLL CURSOR FOR SELECT ${names} FROM ${qualified(table.name)} ${which} ORDER BY id`;
}

/**
 * Cells from `start` to before `end` as PostgreSQL writes an array. The driver's own conversion
 * takes twice as long for the columns of an order. Texts are always quoted, so none is read as a
 * number, a null or a delimiter.
 */
export function arrayLiteral(cells: readonly Cell[], start: number, end: number): string {
  let out = '{';
  for (let at = start; at < end; at += 1) {
    if (at > start) out += ',';
    const cell = cells[at];
    if (cell === null) out += nothing;
    else if (typeof cell === 'number') out += integerText(cell);
    else if (typeof cell === 'string') out += `"${/["\\]/.test(cell) ? cell.replace(/["\\]/g, '\\$&') : cell}"`;
    else throw new TypeError(`row ${at} of ${cells.length} has no such cell`);
  }
  return `${out}}`;
}

/** The database's integers, which may be wider than ours. */
export function readInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is wider than any integer that was written`);
  return value;
}
