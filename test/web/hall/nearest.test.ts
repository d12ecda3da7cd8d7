/** The offer for seats that were lost in a race. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Hall } from '../../../web/src/hall/hall.ts';
import { layOut } from '../../../web/src/hall/layout.ts';
import { nearestTogether } from '../../../web/src/hall/nearest.ts';
import { hallOf, rows, seatIn } from '../support/halls.ts';

function offered(hall: Hall, ...wanted: readonly string[]): string[] | null {
  const seats = wanted.map((id) => seatIn(hall, id));
  return nearestTogether(hall, layOut(hall, 1.5), seats)?.map((seat) => hall.idOf(seat)) ?? null;
}

describe('the nearest free seats', () => {
  test('the nearest free seat to one seat is its neighbour', () => {
    assert.deepEqual(offered(hallOf({ A: rows(5, 9) }, ['A-3-5', 'A-3-4']), 'A-3-5'), ['A-3-6']);
  });

  test('the nearest free seats are as many as were wanted, side by side, some of the same where they are free', () => {
    const hall = hallOf({ A: rows(5, 9) }, ['A-3-4']);
    assert.deepEqual(offered(hall, 'A-3-4', 'A-3-5', 'A-3-6'), ['A-3-5', 'A-3-6', 'A-3-7']);
  });

  test('the nearest free seats are never on both sides of a taken one, nor of a gap', () => {
    const gap = { numbers: { from: 1, to: 6 }, places: [1, 2, 3, 7, 8, 9] };
    const hall = hallOf({ A: [gap] }, ['A-1-2']);
    assert.equal(offered(hall, 'A-1-1', 'A-1-2', 'A-1-3', 'A-1-4'), null);
    assert.deepEqual(offered(hall, 'A-1-2', 'A-1-3'), ['A-1-4', 'A-1-5']);
  });

  test('the nearest free seats are in the row behind before they are far down the same row', () => {
    const taken = Array.from({ length: 8 }, (_, at) => `A-2-${at + 1}`);
    assert.match(offered(hallOf({ A: rows(3, 12) }, taken), 'A-2-2')?.join() ?? '', /^A-[13]-2$/);
  });

  test('the nearest free seats are in the same section if it has any', () => {
    const taken = Array.from({ length: 9 }, (_, at) => `A-1-${at + 1}`).filter((id) => id !== 'A-1-1');
    assert.deepEqual(offered(hallOf({ A: [9], B: [9] }, taken), 'A-1-4'), ['A-1-1']);
  });

  test('the nearest free seats are accessible if one was wanted, and otherwise only if there are no others', () => {
    const accessible = { numbers: { from: 1, to: 6 }, accessible: [0, 5] };
    const hall = hallOf({ A: [accessible] }, ['A-1-1', 'A-1-2']);
    assert.deepEqual(offered(hall, 'A-1-1'), ['A-1-6']);
    assert.deepEqual(offered(hall, 'A-1-2'), ['A-1-3']);
    for (const id of ['A-1-3', 'A-1-4', 'A-1-5']) hall.setState(seatIn(hall, id), 'held');
    assert.deepEqual(offered(hall, 'A-1-2'), ['A-1-6']);
  });

  test('the nearest free seats are none where no row has as many', () => {
    assert.equal(offered(hallOf({ A: rows(2, 3) }), 'A-1-1', 'A-1-2', 'A-1-3', 'A-2-1'), null);
    assert.equal(offered(hallOf({ A: rows(2, 3) })), null);
  });
});
