/**
 * One table says what a minor unit is, in every place that shows, reads or stores a price, on both
 * runtimes.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import {
  currencies,
  currenciesPublished,
  currencyName,
  formatPrice,
  isCurrency,
  minorDigits,
  toDecimal,
  toMinorUnits,
} from '../../sdk/src/index.ts';
import { readTerms } from '../../src/cli/import/terms.ts';
import { hundredthsOf, priceLimits, readPrice } from '../../src/doors/drops/input.ts';
import { root } from '../support/sources.ts';
import { money } from '../../web/src/shared/format.ts';

/**
 * Where ISO 4217 and what a runtime's `Intl` shows differ, on one runtime or the other, and some
 * where they agree.
 */
const known: readonly (readonly [code: string, digits: number])[] = [
  ...['AFN', 'ALL', 'COP', 'HUF', 'IDR', 'IRR', 'KPW', 'LAK', 'LBP', 'MGA', 'MMK', 'PKR', 'SOS', 'SYP', 'YER'].map(
    (code) => [code, 2] as const,
  ),
  ...['EUR', 'USD', 'XCG', 'ZWG'].map((code) => [code, 2] as const),
  ...['JPY', 'KRW', 'ISK', 'XOF', 'CLP', 'VND', 'UGX', 'UYI'].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
];
/** Gone from the list, never on it, and without a minor unit. */
const unknown = ['HRK', 'BGN', 'ANG', 'XYZ', 'XAU', 'XDR', 'XTS', 'usd', 'US', 'constructor'];

/** The digits of a text, without what a language puts between and around them. */
const bare = (text: string): string => (/\d[\d.,]*/.exec(text)?.[0] ?? '').replaceAll(',', '');

describe('the table', () => {
  test('the table has the currencies of ISO 4217, each once, with the digits of its minor unit', () => {
    assert.match(currenciesPublished, /^20\d\d-\d\d-\d\d$/);
    assert.ok(currencies.length > 160);
    const codes = currencies.map(([code]) => code);
    assert.deepEqual(codes, [...new Set(codes)].toSorted());
    for (const [code, digits, name] of currencies) {
      assert.match(code, /^[A-Z]{3}$/);
      assert.ok(Number.isInteger(digits) && digits >= 0 && digits <= 4, code);
      assert.equal(currencyName(code), name);
      assert.ok(name.length > 2, code);
    }
    for (const [code, digits] of known) assert.deepEqual([isCurrency(code), minorDigits(code)], [true, digits], code);
  });

  test('the table lacks codes that are no money; an old price in one has two digits', () => {
    for (const code of unknown) {
      assert.deepEqual([isCurrency(code), currencyName(code), minorDigits(code)], [false, null, 2], code);
    }
    assert.equal(bare(formatPrice({ amount: 1250, currency: 'HRK' }, 'en')), '12.50');
    assert.equal(bare(formatPrice({ amount: 1250, currency: 'XYZ' }, 'en')), '12.50');
  });

  for (const [dialect, name] of [
    ['sqlite', 'currencies'],
    ['postgres', 'holdfast.currencies'],
  ]) {
    test(`the table is the one in SQL, ${dialect}`, () => {
      const file = path.join(root, 'src/followers/sql/migrations', String(dialect), '0003_currencies.sql');
      const sql = readFileSync(file, 'utf8');
      const rows = currencies.map(
        ([code, digits, text]) => `  ('${code}', ${digits}, ${10 ** digits}, '${text.replaceAll("'", "''")}')`,
      );
      const statement = `insert into ${name} (code, minor_digits, minor_units, name) values\n${rows.join(',\n')};\n`;
      assert.ok(sql.includes(statement), `a new list is a new migration of the SQL views: ${file} is not of this one`);
    });
  }
});

describe('an amount', () => {
  test('an amount is the same in every place: typed as a flag, sent to the drops, shown on a page, written as a decimal', () => {
    for (const [currency, digits] of [...currencies, ...known]) {
      const whole = 2500 * 10 ** digits;
      const price = { amount: whole, currency };
      assert.deepEqual(readTerms({ price: '2500', currency }), { price }, currency);
      assert.equal(readPrice(2500, currency), whole, currency);
      assert.equal(toMinorUnits('2500', currency), whole, currency);
      assert.equal(money(price), formatPrice(price), currency);
      assert.equal(bare(formatPrice(price, 'en')), '2500', currency);
      const least = { amount: whole + 1, currency };
      const decimal = toDecimal(least);
      assert.equal(decimal, digits === 0 ? '2501' : `2500.${'1'.padStart(digits, '0')}`);
      assert.equal(toMinorUnits(decimal, currency), least.amount, currency);
      assert.deepEqual(readTerms({ price: decimal, currency }), { price: least }, currency);
      assert.equal(readPrice(decimal, currency), least.amount, currency);
      assert.equal(bare(formatPrice(least, 'en')), decimal, currency);
    }
  });

  test('an amount comes back from its decimal form, however small or large', () => {
    for (const currency of ['JPY', 'USD', 'KWD', 'CLF']) {
      for (const amount of [0, 1, 9, 10, 99, 100, 101, 1999, 123_456, 10_000_000_000, Number.MAX_SAFE_INTEGER]) {
        assert.equal(toMinorUnits(toDecimal({ amount, currency }), currency), amount, `${amount} ${currency}`);
      }
    }
  });

  test("a text with more digits than its currency, or beyond a number's range, is no amount", () => {
    for (const [decimal, currency] of [
      ['12.345', 'HUF'],
      ['12.0', 'JPY'],
      ['1.2345', 'KWD'],
      ['99999999999999.99', 'USD'],
      ['1,5', 'USD'],
      ['', 'USD'],
      ['.5', 'USD'],
      ['5.', 'USD'],
      ['-5', 'USD'],
      ['1e3', 'USD'],
      [' 5', 'USD'],
    ] as const) {
      assert.equal(toMinorUnits(decimal, currency), null, `${decimal} ${currency}`);
    }
  });
});

test('a currency that the list does not have is refused as a flag', () => {
  for (const currency of unknown) {
    assert.throws(() => readTerms({ price: '1', currency }), /^UserError: --currency is "/, currency);
  }
});

test('a price in the drops dialect has the digits of its currency, and its key those it always had', () => {
  assert.throws(() => readPrice(1.5, 'JPY'), /Price must be a number from 0 to 100000000, without decimals/);
  assert.throws(() => readPrice('1.2345', 'KWD'), /from 0 to 10000000, with at most three decimals/);
  assert.throws(() => readPrice(10_000_000.001, 'KWD'), /from 0 to 10000000/);
  assert.equal(readPrice(10_000_000, 'KWD'), priceLimits('KWD').most * 1000);
  const keys = [200, 199.99, '0.1', 1.15, 0].map((price) => [hundredthsOf(price), readPrice(price, 'USD')] as const);
  for (const [hundredths, cents] of keys) assert.equal(hundredths, cents);
  assert.equal(hundredthsOf('1.234'), 123.4);
});
