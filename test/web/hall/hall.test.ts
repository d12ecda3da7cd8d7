/** What the pages know of a hall. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SeatMap } from '../../../sdk/src/index.ts';
import { compactHall, hallOf, rows, seatIn } from '../support/halls.ts';

describe('a hall', () => {
  test('a hall has the sections, rows and seats that the store tells', () => {
    const hall = hallOf({
      Stalls: [3, { numbers: ['2', '4', '6'], places: [1, 2, 4], accessible: [2] }],
      Balcony: [2],
    });
    assert.deepEqual(
      hall.sections.map(({ name, first, end, firstRow, endRow }) => [name, first, end, firstRow, endRow]),
      [
        ['Stalls', 0, 6, 0, 2],
        ['Balcony', 6, 8, 2, 3],
      ],
    );
    const seat = seatIn(hall, 'Stalls-2-6');
    assert.deepEqual([hall.sectionOf(seat).name, hall.rowAt(seat).name, hall.numberOf(seat)], ['Stalls', '2', '6']);
    assert.deepEqual([hall.places[seat], hall.isAccessible(seat), hall.hasAccessible], [4, true, true]);
    assert.equal(hall.find('Stalls-9-9'), -1);
  });

  test('two sections may have rows of one name, and two rows follow each other with one number of seats', () => {
    const hall = hallOf({ A: rows(2, 2), B: rows(2, 2) });
    assert.deepEqual(
      hall.rows.map(({ name, section }) => [section, name]),
      [
        [0, '1'],
        [0, '2'],
        [1, '1'],
        [1, '2'],
      ],
    );
  });

  test('a hall counts what is free as seats change, and says whether they did', () => {
    const hall = hallOf({ A: rows(2, 5), B: rows(1, 4) }, ['A-1-1']);
    assert.deepEqual([hall.free, ...hall.freeIn], [13, 9, 4]);
    const seat = seatIn(hall, 'B-1-2');
    assert.equal(hall.setState(seat, 'held'), true);
    assert.equal(hall.setState(seat, 'held'), false);
    assert.equal(hall.setState(seat, 'sold'), true);
    assert.deepEqual([hall.free, ...hall.freeIn, hall.stateOf(seat)], [12, 9, 3, 'sold']);
    hall.setState(seat, 'available');
    hall.setState(seatIn(hall, 'A-1-1'), 'available');
    assert.deepEqual([hall.free, ...hall.freeIn], [14, 10, 4]);
    assert.equal(hall.setState(-1, 'sold'), false);
  });

  test('a hall is told apart from one with other seats, and not from one in another state', () => {
    const told = compactHall({ A: rows(2, 5) });
    const seats = (sections: Parameters<typeof compactHall>[0]) => new SeatMap(compactHall(sections)).seats.values();
    const hall = hallOf({ A: rows(2, 5) }, ['A-1-1']);
    assert.equal(hall.hasSeats(new SeatMap(told).seats.values()), true);
    assert.equal(hall.hasSeats(seats({ A: [5, 4] })), false);
    assert.equal(hall.hasSeats(seats({ A: [5, 6] })), false);
    assert.equal(hall.hasSeats(seats({ A: [5, { numbers: { from: 1, to: 5 }, places: [1, 2, 3, 4, 6] }] })), false);
    assert.equal(hall.hasSeats(seats({ A: [5, { numbers: { from: 1, to: 5 }, accessible: [0] }] })), false);
  });
});
