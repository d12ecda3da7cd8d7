import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyedHash } from '../../src/engine/base/keyed-hash.ts';
import { limitTag } from '../../src/engine/base/tags.ts';
import { LimitTable } from '../../src/engine/tables/limits.ts';

test('units are counted for each sale and each customer apart, whatever their numbers', () => {
  const limits = new LimitTable(new KeyedHash([1, 2, 3, 4]), limitTag, 'limits');
  const numbers = [0, 1, 255, 256, 65_536, 1 << 24, 0xffffffff];
  const pairs = numbers.flatMap((sale) => numbers.map((customer) => [sale, customer] as const));
  for (const [at, [sale, customer]] of pairs.entries()) limits.change(sale, customer, at + 1);
  for (const [at, [sale, customer]] of pairs.entries()) assert.equal(limits.unitsOf(sale, customer), at + 1);
  assert.equal(limits.rows, pairs.length);
});

test('returned units leave none', () => {
  const limits = new LimitTable(new KeyedHash([1, 2, 3, 4]), limitTag, 'limits');
  limits.change(1, 2, 3);
  limits.change(1, 2, -3);
  assert.equal(limits.unitsOf(1, 2), 0);
  assert.throws(() => limits.change(1, 2, -1), /fewer than no units/);
  assert.throws(() => limits.change(9, 9, -1), /fewer than no units/);
});
