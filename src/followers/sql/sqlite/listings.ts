/**
 * Lists from a SQLite file, read by the serving process. Each is one index look-up, so it runs
 * synchronously. The file, and its schema, may appear at any later time.
 */
import fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { entryColumns, entryIn, journeyColumns, journeyIn } from '../listing.ts';
import type { Listed, ListedEntries, ListedJourneys, ListedKeys, Listings, Page, TrueAt } from '../listing.ts';

/** Ids stay far below it. */
const newest = Number.MAX_SAFE_INTEGER;

const statements = {
  position: 'select log, position, epoch from cells order by position desc limit 1',
  ordersOfCustomer: `select orders.id from orders
    where customer_id = (select id from customers where public_id = ?) and id < ? order by id desc limit ?`,
  holdsOfCustomer: `select holds.id from holds
    where customer_id = (select id from customers where public_id = ?) and id < ? order by id desc limit ?`,
  // In the order of the index: `distinct` passes over an order's further lines without sorting.
  ordersOfSale: `select distinct order_id as id from order_lines
    where sale_id = ? and order_id < ? order by order_id desc limit ?`,
  keysOfOrders: `select id, key from orders
    where id in (select value from json_each(?)) and key is not null`,
  journeysOfCard: `select ${journeyColumns} from journeys
    where card_id = ? and id < ? order by card_id desc, id desc limit ?`,
  entriesOfCard: `select ${entryColumns} from entries
    where card_id = ? and id < ? order by card_id desc, id desc limit ?`,
  balanceOfCard: 'select balance from cards where id = ?',
} as const;

type Found = readonly Readonly<Record<string, unknown>>[];
type Prepared = Readonly<Record<keyof typeof statements, StatementSync>>;

export function openSqliteListings(file: string): Listings {
  return new SqliteListings(file);
}

class SqliteListings implements Listings {
  private readonly file: string;
  private database: DatabaseSync | null = null;
  private prepared: Prepared | null = null;

  constructor(file: string) {
    this.file = file;
  }

  async ordersOfCustomer(customer: string, { before, limit }: Page): Promise<Listed> {
    return this.list((prepared) => prepared.ordersOfCustomer.all(customer, before ?? newest, limit));
  }

  async holdsOfCustomer(customer: string, { before, limit }: Page): Promise<Listed> {
    return this.list((prepared) => prepared.holdsOfCustomer.all(customer, before ?? newest, limit));
  }

  async ordersOfSale(sale: number, { before, limit }: Page): Promise<Listed> {
    return this.list((prepared) => prepared.ordersOfSale.all(sale, before ?? newest, limit));
  }

  async keysOfOrders(ids: readonly number[]): Promise<ListedKeys> {
    const { found, ...at } = this.read((prepared) => prepared.keysOfOrders.all(JSON.stringify(ids)));
    return { keys: new Map(found.map(({ id, key }) => [Number(id), String(key)])), ...at };
  }

  async journeysOfCard(card: number, { before, limit }: Page): Promise<ListedJourneys> {
    const { found, ...at } = this.read((prepared) => prepared.journeysOfCard.all(card, before ?? newest, limit));
    return { journeys: found.map(journeyIn), ...at };
  }

  async entriesOfCard(card: number, { before, limit }: Page): Promise<ListedEntries> {
    let balance = 0;
    const { found, ...at } = this.read((prepared) => {
      balance = Number(prepared.balanceOfCard.get(card)?.['balance'] ?? 0);
      return prepared.entriesOfCard.all(card, before ?? newest, limit);
    });
    return { entries: found.map(entryIn), balance, ...at };
  }

  async close(): Promise<void> {
    this.prepared = null;
    this.database?.close();
    this.database = null;
  }

  private list(ask: (prepared: Prepared) => Found): Listed {
    const { found, ...at } = this.read(ask);
    return { ids: found.map(({ id }) => Number(id)), ...at };
  }

  /** Position and rows are read in one transaction: they belong together. */
  private read(ask: (prepared: Prepared) => Found): TrueAt & { readonly found: Found } {
    const prepared = this.open();
    if (prepared === null) return { found: [], position: 0, of: null };
    const { database } = this;
    database?.exec('begin');
    try {
      const row = prepared.position.get();
      const found = ask(prepared);
      if (row === undefined) return { found, position: 0, of: null };
      const epoch = row['epoch'] === null ? null : String(row['epoch']);
      return { found, position: Number(row['position']), of: { log: String(row['log']), epoch } };
    } finally {
      database?.exec('rollback');
    }
  }

  /** Null while the file, or the schema in it, is not there yet. */
  private open(): Prepared | null {
    if (this.prepared !== null) return this.prepared;
    if (!fs.existsSync(this.file)) return null;
    const database = new DatabaseSync(this.file, { readOnly: true });
    try {
      database.exec('pragma busy_timeout = 100');
      const made = Object.entries(statements).map(([name, sql]) => [name, database.prepare(sql)] as const);
      this.database = database;
      this.prepared = Object.fromEntries(made) as Record<keyof typeof statements, StatementSync>;
      return this.prepared;
    } catch (error) {
      database.close();
      if (error instanceof Error && /no such (table|column)/.test(error.message)) return null;
      throw error;
    }
  }
}
