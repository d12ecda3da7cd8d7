/** The keyboard on the map: where one begins, where each key goes, and what else keys do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { layOut } from '../../../web/src/hall/layout.ts';
import { act, seatFor, startOf, zoomStep } from '../../../web/src/hall/map-keys.ts';
import { hallOf, rows, seatIn } from '../support/halls.ts';

const hall = hallOf({ A: rows(4, 8), B: rows(4, 8) }, ['A-1-3', 'A-1-4']);
const layout = layOut(hall, 1.5);

function goes(from: string, key: string, shiftKey = false): string | null {
  const seat = seatFor(hall, layout, seatIn(hall, from), { key, shiftKey });
  return seat === null ? null : hall.idOf(seat);
}

describe('a key on the map', () => {
  for (const [key, from, to] of [
    ['ArrowRight', 'A-1-2', 'A-1-3'],
    ['ArrowLeft', 'A-1-2', 'A-1-1'],
    ['ArrowDown', 'A-1-2', 'A-2-2'],
    ['ArrowUp', 'A-2-2', 'A-1-2'],
    ['Home', 'A-1-5', 'A-1-1'],
    ['End', 'A-1-5', 'A-1-8'],
    ['PageDown', 'A-3-5', 'B-1-1'],
    ['PageUp', 'B-3-5', 'A-1-1'],
    ['f', 'A-1-2', 'A-1-5'],
  ] as const) {
    test(`${key} goes from ${from} to ${to}`, () => assert.equal(goes(from, key), to));
  }

  test('f goes to the next free seat, with Shift to the one before, round the end of the hall', () => {
    assert.equal(goes('A-1-5', 'F', true), 'A-1-2');
    assert.equal(goes('B-4-8', 'f'), 'A-1-1');
    assert.equal(goes('A-1-1', 'F', true), 'B-4-8');
  });

  test('f stays where it is in a hall without a free seat', () => {
    const full = hallOf({ A: [2] }, ['A-1-1', 'A-1-2']);
    assert.equal(seatFor(full, layOut(full, 1.5), 1, { key: 'f', shiftKey: false }), 1);
  });

  test('a key on the map goes nowhere when it belongs to the page, or means nothing', () => {
    for (const key of ['Tab', 'Escape', 'a', 'Enter', ' ', '+']) assert.equal(goes('A-1-2', key), null, key);
  });
});

test('the keys begin at the free seat nearest to the middle of the stage, or at the first seat if none is free', () => {
  const start = startOf(hall, layout);
  assert.ok(hall.isFree(start));
  const distance = (seat: number): number => Math.hypot(layout.x[seat]!, layout.y[seat]! - layout.stage.radius);
  for (let seat = 0; seat < hall.count; seat += 1) {
    if (hall.isFree(seat)) assert.ok(distance(start) <= distance(seat), hall.idOf(seat));
  }
  const full = hallOf({ A: [2] }, ['A-1-1', 'A-1-2']);
  assert.equal(startOf(full, layOut(full, 1.5)), 0);
  assert.equal(startOf(hall, null), 0);
});

describe('keys that do not move', () => {
  /** What a key did. */
  function done(key: string): string[] {
    const log: string[] = [];
    const view = { zoomBy: (factor: number) => log.push(factor.toFixed(2)), showAll: () => log.push('all') };
    log.push(String(act({ key, shiftKey: false }, view, () => log.push('pick'))));
    return log;
  }

  test('keys that do not move choose a seat, come nearer, go farther, or show the whole hall', () => {
    for (const key of ['Enter', ' ']) assert.deepEqual(done(key), ['pick', 'true']);
    for (const key of ['+', '=']) assert.deepEqual(done(key), [zoomStep.toFixed(2), 'true']);
    for (const key of ['-', '_']) assert.deepEqual(done(key), [(1 / zoomStep).toFixed(2), 'true']);
    assert.deepEqual(done('0'), ['all', 'true']);
  });

  test('keys that do not move are left to the page when they mean nothing here, and do no harm before the map is drawn', () => {
    for (const key of ['Tab', 'Escape', 'x', 'f']) assert.deepEqual(done(key), ['false']);
    assert.equal(
      act({ key: '+', shiftKey: false }, null, () => undefined),
      true,
    );
  });
});
