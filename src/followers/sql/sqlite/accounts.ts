/** One account out of the views in a SQLite file, and the end of that file. */
import fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { requireNoOther } from '../place-in-log.ts';
import { translated } from './open.ts';

/** Minor units; null when the views have no such account, or there are none yet. */
export function balanceInSqlite(file: string, account: string): number | null {
  if (!fs.existsSync(file)) return null;
  return translated(file, () => {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const row = database.prepare('select balance from gates_accounts where uuid = ?').get(account);
      return row === undefined ? null : Number(row['balance']);
    } finally {
      database.close();
    }
  });
}

/** @throws RepairNeededError, and removes nothing, when the views are of another log */
export function removeFromSqlite(file: string, log: string | null): void {
  if (!fs.existsSync(file)) return;
  translated(file, () => {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const has = database.prepare(`select 1 from sqlite_master where name = 'cells'`).get() !== undefined;
      const rows = has ? database.prepare('select log from cells').all() : [];
      requireNoOther(
        rows.map((row) => String(row['log'])),
        log,
        file,
      );
    } finally {
      database.close();
    }
  });
  for (const ending of ['', '-wal', '-shm', '-journal']) fs.rmSync(`${file}${ending}`, { force: true });
}
