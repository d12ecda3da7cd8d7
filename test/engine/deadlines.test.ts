import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Deadlines } from '../../src/engine/tables/deadlines.ts';
import { Random } from './random.ts';

type Entry = readonly [dueMs: number, hold: number];

const byDeadline = (one: Entry, other: Entry): number => one[0] - other[0] || one[1] - other[1];

function drain(deadlines: Deadlines): Entry[] {
  const entries: Entry[] = [];
  while (deadlines.length > 0) {
    entries.push([deadlines.firstDueMs(), deadlines.firstHold()]);
    deadlines.pop();
  }
  return entries;
}

test('entries come out by deadline and then by hold, over several segments', () => {
  const random = new Random(1);
  const deadlines = new Deadlines();
  const expected: Entry[] = [];
  for (let i = 0; i < 20_000; i += 1) {
    // Few different times, so that many deadlines are equal.
    const entry: Entry = [1_700_000_000_000 + random.below(500), random.below(100_000)];
    deadlines.push(...entry);
    expected.push(entry);
  }
  assert.equal(deadlines.length, 20_000);
  assert.deepEqual(drain(deadlines), expected.sort(byDeadline));
});

test('pushes and pops in any order agree with a sorted array', () => {
  const random = new Random(2);
  const deadlines = new Deadlines();
  const sorted: Entry[] = [];
  for (let step = 0; step < 20_000; step += 1) {
    if (sorted.length > 0 && random.chance(45)) {
      deadlines.pop();
      sorted.shift();
    } else {
      const entry: Entry = [random.below(60), step];
      deadlines.push(...entry);
      const at = sorted.findIndex((other) => byDeadline(entry, other) < 0);
      sorted.splice(at < 0 ? sorted.length : at, 0, entry);
    }
    assert.equal(deadlines.length, sorted.length);
    assert.equal(deadlines.firstDueMs(), sorted[0]?.[0] ?? Infinity);
    if (sorted[0] !== undefined) assert.equal(deadlines.firstHold(), sorted[0][1]);
  }
  assert.deepEqual(drain(deadlines), sorted);
});

test('an empty heap is never due and has no entry', () => {
  const deadlines = new Deadlines();
  assert.equal(deadlines.firstDueMs(), Infinity);
  assert.throws(() => deadlines.pop(), /no deadline/);
  deadlines.push(5, 1);
  deadlines.pop();
  assert.equal(deadlines.firstDueMs(), Infinity);
});
