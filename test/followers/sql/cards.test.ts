/**
 * Cards and their money in SQL: each movement once, whatever ends the follower; and `reconcile` and
 * its repair know what no state keeps.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Random, seedsFor } from '../../engine/random.ts';
import { createCard, currency, issueCards, refund, setBlocked, topUp } from '../support/cards.ts';
import { Flaky } from '../support/flaky.ts';
import { follow, Shop, viewsIn } from '../support/shop.ts';
import { repaired, rowsOfFile, spoil, told } from '../support/spoiled.ts';
import type { Row } from '../support/sql-rows.ts';

/** What cards must hold, counted by hand beside the store. */
class Wallets {
  readonly cards: Row[] = [];
  readonly entries: Row[] = [];
  private readonly shop: Shop;
  private readonly random: Random;

  constructor(shop: Shop, random: Random) {
    this.shop = shop;
    this.random = random;
  }

  async step(): Promise<void> {
    const { shop, random, cards } = this;
    const amount = 1 + random.below(5000);
    if (cards.length === 0 || random.chance(15)) {
      const name = random.chance(50) ? `O'Neill “${cards.length}”` : null;
      const opening = random.chance(50) ? amount : 0;
      await createCard(shop, `card ${cards.length}`, opening, name);
      this.made(`card ${cards.length}`, name);
      if (opening > 0) this.moved('opening', cards.length - 1, opening);
      return;
    }
    const card = random.below(cards.length);
    const dice = random.below(100);
    if (dice < 20) {
      const blocked = cards[card]!['status'] === 'active';
      await setBlocked(shop, card, blocked);
      cards[card] = { ...cards[card], status: blocked ? 'blocked' : 'active' };
    } else if (dice < 40) {
      await refund(shop, card, amount, 7);
      this.moved('refund', card, amount, 7);
    } else {
      assert.equal(await topUp(shop, card, amount), Number(cards[card]!['balance']) + amount);
      this.moved('topUp', card, amount);
    }
  }

  /** The same columns of what was found. */
  async assertIn(folder: string): Promise<void> {
    const { cards = [], entries = [] } = await rowsOfFile(folder);
    assert.deepEqual(alike(cards, this.cards), this.cards);
    assert.deepEqual(alike(entries, this.entries), this.entries);
  }

  private made(id: string, name: string | null): void {
    this.cards.push({
      id: this.cards.length + 1,
      public_id: id,
      name,
      category: 'adult',
      status: 'active',
      balance: 0,
    });
  }

  private moved(kind: string, card: number, amount: number, journey: number | null = null): void {
    const balance = Number(this.cards[card]!['balance']) + amount;
    this.cards[card] = { ...this.cards[card], balance };
    const rest = { journey, rule: null, day: null, run: null, position: this.shop.position };
    this.entries.push({ id: this.entries.length + 1, card_id: card + 1, kind, amount, currency, balance, ...rest });
  }
}

function alike(found: readonly Row[], like: readonly Row[]): Row[] {
  return found.map((row, at) =>
    Object.fromEntries(Object.keys(like[at] ?? row).map((name) => [name, row[name] ?? null])),
  );
}

describe('cards in SQL', () => {
  for (const seed of seedsFor(4)) {
    test(`cards and their money are in the tables as they were moved, each once, seed ${seed}`, async (t) => {
      const shop = await Shop.open(t);
      const random = new Random(seed);
      const wallets = new Wallets(shop, random);
      const flaky = new Flaky(seed, viewsIn(shop.folder));
      const open = async (): Promise<ReturnType<Flaky['open']>> => flaky.open();
      let following = await follow(t, shop.folder, open);
      for (let step = 0; step < 120; step += 1) {
        await wallets.step();
        if (random.chance(15)) await following.follower.step();
        if (random.chance(6)) {
          // A follower that ends, wherever it is, and another one.
          await following.end();
          if (random.chance(40)) shop.snapshot();
          following = await follow(t, shop.folder, open);
        }
      }
      await following.catchUp();
      await wallets.assertIn(shop.folder);
      assert.deepEqual(await told(shop.folder), []);
      // What a rebuild makes by a replay is what was followed.
      const before = await rowsOfFile(shop.folder);
      await repaired(shop.folder);
      assert.deepEqual(await rowsOfFile(shop.folder), before);
    });
  }

  test('many cards that one record issues are as many rows', async (t) => {
    const shop = await Shop.open(t);
    const { catchUp } = await follow(t, shop.folder);
    await issueCards(shop, 10_000, 50);
    await issueCards(shop, 10_000);
    await catchUp();
    const { cards = [], entries = [] } = await rowsOfFile(shop.folder);
    assert.deepEqual([cards.length, entries.length], [20_000, 10_000]);
    assert.equal(new Set(cards.map(({ public_id: id }) => id)).size, 20_000);
    assert.deepEqual(await told(shop.folder), []);
  });

  test('reconcile names entries that were changed, lost or added, and a repair makes them of the log', async (t) => {
    const shop = await Shop.open(t);
    await createCard(shop, 'anna', 500);
    await createCard(shop, 'bert');
    for (let nth = 0; nth < 30; nth += 1) await topUp(shop, nth % 2, 100 + nth);
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    const before = await rowsOfFile(shop.folder);
    spoil(
      shop.folder,
      `update entries set amount = amount + 1, booked_at_ms = 1 where id = 5;
       delete from entries where id in (1, 31);
       insert into entries select 99, card_id, kind, amount, currency, balance, null, null, null, null, null, 1, 1 from entries where id = 2;
       update cards set balance = 7 where id = 2;`,
    );
    assert.deepEqual(await told(shop.folder), [
      'cards 2 differs balance',
      'entries 1 missing ',
      'entries 5 differs amount,booked_at_ms',
      'entries 31 missing ',
      'entries 99 extra ',
    ]);
    await repaired(shop.folder);
    assert.deepEqual(await rowsOfFile(shop.folder), before);
    assert.deepEqual(await told(shop.folder), []);
  });

  test('of a trimmed log, entries stay that were written before, and are compared by number and sum', async (t) => {
    const shop = await Shop.open(t);
    await createCard(shop, 'anna', 500);
    await createCard(shop, 'bert');
    const load = async (times: number): Promise<void> => {
      for (let nth = 0; nth < times; nth += 1) await topUp(shop, nth % 2, 100 + nth);
    };
    await load(1200);
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    shop.snapshot();
    await shop.log.trim(shop.position);
    assert.ok(shop.log.start() > 1, 'something was trimmed');
    await load(20);
    await catchUp();
    assert.deepEqual(await told(shop.folder), []);
    spoil(
      shop.folder,
      'update entries set amount = amount + 3 where id = 6; delete from entries where id in (9, 1210)',
    );
    assert.deepEqual(await told(shop.folder), [
      'entries 9 missing ',
      'cards 1 differs sum of the entries up to 1201',
      'cards 2 differs sum of the entries up to 1201',
      'entries 1210 missing ',
    ]);
    // A repair has what the log has, and says nothing of what it cannot know.
    await repaired(shop.folder);
    const { entries = [], cards = [] } = await rowsOfFile(shop.folder);
    assert.deepEqual(
      entries.map(({ id }) => Number(id)),
      Array.from({ length: 20 }, (_, at) => 1202 + at),
    );
    assert.deepEqual(
      cards.map(({ balance }) => balance),
      [0, 1].map((card) => shop.node.engine.state.cards.balanceOf(card)),
    );
    assert.deepEqual(await told(shop.folder), []);
  });

  test('a follower of a trimmed log begins with the oldest snapshot, and has all that the log still tells', async (t) => {
    const shop = await Shop.open(t);
    await createCard(shop, 'anna');
    for (let nth = 0; nth < 1200; nth += 1) await topUp(shop, 0, 1);
    shop.snapshot();
    await shop.log.trim(shop.position);
    for (let nth = 0; nth < 10; nth += 1) await topUp(shop, 0, 2);
    shop.snapshot();
    await topUp(shop, 0, 3);
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    const { entries = [] } = await rowsOfFile(shop.folder);
    assert.deepEqual(
      entries.map(({ amount }) => amount),
      [...Array.from({ length: 10 }, () => 2), 3],
    );
    assert.deepEqual(await told(shop.folder), []);
  });
});
