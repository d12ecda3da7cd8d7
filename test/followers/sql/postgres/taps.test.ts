/** Taps in PostgreSQL: a partition a day, and days that are dropped beside a follower. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPostgresDatabase } from '../../../../src/followers/sql/postgres/database.ts';
import { reconcile, repair } from '../../../../src/followers/sql/reconcile.ts';
import { FileLogReader } from '../../../../src/log/file/reader.ts';
import { Random } from '../../../engine/random.ts';
import { City } from '../../support/city.ts';
import { requirePostgres, sharedPostgres } from '../../support/postgres.ts';
import { follow, Shop } from '../../support/shop.ts';

const required = { ...requirePostgres(), timeout: 120_000 };
const shared = sharedPostgres();

test(
  'taps are written by day, days are dropped beside the follower, and nothing else is missed',
  required,
  async (t) => {
    const server = shared();
    const url = await server.createDatabase();
    const place = { url, sslMode: null };
    const shop = await Shop.open(t);
    const city = await City.build(shop, new Random(2));
    const { catchUp } = await follow(t, shop.folder, async () => openPostgresDatabase(place));
    const tapped = async (): Promise<void> => {
      for (let nth = 0; nth < 8; nth += 1) await city.tap(60);
      await catchUp();
    };
    const differences = async (): Promise<string[]> => {
      const database = openPostgresDatabase(place);
      const replica = { folder: shop.folder, log: new FileLogReader({ folder: shop.folder }), onNotice: () => {} };
      const found: string[] = [];
      const { refusal } = await reconcile(replica, database, ({ table, id, kind }) =>
        found.push(`${table} ${id} ${kind}`),
      );
      await database.close();
      assert.equal(refusal, null);
      return found;
    };
    const partitions = async (): Promise<number> =>
      Number(
        (
          await server.query(url, `SELECT count(*) AS n FROM pg_inherits WHERE inhparent = 'holdfast.taps'::regclass`)
        )[0]?.['n'],
      );
    const counted = async (): Promise<number> =>
      Number((await server.query(url, 'SELECT count(*) AS n FROM holdfast.taps'))[0]?.['n']);
    await tapped();
    assert.equal(await counted(), city.answered.length);
    const days = Number((await server.query(url, 'SELECT count(DISTINCT day) AS n FROM holdfast.taps'))[0]?.['n']);
    assert.equal(await partitions(), days);
    assert.ok(days > 5, `${days} days`);
    assert.deepEqual(await differences(), []);
    const database = openPostgresDatabase(place);
    const { fromDay } = await database.retainTaps(0, 3);
    await database.close();
    assert.ok((await partitions()) <= 3);
    assert.ok((await counted()) < city.answered.length);
    assert.deepEqual(await differences(), []);
    // The follower goes on: late taps of dropped days come into partitions that are made again.
    await tapped();
    assert.deepEqual(await differences(), []);
    await server.query(
      url,
      `DELETE FROM holdfast.taps WHERE id = (SELECT max(id) FROM holdfast.taps WHERE day >= ${fromDay})`,
    );
    assert.equal((await differences()).length, 1);
    const mended = openPostgresDatabase(place);
    await repair({ folder: shop.folder, log: new FileLogReader({ folder: shop.folder }), onNotice: () => {} }, mended);
    await mended.close();
    assert.equal(await counted(), city.answered.length);
    assert.deepEqual(await differences(), []);
  },
);
