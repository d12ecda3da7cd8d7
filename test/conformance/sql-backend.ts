/** What a suite for SQL databases is given. */
import type { Listings } from '../../src/followers/sql/listing.ts';
import type { SqlDatabase } from '../../src/followers/sql/database.ts';

/** A database of its own for each test; it may be opened more than once. */
export interface SqlBackend {
  open(): SqlDatabase;
  openListings(): Listings;
  /**
   * The rows of a dialect's view such as `tickets.events`, by a column, times as RFC 3339, true as
   * 1.
   */
  view(name: string, by?: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Says that the database has had a migration of this name as well. */
  pretendMigrated(number: number, name: string): Promise<void>;
  /** Removes all that it made. */
  dispose(): Promise<void>;
}

/** Declares a test on a new database. */
export type Conforms = (sentence: string, check: (database: SqlDatabase, backend: SqlBackend) => Promise<void>) => void;
