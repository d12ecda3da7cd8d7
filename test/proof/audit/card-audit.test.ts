/**
 * The books of cards: over a real log, and what they find in journals that are wrong in one thing.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KeyedHash } from '../../../src/engine/base/keyed-hash.ts';
import { CardTable } from '../../../src/engine/tables/cards.ts';
import { entryKinds, Journal } from '../../../src/engine/tables/journal.ts';
import { CardAudit, auditCards } from '../../../src/proof/audit/card-audit.ts';
import { buildCity } from '../../../src/proof/taps/city.ts';
import { withFolder } from '../../log/support/folders.ts';

test('a city without taps has its opening balances, and nothing else', () =>
  withFolder(async (folder) => {
    await buildCity(folder, 3, 1000);
    const { marks, records, ...books } = await auditCards(folder);
    const openings = 990 * 50_000 + 10 * 150;
    const none = {
      taps: 0,
      open: 0,
      denied: 0,
      journeys: 0,
      topUps: 0,
      fares: 0,
      refunds: 0,
      adjustments: 0,
      tapFares: 0,
    };
    assert.deepEqual(books, { cards: 1000, balances: openings, openings, ...none, problems: [] });
    assert.equal(marks.size, 0);
    assert.ok(records > 5);
  }));

interface Written {
  /** Numbers of the taps of one gate, in order. */
  readonly taps?: readonly number[];
  /** Kind, amount, balance right after, and the base of the rule. */
  readonly entries?: readonly (readonly [kind: number, amount: number, balance: number, base?: number])[];
  /** What the journey of all fares says that it cost. */
  readonly journey?: number;
}

/** What the books find in a journal that says this of one card. */
function found({ taps = [], entries = [], journey }: Written, balance: number): readonly string[] {
  const journal = new Journal();
  journal.collecting = true;
  for (const sequence of taps) {
    const at = journal.taps.add();
    journal.taps.epoch[at] = 1;
    journal.taps.sequence[at] = sequence;
  }
  for (const [kind, amount, after, base = 1] of entries) {
    const rows = journal.entries;
    const at = rows.add();
    rows.kind[at] = kind;
    rows.amount[at] = amount;
    rows.balance[at] = after;
    rows.journey[at] = 1;
    rows.ruleTerms[at] = base;
  }
  if (journey !== undefined) {
    const at = journal.journeys.add();
    journal.journeys.number[at] = 1;
    journal.journeys.fare[at] = journey;
  }
  const cards = new CardTable(new KeyedHash([1, 2, 3, 4]));
  cards.findUnused();
  cards.balance.set(cards.add(new Uint8Array(0), null, 0, 0), balance);
  const audit = new CardAudit();
  audit.take(journal);
  // A record that adds no rows leaves those of the one before.
  audit.take(journal);
  return audit.end({ cards, journal }).problems;
}

const { opening, fare, topUp } = entryKinds;
const sound: Written = {
  taps: [1, 2],
  entries: [
    [opening, 1000, 1000],
    [fare, -200, 800],
    [topUp, 50, 850],
  ],
  journey: 200,
};

describe('the books of cards', () => {
  test('they find nothing in a sound journal', () => {
    assert.deepEqual(found(sound, 850), []);
  });

  test('a tap that is counted twice, or left out', () => {
    for (const [taps, said] of [
      [[1, 1], 'number 1 of gate 0 after 1'],
      [[1, 3], 'number 3 of gate 0 after 1'],
    ] as const) {
      assert.deepEqual(found({ ...sound, taps }, 850), [`a tap is counted twice, or out of turn: ${said}`]);
    }
  });

  test('a balance that is not the sum of its entries, or came from nowhere', () => {
    const entries = [
      [opening, 1000, 1000],
      [fare, -200, 801],
      [topUp, 50, 850],
    ] as const;
    assert.deepEqual(found({ ...sound, entries }, 850), [
      'a balance is not the sum of its entries: card 0 has 801, not 800',
    ]);
    assert.deepEqual(found(sound, 851), [
      'a card holds what no entry gave it: card 0 has 851, not 850',
      'the money does not add up: the balances are 851, and all movements come to 850',
    ]);
  });

  test('a fare without a rule, and a journey that says another fare than was paid', () => {
    const entries = [
      [opening, 1000, 1000],
      [fare, -200, 800, 0],
    ] as const;
    assert.deepEqual(found({ ...sound, entries }, 800), ['a fare names no rule, or no journey: entry 1 of -200']);
    assert.deepEqual(found({ ...sound, journey: 250 }, 850), [
      'a journey is not what its card paid for it: journey 1 costs 250, and 200 was paid',
    ]);
  });
});
