/** Which database, and how it is opened. A dialect's driver is loaded only when it is asked for. */
import type { Listings } from './listing.ts';
import type { SqlStore } from './store.ts';

/** Where the SQL views are. */
export type SqlPlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'postgres';
      /** `postgres://…` or `postgresql://…` */
      readonly url: string;
      /** PGSSLMODE; null when it is not set. */
      readonly sslMode: string | null;
    };

/** Opens it for the one who writes. Makes the file of a SQLite database when it is missing; the schema is up to `migrate`. */
export async function openSqlStore(place: SqlPlace): Promise<SqlStore> {
  if (place.kind === 'sqlite') return (await import('./sqlite.ts')).openSqliteStore(place.file);
  return (await import('./postgres.ts')).openPostgresStore(place);
}

/** Opens it for reading lists. It need not have a schema yet: lists are empty until it has. */
export async function openListings(place: SqlPlace): Promise<Listings> {
  if (place.kind === 'sqlite') return (await import('./sqlite-listings.ts')).openSqliteListings(place.file);
  return (await import('./postgres-listings.ts')).openPostgresListings(place);
}
