/** The countdown of a hold: never too early, never below nothing, and spoken when it matters. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSpoken, timeLeft } from '../../../web/src/shop/countdown.ts';
import type { Deal, HeldStock } from '../../../web/src/visitor/deal.ts';
import { keptOf, soonestOf } from '../../../web/src/visitor/deal.ts';

function holdUntil(expiresAtMs: number, entry: string | null = null): HeldStock {
  return { id: `hold ${expiresAtMs}`, quantity: 1, seats: [], startedMs: 1000, expiresAtMs, entry };
}

function heldUntil(expiresAtMs: number): Deal {
  return { kind: 'held', hold: holdUntil(expiresAtMs), busy: null };
}

describe('the time that is left', () => {
  const hold = holdUntil(61_000);

  test('the time that is left is the whole hold at first, also by a clock that is behind', () => {
    assert.deepEqual(timeLeft(hold, 1000), { ms: 60_000, seconds: 60, share: 1 });
    assert.deepEqual(timeLeft(hold, 0), { ms: 61_000, seconds: 61, share: 1 });
  });

  test('the time that is left includes the second that has begun, and shows zero only at the end', () => {
    assert.equal(timeLeft(hold, 60_001).seconds, 1);
    assert.equal(timeLeft(hold, 60_999).seconds, 1);
    assert.deepEqual(timeLeft(hold, 61_000), { ms: 0, seconds: 0, share: 0 });
  });

  test('the time that is left never goes below nothing', () => {
    assert.deepEqual(timeLeft(hold, 99_000), { ms: 0, seconds: 0, share: 0 });
    assert.deepEqual(timeLeft(holdUntil(1000), 1000), { ms: 0, seconds: 0, share: 0 });
  });
});

describe('the time is spoken', () => {
  test('the time is spoken once when it comes below half a minute and below ten seconds, however far it jumps', () => {
    const spoken: number[] = [];
    let before = 60;
    for (const seconds of [45, 31, 30, 29, 11, 10, 9, 1, 0]) {
      if (isSpoken(before, seconds)) spoken.push(seconds);
      before = seconds;
    }
    assert.deepEqual(spoken, [30, 10]);
    assert.ok(isSpoken(60, 5), 'a page that slept');
  });

  test('the time is not spoken at the beginning of a short hold, nor when it is over', () => {
    assert.ok(!isSpoken(25, 25));
    assert.ok(!isSpoken(25, 24));
    assert.ok(!isSpoken(12, 0));
  });
});

describe('several holds', () => {
  test('the one that ends first is the one that is shown', () => {
    const none: Deal = { kind: 'none' };
    const deals: [string, Deal][] = [
      ['a', heldUntil(9000)],
      ['b', none],
      ['c', heldUntil(5000)],
    ];
    assert.equal(soonestOf(deals)?.sale, 'c');
    assert.equal(soonestOf([['b', none]]), null);
  });

  test('what outlives the page is the hold, with the place in line that brought it, or the place', () => {
    assert.deepEqual(keptOf(heldUntil(9000)), { hold: 'hold 9000' });
    assert.deepEqual(keptOf({ kind: 'held', hold: holdUntil(9, 'e'), busy: 'buying' }), { hold: 'hold 9', entry: 'e' });
    assert.deepEqual(keptOf({ kind: 'waiting', entry: 'e', place: 3, leaving: false }), { entry: 'e' });
    for (const kind of ['none', 'reserving', 'joining'] as const) assert.equal(keptOf({ kind }), null);
    assert.equal(keptOf({ kind: 'lapsed', offered: true, seats: [] }), null);
  });
});
