/** Through the hall by keys. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { layOut } from '../../../web/src/hall/layout.ts';
import type { Direction } from '../../../web/src/hall/steps.ts';
import { nextFree, rowEnd, sectionBeside, step } from '../../../web/src/hall/steps.ts';
import { hallOf, rows, seatIn } from '../support/halls.ts';

const hall = hallOf({ Left: rows(6, 8), Right: rows(6, 8), 'Back left': rows(4, 9), 'Back right': rows(4, 9) });
const layout = layOut(hall, 0.8);

function walk(from: string, ...directions: readonly Direction[]): string {
  let seat = seatIn(hall, from);
  for (const direction of directions) seat = step(hall, layout, seat, direction);
  return hall.idOf(seat);
}

describe('the arrow keys', () => {
  test('the arrow keys go along a row, over taken seats too, and back', () => {
    assert.equal(walk('Left-2-3', 'right', 'right'), 'Left-2-5');
    assert.equal(walk('Left-2-3', 'left'), 'Left-2-2');
  });

  test('the arrow keys go from row to row of a section, and back to where they were', () => {
    assert.equal(walk('Left-2-4', 'down'), 'Left-3-4');
    assert.equal(walk('Left-2-4', 'down', 'down', 'up', 'up'), 'Left-2-4');
  });

  test('the arrow keys cross an aisle, and the gap between tiers', () => {
    assert.match(walk('Left-3-8', 'right'), /^Right-\d-1$/);
    assert.match(walk('Right-3-1', 'left'), /^Left-\d-8$/);
    assert.match(walk('Left-6-4', 'down'), /^Back left-1-/);
    assert.match(walk('Back left-1-3', 'up'), /^Left-6-/);
  });

  test('the arrow keys stay at the edge of the hall', () => {
    assert.equal(walk('Left-1-1', 'left'), 'Left-1-1');
    assert.equal(walk('Back right-4-9', 'down'), 'Back right-4-9');
    assert.equal(walk('Right-1-3', 'up'), 'Right-1-3');
  });

  test('the arrow keys reach every seat', () => {
    const reached = new Set([0]);
    for (const seat of reached) {
      for (const direction of ['left', 'right', 'up', 'down'] as const)
        reached.add(step(hall, layout, seat, direction));
    }
    assert.equal(reached.size, hall.count);
  });
});

test('Home and End go to the ends of the row, and Page Up and Down to the sections', () => {
  const seat = seatIn(hall, 'Right-2-3');
  assert.equal(hall.idOf(rowEnd(hall, seat, 'first')), 'Right-2-1');
  assert.equal(hall.idOf(rowEnd(hall, seat, 'last')), 'Right-2-8');
  assert.equal(hall.idOf(sectionBeside(hall, seat, 1)), 'Back left-1-1');
  assert.equal(hall.idOf(sectionBeside(hall, seat, -1)), 'Left-1-1');
  assert.equal(sectionBeside(hall, 0, -1), 0);
});

test('the next free seat is found round the end of the hall, and not in a full one', () => {
  const small = hallOf({ A: [4] }, ['A-1-1', 'A-1-2', 'A-1-4']);
  assert.equal(nextFree(small, 0, 1), 2);
  assert.equal(nextFree(small, 3, 1), 2);
  assert.equal(nextFree(small, 0, -1), 2);
  small.setState(2, 'sold');
  assert.equal(nextFree(small, 0, 1), -1);
});
