/** What streams remember of changes, against a plain list of them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RecentChanges, WatchedRows } from '../../../src/doors/v1/stream-changes.ts';

/** Fractions from 0 to 1, the same for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('recent changes', () => {
  test('recent changes give the rows behind any position, newest first, as a list of all changes would', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const next = random(seed);
      const recent = new RecentChanges();
      const last = new Map<number, number>();
      for (let position = 1; position <= 200; position += 1) {
        const row = Math.floor(next() ** 2 * 40);
        recent.note(row, position);
        // Again at the same position: one record may change a row twice.
        if (next() < 0.1) recent.note(row, position);
        last.set(row, position);
        const from = Math.floor(next() * position);
        const expected = [...last].filter(([, at]) => at > from).toSorted(([, one], [, other]) => other - one);
        assert.deepEqual(
          [...recent.after(from)],
          expected.map(([each]) => each),
          `seed ${seed}, position ${position}`,
        );
        for (const [each, at] of last) assert.equal(recent.positionOf(each), at);
      }
    }
  });

  test('recent changes know nothing of a row that did not change', () => {
    const recent = new RecentChanges();
    assert.equal(recent.positionOf(3), 0);
    recent.note(5, 9);
    assert.equal(recent.positionOf(3), 0);
    assert.deepEqual([...recent.after(0)], [5]);
    assert.deepEqual([...recent.after(9)], []);
  });
});

describe('watched rows', () => {
  test('watched rows are kept as long as a reader watches them', () => {
    const rows = new WatchedRows();
    assert.equal(rows.note(1, 5), false);
    rows.watch(1);
    rows.watch(1);
    assert.equal(rows.note(1, 6), true);
    assert.deepEqual([rows.changedAfter(1, 5), rows.changedAfter(1, 6), rows.changedAfter(2, 0)], [true, false, false]);
    rows.unwatch(1);
    assert.equal(rows.note(1, 7), true);
    rows.unwatch(1);
    rows.unwatch(1);
    assert.deepEqual([rows.size, rows.note(1, 8), rows.changedAfter(1, 0)], [0, false, false]);
  });
});
