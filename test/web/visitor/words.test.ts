/**
 * Messages to a visitor: what is wrong with a name, why an action failed, and whether trying again
 * continues it.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HoldfastError } from '../../../sdk/src/index.ts';
import { maxNameLength, nameComplaint } from '../../../web/src/visitor/name-rules.ts';
import type { Attempt } from '../../../web/src/visitor/trouble.ts';
import { explain, isSettled, wishSentences } from '../../../web/src/visitor/trouble.ts';

function refused(code: string, status: number, resultUnknown = false): HoldfastError {
  const failure = { code, status, retryable: status === 0 || status >= 500, detail: 'Said by the store.', errors: [] };
  const call = { key: 'k', attempts: 1, resultUnknown, method: 'POST', path: '/' };
  return new HoldfastError({ ...failure, retryAfterMs: null, body: null }, call);
}

const attempts: readonly Attempt[] = ['reserve', 'buy', 'release', 'join', 'leave', 'register'];

describe('a name', () => {
  test('a name may have up to forty characters, not counting blanks around it', () => {
    assert.equal(nameComplaint('Ada'), null);
    assert.equal(nameComplaint(`  ${'x'.repeat(maxNameLength)}  `), null);
  });

  test('a name may not be empty or longer', () => {
    for (const name of ['', '   ', '\t']) assert.match(nameComplaint(name) ?? '', /^Type a name first/);
    assert.match(nameComplaint('x'.repeat(maxNameLength + 1)) ?? '', /^At most 40 characters/);
  });
});

describe('a failure', () => {
  test('a failure is told in words that say what to do next', () => {
    assert.match(explain(refused('SOLD_OUT', 409), 'reserve'), /Join the waitlist/);
    assert.match(explain(refused('SOLD_OUT', 409), 'join'), /waiting would not help/);
    assert.match(explain(refused('HOLD_EXPIRED', 410), 'buy'), /^The time was up/);
  });

  test("a failure without words of ours is told in the store's words, with its code", () => {
    assert.equal(explain(refused('STRANGE', 422), 'buy'), 'The store said no: Said by the store. (STRANGE)');
  });

  for (const attempt of attempts) {
    test(`any failure of a call says that trying again does no harm: ${attempt}`, () => {
      const [unknown, unreached, busy, ours] = [
        explain(refused('NO_ANSWER', 0, true), attempt),
        explain(refused('NO_ANSWER', 0), attempt),
        explain(refused('OVERLOADED', 503), attempt),
        explain(new TypeError('x'), attempt),
      ];
      assert.match(unknown, /^No answer came back\. /);
      assert.match(unreached, /^The store cannot be reached just now\. /);
      assert.match(busy, /^The store is catching its breath\. /);
      assert.match(ours, /^Something in this page went wrong\. /);
      const tails = [unknown, unreached, busy, ours].map((text) => text.slice(text.indexOf('. ') + 2));
      assert.equal(new Set(tails).size, 1, 'the same way out');
      assert.match(tails[0]!, /again/);
    });
  }

  test('a failure is settled when the store has judged, and open when the outcome is unknown or may change', () => {
    assert.ok(isSettled(refused('SOLD_OUT', 409)));
    assert.ok(!isSettled(refused('SOLD_OUT', 409, true)));
    assert.ok(!isSettled(refused('NO_ANSWER', 0)));
    assert.ok(!isSettled(refused('OVERLOADED', 503)));
    assert.ok(!isSettled(new TypeError('x')));
  });

  test('a failed wish for the best seats is told as a wish that cannot be met', () => {
    assert.deepEqual(Object.keys(wishSentences), ['NOT_TOGETHER', 'SOLD_OUT']);
  });
});
