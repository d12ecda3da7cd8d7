/** The sentences of the gates: each outcome says what it means and what to do next. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tapReasons } from '../../../sdk/src/gate/index.ts';
import type { TapOutcome } from '../../../sdk/src/index.ts';
import { amountOf, flagWords, reasonWords, ruleWords, spoken } from '../../../web/src/gates/words.ts';

const dollars = (amount: number): { amount: number; currency: string } => ({ amount, currency: 'USD' });

const open: TapOutcome = {
  gate: 'north-1',
  sequence: 1,
  card: 'ann',
  result: 'open',
  reason: null,
  flags: [],
  rule: 'zones 1-3, peak',
  fare: dollars(260),
  balance: dollars(1740),
  journey: 'journey_0_1',
  replayed: false,
};

describe('the words of the gates', () => {
  test('an exit is told with its fare, balance and rule', () => {
    assert.equal(spoken('north-1', 'out', open), 'Gate north-1 opens. Fare $2.60. Balance $17.40. Zones 1-3, peak.');
  });

  test('an entry begins a journey, and a free exit costs nothing', () => {
    const free = { ...open, fare: dollars(0), rule: null };
    assert.equal(spoken('north-1', 'in', free), 'Gate north-1 opens. The journey begins. Balance $17.40.');
    assert.equal(spoken('north-1', 'out', free), 'Gate north-1 opens. Nothing to pay. Balance $17.40.');
  });

  test('each reason of a live tap has a sentence that says what to do', () => {
    // What only a gate says of itself, never denies, or cannot happen on this page.
    for (const reason of tapReasons.filter((one) => !['DENIED_BY_GATE', 'NO_FARE', 'STATION_MISMATCH'].includes(one))) {
      assert.match(reasonWords(reason), /^[A-Z].*\. [A-Z].*\.$|^The tariff/, reason);
    }
    assert.equal(reasonWords('SOMETHING_NEW'), 'The store said SOMETHING_NEW.');
    assert.match(
      spoken('n', 'in', { ...open, result: 'deny', reason: 'LOW_BALANCE' }),
      /^Gate n stays shut\. The balance/,
    );
  });

  test('flags that a rider can use are told, and others are not', () => {
    assert.deepEqual(flagWords({ ...open, flags: ['NO_ENTRY', 'SOMETHING_NEW'] }), [
      'No entry was found for this exit, so it costs the maximum fare.',
    ]);
  });

  test('amounts below zero have their sign in front, and none has a currency before the first money', () => {
    assert.deepEqual(
      [amountOf(dollars(-520)), amountOf(dollars(2000)), amountOf({ amount: 0, currency: null })],
      ['−$5.20', '$20', '0'],
    );
    assert.deepEqual([ruleWords(open), ruleWords({ ...open, rule: null })], ['Zones 1-3, peak.', '']);
  });
});
