/** How values of the engine become cells of the tables. */
import type { FillableRows } from './row-batch.ts';

/** Names by number, for tables of names such as `{ open: 0, paused: 1 }`. */
export function namesOf(numbers: Readonly<Record<string, number>>): readonly string[] {
  const names: string[] = [];
  for (const [name, number] of Object.entries(numbers)) names[number] = name;
  return names;
}

export function named(names: readonly string[], number: number): string {
  const name = names[number];
  if (name === undefined) throw new Error(`no name for ${number}`);
  return name;
}

/** A text as every database takes it and gives it back: whole characters, and none of them NUL. */
export function sqlText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\ufffd') : whole;
}

export function sqlTextOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : sqlText(text);
}

/** Where the engine has 0 for none, the database has null; and rows + 1 are ids already. */
export function positiveOrNull(value: number): number | null {
  return value === 0 ? null : value;
}

export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The columns of a table, checked once for their number. */
export function columnsOf(into: FillableRows, count: number): FillableRows['columns'] {
  if (into.columns.length !== count) throw new Error(`${into.table.name} has ${into.columns.length} columns`);
  return into.columns;
}
