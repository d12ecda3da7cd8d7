/** Lists from PostgreSQL cost a look into an index, however the orders are spread. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'pg';
import { listingStatements, openPostgresListings } from '../../../../src/followers/sql/postgres/listings.ts';
import { openPostgresDatabase } from '../../../../src/followers/sql/postgres/database.ts';
import { requirePostgres, sharedPostgres } from '../../support/postgres.ts';
import { listedAt, positionAt, rowsOf } from '../../support/sql-rows.ts';

const required = { ...requirePostgres(), timeout: 60_000 };
const shared = sharedPostgres();
const count = 40_000;
/** Types of each statement's parameters, and values of the oldest orders. */
const asked: Readonly<Record<keyof typeof listingStatements, readonly [string, string]>> = {
  ordersOfCustomer: ['text, bigint, bigint', `'customer 2', NULL, 20`],
  holdsOfCustomer: ['text, bigint, bigint', `'customer 2', NULL, 20`],
  ordersOfSale: ['bigint, bigint, bigint', '2, NULL, 20'],
  keysOfOrders: ['bigint[]', `'{1,2,3,4,5,6,7,8,9,10}'`],
  journeysOfCard: ['bigint, bigint, bigint', '2, NULL, 20'],
  entriesOfCard: ['bigint, bigint, bigint', '2, NULL, 20'],
};

test('the oldest orders of all are found without reading the others', required, async () => {
  const url = await shared().createDatabase();
  const database = openPostgresDatabase({ url, sslMode: null });
  await database.migrate();
  const ids = Array.from({ length: count }, (_, at) => at + 1);
  // Few customers and sales, as the planner sees it: then the newest of all seem a good way to the
  // newest of one. Two of them only came early.
  const ofThree = (id: number): number => (id <= 30 ? 1 + (id % 2) : 3);
  const batch = [
    rowsOf('sales', [{ id: 1 }, { id: 2 }, { id: 3 }]),
    rowsOf('customers', [{ id: 1 }, { id: 2 }, { id: 3 }]),
    rowsOf(
      'holds',
      ids.map((id) => ({ id, sale_id: ofThree(id), customer_id: ofThree(id) })),
    ),
    rowsOf(
      'orders',
      ids.map((id) => ({ id, customer_id: ofThree(id) })),
    ),
    rowsOf(
      'order_lines',
      ids.map((id) => ({ id, order_id: id, sale_id: ofThree(id) })),
    ),
    rowsOf('cards', [{ id: 1 }, { id: 2 }, { id: 3 }]),
    rowsOf(
      'journeys',
      ids.map((id) => ({ id, card_id: ofThree(id) })),
    ),
    rowsOf(
      'entries',
      ids.map((id) => ({ id, card_id: ofThree(id) })),
    ),
  ];
  await database.write(batch, null, positionAt(2));
  await database.close();
  await shared().query(url, 'ANALYZE');

  const early = ids.filter((id) => ofThree(id) === 2).reverse();
  const lists = openPostgresListings({ url, sslMode: null });
  const page = { before: null, limit: 20 };
  assert.deepEqual(await lists.ordersOfCustomer('customer 2', page), listedAt(early, 2));
  assert.deepEqual(await lists.holdsOfCustomer('customer 2', page), listedAt(early, 2));
  assert.deepEqual(await lists.ordersOfSale(2, page), listedAt(early, 2));
  assert.deepEqual(
    (await lists.journeysOfCard(2, page)).journeys.map(({ id }) => id),
    early,
  );
  assert.deepEqual(
    (await lists.entriesOfCard(2, page)).entries.map(({ id }) => id),
    early,
  );
  await lists.close();

  const client = new Client({ connectionString: url });
  await client.connect();
  for (const [name, [types, values]] of Object.entries(asked)) {
    const text = listingStatements[name as keyof typeof listingStatements];
    // As prepared statements are planned after some runs, for any value, and as the first ones are,
    // for this one.
    for (const mode of ['force_generic_plan', 'force_custom_plan']) {
      await client.query(`SET plan_cache_mode = ${mode}`);
      await client.query(`PREPARE list (${types}) AS ${text}`);
      const { rows } = await client.query<Record<string, string>>(
        `EXPLAIN (ANALYZE, BUFFERS) EXECUTE list (${values})`,
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      const buffers = Number(/Buffers: shared hit=(\d+)/.exec(plan)?.[1]);
      assert.ok(buffers > 0 && buffers < 40, `${name}, ${mode}: ${plan}`);
      await client.query('DEALLOCATE list');
    }
  }
  await client.end();
});
