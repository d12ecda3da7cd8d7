/** A SQLite file keeps the promises of a SQL store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteListings } from '../../src/followers/sql/sqlite-listings.ts';
import { openSqliteStore } from '../../src/followers/sql/sqlite.ts';
import { sqlStoreConformance } from '../conformance/sql-store.ts';

sqlStoreConformance(
  'sqlite',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'));
    const file = join(folder, 'views.sqlite');
    const asked = <Result>(use: (database: DatabaseSync) => Result): Result => {
      const database = new DatabaseSync(file);
      try {
        return use(database);
      } finally {
        database.close();
      }
    };
    return {
      open: () => openSqliteStore(file),
      openListings: () => openSqliteListings(file),
      view: async (name) =>
        asked((database) => database.prepare(`select * from ${name.replace('.', '_')} order by id`).all()).map(
          (row) => ({
            ...row,
          }),
        ),
      pretendMigrated: async (number, name) => {
        asked((database) =>
          database.prepare('insert into schema_migrations (number, name) values (?, ?)').run(number, name),
        );
      },
      dispose: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  { skip: false },
);
