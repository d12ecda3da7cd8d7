/** The columns that a SQLite database really has. */
import type { DatabaseSync } from 'node:sqlite';
import type { DescribedColumn } from '../database.ts';

/** `hidden` of a computed column. */
const virtual = 2;
const stored = 3;

export function describeSqlite(database: DatabaseSync): Readonly<Record<string, readonly DescribedColumn[]>> {
  const found = database.prepare("select name, sql from sqlite_schema where type = 'table' order by name").all();
  return Object.fromEntries(
    found.map((row) => [String(row['name']), columnsOf(database, String(row['name']), String(row['sql']))]),
  );
}

function columnsOf(database: DatabaseSync, table: string, sql: string): DescribedColumn[] {
  const keys = database.prepare('select "from", "table" from pragma_foreign_key_list(?)').all(table);
  return database
    .prepare('select name, type, "notnull", pk, hidden from pragma_table_xinfo(?)')
    .all(table)
    .map((row) => {
      const name = String(row['name']);
      const type = String(row['type']).toLowerCase();
      const key = keys.find((candidate) => candidate['from'] === name);
      // SQLite does not report whether a key is deferred; the table's SQL text does.
      const line = sql.split('\n').find((candidate) => candidate.trim().startsWith(`${name} `)) ?? '';
      return {
        name,
        type: type === 'integer' || type === 'text' ? type : 'other',
        nullable: row['notnull'] === 0 && row['pk'] === 0,
        primaryKey: row['pk'] !== 0,
        generated: row['hidden'] === virtual || row['hidden'] === stored,
        refers: key === undefined ? null : { table: String(key['table']), later: line.includes('initially deferred') },
      };
    });
}
