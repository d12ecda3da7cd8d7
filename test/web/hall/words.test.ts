/** Seats as they are said. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { numbersIn, rowsOf, saySeats } from '../../../web/src/hall/words.ts';
import { hallOf, rows, seatIn } from '../support/halls.ts';

const hall = hallOf({ Stalls: [12, { numbers: ['A', 'B', 'C'] }], 'Upper-Circle': rows(1, 3) });
const seats = (...ids: readonly string[]): number[] => ids.map((id) => seatIn(hall, id));

describe('seats in words', () => {
  test('three neighbours are told as a run, two one by one', () => {
    assert.equal(
      saySeats(hall, seats('Stalls-1-7', 'Stalls-1-9', 'Stalls-1-8')),
      'section Stalls, row 1, seats 7 to 9',
    );
    assert.equal(saySeats(hall, seats('Stalls-1-7', 'Stalls-1-8')), 'section Stalls, row 1, seats 7 and 8');
    assert.equal(saySeats(hall, seats('Stalls-1-7')), 'section Stalls, row 1, seat 7');
    assert.equal(numbersIn(hall, seats('Stalls-1-1', 'Stalls-1-2', 'Stalls-1-3', 'Stalls-1-5')), '1–3, 5');
  });

  test('numbers that do not count are told one by one', () => {
    assert.equal(numbersIn(hall, seats('Stalls-2-A', 'Stalls-2-B', 'Stalls-2-C')), 'A, B, C');
  });

  test('seats in words go by rows in the order of the hall, in any order of choosing', () => {
    const chosen = seats('Upper-Circle-1-2', 'Stalls-2-B', 'Stalls-1-3');
    assert.deepEqual(
      rowsOf(hall, chosen).map(({ section, row }) => `${section} ${row}`),
      ['Stalls 1', 'Stalls 2', 'Upper-Circle 1'],
    );
  });
});
