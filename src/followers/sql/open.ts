/**
 * Which database, what its follower is called, and how it is opened. A dialect's driver is loaded
 * only when it is asked for.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { viewsName } from '../../store/folder.ts';
import type { Listings } from './listing.ts';
import { readPostgresAddress } from './postgres/address.ts';
import type { SqlDatabase } from './database.ts';

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

/** The SQLite file of a data folder, where no database is named. */
export function ownSqliteFile(dataFolder: string): string {
  return path.join(dataFolder, viewsName);
}

/**
 * The name under which a follower into this place records how far it is: `sql` for the folder's own
 * file, another for each other place, so that of two that follow into two places neither hides what
 * the other one needs.
 */
export function followerNameOf(place: SqlPlace, dataFolder: string): string {
  if (place.kind === 'sqlite' && place.file === ownSqliteFile(dataFolder)) return 'sql';
  const where = place.kind === 'sqlite' ? place.file : readPostgresAddress(place.url, place.sslMode).place;
  return `sql-${createHash('sha256').update(where).digest('hex').slice(0, 8)}`;
}

/**
 * Opens it for the one who writes. Makes the file of a SQLite database when it is missing; the
 * schema is up to `migrate`.
 */
export async function openSqlDatabase(place: SqlPlace): Promise<SqlDatabase> {
  if (place.kind === 'sqlite') return (await import('./sqlite/database.ts')).openSqliteDatabase(place.file);
  return (await import('./postgres/database.ts')).openPostgresDatabase(place);
}

/** Opens it for reading lists. It need not have a schema yet: lists are empty until it has. */
export async function openListings(place: SqlPlace): Promise<Listings> {
  if (place.kind === 'sqlite') return (await import('./sqlite/listings.ts')).openSqliteListings(place.file);
  return (await import('./postgres/listings.ts')).openPostgresListings(place);
}
