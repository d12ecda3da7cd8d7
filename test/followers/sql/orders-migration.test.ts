/**
 * Tables that were made before an order said what of it stands: brought up to date, with the rows
 * that are in them.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { migrationsOf } from '../../../src/followers/sql/migrations.ts';
import { openPostgresDatabase } from '../../../src/followers/sql/postgres/database.ts';
import { openSqliteDatabase } from '../../../src/followers/sql/sqlite/database.ts';
import { runToEnd, temporaryFolder } from '../../crash/support/servers.ts';
import { root } from '../../support/sources.ts';
import { requirePostgres, sharedPostgres } from '../support/postgres.ts';

const before = 3;
const postgres = requirePostgres();
const shared = sharedPostgres();

/**
 * A sale in euros, one without a price, and five orders: whole, in part cancelled, cancelled, free,
 * and of two sales.
 */
function shopIn(schema: string): string {
  const sale = (id: number, price: string, currency: string): string =>
    `insert into ${schema}sales (id, name, kind, line_per_seat, state, removed, capacity, sold, held, price_amount, currency,
       hold_ms, max_hold_ms, refusals, door, door_number, attributes, created_at_ms, position)
     values (${id}, 'A sale', 'counted', 0, 'open', 0, 100, 0, 0, ${price}, ${currency}, 1, 1, 'forget', 'v1', ${id}, '{}', 1, ${id});`;
  const order = (id: number, status: string): string =>
    `insert into ${schema}orders (id, status, created_at_ms, position) values (${id}, '${status}', 1, ${10 + id});`;
  let lines = 0;
  const line = (of: number, at: number, on: number, quantity: number, price: string, cancelled: string): string => {
    lines += 1;
    return `insert into ${schema}order_lines (id, order_id, line, sale_id, quantity, price_amount, remaining, cancelled_position)
      values (${lines}, ${of}, ${at}, ${on}, ${quantity}, ${price}, 1, ${cancelled});`;
  };
  return [
    sale(1, '250', "'EUR'"),
    sale(2, 'null', 'null'),
    order(1, 'confirmed') + line(1, 0, 1, 3, '250', 'null'),
    order(2, 'confirmed') + line(2, 0, 1, 3, '250', '30') + line(2, 1, 1, 1, '200', 'null'),
    order(3, 'cancelled') + line(3, 0, 1, 2, '250', '31'),
    order(4, 'confirmed') + line(4, 0, 2, 5, 'null', 'null'),
    order(5, 'confirmed') + line(5, 0, 2, 4, 'null', '32') + line(5, 1, 1, 2, '100', 'null'),
  ].join('\n');
}

const columns =
  'id, status, quantity, currency, total_amount, active_quantity, active_amount, cancelled_amount, cancelled_at_ms';
const expected = [
  [1, 'confirmed', 3, 'EUR', 750, 3, 750, 0, null],
  [2, 'partially_cancelled', 4, 'EUR', 950, 1, 200, 750, null],
  [3, 'cancelled', 2, 'EUR', 500, 0, 0, 500, null],
  [4, 'confirmed', 5, null, 0, 5, 0, 0, null],
  [5, 'partially_cancelled', 6, 'EUR', 200, 2, 200, 0, null],
];
const ofRow = (row: object): unknown[] =>
  Object.values(row).map((cell: unknown) => (/^\d+$/.test(String(cell)) ? Number(cell) : cell));

test('in SQLite', async (t) => {
  const file = path.join(temporaryFolder(t), 'views.sqlite');
  const database = new DatabaseSync(file);
  database.exec('create table schema_migrations (number integer primary key, name text not null unique) strict');
  for (const { number, name, sql } of migrationsOf('sqlite').slice(0, before)) {
    database.exec(sql);
    database.exec(`insert into schema_migrations values (${number}, '${name}')`);
  }
  database.exec(shopIn(''));
  const views = openSqliteDatabase(file);
  assert.deepEqual(
    await views.migrate(),
    migrationsOf('sqlite')
      .slice(before)
      .map(({ name }) => name),
  );
  await views.close();
  assert.deepEqual(database.prepare(`select ${columns} from orders order by id`).all().map(ofRow), expected);
  database.close();
});

test('in PostgreSQL', postgres, async () => {
  const server = shared();
  const url = await server.createDatabase();
  await server.query(url, 'create schema holdfast');
  await server.query(
    url,
    'create table holdfast.schema_migrations (number integer primary key, name text not null unique, applied_at timestamptz not null default now())',
  );
  for (const { number, name, sql } of migrationsOf('postgres').slice(0, before)) {
    await server.query(url, sql);
    await server.query(url, `insert into holdfast.schema_migrations (number, name) values (${number}, '${name}')`);
  }
  await server.query(url, shopIn('holdfast.'));
  const views = openPostgresDatabase({ url, sslMode: null });
  assert.equal((await views.migrate()).length, migrationsOf('postgres').length - before);
  await views.close();
  const rows = await server.query(url, `select ${columns} from holdfast.orders order by id`);
  assert.deepEqual(rows.map(ofRow), expected);
});

test('of a folder that an older program has left: migrated, and no row differs from the log', async (t) => {
  const folder = temporaryFolder(t);
  const from = path.join(root, 'test/fixtures/folder-0.1/data');
  for (const name of fs.readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.gz')) continue;
    const file = path.join(folder, name.slice(0, -'.gz'.length));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, gunzipSync(fs.readFileSync(path.join(from, name))));
  }
  const migrated = await runToEnd(['migrate', '--data', folder]);
  assert.deepEqual([migrated.code, migrated.stderr], [0, '']);
  assert.match(migrated.stdout, /0004_orders/);
  const reconciled = await runToEnd(['reconcile', '--data', folder]);
  assert.match(reconciled.stdout, /no difference in \d+ rows/);
  assert.equal(reconciled.code, 0);
  const database = new DatabaseSync(path.join(folder, 'views.sqlite'));
  const statuses = database.prepare('select distinct status from orders order by status').all();
  assert.deepEqual(
    statuses.map(({ status }) => status),
    ['cancelled', 'confirmed', 'partially_cancelled'],
  );
  database.close();
});
