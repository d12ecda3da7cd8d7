/**
 * Upserts, generated from the manifest. Their text contains only names of ours; values are
 * parameters.
 */
import type { Table } from './table.ts';
import { isJournaled } from './table.ts';

/**
 * `insert … values (?, …), (?, …) on conflict (id) do update …` for this many rows, parameters row
 * by row.
 */
export function upsertOf(table: Table, rows: number): string {
  const names = table.columns.map((column) => column.name);
  const row = `(${names.map(() => '?').join(', ')})`;
  const values = Array.from({ length: rows }, () => row).join(', ');
  return `insert into ${table.name} (${names.join(', ')}) values ${values} ${onConflict(table)}`;
}

/**
 * For existing rows: changing columns are written, the others stay. A row of the journal comes
 * once: a second one is refused.
 */
export function onConflict(table: Table): string {
  if (isJournaled(table)) return '';
  const changing = table.columns.filter((column) => column.changes).map(({ name }) => `${name} = excluded.${name}`);
  return changing.length === 0
    ? 'on conflict (id) do nothing'
    : `on conflict (id) do update set ${changing.join(', ')}`;
}
