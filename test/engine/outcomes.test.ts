import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf, outcomes } from '../../src/engine/outcomes.ts';

const rows = Object.entries(outcomes);

test('every outcome is found by its number, and its code is its name', () => {
  for (const [code, row] of rows) {
    assert.equal(outcomeOf(row.number), row);
    assert.equal(row.code, code);
  }
});

test('the table stands in the order of precedence', () => {
  const numbers = rows.map(([, row]) => row.number);
  assert.deepEqual(
    numbers,
    [...numbers].sort((one, other) => one - other),
  );
  assert.equal(new Set(numbers).size, numbers.length);
});

test('numbers are in the log and never change', () => {
  const numbers = Object.fromEntries(rows.map(([code, { number }]) => [code, number]));
  assert.deepEqual(numbers, {
    OK: 0,
    NO_EFFECT: 1,
    KEY_REUSED: 10,
    KEYS_FULL: 12,
    TOO_LATE: 14,
    UNKNOWN_SALE: 20,
    UNKNOWN_HOLD: 21,
    UNKNOWN_ORDER: 22,
    UNKNOWN_LINE: 23,
    CUSTOMER_EXISTS: 24,
    UNKNOWN_ENTRY: 25,
    UNKNOWN_SEAT: 26,
    UNKNOWN_SECTION: 27,
    UNKNOWN_CUSTOMER: 28,
    EMAIL_TAKEN: 29,
    INVALID_QUANTITY: 30,
    CUSTOMER_REQUIRED: 31,
    CURRENCY_MISMATCH: 32,
    INVALID_WINDOW: 33,
    SEATS_REQUIRED: 34,
    NO_SEATS: 35,
    NOT_YOURS: 36,
    SEAT_REPEATED: 37,
    BEST_ALONE: 38,
    CAPACITY_FOLLOWS: 39,
    HOLD_CONFIRMED: 40,
    HOLD_RELEASED: 41,
    HOLD_EXPIRED: 42,
    ORDER_CANCELLED: 44,
    LINE_CANCELLED: 45,
    ENTRY_ENDED: 46,
    SEAT_EXISTS: 48,
    CLOSED: 50,
    PAUSED: 51,
    NOT_OPEN: 52,
    LIMIT_REACHED: 60,
    HOLDS_TOO_MUCH: 61,
    SOLD_OUT: 70,
    SEAT_TAKEN: 71,
    STILL_AVAILABLE: 72,
    NOT_TOGETHER: 73,
    WAITLIST_FULL: 74,
    CAPACITY_TOO_LOW: 80,
    SALE_NOT_EMPTY: 82,
    UNKNOWN_CARD: 90,
    UNKNOWN_GATE: 91,
    UNKNOWN_STATION: 92,
    CARD_EXISTS: 93,
    GATE_EXISTS: 94,
    UNKNOWN_CATEGORY: 95,
    TARIFF_IN_PAST: 96,
    INVALID_TARIFF: 97,
    BALANCE_LIMIT: 98,
    INVALID_AMOUNT: 99,
    MARK_MOVED: 100,
    ADJUSTED_ALREADY: 101,
    SUM_MOVED: 102,
    UNKNOWN_KEY: 103,
    TARIFF_LIMIT: 104,
  });
});

test('every outcome has a status and a sentence; only a refusal that may pass is retryable', () => {
  for (const [code, { number, status, sentence, retryable }] of rows) {
    assert.match(sentence, /^[A-Z].*\.$/, code);
    assert.ok(number < 10 ? status === 200 : status >= 400 && status < 600, code);
    assert.ok(number < 256, 'a key keeps its outcome in a byte');
    if (status === 503) assert.ok(retryable, code);
    if (number < 10) assert.ok(!retryable, code);
  }
});

test('a number in no table is an error', () => {
  for (const number of [2, 11, 255, -1]) assert.throws(() => outcomeOf(number), /no outcome/);
});
