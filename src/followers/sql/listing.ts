/**
 * Paged lists for the API, read from the SQL views, for which the engine keeps no index. A list is
 * true at the position that it names, which may be behind the engine's. The caller takes each thing
 * from the engine by its row.
 */
import type { StoredPosition } from './database.ts';

export interface Page {
  /** Only ids below this one; null for the newest. */
  readonly before: number | null;
  /** At least 1. */
  readonly limit: number;
}

/** The position at which a reading is true. */
export interface TrueAt {
  /** The log position; 0 while the database has none. */
  readonly position: number;
  /** Of which log and history that is; null while the database has none. */
  readonly of: Pick<StoredPosition, 'log' | 'epoch'> | null;
}

export interface Listed extends TrueAt {
  /** Ids (row + 1), newest first, at most the page's limit. */
  readonly ids: readonly number[];
}

export interface ListedKeys extends TrueAt {
  /** Idempotency keys as sent, by order id, of the orders that exist and have one. */
  readonly keys: ReadonlyMap<number, string>;
}

/** One implementation a dialect; prepared statements only. */
export interface Listings {
  /** Orders of a customer, by the customer's public id. */
  ordersOfCustomer(customer: string, page: Page): Promise<Listed>;
  holdsOfCustomer(customer: string, page: Page): Promise<Listed>;
  /** Orders with a line in a sale, by the sale's id (row + 1); each once. */
  ordersOfSale(sale: number, page: Page): Promise<Listed>;
  /** Keys of orders by their ids, at most a page of them. */
  keysOfOrders(ids: readonly number[]): Promise<ListedKeys>;
  close(): Promise<void>;
}
