/**
 * A real log followed into PostgreSQL: the rows of SQLite, each once, through every failure of the
 * server.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, doors, kinds } from '../../../../src/engine/command.ts';
import { dump } from '../../../../src/engine/dump.ts';
import { Engine } from '../../../../src/engine/engine.ts';
import { positionOf } from '../../../../src/followers/sql/place-in-log.ts';
import { openPostgresDatabase } from '../../../../src/followers/sql/postgres/database.ts';
import { reconcile, repair } from '../../../../src/followers/sql/reconcile.ts';
import type { Difference } from '../../../../src/followers/sql/table-comparison.ts';
import { FillableBatch } from '../../../../src/followers/sql/row-batch.ts';
import { RowCollector } from '../../../../src/followers/sql/rows.ts';
import { ConstraintError, FollowedElsewhereError } from '../../../../src/followers/sql/database.ts';
import type { StoredPosition } from '../../../../src/followers/sql/database.ts';
import { FileLogReader } from '../../../../src/log/file/reader.ts';
import { History } from '../../../engine/histories.ts';
import { Random, seedsFor } from '../../../engine/random.ts';
import { requirePostgres, sharedPostgres } from '../../support/postgres.ts';
import { follow, Shop } from '../../support/shop.ts';
import type { Following } from '../../support/shop.ts';
import { postgresBackend, sqliteBackend } from '../../support/sql-backends.ts';
import { allRows } from '../../support/sql-rows.ts';
import { shopViews } from '../../support/sql-samples.ts';

const required = { ...requirePostgres(), timeout: 120_000 };
const shared = sharedPostgres();

describe('the same log', () => {
  /** Rows that the histories have had between them. */
  const had = {
    orders: 0,
    seats: 0,
    hold_seats: 0,
    order_line_seats: 0,
    'seats.seats': 0,
    'seats.events': 0,
    'tickets.purchases': 0,
  };

  for (const seed of seedsFor(6)) {
    test(
      `gives the same rows in SQLite and PostgreSQL, table by table and view by view, seed ${seed}`,
      required,
      async () => {
        const backends = [sqliteBackend(), await postgresBackend(shared())] as const;
        const databases = [backends[0].open(), backends[1].open()] as const;
        try {
          for (const database of databases) await database.migrate();
          let from: StoredPosition | null = null;
          for await (const { batch, to } of historyOf(seed)) {
            for (const database of databases) await database.write(batch, from, to);
            from = to;
          }
          const [one, other] = [await allRows(databases[0]), await allRows(databases[1])];
          assert.deepEqual(other, one);
          for (const name of Object.keys(shopViews)) {
            const rows = sorted(await backends[0].view(name));
            assert.deepEqual(sorted(await backends[1].view(name)), rows, name);
            if (name === 'seats.seats' || name === 'seats.events' || name === 'tickets.purchases') {
              had[name] += rows.length;
            }
          }
          for (const name of ['orders', 'seats', 'hold_seats', 'order_line_seats'] as const)
            had[name] += one[name]?.length ?? 0;
          assert.deepEqual(await databases[1].position(0), await databases[0].position(0));
        } finally {
          for (const database of databases) await database.close();
          for (const backend of backends) await backend.dispose();
        }
      },
    );
  }

  test('has sold, and has had seats', process.env['HOLDFAST_SEED'] === undefined ? required : { skip: true }, () => {
    assert.ok(
      Object.values(had).every((rows) => rows > 0),
      JSON.stringify(had),
    );
  });
});

/** Rows of a view in one order: an order of several lines has several under one id. */
function sorted(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted();
}

/** A random history in batches that end anywhere, as a follower would write them. */
async function* historyOf(
  seed: number,
): AsyncGenerator<{ batch: ReturnType<FillableBatch['filled']>; to: StoredPosition }> {
  const random = new Random(seed);
  const history = new History(random);
  const engine = new Engine();
  const collector = new RowCollector(engine);
  const batch = new FillableBatch();
  const [command, decoded] = [new Command(), new Command()];
  collector.begin(false);
  for (let step = 0; step < 1_200; step += 1) {
    history.next(command, engine.isEmpty ? null : dump(engine));
    history.record(command, decoded);
    const outcome = engine.apply(decoded, engine.position + 1, history.nowMs);
    collector.applied(decoded, outcome);
    if (step < 1_199 && !random.chance(3)) continue;
    collector.collect();
    collector.batch(batch);
    yield { batch: batch.filled(), to: positionOf(engine) };
  }
}

interface Followed {
  readonly t: TestContext;
  readonly shop: Shop;
  readonly url: string;
  readonly following: Following;
}

describe('a log followed into PostgreSQL', () => {
  const followed = (sentence: string, check: (followed: Followed) => Promise<void>): void => {
    test(sentence, required, async (t) => {
      const url = await shared().createDatabase();
      const shop = await Shop.open(t);
      const following = await follow(t, shop.folder, async () => openPostgresDatabase({ url, sslMode: null }));
      await check({ t, shop, url, following });
      await following.end();
      await shared().dropDatabase(url);
    });
  };

  followed('has each row once, however often the server is killed in the middle', async ({ shop, url, following }) => {
    const { follower, notices } = following;
    const sale = await shop.sale();
    let done = false;
    let sold = 0;
    const selling = (async () => {
      while (!done) {
        await shop.buyMany(sale, 40);
        const hold = await shop.hold(sale, 'ann');
        await shop.target(kinds.confirm, hold);
        sold += 41;
        await sleep(2);
      }
    })();
    const steps = (async () => {
      while (!done) {
        await follower.step();
        await sleep(1);
      }
    })();
    for (let kill = 0; kill < 5; kill += 1) {
      await sleep(100 + Math.random() * 200);
      await shared().kill();
      const before = sold;
      // The sale does not notice.
      while (sold < before + 200) await sleep(5);
      assert.ok(follower.view().position < shop.position);
      await shared().restart();
      const behind = shop.position;
      while (follower.view().position < behind) await sleep(10);
    }
    done = true;
    await Promise.all([selling, steps]);
    await following.catchUp();
    assert.equal(follower.view().position, shop.position);
    await assertReconciled(shop, url);
    assert.ok(notices.some((notice) => notice.includes('the database is away')));
    assert.ok(notices.includes('the database is back'));
    const [row] = await shared().query(url, 'SELECT count(*) AS orders FROM holdfast.orders');
    assert.equal(row?.['orders'], sold);
  });

  followed('stops at the position where a row breaks a rule, with nothing of the batch written', async (given) => {
    const { shop, url, following } = given;
    const sale = await shop.sale();
    await shop.buy(sale, 'ann');
    await following.catchUp();
    const stood = shop.position;
    await shared().query(url, 'ALTER TABLE holdfast.sales ADD CONSTRAINT nearly_sold_out CHECK (sold < 3)');
    await shop.buyMany(sale, 5);
    await assert.rejects(following.catchUp(), (error) => {
      assert.ok(error instanceof ConstraintError, String(error));
      const sentence = new RegExp(`positions ${stood + 1} to ${shop.position} break a rule.*nearly_sold_out`);
      assert.match(error.message, sentence);
      return true;
    });
    const [row] = await shared().query(url, 'SELECT position FROM holdfast.cells');
    assert.equal(row?.['position'], stood);
    const [{ orders } = {}] = await shared().query(url, 'SELECT count(*) AS orders FROM holdfast.orders');
    assert.equal(orders, 1);
  });

  followed('stores SQL in texts as text, and in views as text', async ({ shop, url, following }) => {
    const evil = `Robert'); DROP SCHEMA holdfast CASCADE; -- "$1" \\' ?`;
    const sale = await shop.sale({ name: `${evil} \0 \ud800 🎫`, door: doors.tickets });
    await shop.buy(sale, evil, evil);
    await following.catchUp();
    await assertReconciled(shop, url);
    const [event] = await shared().query(url, 'SELECT name FROM tickets.events');
    assert.equal(event?.['name'], `${evil} \ufffd \ufffd 🎫`);
    const [purchase] = await shared().query(url, 'SELECT "idempotencyKey" FROM tickets.purchases');
    assert.equal(purchase?.['idempotencyKey'], evil);
  });

  followed('goes on from where a backup stands that was restored', async ({ t, shop, url, following }) => {
    const server = shared();
    const sale = await shop.sale();
    await shop.buyMany(sale, 30);
    const hold = await shop.hold(sale, 'ann');
    await following.catchUp();
    const name = new URL(url).pathname.slice(1);
    await server.query(
      server.url(),
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    await server.query(server.url(), `CREATE DATABASE ${name}_backup TEMPLATE ${name}`);
    await shop.target(kinds.confirm, hold);
    await shop.buyMany(sale, 30);
    await following.catchUp();
    await server.dropDatabase(url);
    await server.query(server.url(), `ALTER DATABASE ${name}_backup RENAME TO ${name}`);
    await shop.buyMany(sale, 30);
    await assert.rejects(following.catchUp(), FollowedElsewhereError);
    await following.end();
    // As `serve` starts the next one.
    const next = await follow(t, shop.folder, async () => openPostgresDatabase({ url, sslMode: null }));
    await next.catchUp();
    await next.end();
    await assertReconciled(shop, url);
  });

  followed('is compared with it row by row, and repaired in one transaction', async ({ shop, url, following }) => {
    const sale = await shop.sale();
    await shop.buyMany(sale, 60);
    await shop.hold(sale, 'ann');
    await following.catchUp();
    await shared().query(url, 'UPDATE holdfast.orders SET key = NULL WHERE id = 7');
    await shared().query(url, 'DELETE FROM holdfast.order_lines WHERE id = 9');
    await shared().query(url, `INSERT INTO holdfast.customers VALUES (999, 'x', 'known', NULL, NULL, 'v1', NULL, 1)`);
    const found = await differences(shop, url);
    assert.deepEqual(
      found.map(({ table, id, kind }) => `${table} ${id} ${kind}`),
      ['customers 999 extra', 'orders 7 differs', 'order_lines 9 missing'],
    );
    const database = openPostgresDatabase({ url, sslMode: null });
    await repair(replicaOf(shop), database);
    await database.close();
    await assertReconciled(shop, url);
    // The position is where the follower left it: it goes on.
    await shop.buy(sale);
    await following.catchUp();
    await assertReconciled(shop, url);
  });
});

function replicaOf(shop: Shop): Parameters<typeof reconcile>[0] {
  return { folder: shop.folder, log: new FileLogReader({ folder: shop.folder }), onNotice: () => undefined };
}

async function differences(shop: Shop, url: string): Promise<readonly Difference[]> {
  const database = openPostgresDatabase({ url, sslMode: null });
  try {
    const found: Difference[] = [];
    const { refusal, position } = await reconcile(replicaOf(shop), database, (difference) => found.push(difference));
    assert.equal(refusal, null);
    assert.equal(position?.position, shop.position);
    return found;
  } finally {
    await database.close();
  }
}

async function assertReconciled(shop: Shop, url: string): Promise<void> {
  assert.deepEqual(await differences(shop, url), []);
}
