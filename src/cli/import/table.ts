/** A file of rows with named columns, CSV or JSON, as the fields of each row. */
import path from 'node:path';
import type { CsvRecord } from './csv.ts';
import { columnName, readCsv } from './csv.ts';
import { Fields } from './fields.ts';
import { textOf } from './file-text.ts';
import type { Flaw, Reading } from './flaws.ts';
import { quote, readingOf } from './flaws.ts';
import { readJsonRows } from './json.ts';

export interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Names of columns to skip, trimmed and in lower case, as they are compared. */
  readonly ignored: ReadonlySet<string>;
}

/**
 * Reads all rows, each by `read`, which notes flaws in the row's fields. `name`: the file's. Its
 * ending `.csv`, `.json`, `.jsonl` or `.ndjson` tells the format, or else the first letter of the
 * content does.
 */
export function readTable<Row>(
  bytes: Uint8Array,
  name: string,
  columns: Columns,
  read: (fields: Fields) => Row,
): Reading<Row[]> {
  const decoded = textOf(bytes);
  if (!decoded.ok) return decoded;
  const flaws: Flaw[] = [];
  const table = isJson(name, decoded.value)
    ? jsonFields(decoded.value, columns, flaws)
    : csvFields(decoded.value, columns, flaws);
  const rows = table.map(read);
  if (rows.length === 0 && flaws.length === 0) flaws.push({ line: null, column: null, message: 'it has no rows' });
  return readingOf(rows, flaws);
}

function isJson(name: string, text: string): boolean {
  const extension = path.extname(name).toLowerCase();
  if (['.json', '.jsonl', '.ndjson'].includes(extension)) return true;
  return extension !== '.csv' && /^\s*[[{]/.test(text);
}

function jsonFields(text: string, columns: Columns, flaws: Flaw[]): Fields[] {
  const { rows, flaws: found } = readJsonRows(text);
  flaws.push(...found);
  const known = new Set([...columns.required, ...columns.optional]);
  return rows.map(({ place, object }) => {
    const values = Object.entries(object).filter(([name]) => !columns.ignored.has(columnName(name)));
    const fields = new Fields(place, new Map(values), flaws);
    for (const [name] of values) if (!known.has(name)) fields.flaw(null, unknownColumn(name, columns));
    return fields;
  });
}

function csvFields(text: string, columns: Columns, flaws: Flaw[]): Fields[] {
  const known = new Set([...columns.required, ...columns.optional, ...columns.ignored]);
  const { records, flaws: found, delimiters } = readCsv(text, known);
  const [header, ...rest] = records;
  if (header === undefined) {
    flaws.push(...found);
    if (found.length === 0)
      flaws.push({
        line: null,
        column: null,
        message: `it is empty: begin it with a line of column names. ${listOf(columns)}`,
      });
    return [];
  }
  // The first line itself has a flaw. The column names are unknown, and the next line is not a
  // header.
  if (found.some(({ line }) => line !== null && line < header.line)) {
    flaws.push(...found);
    return [];
  }
  // Empty rows below a sheet's table are ignored. One in between may be a mistake, and is a flaw.
  const rows = rest.slice(0, rest.findLastIndex(({ fields }) => !isBlank(fields)) + 1);
  const names = usedNames(header, rows);
  // The reader's flaws name a column by its number; here it gets its name.
  for (const flaw of found) flaws.push({ ...flaw, column: names[Number(flaw.column) - 1] ?? flaw.column });
  const headerFlaws = flawsOfHeader(header, names, columns);
  flaws.push(...headerFlaws);
  // Without valid column names the rows cannot be read.
  if (headerFlaws.length > 0) return [];
  return rows.flatMap(({ line, fields }) => {
    if (!fits(fields, names, columns)) {
      const message = `it has ${count(fields.length, 'field')} where the header has ${names.length}: put fields with ${delimiters} in quotes, and leave empty ones in`;
      flaws.push({ line, column: null, message });
      return [];
    }
    const values = names.map((name, i) => [name, fields[i] ?? ''] as const);
    return [new Fields({ line }, new Map(values.filter(([name]) => !columns.ignored.has(name))), flaws)];
  });
}

/** Whether a row, or a part of one, is empty. */
function isBlank(fields: readonly string[]): boolean {
  return fields.every((field) => field.trim() === '');
}

/** The names of the header, without empty ones at its end that no row has a field for. */
function usedNames(header: CsvRecord, rows: readonly CsvRecord[]): string[] {
  const names = header.fields.map(columnName);
  while (names.at(-1) === '' && rows.every(({ fields }) => isBlank(fields.slice(names.length - 1)))) names.pop();
  return names;
}

/**
 * A row may have empty fields after the last name. Its last fields may be missing, as some
 * spreadsheets leave them out.
 */
function fits(fields: readonly string[], names: readonly string[], { required }: Columns): boolean {
  if (fields.length >= names.length) return isBlank(fields.slice(names.length));
  return !names.slice(fields.length).some((name) => required.includes(name));
}

function flawsOfHeader({ line, fields }: CsvRecord, names: readonly string[], columns: Columns): Flaw[] {
  const { required, optional, ignored } = columns;
  const messages: string[] = [];
  names.forEach((name, i) => {
    const first = names.indexOf(name);
    if (ignored.has(name)) return;
    if (name === '') messages.push(`column ${i + 1} has no name: ${listOf(columns)}`);
    else if (![...required, ...optional].includes(name)) messages.push(unknownColumn(fields[i] ?? '', columns));
    else if (first !== i) messages.push(`column ${quote(name)} is there twice, first and again as ${i + 1}: keep one`);
  });
  for (const name of required.filter((each) => !names.includes(each)))
    messages.push(`column ${quote(name)} is missing: add it`);
  return messages.map((message) => ({ line, column: null, message }));
}

function unknownColumn(name: string, columns: Columns): string {
  return `${quote(name)} is no column: ${listOf(columns)}; --ignore passes over others by name`;
}

function listOf({ required, optional }: Columns): string {
  const may = optional.length === 0 ? '' : `, and there may be ${optional.join(', ')}`;
  return `the columns are ${required.join(', ')}${may}`;
}

function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}
