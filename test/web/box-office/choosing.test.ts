/**
 * Choosing seats: the effect and words of a press, the limit, and the offer for seats that others
 * took.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Choosing, Press } from '../../../web/src/box-office/choosing.ts';
import { offerFor, pressOn, sayLost, takenOf } from '../../../web/src/box-office/choosing.ts';
import type { SeatState } from '../../../web/src/hall/hall.ts';
import type { Deal, HeldStock } from '../../../web/src/visitor/deal.ts';
import { hallOf, rows, seatIn } from '../support/halls.ts';

const none: Deal = { kind: 'none' };

function heldOf(...seats: readonly string[]): Deal {
  const hold: HeldStock = { id: 'h', quantity: seats.length, seats, startedMs: 0, expiresAtMs: 1, entry: null };
  return { kind: 'held', hold, busy: null };
}

const hall = hallOf({ A: rows(2, 6) }, ['A-1-6']);

function press(id: string, choosing: Partial<Choosing> = {}): Press {
  return pressOn(hall, seatIn(hall, id), { seats: [], deal: none, limit: 3, ...choosing });
}

describe('a press on a seat', () => {
  test('a press on a seat chooses it, after the chosen ones, and says how many there are', () => {
    assert.deepEqual(press('A-1-2'), {
      seats: ['A-1-2'],
      said: 'Section A, row 1, seat 2: chosen. 1 of at most 3 chosen.',
    });
    assert.deepEqual(press('A-2-1', { seats: ['A-1-2'] })?.seats, ['A-1-2', 'A-2-1']);
  });

  test('a press on a seat takes a chosen one back, the last one too, and also at the limit', () => {
    const full = ['A-1-1', 'A-1-2', 'A-1-3'];
    assert.deepEqual(press('A-1-2', { seats: full })?.seats, ['A-1-1', 'A-1-3']);
    assert.deepEqual(press('A-1-1', { seats: ['A-1-1'] }), {
      seats: [],
      said: 'Section A, row 1, seat 1: no longer chosen. Nothing is chosen.',
    });
  });

  test('a press on a seat chooses no more than one may have at once', () => {
    assert.deepEqual(press('A-1-4', { seats: ['A-1-1', 'A-1-2', 'A-1-3'] }), {
      seats: null,
      said: 'At most 3 at once: take one back before you add another.',
    });
    assert.deepEqual(press('A-1-4', { seats: ['A-1-1', 'A-1-2'] })?.seats?.length, 3);
  });

  const words: readonly (readonly [SeatState, string])[] = [
    ['sold', 'taken'],
    ['held', 'on hold'],
    ['blocked', 'not for sale'],
  ];
  for (const [state, word] of words) {
    test(`a press on a seat that is ${state} says so, at the limit too`, () => {
      const other = hallOf({ A: [3] });
      other.setState(seatIn(other, 'A-1-2'), state);
      for (const seats of [[], ['A-1-1', 'A-1-3']]) {
        const pressed = pressOn(other, seatIn(other, 'A-1-2'), { seats, deal: none, limit: 2 });
        assert.deepEqual(pressed, { seats: null, said: `Section A, row 1, seat 2 is ${word}.` });
      }
    });
  }

  test('a press on a seat chooses nothing beside a hold or a place in line, and says what to do first', () => {
    const held = heldOf('A-1-1');
    assert.deepEqual(press('A-1-1', { deal: held }), {
      seats: null,
      said: 'Section A, row 1, seat 1 is held for you.',
    });
    assert.match(press('A-1-2', { deal: held })?.said ?? '', /^Buy what you hold, or let it go, before/);
    const waiting: Deal = { kind: 'waiting', entry: 'e', place: 1, leaving: false };
    assert.match(press('A-1-2', { deal: waiting })?.said ?? '', /^You are in line for this\. Leave the line/);
  });

  test('a press on a seat does and says nothing while another press is on its way', () => {
    assert.equal(press('A-1-2', { deal: { kind: 'reserving' } }), null);
    assert.equal(press('A-1-2', { deal: { kind: 'joining' } }), null);
  });

  test('a press on a seat goes on after a purchase, and after a hold whose time was up', () => {
    const bought: Deal = { kind: 'bought', order: 'o', total: null, seats: ['A-1-6'] };
    const lapsed: Deal = { kind: 'lapsed', offered: false, seats: ['A-1-6'] };
    for (const deal of [bought, lapsed]) assert.deepEqual(press('A-1-2', { deal })?.seats, ['A-1-2']);
  });
});

describe('lost seats', () => {
  test('lost seats are those that are not free any more, or not there any more', () => {
    assert.deepEqual(takenOf(hall, ['A-1-1', 'A-1-6', 'A-9-9']), ['A-1-6', 'A-9-9']);
    assert.deepEqual(takenOf(hall, []), []);
  });

  test('the offer for lost seats is as many together, or none', () => {
    assert.deepEqual(offerFor(hall, ['A-1-5', 'A-1-6']), ['A-1-4', 'A-1-5']);
    assert.equal(offerFor(hallOf({ A: [2] }, ['A-1-1']), ['A-1-1', 'A-1-2']), null);
    assert.equal(offerFor(hall, ['A-9-9']), null, 'where a seat stood that is gone, nothing is near');
  });

  test('lost seats are told together with the offer', () => {
    const lost = { seats: ['A-1-5', 'A-1-6'], offer: ['A-1-3', 'A-1-4'] };
    assert.equal(
      sayLost(hall, lost),
      'Section A, row 1, seats 5 and 6 just went to somebody else. Nearest free: section A, row 1, seats 3 and 4.',
    );
    assert.equal(
      sayLost(hall, { seats: ['A-9-9'], offer: null }),
      'A seat just went to somebody else. As many together are not free any more.',
    );
  });
});
