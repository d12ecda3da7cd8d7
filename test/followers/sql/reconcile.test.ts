/**
 * `reconcile`: what differs is named by table, id and columns; `--repair` leaves nothing that does.
 */
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { follow, reconciled, Shop, viewsIn } from '../support/shop.ts';
import { runToEnd } from '../../crash/support/servers.ts';

function spoil(folder: string, sql: string): void {
  const database = new DatabaseSync(viewsIn(folder));
  database.exec(`pragma foreign_keys = off; ${sql}`);
  database.close();
}

describe('reconcile', () => {
  test('reconcile names each row that differs from the log', async (t) => {
    const shop = await Shop.open(t);
    const sale = await shop.sale();
    await shop.buyMany(sale, 30);
    await shop.hold(sale, 'ann');
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    assert.deepEqual((await reconciled(shop.folder)).found, []);
    spoil(
      shop.folder,
      `update sales set sold = 7, name = 'Other' where id = 1;
       delete from order_lines where id in (1, 30);
       update orders set key = null where id = 12;
       insert into customers values (77, 'ghost', 'known', null, null, 'v1', null, 1);
       update holds set status = 'released' where id = 1;`,
    );
    const { found, differences, rows } = await reconciled(shop.folder);
    assert.equal(differences, 6);
    assert.ok(rows > 60);
    const key = found.find(({ table }) => table === 'orders')?.columns[0]?.log;
    assert.deepEqual(found, [
      {
        table: 'sales',
        id: 1,
        kind: 'differs',
        columns: [
          { name: 'name', log: 'Concert', database: 'Other' },
          { name: 'sold', log: 30, database: 7 },
        ],
      },
      { table: 'customers', id: 77, kind: 'extra', columns: [] },
      { table: 'holds', id: 1, kind: 'differs', columns: [{ name: 'status', log: 'active', database: 'released' }] },
      { table: 'orders', id: 12, kind: 'differs', columns: [{ name: 'key', log: key, database: null }] },
      { table: 'order_lines', id: 1, kind: 'missing', columns: [] },
      { table: 'order_lines', id: 30, kind: 'missing', columns: [] },
    ]);
    assert.match(String(key), /^key-\d+$/);
  });

  test('reconcile compares at the position of the tables, though the log has gone on', async (t) => {
    const shop = await Shop.open(t);
    const sale = await shop.sale();
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    const { position } = shop;
    await shop.buyMany(sale, 5);
    const { found, position: compared } = await reconciled(shop.folder);
    assert.deepEqual(found, []);
    assert.equal(compared?.position, position);
  });

  test('reconcile as a command exits with 1 when anything differs, and repairs it', { timeout: 60_000 }, async (t) => {
    const shop = await Shop.open(t);
    const sale = await shop.sale();
    await shop.buyMany(sale, 20);
    const command = (...flags: string[]): ReturnType<typeof runToEnd> =>
      runToEnd(['reconcile', '--data', shop.folder, '--sql', 'sqlite', ...flags]);
    const empty = await command();
    assert.equal(empty.code, 0);
    assert.match(empty.stdout, /has no position yet/);
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    const clean = await command();
    assert.deepEqual([clean.code, clean.stderr], [0, '']);
    assert.match(clean.stdout, new RegExp(`no difference in \\d+ rows, at position ${shop.position}\\n`));
    spoil(
      shop.folder,
      "update orders set key = 'x' where id = 3; delete from sales; update cells set position = 9999999",
    );
    const ahead = await command();
    assert.equal(ahead.code, 1);
    assert.match(ahead.stdout, /stands at position 9999999, and the log ends at \d+/);
    spoil(shop.folder, `update cells set position = ${shop.position}`);
    const differs = await command();
    assert.equal(differs.code, 1);
    assert.match(differs.stdout, /sales 1: is not in the database\n.*orders 3: key is "x", the log says "key-\d+"\n/);
    assert.match(differs.stdout, /2 rows differ in \d+ rows/);
    const repaired = await command('--repair');
    assert.deepEqual([repaired.code, repaired.stderr], [0, '']);
    assert.match(repaired.stdout, new RegExp(`built anew, as of position ${shop.position}\\n`));
    assert.deepEqual((await reconciled(shop.folder)).found, []);
    const json = JSON.parse((await command('--json')).stdout) as {
      differences: number;
      position: { position: number };
    };
    assert.deepEqual([json.differences, json.position.position], [0, shop.position]);
    // A follower goes on from there.
    await shop.buyMany(sale, 5);
    const next = await follow(t, shop.folder);
    await next.catchUp();
    assert.equal((await reconciled(shop.folder)).position?.position, shop.position);
  });

  test(
    'reconcile refuses a schema that is newer than the program, as every command does',
    { timeout: 60_000 },
    async (t) => {
      const shop = await Shop.open(t);
      await shop.sale();
      const migrated = await runToEnd(['migrate', '--data', shop.folder]);
      assert.equal(migrated.code, 0);
      assert.match(migrated.stdout, /0001_tables\n.*0002_dialects\n.*0003_currencies\n/s);
      spoil(shop.folder, "insert into schema_migrations (number, name) values (99, '0099_of_tomorrow')");
      for (const command of ['reconcile', 'migrate', 'follow']) {
        const { code, stderr } = await runToEnd([command, '--data', shop.folder]);
        assert.equal(code, command === 'follow' ? 3 : 1, command);
        assert.match(stderr, /has the schema 0099_of_tomorrow, which is newer than this program knows/);
      }
    },
  );
});
