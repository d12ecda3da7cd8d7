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

/** A journey that ended. An end that is missing is null. */
export interface ListedJourney {
  /** The row's, which pages go by. */
  readonly id: number;
  /** The journey's own. */
  readonly number: number;
  readonly category: string;
  readonly entry: ListedEnd | null;
  readonly exit: ListedEnd | null;
  readonly fare: number;
  readonly rule: string | null;
  readonly cappedBy: number;
  /** Number of the first journey of its chain: its own when it goes on with none. */
  readonly chain: number;
  readonly status: string;
}

export interface ListedEnd {
  /** The gate's row + 1. */
  readonly gate: number;
  readonly station: string;
  readonly atMs: number;
}

/** A movement of money. */
export interface ListedEntry {
  readonly id: number;
  readonly kind: string;
  readonly amount: number;
  readonly balance: number;
  /** Number of the journey; null for none. */
  readonly journey: number | null;
  readonly rule: string | null;
  /** Device time of the tap; null for none. */
  readonly atMs: number | null;
  readonly bookedAtMs: number;
}

export interface ListedJourneys extends TrueAt {
  /** Newest first, at most the page's limit. */
  readonly journeys: readonly ListedJourney[];
}

export interface ListedEntries extends TrueAt {
  /** Newest first, at most the page's limit. */
  readonly entries: readonly ListedEntry[];
  /** Of the card at that position; 0 while it is not there. */
  readonly balance: number;
}

/** The columns of a listed journey, and how they are read. */
export const journeyColumns =
  'id, number, category, entry_gate_id, entry_station, entry_at_ms, exit_gate_id, exit_station, exit_at_ms, ' +
  'fare, rule, capped_by, chain, status';
export const entryColumns = 'id, kind, amount, balance, journey, rule, at_ms, booked_at_ms';

type Found = Readonly<Record<string, unknown>>;

export function journeyIn(row: Found): ListedJourney {
  return {
    id: Number(row['id']),
    number: Number(row['number']),
    category: String(row['category']),
    entry: endIn(row, 'entry'),
    exit: endIn(row, 'exit'),
    fare: Number(row['fare']),
    rule: textIn(row['rule']),
    cappedBy: Number(row['capped_by']),
    chain: Number(row['chain']),
    status: String(row['status']),
  };
}

export function entryIn(row: Found): ListedEntry {
  return {
    id: Number(row['id']),
    kind: String(row['kind']),
    amount: Number(row['amount']),
    balance: Number(row['balance']),
    journey: numberIn(row['journey']),
    rule: textIn(row['rule']),
    atMs: numberIn(row['at_ms']),
    bookedAtMs: Number(row['booked_at_ms']),
  };
}

function endIn(row: Found, end: 'entry' | 'exit'): ListedEnd | null {
  const gate = numberIn(row[`${end}_gate_id`]);
  if (gate === null) return null;
  return { gate, station: String(row[`${end}_station`]), atMs: Number(row[`${end}_at_ms`]) };
}

function numberIn(value: unknown): number | null {
  return value === null ? null : Number(value);
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
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
  /** Journeys of a card that ended, by the card's id (row + 1); pages go by the rows' ids. */
  journeysOfCard(card: number, page: Page): Promise<ListedJourneys>;
  entriesOfCard(card: number, page: Page): Promise<ListedEntries>;
  close(): Promise<void>;
}
