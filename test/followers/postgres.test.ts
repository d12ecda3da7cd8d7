/** PostgreSQL keeps the promises of a SQL store. */
import { escapeIdentifier } from 'pg';
import { openPostgresListings } from '../../src/followers/sql/postgres-listings.ts';
import { openPostgresStore } from '../../src/followers/sql/postgres.ts';
import { sqlStoreConformance } from '../conformance/sql-store.ts';
import { requirePostgres, sharedPostgres } from './support/postgres.ts';

const required = requirePostgres();
const shared = sharedPostgres();

sqlStoreConformance(
  'postgres',
  async () => {
    const server = shared();
    const url = await server.createDatabase();
    const place = { url, sslMode: null };
    return {
      open: () => openPostgresStore(place),
      openListings: () => openPostgresListings(place),
      view: async (name) => {
        const rows = await server.query(url, `SELECT * FROM ${name} ORDER BY id`);
        return rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([column, value]) => [column, shown(value)])),
        );
      },
      pretendMigrated: async (number, name) => {
        await server.query(url, 'INSERT INTO holdfast.schema_migrations (number, name) VALUES ($1, $2)', [
          number,
          name,
        ]);
      },
      dispose: async () => {
        await server.query(
          server.url(),
          `DROP DATABASE ${escapeIdentifier(new URL(url).pathname.slice(1))} WITH (FORCE)`,
        );
      },
    };
  },
  required,
);

/** The driver gives wide numbers and decimals as text. */
function shown(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}
