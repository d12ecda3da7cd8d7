import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column } from '../../../src/engine/base/columns.ts';
import { ByteColumn, NumberColumn, segmentRows, WordColumn } from '../../../src/engine/base/columns.ts';

const columns: readonly (readonly [name: string, make: () => Column, values: readonly number[]])[] = [
  ['bytes', () => new ByteColumn(), [0, 1, 255]],
  ['words', () => new WordColumn(), [0, 1, 0x7fffffff, 0x80000000, 0xffffffff]],
  ['numbers', () => new NumberColumn(), [0, -1, 0.5, 2 ** 53, -Infinity, Infinity, NaN]],
];

for (const [name, make, values] of columns) {
  test(`a column of ${name} keeps what is written, over several segments`, () => {
    const column = make();
    const rows = 3 * segmentRows + 5;
    for (let row = 0; row < rows; row += 1) column.set(row, values[row % values.length]!);
    for (let row = 0; row < rows; row += 1) {
      // Object.is by hand: one assertion a row would take longer than all the rest.
      const value = column.get(row);
      if (!Object.is(value, values[row % values.length])) assert.fail(`row ${row} is ${value}`);
    }
    assert.equal(column.segments.length, 4);
  });

  test(`a column of ${name} grows without moving what is there`, () => {
    const column = make();
    column.set(0, 1);
    const [first] = column.segments;
    for (let row = 0; row <= 2 * segmentRows; row += segmentRows) column.set(row, 1);
    assert.equal(column.segments[0], first);
    assert.equal(column.segments.length, 3);
    assert.ok(column.segments.every((segment) => segment.length === segmentRows));
  });

  test(`a column of ${name} is written in order`, () => {
    const column = make();
    assert.throws(() => column.set(segmentRows, 1), /leaves a gap/);
    column.set(0, 1);
    assert.throws(() => column.set(2 * segmentRows, 1), /leaves a gap/);
    column.set(0, 0);
    assert.equal(column.get(0), 0);
  });
}
