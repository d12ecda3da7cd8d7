/**
 * The SQL views in PostgreSQL. Rows and position are written in one transaction on one connection,
 * which is reopened after a break.
 *
 * Invariant: writing, migrating and asking for the position exclude each other, by an advisory lock
 * that ends with its transaction. After a lost connection, asking for the position therefore sees
 * the result of the earlier transaction, never a state in its middle.
 */
import type { QueryConfig } from 'pg';
import { missingMigrations, migrationsOf } from '../migrations.ts';
import { readPostgresAddress } from './address.ts';
import { PostgresConnection, defaultPatience, noLimitMs } from './connection.ts';
import type { Patience, Session } from './connection.ts';
import { copyText } from './copy.ts';
import { describeTables } from './description.ts';
import { daysOf, dropPartition, requirePartitions } from './partitions.ts';
import { PostgresReading } from './reading.ts';
import { noteTapsFromDay, tapsFromDayOf } from './retention.ts';
import { arrayLiteral, copyIn, qualified, readInteger, schemaName, upsert } from './statements.ts';
import type { TableName } from '../table.ts';
import { cellsTable, tables } from '../schema.ts';
import { tableNames } from '../table.ts';
import { FollowedElsewhereError, SchemaError } from '../database.ts';
import type {
  DescribedColumn,
  RetainedTaps,
  RowBatch,
  SqlReading,
  SqlDatabase,
  StoredPosition,
  TableRows,
} from '../database.ts';

/** Rows in one statement: bounds its size and its time. */
const rowsAtOnce = 10_000;
/**
 * A batch of at least this many rows first asks which are new. New rows are copied: 12 µs an order
 * on the server here, against 17 for an upsert, which looks each row up. For a small batch the
 * question would cost more than it saves.
 */
const copiedFrom = 500;
/**
 * First half of the advisory lock's key; the second is 0. Any constant that others are unlikely to
 * use.
 */
const lockKey = 0x484f4c44;

/** Begins a transaction that writes, and waits for its turn. */
export const begin = `BEGIN; SELECT pg_advisory_xact_lock(${lockKey}, 0)`;
const migrationList = qualified('schema_migrations');
const cells = qualified(cellsTable.name);
const upserts = Object.fromEntries(tableNames.map((name) => [name, upsert(tables[name])])) as Record<TableName, string>;

const copies = Object.fromEntries(tableNames.map((name) => [name, copyIn(tables[name])])) as Record<TableName, string>;
const highest = `SELECT ${tableNames.map((name) => `coalesce((SELECT max(id) FROM ${qualified(name)}), 0) AS ${name}`).join(', ')}`;

/** @throws AddressError */
export function openPostgresDatabase(
  place: { readonly url: string; readonly sslMode: string | null },
  patience: Patience = defaultPatience,
): SqlDatabase {
  const address = readPostgresAddress(place.url, place.sslMode);
  return new PostgresDatabase(
    new PostgresConnection(address, 'holdfast follower', patience),
    () => new PostgresConnection(address, 'holdfast reader', patience),
  );
}

class PostgresDatabase implements SqlDatabase {
  readonly dialect = 'postgres';
  private readonly connection: PostgresConnection;
  private readonly another: () => PostgresConnection;
  private durable: StoredPosition | null = null;

  /** `another` opens connections for reading, which must not wait for writes. */
  constructor(connection: PostgresConnection, another: () => PostgresConnection) {
    this.connection = connection;
    this.another = another;
  }

  get place(): string {
    return this.connection.place;
  }

  async migrate(): Promise<readonly string[]> {
    const known = migrationsOf('postgres');
    const done: string[] = [];
    for (;;) {
      const name = await this.connection.transaction(begin, async (session) => {
        await prepare(session, this.place);
        const { rows } = await session.query<{ name: string }>({
          text: `SELECT name FROM ${migrationList} ORDER BY number`,
        });
        const applied = rows.map((row) => row.name);
        const [next] = missingMigrations(known, applied, this.place);
        if (next === undefined) return null;
        await session.query(unlimited('SET LOCAL statement_timeout = 0; SET LOCAL search_path = public'));
        await session.query(unlimited(next.sql));
        await session.query({
          text: `INSERT INTO ${migrationList} (number, name) VALUES ($1, $2)`,
          values: [next.number, next.name],
        });
        return next.name;
      });
      if (name === null) return done;
      done.push(name);
    }
  }

  async position(cell: number): Promise<StoredPosition | null> {
    const { stored, durable } = await this.connection.transaction(begin, async (session) => {
      return { stored: await positionOf(session, cell), durable: session.durable };
    });
    // Writers here commit synchronously, and a commit becomes visible only when it is on disk.
    this.durable = durable ? stored : null;
    return stored;
  }

  async write(batch: RowBatch, from: StoredPosition | null, to: StoredPosition): Promise<void> {
    const durable = await this.connection.transaction(begin, async (session) => {
      await this.move(session, from, to);
      await writeRows(session, batch);
      return session.durable;
    });
    if (durable) this.durable = to;
  }

  /** The server's settings decide whether each commit is durable; nothing is left to do. */
  async settle(): Promise<void> {}

  durablePosition(): StoredPosition | null {
    return this.durable;
  }

  async rebuild(fill: (write: (batch: RowBatch) => Promise<void>) => Promise<StoredPosition>): Promise<void> {
    const { position, durable } = await this.connection.transaction(begin, async (session) => {
      // The code that fills may take its time between two statements.
      await session.query({ text: 'SET LOCAL idle_in_transaction_session_timeout = 0' });
      await session.query({ text: `TRUNCATE ${[cells, ...tableNames.map(qualified)].join(', ')}` });
      const to = await fill((batch) => writeRows(session, batch));
      await this.move(session, null, to);
      return { position: to, durable: session.durable };
    });
    this.durable = durable ? position : null;
  }

  async reading<Result>(cell: number, use: (reading: SqlReading) => Promise<Result>): Promise<Result> {
    const connection = this.another();
    try {
      return await connection.transaction('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async (session) => {
        // Before the first SELECT takes the snapshot: a rebuild truncates, which every snapshot
        // sees, so it must wait for this reading.
        const all = [cells, ...tableNames.map(qualified)].join(', ');
        await session.query({
          text: `SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE ${all} IN ACCESS SHARE MODE`,
        });
        const position = await positionOf(session, cell);
        return await use(new PostgresReading(session, position, await tapsFromDayOf(session, cell)));
      });
    } finally {
      await connection.close();
    }
  }

  async retainTaps(cell: number, days: number): Promise<RetainedTaps> {
    const fromDay = await this.connection.transaction(begin, (session) => noteTapsFromDay(session, cell, days));
    if (fromDay === null) return { fromDay };
    const there = await this.connection.transaction(begin, (session) => daysOf(session, tables.taps.name));
    for (const day of [...there].toSorted((one, other) => one - other)) {
      if (day >= fromDay) break;
      // Each by itself: dropping one waits for the readers of the table, and they wait for it.
      await this.connection.transaction(begin, (session) => dropPartition(session, tables.taps.name, day));
    }
    return { fromDay };
  }

  describe(): Promise<Readonly<Record<string, readonly DescribedColumn[]>>> {
    return this.connection.transaction(begin, describeTables);
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /**
   * Moves the position from where this follower left it. Throws if another follower has moved it.
   */
  private async move(session: Session, from: StoredPosition | null, to: StoredPosition): Promise<void> {
    const next = [to.cell, to.log, to.position, to.hash, to.timeMs, to.epoch];
    const names = 'id, log, position, outcome_hash, log_time_ms, epoch';
    const { rowCount } = await session.query(
      from === null
        ? {
            text: `INSERT INTO ${cells} (${names}) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
            values: next,
          }
        : {
            name: 'move',
            text: `UPDATE ${cells} SET log = $2, position = $3, outcome_hash = $4, log_time_ms = $5, epoch = $6
              WHERE id = $1 AND log = $7 AND position = $8 AND outcome_hash = $9`,
            values: [...next, from.log, from.position, from.hash],
          },
    );
    if (rowCount === 1) return;
    const there = await positionOf(session, to.cell);
    throw new FollowedElsewhereError(
      `${this.place} is ${there === null ? 'empty' : `at position ${there.position} of log ${there.log}`} where this follower left it ` +
        `${from === null ? 'empty' : `at position ${from.position} of log ${from.log}`}: another follower writes into it`,
    );
  }
}

/**
 * Creates what the list of migrations needs.
 * @throws SchemaError when this database cannot hold our
 * texts
 */
async function prepare(session: Session, place: string): Promise<void> {
  const { rows } = await session.query<{
    encoding: string;
    version: number;
    schema: string | null;
    list: string | null;
  }>({
    text: `SELECT current_setting('server_encoding') AS encoding, current_setting('server_version_num')::int AS version,
      to_regnamespace('${schemaName}')::text AS schema, to_regclass('${migrationList}')::text AS list`,
  });
  const found = rows[0];
  if (found === undefined) throw new Error('a SELECT without a row');
  if (found.encoding !== 'UTF8') {
    throw new SchemaError(
      `${place} is encoded in ${found.encoding}, which cannot hold every name: create it with ENCODING 'UTF8'`,
    );
  }
  if (found.version < 130_000) throw new SchemaError(`${place} is on a PostgreSQL older than 13`);
  if (found.schema === null) await session.query({ text: `CREATE SCHEMA ${schemaName}` });
  if (found.list !== null) return;
  await session.query({
    text: `CREATE TABLE ${migrationList} (
      number integer PRIMARY KEY, name text NOT NULL UNIQUE, applied_at timestamptz NOT NULL DEFAULT now())`,
  });
}

async function positionOf(session: Session, cell: number): Promise<StoredPosition | null> {
  const { rows } = await session.query<{
    log: string;
    position: string;
    epoch: string | null;
    outcome_hash: string;
    log_time_ms: string;
  }>({
    name: 'position',
    text: `SELECT log, position, epoch, outcome_hash, log_time_ms FROM ${cells} WHERE id = $1`,
    values: [cell],
  });
  const row = rows[0];
  if (row === undefined) return null;
  return {
    cell,
    log: row.log,
    position: readInteger(row.position),
    epoch: row.epoch,
    hash: row.outcome_hash,
    timeMs: readInteger(row.log_time_ms),
  };
}

async function writeRows(session: Session, batch: RowBatch): Promise<void> {
  let count = 0;
  for (const rows of batch) count += rows.count;
  const ids = count < copiedFrom ? null : await highestIds(session);
  for (const rows of batch) {
    const { table, columns } = rows;
    if (table.byDay !== undefined) await requirePartitions(session, rows);
    const older = ids === null ? rows.count : olderThan(rows, readInteger(ids[table.name]));
    for (let start = 0; start < older; start += rowsAtOnce) {
      const end = Math.min(older, start + rowsAtOnce);
      const values = columns.map((column) => arrayLiteral(column, start, end));
      await session.query({ name: `write_${table.name}`, text: upserts[table.name], values });
    }
    for (let start = older; start < rows.count; start += rowsAtOnce) {
      await session.copy(copies[table.name], copyText(columns, start, Math.min(rows.count, start + rowsAtOnce)));
    }
  }
}

/** Rows from here on are certainly new: their ids are above every existing id. */
function olderThan({ columns, count }: TableRows, highest: number): number {
  const ids = columns[0] as readonly number[];
  let at = count;
  while (at > 0 && ids[at - 1]! > highest && (at === count || ids[at - 1]! < ids[at]!)) at -= 1;
  return at;
}

/** Excludes other writers while the transaction lasts. */
async function highestIds(session: Session): Promise<Readonly<Record<TableName, string>>> {
  const { rows } = await session.query<Record<TableName, string>>({ name: 'highest', text: highest });
  const [row] = rows;
  if (row === undefined) throw new Error('a SELECT without a row');
  return row;
}

function unlimited(text: string): QueryConfig {
  const config: QueryConfig & { readonly query_timeout: number } = { text, query_timeout: noLimitMs };
  return config;
}
