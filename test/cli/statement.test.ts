/** `holdfast statement` and `holdfast retain`, as processes of their own. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runToEnd } from '../crash/support/servers.ts';
import { Random } from '../engine/random.ts';
import { createCard, refund, setBlocked, topUp } from '../followers/support/cards.ts';
import { City } from '../followers/support/city.ts';
import { follow, Shop } from '../followers/support/shop.ts';
import { rowsOfFile, told } from '../followers/support/spoiled.ts';

const options = { timeout: 120_000 };

interface StatementJson {
  readonly opening: number;
  readonly balance: number;
  readonly from: number;
  readonly addsUp: boolean;
  readonly entries: readonly Readonly<Record<string, string | number | null>>[];
}

function statement(folder: string, ...words: string[]): ReturnType<typeof runToEnd> {
  return runToEnd(['statement', ...words, '--data', folder]);
}

describe('holdfast statement', () => {
  test('a statement has every movement of one card, each fare with its rule, and adds up', options, async (t) => {
    const shop = await Shop.open(t);
    const city = await City.build(shop, new Random(3), { cards: 3 });
    for (let nth = 0; nth < 6; nth += 1) await city.tap(40);
    const anna = await createCard(shop, 'anna', 1250, 'Anna A.');
    await topUp(shop, anna, 500);
    await refund(shop, anna, 5, 2);
    await setBlocked(shop, anna, true);
    // Beside the store that runs.
    const said = await statement(shop.folder, 'anna');
    assert.deepEqual([said.code, said.stderr], [0, '']);
    const lines = said.stdout.trimEnd().split('\n');
    assert.equal(lines[0], 'card anna  Anna A.  (blocked)');
    assert.match(lines[1]!, /^ {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}opening +12\.50 +12\.50$/);
    assert.match(lines[2]!, /Z {2}topUp +5\.00 +17\.50$/);
    assert.match(lines[3]!, /Z {2}refund +0\.05 +17\.55 {2}journey_0_2$/);
    assert.equal(lines[4], `  3 movements, in sum 17.55 EUR: what the card holds, at position ${shop.position}`);
    // A card that travelled, by what the views have of it.
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    const { cards = [], entries = [] } = await rowsOfFile(shop.folder);
    const { id, public_id: name, balance } = cards[0]!;
    const json = JSON.parse((await statement(shop.folder, String(name), '--json')).stdout) as StatementJson;
    assert.deepEqual([json.opening, json.balance, json.from, json.addsUp], [0, balance, 1, true]);
    const ofCard = entries.filter(({ card_id: card }) => card === id);
    assert.ok(ofCard.some(({ kind }) => kind === 'fare'));
    assert.deepEqual(
      json.entries.map((entry) => [entry['id'], entry['kind'], entry['amount'], entry['balance'], entry['rule']]),
      ofCard.map((entry) => [
        `entry_0_${Number(entry['id'])}`,
        entry['kind'],
        entry['amount'],
        entry['balance'],
        entry['rule'],
      ]),
    );
  });

  test('a statement of a trimmed log says from where it is known, and what was brought forward', options, async (t) => {
    const shop = await Shop.open(t);
    await createCard(shop, 'anna', 100);
    for (let nth = 0; nth < 1200; nth += 1) await topUp(shop, 0, 1);
    shop.snapshot();
    const snapshot = shop.position;
    await shop.log.trim(snapshot);
    await topUp(shop, 0, 7);
    const { code, stdout } = await statement(shop.folder, 'anna');
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`the log before position ${snapshot + 1} was trimmed`));
    assert.match(
      stdout,
      /brought forward +13\.00\n.*topUp +0\.07 +13\.07\n {2}1 movement, in sum 13\.07 EUR: what the card holds/,
    );
  });

  test(
    'a statement of no card, of too many, or of a folder without a store is refused in a sentence',
    options,
    async (t) => {
      const shop = await Shop.open(t);
      const refusals: readonly (readonly [RegExp, readonly string[]])[] = [
        [/there is no card nobody in /, ['nobody']],
        [/name one card/, []],
        [/name one card/, ['a', 'b']],
        [/--what/, ['a', '--what']],
      ];
      for (const [sentence, words] of refusals) {
        const { code, stderr } = await statement(shop.folder, ...words);
        assert.equal(code, 1);
        assert.match(stderr, sentence);
      }
      const { code, stderr } = await statement(`${shop.folder}/nothing`, 'anna');
      assert.equal(code, 1);
      assert.match(stderr, /has no store in it/);
    },
  );
});

describe('holdfast retain', () => {
  test('retain keeps the newest days, and refuses to keep fewer than late taps need', options, async (t) => {
    const shop = await Shop.open(t);
    const city = await City.build(shop, new Random(5));
    const retain = (...flags: string[]): ReturnType<typeof runToEnd> =>
      runToEnd(['retain', '--data', shop.folder, '--sql', 'sqlite', ...flags]);
    const none = await retain('--taps', '10');
    assert.deepEqual([none.code, none.stderr], [0, '']);
    assert.match(none.stdout, /has no taps yet/);
    for (let nth = 0; nth < 5; nth += 1) await city.tap(60);
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    const before = await rowsOfFile(shop.folder);
    const kept = await retain('--taps', '10');
    assert.deepEqual([kept.code, kept.stderr], [0, '']);
    assert.match(kept.stdout, /keeps the taps from \d{4}-\d\d-\d\d on\n$/);
    // All of them are of the last nine days.
    assert.deepEqual(await rowsOfFile(shop.folder), before);
    for (const [flags, sentence] of [
      [['--taps', '9'], /--taps is "9"; it may be a whole number from 10/],
      [['--taps', 'ten'], /--taps is "ten"/],
      [[], /--taps DAYS/],
      [['--taps', '10', '--sql', 'none'], /name the database/],
    ] as const) {
      const { code, stderr } = await retain(...flags);
      assert.equal(code, 1);
      assert.match(stderr, sentence);
    }
    assert.deepEqual(await told(shop.folder), []);
  });
});
