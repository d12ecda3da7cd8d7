/** What a gate decides by: the deny list, and what it risks on one card. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DenyListFeed } from '../../../sdk/src/index.ts';
import { DenyList } from '../../../sdk/src/gate/deny-list.ts';
import { entriesOf, Risk } from '../../../sdk/src/gate/risk.ts';

const ann = '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1';

function feed(next: string, items: DenyListFeed['items'], whole = false): DenyListFeed {
  return { items, whole, next, more: false, position: '0.1' };
}

describe('a deny list', () => {
  test('a deny list knows a card by its id and by its number, until it is off again', () => {
    const list = new DenyList();
    assert.equal(list.reasonOf(ann), null);
    list.take(feed('1', [{ card: ann.toUpperCase(), number: 4, change: 1, reason: 'CARD_BLOCKED' }], true));
    list.take(feed('2', [{ card: 'bob', number: 5, change: 1, reason: 'LOW_BALANCE' }]));
    assert.deepEqual(
      [list.reasonOf(ann), list.reasonOf(4), list.reasonOf(5)],
      ['CARD_BLOCKED', 'CARD_BLOCKED', 'LOW_BALANCE'],
    );
    assert.deepEqual([list.size, list.next], [2, '2']);
    list.take(feed('3', [{ card: ann, number: 4, change: 1, reason: null }]));
    assert.deepEqual([list.reasonOf(ann), list.reasonOf(4), list.size], [null, null, 1]);
  });

  test('a whole list takes the place of what was there', () => {
    const list = new DenyList();
    list.take(feed('1', [{ card: ann, number: 4, change: 1, reason: 'CARD_BLOCKED' }]));
    list.take(feed('9', [{ card: 'bob', number: 5, change: 1, reason: 'CARD_BLOCKED' }], true));
    assert.deepEqual([list.reasonOf(ann), list.reasonOf(4), list.reasonOf(5)], [null, null, 'CARD_BLOCKED']);
    const copy = new DenyList();
    copy.take(list.whole());
    assert.deepEqual([copy.reasonOf(5), copy.next, copy.size], ['CARD_BLOCKED', '9', 1]);
  });
});

describe('a risk limit', () => {
  test('a card goes in so many times within any hour, and others do not count', () => {
    const risk = new Risk({ entries: 2 });
    for (const atMs of [0, 1000]) {
      assert.ok(risk.allows(7, atMs));
      risk.note(7, atMs);
    }
    assert.ok(!risk.allows(7, 2000));
    assert.ok(!risk.allows(7, 3_599_999));
    assert.ok(risk.allows(8, 2000));
    assert.ok(risk.allows(7, 3_600_000), 'the first one is an hour ago');
    risk.note(7, 3_600_000);
    assert.ok(!risk.allows(7, 3_600_500));
  });

  test('an amount comes to as many entries as it holds', () => {
    assert.equal(entriesOf({ amount: 1999, perEntry: 500 }), 3);
    assert.equal(entriesOf({ amount: 0, perEntry: 500 }), 0);
    assert.ok(!new Risk({ entries: 0 }).allows(1, 0));
    for (const wrong of [{ entries: -1 }, { entries: 1.5 }, { amount: 5, perEntry: 0 }, { amount: NaN, perEntry: 1 }]) {
      assert.throws(() => new Risk(wrong), RangeError, JSON.stringify(wrong));
    }
  });
});
