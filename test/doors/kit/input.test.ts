/** Numbers that requests name, in a body, a form or a query. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkWhole, numberIn, readParameter, readWhole } from '../../../src/doors/kit/input.ts';

describe('digits', () => {
  test('digits without a leading zero are a number', () => {
    for (const [text, number] of [
      ['0', 0],
      ['7', 7],
      ['2147483647', 2147483647],
      ['9999999999', 9999999999],
    ] as const) {
      assert.equal(numberIn(text), number);
    }
    for (const text of ['', ' ', '07', '00', '+7', '-7', '7.0', '7e1', '0x7', ' 7', '7\n', '10000000000', '٧']) {
      assert.equal(numberIn(text), null, JSON.stringify(text));
    }
  });
});

describe('a whole number', () => {
  test('a whole number is taken within its limits, both included', () => {
    assert.deepEqual(
      [2, 5].map((value) => checkWhole(value, 'n', 2, 5)),
      [2, 5],
    );
    assert.deepEqual(
      ['2', '5', 3].map((value) => readWhole(value, 'n', 2, 5)),
      [2, 5, 3],
    );
  });

  test('a value that is not a whole number is refused with its name and limits', () => {
    const refused = { detail: 'n must be a whole number from 2 to 5' };
    for (const value of [1, 6, 2.5, NaN, Infinity, null, undefined, true, [3], {}]) {
      assert.throws(() => checkWhole(value, 'n', 2, 5), refused);
      assert.throws(() => readWhole(value, 'n', 2, 5), refused);
    }
    assert.throws(() => checkWhole('3', 'n', 2, 5), refused);
    for (const text of ['1', '6', '03', '3.0', '', 'x']) assert.throws(() => readWhole(text, 'n', 2, 5), refused);
  });

  test('a whole number in a query has a default when absent, and none when empty', () => {
    const query = new URLSearchParams('page=3&limit=');
    assert.equal(readParameter(query, 'page', 1, 1, 9), 3);
    assert.equal(readParameter(query, 'size', 4, 1, 9), 4);
    assert.throws(() => readParameter(query, 'limit', 4, 1, 9), { detail: 'limit must be a whole number from 1 to 9' });
  });
});
