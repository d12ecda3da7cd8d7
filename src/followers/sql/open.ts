/**
 * Which database, its follower's name, and how it is opened. A dialect's driver is loaded only when
 * needed.
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

/** The SQLite file of a data folder, used when no database is named. */
export function ownSqliteFile(dataFolder: string): string {
  return path.join(dataFolder, viewsName);
}

/**
 * The name of the progress record of a follower into this place: `sql` for the folder's own file,
 * another for each other place. So two followers never overwrite each other's needs.
 */
export function followerNameOf(place: SqlPlace, dataFolder: string): string {
  if (place.kind === 'sqlite' && place.file === ownSqliteFile(dataFolder)) return 'sql';
  const where = place.kind === 'sqlite' ? place.file : readPostgresAddress(place.url, place.sslMode).place;
  return `sql-${createHash('sha256').update(where).digest('hex').slice(0, 8)}`;
}

/** Opens it for writing. Creates a missing SQLite file; `migrate` brings the schema up to date. */
export async function openSqlDatabase(place: SqlPlace): Promise<SqlDatabase> {
  if (place.kind === 'sqlite') return (await import('./sqlite/database.ts')).openSqliteDatabase(place.file);
  return (await import('./postgres/database.ts')).openPostgresDatabase(place);
}

/** Opens it for reading lists. Without a schema yet, lists are empty. */
export async function openListings(place: SqlPlace): Promise<Listings> {
  if (place.kind === 'sqlite') return (await import('./sqlite/listings.ts')).openSqliteListings(place.file);
  return (await import('./postgres/listings.ts')).openPostgresListings(place);
}

/**
 * The balance of an account as the views have it, minor units; null for one that they do not have.
 */
export async function balanceInViews(place: SqlPlace, account: string): Promise<number | null> {
  if (place.kind === 'sqlite') return (await import('./sqlite/accounts.ts')).balanceInSqlite(place.file, account);
  const { balanceInPostgres } = await import('./postgres/accounts.ts');
  return await balanceInPostgres(readPostgresAddress(place.url, place.sslMode), account);
}

/**
 * Removes the views of a log, given by its digest; null for a log that has not begun.
 * @throws RepairNeededError, and removes nothing, when they are of another log
 */
export async function removeViews(place: SqlPlace, log: string | null): Promise<void> {
  if (place.kind === 'sqlite') return (await import('./sqlite/accounts.ts')).removeFromSqlite(place.file, log);
  const { removeFromPostgres } = await import('./postgres/accounts.ts');
  await removeFromPostgres(readPostgresAddress(place.url, place.sslMode), log);
}
