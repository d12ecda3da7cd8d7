/** Times, prices and places in words. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ago, money, ordinal, span, spokenSpan, times } from '../../../web/src/shared/format.ts';

describe('a span', () => {
  for (const [ms, shown, spoken] of [
    [-5, '0', 'no time'],
    [0, '0', 'no time'],
    [1, '1', '1 second'],
    [59_000, '59', '59 seconds'],
    [59_001, '1:00', '1 minute'],
    [65_000, '1:05', '1 minute 5 seconds'],
    [3_599_999, '1:00:00', '1 hour'],
    [7_380_000, '2:03:00', '2 hours 3 minutes'],
    [47 * 3_600_000, '47:00:00', '47 hours'],
    [48 * 3_600_000, '2 days', '48 hours'],
  ] as const) {
    test(`a span of ${ms} ms is ${shown}, and for ears ${spoken}`, () => {
      assert.equal(span(ms), shown);
      assert.equal(spokenSpan(ms), spoken);
    });
  }

  test('a span that is over is told by its largest part', () => {
    assert.equal(ago(4000), 'just now');
    const told = [30, 90, 7200, 200_000].map((seconds) => ago(seconds * 1000));
    assert.equal(new Set(told).size, 4);
    for (const [at, number] of ['30', '2', '2', '2'].entries()) assert.ok(told[at]!.includes(number), told[at]);
  });
});

describe('a price', () => {
  const euros = (amount: number) => ({ amount, currency: 'EUR' });

  test('a price of nothing is free; one without cents shows none', () => {
    assert.equal(money(null), 'Free');
    assert.match(money(euros(1200)), /12/);
    assert.doesNotMatch(money(euros(1200)), /[.,]/);
    assert.match(money(euros(1250)), /12[.,]50/);
  });

  test('a price of several is multiplied in its smallest unit, and stays of its currency', () => {
    assert.deepEqual(times(euros(1999), 3), euros(5997));
    assert.deepEqual(times({ amount: 5, currency: 'JPY' }, 4), { amount: 20, currency: 'JPY' });
  });
});

test('a place in line has its ending', () => {
  const places = [1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111];
  const said = ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '22nd', '101st', '111th'];
  assert.deepEqual(places.map(ordinal), said);
});
