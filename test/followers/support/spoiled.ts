/** Tables that somebody wrote into: what `reconcile` says of them, and their repair. */
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { repair } from '../../../src/followers/sql/reconcile.ts';
import { openSqliteDatabase } from '../../../src/followers/sql/sqlite/database.ts';
import { FileLogReader } from '../../../src/log/file/reader.ts';
import { reconciled, viewsIn } from './shop.ts';
import { allRows } from './sql-rows.ts';

export async function rowsOfFile(folder: string): ReturnType<typeof allRows> {
  const database = openSqliteDatabase(viewsIn(folder));
  try {
    return await allRows(database);
  } finally {
    await database.close();
  }
}

export function spoil(folder: string, sql: string): void {
  const database = new DatabaseSync(viewsIn(folder));
  database.exec(`pragma foreign_keys = off; ${sql}`);
  database.close();
}

export async function repaired(folder: string): Promise<void> {
  const database = openSqliteDatabase(viewsIn(folder));
  try {
    await repair({ folder, log: new FileLogReader({ folder }), onNotice: () => {} }, database);
  } finally {
    await database.close();
  }
}

/** A line for each difference: table, id, kind, and the columns that differ. */
export async function told(folder: string): Promise<string[]> {
  const { refusal, found } = await reconciled(folder);
  assert.equal(refusal, null);
  return found.map(
    ({ table, id, kind, columns }) => `${table} ${id} ${kind} ${columns.map(({ name }) => name).join()}`,
  );
}
