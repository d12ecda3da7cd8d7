/**
 * Lists from PostgreSQL, read by the serving process: a few connections, short time limits and a
 * bounded queue. A database that is slow or down costs only these lists, never the sale.
 */
import { entryColumns, entryIn, journeyColumns, journeyIn } from '../listing.ts';
import type { Listed, ListedEntries, ListedJourneys, ListedKeys, Listings, Page, TrueAt } from '../listing.ts';
import { readPostgresAddress } from './address.ts';
import { PostgresConnection } from './connection.ts';
import type { Patience } from './connection.ts';
import { isMissingSchema } from './errors.ts';
import { qualified, readInteger } from './statements.ts';
import { DatabaseUnavailableError } from '../database.ts';

const connectionCount = 3;
/** Lists that may wait for one connection; the next one is refused as busy. */
const maxInLine = 30;
const patience: Patience = { connectMs: 2_000, statementMs: 3_000, lockMs: 1_000, answerMs: 4_000 };
/** Delay after a failure to connect; callers in between get the failure at once. */
const restMs = 1_000;

/** One row: what was found, and the position. One statement, hence one instant. */
function trueAt(found: string): string {
  const newest = `SELECT log, position, epoch FROM ${qualified('cells')} ORDER BY position DESC LIMIT 1`;
  return `SELECT coalesce(place.position, 0) AS position, place.log, place.epoch, found.*
    FROM (${found}) AS found LEFT JOIN (${newest}) AS place ON true`;
}

/** `$1`: customer or sale; `$2`: ids below it, or null; `$3`: how many. */
function listing(ids: string): string {
  return trueAt(`SELECT ARRAY(${ids}) AS ids`);
}

const before = `coalesce($2::bigint, ${Number.MAX_SAFE_INTEGER})`;

/**
 * A range of an index, read backwards. It is a comparison of rows: with an equality the planner may
 * scan the newest of all orders for those of one customer, and read millions of others.
 */
function ofCustomer(table: 'orders' | 'holds'): string {
  const customer = `(SELECT id FROM ${qualified('customers')} WHERE public_id = $1::text)`;
  return listing(`SELECT id FROM ${qualified(table)} WHERE customer_id >= ${customer} AND (customer_id, id) < (${customer}, ${before})
    ORDER BY customer_id DESC, id DESC LIMIT $3`);
}

/** As above, with the rows themselves, and the card's balance. */
function ofCard(table: 'journeys' | 'entries', columns: string): string {
  return trueAt(`SELECT
    (SELECT balance FROM ${qualified('cards')} WHERE id = $1::bigint) AS balance,
    ARRAY(SELECT row_to_json(page) FROM (
      SELECT ${columns} FROM ${qualified(table)} WHERE card_id >= $1::bigint AND (card_id, id) < ($1::bigint, ${before})
      ORDER BY card_id DESC, id DESC LIMIT $3) AS page) AS page`);
}

export const listingStatements = {
  ordersOfCustomer: ofCustomer('orders'),
  holdsOfCustomer: ofCustomer('holds'),
  ordersOfSale: listing(`SELECT order_id FROM (
    SELECT DISTINCT sale_id, order_id FROM ${qualified('order_lines')}
    WHERE sale_id >= $1::bigint AND (sale_id, order_id) < ($1::bigint, ${before})
    ORDER BY sale_id DESC, order_id DESC LIMIT $3) AS newest ORDER BY order_id DESC`),
  /** `$1`: ids. */
  keysOfOrders: trueAt(`SELECT array_agg(id) AS ids, array_agg(key) AS keys FROM ${qualified('orders')}
    WHERE id = ANY($1::bigint[]) AND key IS NOT NULL`),
  journeysOfCard: ofCard('journeys', journeyColumns),
  entriesOfCard: ofCard('entries', entryColumns),
} as const;

/** @throws AddressError */
export function openPostgresListings(place: { readonly url: string; readonly sslMode: string | null }): Listings {
  const address = readPostgresAddress(place.url, place.sslMode);
  return new PostgresListings(
    Array.from({ length: connectionCount }, () => new PostgresConnection(address, 'holdfast lists', patience)),
  );
}

class PostgresListings implements Listings {
  private readonly lanes: readonly Lane[];
  /** Result of the last attempt to connect, while it is too early for another one. */
  private failure: DatabaseUnavailableError | null = null;
  private failedMs = -Infinity;

  constructor(connections: readonly PostgresConnection[]) {
    this.lanes = connections.map((connection) => ({ connection, waiting: 0 }));
  }

  ordersOfCustomer(customer: string, page: Page): Promise<Listed> {
    return this.list('ordersOfCustomer', customer, page);
  }

  holdsOfCustomer(customer: string, page: Page): Promise<Listed> {
    return this.list('holdsOfCustomer', customer, page);
  }

  ordersOfSale(sale: number, page: Page): Promise<Listed> {
    return this.list('ordersOfSale', sale, page);
  }

  async keysOfOrders(asked: readonly number[]): Promise<ListedKeys> {
    const { row, ...at } = await this.read('keysOfOrders', [asked]);
    // Both are null where no order was found.
    const { ids, keys } = row ?? {};
    return { keys: new Map(ids?.map((id, i) => [readInteger(id), keys?.[i] ?? ''])), ...at };
  }

  async journeysOfCard(card: number, { before, limit }: Page): Promise<ListedJourneys> {
    const { row, ...at } = await this.read('journeysOfCard', [card, before, limit]);
    return { journeys: (row?.page ?? []).map(journeyIn), ...at };
  }

  async entriesOfCard(card: number, { before, limit }: Page): Promise<ListedEntries> {
    const { row, ...at } = await this.read('entriesOfCard', [card, before, limit]);
    return { entries: (row?.page ?? []).map(entryIn), balance: Number(row?.balance ?? 0), ...at };
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.map(({ connection }) => connection.close()));
  }

  private async list(name: StatementName, of: string | number, { before, limit }: Page): Promise<Listed> {
    const { row, ...at } = await this.read(name, [of, before, limit]);
    return { ids: row?.ids?.map(readInteger) ?? [], ...at };
  }

  /** The row of a statement; null without a schema. */
  private async read(name: StatementName, values: readonly unknown[]): Promise<TrueAt & { readonly row: Row | null }> {
    if (this.failure !== null && performance.now() < this.failedMs + restMs) throw this.failure;
    const lane = this.lanes.reduce((best, other) => (other.waiting < best.waiting ? other : best));
    if (lane.waiting >= maxInLine)
      throw new DatabaseUnavailableError(`${lane.connection.place} has too many lists to read`);
    lane.waiting += 1;
    try {
      const { rows } = await lane.connection.query<Row>({
        name,
        text: listingStatements[name],
        values: [...values],
      });
      const row = rows[0];
      if (row === undefined) throw new Error('a SELECT without a row');
      this.failure = null;
      const history = row.log === null ? null : { log: row.log, epoch: row.epoch };
      return { row, position: readInteger(row.position), of: history };
    } catch (error) {
      // Lists are empty without a schema.
      if (isMissingSchema(error)) return { row: null, position: 0, of: null };
      if (error instanceof DatabaseUnavailableError && !lane.connection.isOpen) {
        this.failure = error;
        this.failedMs = performance.now();
      }
      throw error;
    } finally {
      lane.waiting -= 1;
    }
  }
}

type StatementName = keyof typeof listingStatements;

interface Row {
  readonly position: string;
  readonly log: string | null;
  readonly epoch: string | null;
  readonly ids: readonly string[] | null;
  /** One for each id, where keys were asked for. */
  readonly keys?: readonly string[] | null;
  /** Of a card: its rows, and its balance; null without the card. */
  readonly page?: readonly Readonly<Record<string, unknown>>[];
  readonly balance?: string | null;
}

interface Lane {
  readonly connection: PostgresConnection;
  /** Lists in its queue or in progress. */
  waiting: number;
}
