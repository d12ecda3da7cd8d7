/** Terms of a sale as flags: money in whole minor units of any currency. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTerms } from '../../../src/cli/import/terms.ts';

test('a price is exact in the minor units of its currency', () => {
  const prices: readonly (readonly [string, string, number | null])[] = [
    ['12.50', 'EUR', 1250],
    ['12.5', 'EUR', 1250],
    ['12', 'EUR', 1200],
    ['0', 'EUR', 0],
    ['0.29', 'USD', 29],
    ['1.15', 'USD', 115],
    ['19.99', 'USD', 1999],
    ['100000000', 'USD', 10_000_000_000],
    ['100000000.01', 'USD', null],
    ['1250', 'JPY', 1250],
    ['1250.5', 'JPY', null],
    ['1.234', 'KWD', 1234],
    ['1.2345', 'KWD', null],
    ['12,50', 'EUR', null],
    ['-1', 'EUR', null],
    ['1e3', 'EUR', null],
    ['.5', 'EUR', null],
    ['', 'EUR', null],
  ];
  for (const [price, currency, amount] of prices) {
    const read = (): object => readTerms({ price, currency });
    if (amount === null) assert.throws(read, /^UserError: --price is /, `${price} ${currency}`);
    else assert.deepEqual(read(), { price: { amount, currency } }, `${price} ${currency}`);
  }
});

test('terms that are not given are left out', () => assert.deepEqual(readTerms({}), {}));
