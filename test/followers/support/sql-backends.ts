/** The databases of the tests, each new and empty, for the suites that every database passes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresListings } from '../../../src/followers/sql/postgres/listings.ts';
import { openPostgresDatabase } from '../../../src/followers/sql/postgres/database.ts';
import { openSqliteListings } from '../../../src/followers/sql/sqlite/listings.ts';
import { openSqliteDatabase } from '../../../src/followers/sql/sqlite/database.ts';
import type { SqlBackend } from '../../conformance/sql-backend.ts';
import type { PostgresServer } from './postgres.ts';

/** In a folder of its own. */
export function sqliteBackend(): SqlBackend {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'));
  const dispose = async (): Promise<void> => rmSync(folder, { recursive: true, force: true });
  return { ...fileBackend(join(folder, 'views.sqlite')), dispose };
}

/** A file of another program's. */
export function fileBackend(file: string): SqlBackend {
  const asked = <Result>(use: (database: DatabaseSync) => Result): Result => {
    const database = new DatabaseSync(file);
    try {
      return use(database);
    } finally {
      database.close();
    }
  };
  return {
    open: () => openSqliteDatabase(file),
    openListings: () => openSqliteListings(file),
    view: async (name, by = 'id') => {
      const text = `select * from ${name.replace('.', '_')} order by ${by}`;
      return asked((database) => database.prepare(text).all()).map((row) => ({ ...row }));
    },
    pretendMigrated: async (number, name) => {
      const text = 'insert into schema_migrations (number, name) values (?, ?)';
      asked((database) => database.prepare(text).run(number, name));
    },
    dispose: async () => {},
  };
}

export async function postgresBackend(server: PostgresServer): Promise<SqlBackend> {
  return postgresAt(server, await server.createDatabase());
}

/** A database of a server by its address. */
export function postgresAt(server: PostgresServer, url: string): SqlBackend {
  const place = { url, sslMode: null };
  return {
    open: () => openPostgresDatabase(place),
    openListings: () => openPostgresListings(place),
    view: async (name, by = 'id') => {
      // The cluster of the tests sorts texts by their bytes, as SQLite does.
      const rows = await server.query(url, `SELECT * FROM ${name} ORDER BY ${by}`);
      return rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [column, shown(value)])),
      );
    },
    pretendMigrated: async (number, name) => {
      const text = 'INSERT INTO holdfast.schema_migrations (number, name) VALUES ($1, $2)';
      await server.query(url, text, [number, name]);
    },
    dispose: () => server.dropDatabase(url),
  };
}

function shown(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'boolean' ? Number(value) : value;
}
