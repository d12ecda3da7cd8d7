/**
 * Taps and journeys in SQL: each counted once, explained by its rule, and adding up to the
 * balances.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SqlDatabase } from '../../../src/followers/sql/database.ts';
import { openSqliteDatabase } from '../../../src/followers/sql/sqlite/database.ts';
import { Random, seedsFor } from '../../engine/random.ts';
import { City } from '../support/city.ts';
import { Flaky } from '../support/flaky.ts';
import { follow, reconciled, Shop, viewsIn } from '../support/shop.ts';
import { repaired, rowsOfFile, spoil, told } from '../support/spoiled.ts';
import type { Row } from '../support/sql-rows.ts';

const dayMs = 86_400_000;

function alike(found: readonly Row[], like: readonly Row[]): Row[] {
  return found.map((row, at) =>
    Object.fromEntries(Object.keys(like[at] ?? row).map((name) => [name, row[name] ?? null])),
  );
}

/** Amounts of a card's entries add up to its balance, and those of all to the totals. */
function assertAddsUp(shop: Shop, { cards = [], entries = [] }: Awaited<ReturnType<typeof rowsOfFile>>): void {
  const sums = new Map<unknown, number>();
  for (const { card_id: card, amount } of entries) sums.set(card, (sums.get(card) ?? 0) + Number(amount));
  for (const { id, balance } of cards) assert.equal(sums.get(id) ?? 0, balance);
  const { totals } = shop.node.engine.state.cards;
  const ofKind = (kind: string): number =>
    entries.reduce((sum, entry) => sum + (entry['kind'] === kind ? Number(entry['amount']) : 0), 0);
  assert.deepEqual([ofKind('opening'), ofKind('fare')], [totals.opened, -totals.fares]);
}

describe('taps in SQL', () => {
  for (const seed of seedsFor(3)) {
    test(`taps are in the table as they were answered, each once, whatever ends the follower, seed ${seed}`, async (t) => {
      const shop = await Shop.open(t);
      const random = new Random(seed);
      const city = await City.build(shop, random);
      const flaky = new Flaky(seed, viewsIn(shop.folder));
      const open = async (): Promise<ReturnType<Flaky['open']>> => flaky.open();
      let following = await follow(t, shop.folder, open);
      for (let step = 0; step < 60; step += 1) {
        await city.tap(1 + random.below(40));
        if (random.chance(20)) await following.follower.step();
        if (random.chance(8)) {
          await following.end();
          if (random.chance(40)) shop.snapshot();
          following = await follow(t, shop.folder, open);
        }
      }
      await following.catchUp();
      const found = await rowsOfFile(shop.folder);
      const { taps = [], journeys = [], entries = [] } = found;
      assert.ok(city.answered.length > 500);
      assert.deepEqual(alike(taps, city.answered), city.answered);
      for (const { day, at_ms: at, booked_at_ms: booked } of taps) {
        const believed = Math.max(Number(at), Number(booked) - 8 * dayMs);
        assert.equal(day, Math.floor(believed / dayMs));
      }
      assertAddsUp(shop, found);
      const { journal } = shop.node.engine.state;
      assert.deepEqual([journeys.length, entries.length], [journal.journeys.total, journal.entries.total]);
      // Every fare has its journey and names its rule.
      const numbers = new Set(journeys.map(({ number }) => number));
      const fares = entries.filter(({ kind }) => kind === 'fare');
      assert.ok(fares.length > 20);
      for (const { journey, rule } of fares) {
        assert.ok(numbers.has(journey ?? null), `journey ${journey}`);
        assert.match(String(rule), /^(zones? \d|maximum fare|overtime)/);
      }
      assert.deepEqual(await told(shop.folder), []);
      await repaired(shop.folder);
      assert.deepEqual(await rowsOfFile(shop.folder), found);
    });
  }

  test('reconcile names taps and journeys that were changed, lost or added', async (t) => {
    const shop = await Shop.open(t);
    const city = await City.build(shop, new Random(7));
    for (let nth = 0; nth < 10; nth += 1) await city.tap(50);
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    const ids = city.answered.map(({ id }) => Number(id));
    spoil(
      shop.folder,
      `update taps set fare = 77, result = 'open', reason = null where id = ${ids[10]};
       delete from taps where id = ${ids[20]};
       update journeys set rule = 'none' where id = 2;
       insert into taps select 9999, day, 1, 5, 5, null, null, 'in', 'none', 1, 1, 'open', null, '', 0, null, null, null, 1 from taps where id = ${ids[30]};`,
    );
    const found = await told(shop.folder);
    assert.equal(found.filter((line) => line.startsWith(`taps ${ids[10]} differs`)).length, 1);
    assert.deepEqual(
      found.filter((line) => !line.startsWith(`taps ${ids[10]} `)),
      ['journeys 2 differs rule', `taps ${ids[20]} missing `, 'taps 9999 extra '],
    );
    await repaired(shop.folder);
    assert.deepEqual(await told(shop.folder), []);
  });

  test('dropped days are not missed by reconcile, the follower goes on, and a repair writes them again', async (t) => {
    const shop = await Shop.open(t);
    const city = await City.build(shop, new Random(9));
    for (let nth = 0; nth < 10; nth += 1) await city.tap(60);
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    const before = (await rowsOfFile(shop.folder)).taps ?? [];
    const newest = Math.max(...before.map(({ day }) => Number(day)));
    const database = openSqliteDatabase(viewsIn(shop.folder));
    assert.deepEqual(await database.retainTaps(0, 3), { fromDay: newest - 2 });
    await database.close();
    const kept = (await rowsOfFile(shop.folder)).taps ?? [];
    assert.ok(kept.length > 0 && kept.length < before.length);
    assert.deepEqual(
      kept,
      before.filter(({ day }) => Number(day) > newest - 3),
    );
    assert.deepEqual(await told(shop.folder), []);
    for (let nth = 0; nth < 10; nth += 1) await city.tap(60);
    await catchUp();
    assert.deepEqual(await told(shop.folder), []);
    // A row of a kept day is missed as ever.
    spoil(shop.folder, `delete from taps where id = ${Number(kept[0]!['id'])}`);
    assert.deepEqual(await told(shop.folder), [`taps ${Number(kept[0]!['id'])} missing `]);
    await repaired(shop.folder);
    assert.equal((await rowsOfFile(shop.folder)).taps?.length, city.answered.length);
    assert.deepEqual((await reconciled(shop.folder)).found, []);
  });

  test('a batch of the log with very many taps is written in parts, each tap once', async (t) => {
    const shop = await Shop.open(t);
    const random = new Random(11);
    const city = await City.build(shop, random, { gates: 600, cards: 4000 });
    // All at once: they wait for one another's sync, and come as few batches.
    await Promise.all(Array.from({ length: 20 }, () => city.tap(8000)));
    const transactions: number[] = [];
    const open = async (): Promise<SqlDatabase> => {
      const database = openSqliteDatabase(viewsIn(shop.folder));
      const write = database.write.bind(database);
      database.write = async (batch, from, to) => {
        transactions.push(batch.find(({ table }) => table.name === 'taps')?.count ?? 0);
        await write(batch, from, to);
      };
      return database;
    };
    const first = await follow(t, shop.folder, open);
    // It ends in the middle of a batch of the log, and the next one goes on there.
    while (transactions.every((count) => count === 0)) assert.ok(await first.follower.step());
    await first.end();
    const { catchUp } = await follow(t, shop.folder, open);
    await catchUp();
    const { taps = [] } = await rowsOfFile(shop.folder);
    assert.deepEqual(
      taps.map(({ id }) => id),
      city.answered.map(({ id }) => id),
    );
    assert.ok(Math.max(...transactions) < 120_000, transactions.join());
    assert.deepEqual(await told(shop.folder), []);
  });
});
