/**
 * The follower on a real log and a real database: each row exactly once, however it ends, and never
 * on a foreign log.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../../src/engine/command.ts';
import { RepairNeededError } from '../../../src/followers/sql/place-in-log.ts';
import { openSqliteDatabase } from '../../../src/followers/sql/sqlite/database.ts';
import type { StoredPosition } from '../../../src/followers/sql/database.ts';
import {
  ConstraintError,
  FollowedElsewhereError,
  DatabaseUnavailableError,
} from '../../../src/followers/sql/database.ts';
import { RecordWriter } from '../../../src/engine/record.ts';
import { DivergedError } from '../../../src/replica/outcome-checks.ts';
import { seedsFor } from '../../engine/random.ts';
import { Flaky } from '../support/flaky.ts';
import { follow, reconciled, Shop, temporaryFolder, viewsIn } from '../support/shop.ts';

async function storedIn(folder: string): Promise<StoredPosition | null> {
  const database = openSqliteDatabase(viewsIn(folder));
  try {
    await database.migrate();
    return await database.position(0);
  } finally {
    await database.close();
  }
}

function asked<Result>(folder: string, use: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(viewsIn(folder));
  try {
    return use(database);
  } finally {
    database.close();
  }
}

async function assertReconciled(folder: string, position: number): Promise<void> {
  const { refusal, found, ...rest } = await reconciled(folder);
  assert.equal(refusal, null);
  assert.deepEqual(found, []);
  assert.equal(rest.position?.position, position);
}

/** A shop with a past of every kind, and a little of it in batches of their own. */
async function sell(shop: Shop, orders = 200): Promise<number> {
  const sale = await shop.sale();
  await shop.buyMany(sale, orders);
  const holds = await Promise.all(['ann', 'bob', '', 'ann'].map((customer) => shop.hold(sale, customer)));
  await shop.target(kinds.confirm, holds[0]!);
  await shop.target(kinds.release, holds[1]!);
  await shop.target(kinds.cancel, await shop.buy(sale, 'eve'));
  return sale;
}

describe('a follower', () => {
  test('a follower writes what was sold, and goes on with what is sold later', async (t) => {
    const shop = await Shop.open(t);
    const sale = await sell(shop);
    const { follower, catchUp } = await follow(t, shop.folder);
    assert.equal(follower.view().state, 'catching-up');
    await catchUp();
    await assertReconciled(shop.folder, shop.position);
    const order = await shop.buy(sale, 'ann', 'a key of its own');
    await shop.hold(sale, 'ann');
    await catchUp();
    await assertReconciled(shop.folder, shop.position);
    assert.equal(follower.view().position, shop.position);
    const row = asked(shop.folder, (database) =>
      database.prepare('select key from orders where id = ?').get(order + 1),
    );
    assert.equal(row?.['key'], 'a key of its own');
  });

  test('a follower waits for a log that has nothing yet', async (t) => {
    const folder = temporaryFolder(t);
    const { catchUp } = await follow(t, folder);
    await catchUp();
    assert.equal(await storedIn(folder), null);
    const shop = await Shop.open(t, folder);
    await sell(shop, 3);
    await catchUp();
    await assertReconciled(folder, shop.position);
  });

  test('a follower that starts again goes on where the database stands, from the newest snapshot before that', async (t) => {
    const shop = await Shop.open(t);
    const sale = await sell(shop);
    const first = await follow(t, shop.folder);
    await first.catchUp();
    shop.snapshot();
    const snapshot = shop.position;
    await shop.buyMany(sale, 10);
    await first.catchUp();
    await first.end();
    const stood = shop.position;
    await shop.buyMany(sale, 10);
    // Newer than what the database has: of no use.
    shop.snapshot();
    const second = await follow(t, shop.folder);
    assert.deepEqual(second.reads, [snapshot + 1], 'from the snapshot on');
    assert.equal(second.follower.view().position, stood);
    await second.catchUp();
    await assertReconciled(shop.folder, shop.position);
  });

  test('a follower begins with a snapshot where the beginning of the log is gone', async (t) => {
    const shop = await Shop.open(t);
    const sale = await sell(shop, 3000);
    shop.snapshot();
    const snapshot = shop.position;
    await shop.log.trim(snapshot);
    assert.ok(shop.log.start() > 1, 'something was trimmed');
    await shop.buyMany(sale, 20);
    const { catchUp, notices } = await follow(t, shop.folder);
    assert.match(notices.join(), new RegExp(`begin with the snapshot at position ${snapshot}`));
    await catchUp();
    await assertReconciled(shop.folder, shop.position);
    const keys = asked(shop.folder, (database) => database.prepare('select count(key) as known from orders').get());
    assert.equal(keys?.['known'], 20, 'the keys of orders behind the snapshot are known');
  });

  test('a follower that fell behind what the log keeps asks for a repair', async (t) => {
    const shop = await Shop.open(t);
    const sale = await shop.sale();
    const first = await follow(t, shop.folder);
    await first.catchUp();
    await first.end();
    await shop.buyMany(sale, 3000);
    shop.snapshot();
    await shop.log.trim(shop.position);
    await assert.rejects(
      follow(t, shop.folder),
      (error) => error instanceof RepairNeededError && /was trimmed.*reconcile --repair/.test(error.message),
    );
  });

  test('a follower stops where the database is ahead of the log: an older copy was restored', async (t) => {
    const shop = await Shop.open(t);
    const sale = await sell(shop, 10);
    await shop.close();
    const copy = temporaryFolder(t);
    fs.cpSync(shop.folder, copy, { recursive: true });
    const again = await Shop.open(t, shop.folder);
    await again.buy(sale);
    const first = await follow(t, shop.folder);
    await first.catchUp();
    await first.end();
    await again.close();
    fs.cpSync(viewsIn(shop.folder), viewsIn(copy));
    await assert.rejects(
      follow(t, copy),
      (error) => error instanceof RepairNeededError && /log ends at.*reconcile --repair/.test(error.message),
    );
    // And where the copy went on by itself, as far as the database and beyond.
    const other = await Shop.open(t, copy);
    await other.hold(sale);
    await other.hold(sale);
    await assert.rejects(
      follow(t, copy),
      (error) => error instanceof RepairNeededError && /outcomes that the log does not have/.test(error.message),
    );
    assert.match((await reconciled(copy)).refusal ?? '', /outcomes that the log does not have/);
  });

  test('a follower stops where the database is of another log, even at the same position', async (t) => {
    const [one, other] = [await Shop.open(t), await Shop.open(t)];
    await Promise.all([one, other].map((shop) => shop.sale()));
    const first = await follow(t, one.folder);
    await first.catchUp();
    await first.end();
    fs.cpSync(viewsIn(one.folder), viewsIn(other.folder));
    await assert.rejects(
      follow(t, other.folder),
      (error) => error instanceof RepairNeededError && /another log/.test(error.message),
    );
  });

  test('a follower stops when the log is replaced while it follows', async (t) => {
    const shop = await Shop.open(t);
    const sale = await shop.sale();
    await shop.close();
    const copy = temporaryFolder(t);
    fs.cpSync(shop.folder, copy, { recursive: true });
    const again = await Shop.open(t, shop.folder);
    await again.buyMany(sale, 5);
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    await again.close();
    for (const name of fs.readdirSync(copy)) fs.cpSync(path.join(copy, name), path.join(shop.folder, name));
    await assert.rejects(catchUp(), RepairNeededError);
  });

  test("a follower stops when its outcomes differ from the log's, and says where", async (t) => {
    const shop = await Shop.open(t);
    await sell(shop, 5);
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    const { position } = shop;
    // A writer whose outcomes had another hash.
    await shop.node.close();
    const records = new RecordWriter();
    records.add(new Command().reset(kinds.tick));
    const { hashLow, hashHigh, nowMs } = shop.node.engine;
    const check = { checkPosition: position, checkLow: hashLow ^ 1, checkHigh: hashHigh };
    await shop.log.append({ count: 1, timeMs: nowMs, nodeId: 1, firstNumber: 1, ...check, records: records.bytes() });
    await assert.rejects(
      catchUp(),
      (error) => error instanceof DivergedError && error.message.includes(`position ${position}`),
    );
    await assertStands(shop.folder, position);
  });

  test('a follower stops when another one writes to the same database, and writes nothing', async (t) => {
    const shop = await Shop.open(t);
    const sale = await sell(shop, 5);
    const one = await follow(t, shop.folder);
    const other = await follow(t, shop.folder);
    await one.catchUp();
    await assert.rejects(other.catchUp(), (error) => {
      assert.ok(error instanceof FollowedElsewhereError);
      assert.match(error.message, /somebody else follows/);
      return true;
    });
    await shop.buy(sale);
    await one.catchUp();
    await assertReconciled(shop.folder, shop.position);
  });

  test('a follower stops when the database refuses a row, says at which positions, and has written none of them', async (t) => {
    const shop = await Shop.open(t);
    const sale = await shop.sale();
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    const stood = shop.position;
    asked(shop.folder, (database) =>
      database.exec("insert into customers values (99, 'ann', 'known', null, null, 'v1', null, 1)"),
    );
    await shop.buy(sale);
    await shop.buy(sale, 'ann');
    await assert.rejects(catchUp(), (error) => {
      assert.ok(error instanceof ConstraintError);
      assert.match(
        error.message,
        new RegExp(`positions ${stood + 1} to ${stood + 2} break a rule.*customers.public_id`),
      );
      return true;
    });
    await assertStands(shop.folder, stood);
    const orders = asked(shop.folder, (database) => database.prepare('select count(*) as orders from orders').get());
    assert.equal(orders?.['orders'], 0);
    assert.deepEqual(
      (await reconciled(shop.folder)).found.map(({ table, id, kind }) => [table, id, kind]),
      [['customers', 99, 'extra']],
    );
  });

  test('a follower stores SQL in texts as text', async (t) => {
    const shop = await Shop.open(t);
    const evil = `Robert'); drop table orders; -- "$1" \\' ?`;
    const sale = await shop.sale({ name: `${evil} \0 \ud800 🎫`, image: 'https://example.com/?a=1;drop' });
    await shop.buy(sale, evil, evil);
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    await assertReconciled(shop.folder, shop.position);
    const found = asked(shop.folder, (database) =>
      database
        .prepare(
          `select sales.name, key, public_id from orders join customers on customers.id = customer_id
           join order_lines on order_id = orders.id join sales on sales.id = sale_id`,
        )
        .get(),
    );
    assert.deepEqual({ ...found }, { name: `${evil} \ufffd \ufffd 🎫`, key: evil, public_id: evil });
  });
});

async function assertStands(folder: string, position: number): Promise<void> {
  assert.equal((await storedIn(folder))?.position, position);
}

describe('a database that goes away and comes back', () => {
  for (const seed of seedsFor(3)) {
    test(`a database that goes away and comes back gets every row once, seed ${seed}`, async (t) => {
      const shop = await Shop.open(t);
      const sale = await sell(shop, 20);
      const flaky = new Flaky(seed, viewsIn(shop.folder));
      const { catchUp, follower } = await follow(t, shop.folder, async () => flaky.open());
      for (let round = 0; round < 8; round += 1) {
        await shop.buyMany(sale, 5);
        await catchUp();
      }
      assert.ok(flaky.failures > 0);
      assert.equal(follower.view().message, null);
      await assertReconciled(shop.folder, shop.position);
    });
  }

  test('a database that goes away is waited for, and reported once', async (t) => {
    const shop = await Shop.open(t);
    await sell(shop, 5);
    let away = true;
    const opened = follow(t, shop.folder, async () => {
      if (away) throw new DatabaseUnavailableError('nobody answers');
      return openSqliteDatabase(viewsIn(shop.folder));
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    away = false;
    const { catchUp, notices } = await opened;
    await catchUp();
    assert.deepEqual(
      notices.filter((notice) => !notice.includes('schema')),
      ['the database is away and is tried again: nobody answers', 'the database is back'],
    );
    await assertReconciled(shop.folder, shop.position);
  });
});
