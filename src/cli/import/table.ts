/** A file of rows with named columns, CSV or JSON, as the fields of each row. */
import path from 'node:path';
import type { CsvRecord } from './csv.ts';
import { readCsv } from './csv.ts';
import { Fields } from './fields.ts';
import { textOf } from './file-text.ts';
import type { Flaw, Reading } from './flaws.ts';
import { quote, readingOf } from './flaws.ts';
import { readJsonRows } from './json.ts';

export interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/**
 * Reads all rows, each by `read`, which notes what is wrong in the row's fields. `name`: the file's; `.csv`, `.json`, `.jsonl` and
 * `.ndjson` tell what it is, and otherwise its first letter does.
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

function jsonFields(text: string, { required, optional }: Columns, flaws: Flaw[]): Fields[] {
  const { rows, flaws: found } = readJsonRows(text);
  flaws.push(...found);
  const known = new Set([...required, ...optional]);
  return rows.map(({ place, object }) => {
    const fields = new Fields(place, new Map(Object.entries(object)), flaws);
    for (const name of Object.keys(object))
      if (!known.has(name)) fields.flaw(null, `${quote(name)} is no column: ${listOf({ required, optional })}`);
    return fields;
  });
}

function csvFields(text: string, columns: Columns, flaws: Flaw[]): Fields[] {
  const { records, flaws: found } = readCsv(text);
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
  // The first line has a flaw itself: the names of the columns are not known, and what follows is no header.
  if (found.some(({ line }) => line !== null && line < header.line)) {
    flaws.push(...found);
    return [];
  }
  const names = header.fields.map((name) => name.trim().toLowerCase());
  // Flaws of the reader know a column's number; from here on it has a name.
  for (const flaw of found) flaws.push({ ...flaw, column: names[Number(flaw.column) - 1] ?? flaw.column });
  const headerFlaws = flawsOfHeader(header, names, columns);
  flaws.push(...headerFlaws);
  // Without sound names nothing can be said of the rows.
  if (headerFlaws.length > 0) return [];
  return rest.flatMap(({ line, fields }) => {
    if (fields.length !== names.length) {
      const message = `it has ${count(fields.length, 'field')} where the header has ${names.length}: put fields with commas in quotes, and leave empty ones in`;
      flaws.push({ line, column: null, message });
      return [];
    }
    return [new Fields({ line }, new Map(names.map((name, i) => [name, fields[i]])), flaws)];
  });
}

function flawsOfHeader({ line, fields }: CsvRecord, names: readonly string[], columns: Columns): Flaw[] {
  const { required, optional } = columns;
  const messages: string[] = [];
  if (fields.length === 1 && /[;\t]/.test(fields[0] ?? '')) {
    messages.push('it has semicolons or tabs between its columns: save the file with commas');
  } else {
    names.forEach((name, i) => {
      const first = names.indexOf(name);
      if (name === '') messages.push(`column ${i + 1} has no name: ${listOf(columns)}`);
      else if (![...required, ...optional].includes(name))
        messages.push(`${quote(fields[i] ?? '')} is no column: ${listOf(columns)}`);
      else if (first !== i)
        messages.push(`column ${quote(name)} is there twice, first and again as ${i + 1}: keep one`);
    });
    for (const name of required.filter((each) => !names.includes(each)))
      messages.push(`column ${quote(name)} is missing: add it`);
  }
  return messages.map((message) => ({ line, column: null, message }));
}

function listOf({ required, optional }: Columns): string {
  const may = optional.length === 0 ? '' : `, and there may be ${optional.join(', ')}`;
  return `the columns are ${required.join(', ')}${may}`;
}

function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}
