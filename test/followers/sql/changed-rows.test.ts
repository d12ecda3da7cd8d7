/** Which rows have to be written: each once, old ones only when they changed. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ChangedRows } from '../../../src/followers/sql/changed-rows.ts';
import { Random, seedsFor } from '../../engine/random.ts';

describe('changed rows', () => {
  test('changed rows are the new ones, and older ones that were named, ascending, each once', () => {
    const changed = new ChangedRows();
    changed.begin(10);
    for (const row of [7, 3, 7, 12, 3, 10]) changed.add(row);
    assert.deepEqual([...changed.take(13)], [3, 7, 10, 11, 12]);
    assert.deepEqual([...changed.take(13)], [], 'they count as written');
    changed.add(12);
    assert.deepEqual([...changed.take(14)], [12, 13]);
  });

  test('changed rows begin with all there is where nothing was written', () => {
    assert.deepEqual([...new ChangedRows().take(3)], [0, 1, 2]);
  });

  for (const seed of seedsFor(20)) {
    test(`changed rows agree with a set, seed ${seed}`, () => {
      const random = new Random(seed);
      const changed = new ChangedRows();
      let count = random.below(50_000);
      changed.begin(count);
      for (let round = 0; round < 10; round += 1) {
        const expected = new Set<number>();
        const before = count;
        for (let i = random.below(2000); i > 0; i -= 1) {
          const row = random.below(count + 100);
          changed.add(row);
          if (row < before) expected.add(row);
        }
        count += random.below(3000);
        for (let row = before; row < count; row += 1) expected.add(row);
        assert.deepEqual(
          [...changed.take(count)],
          [...expected].toSorted((one, other) => one - other),
        );
      }
    });
  }
});
