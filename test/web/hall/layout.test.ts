/** Halls of any shape on the map: nothing lies on anything else, and all of it is in sight. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fit, toScreen } from '../../../web/src/hall/camera.ts';
import type { Hall } from '../../../web/src/hall/hall.ts';
import type { HallLayout } from '../../../web/src/hall/layout.ts';
import { layOut } from '../../../web/src/hall/layout.ts';
import { hallOf, rows } from '../support/halls.ts';

const letters = Array.from({ length: 20 }, (_, at) => String.fromCharCode(65 + at));
const halls: Readonly<Record<string, Hall>> = {
  'one section of 50 rows': hallOf({ Stalls: rows(50, 30) }),
  'no seat at all': hallOf({}),
  'one seat': hallOf({ A: [1] }),
  'one endless row': hallOf({ A: [400] }),
  'a section of single seats': hallOf({ A: rows(40, 1) }),
  'three sections of different sizes': hallOf({ A: rows(14, 22), B: rows(3, 8), C: rows(20, 40) }),
  'twenty sections': hallOf(Object.fromEntries(letters.map((name) => [name, rows(20, 25)]))),
  'rows that grow': hallOf({ A: Array.from({ length: 20 }, (_, at) => 8 + at), B: rows(5, 30) }),
  'a row with a gap': hallOf({
    A: [20, { numbers: { from: 1, to: 10 }, places: [1, 2, 3, 4, 5, 16, 17, 18, 19, 20] }, 20],
  }),
};
const shapes = { wide: 1.5, tall: 0.8 };

/** The least distance between any two seats, by a grid of cells of half a unit. */
function minDistance({ x, y }: HallLayout): number {
  const cells = new Map<string, number[]>();
  let least = Infinity;
  for (let seat = 0; seat < x.length; seat += 1) {
    const [column, line] = [Math.floor(x[seat]!), Math.floor(y[seat]!)];
    for (let dx = -1; dx <= 1; dx += 1) {
      for (let dy = -1; dy <= 1; dy += 1) {
        for (const other of cells.get(`${column + dx} ${line + dy}`) ?? []) {
          least = Math.min(least, Math.hypot(x[seat]! - x[other]!, y[seat]! - y[other]!));
        }
      }
    }
    const key = `${column} ${line}`;
    cells.set(key, [...(cells.get(key) ?? []), seat]);
  }
  return least;
}

describe('the layout of a hall', () => {
  for (const [name, hall] of Object.entries(halls)) {
    for (const [shape, aspect] of Object.entries(shapes)) {
      test(`${name}, ${shape}: no two seats touch, and all stand before the stage and in sight`, () => {
        const layout = layOut(hall, aspect);
        assert.ok(minDistance(layout) > 0.97, `two seats are ${minDistance(layout)} apart`);
        const { box, stage } = layout;
        for (let seat = 0; seat < hall.count; seat += 1) {
          const [x, y] = [layout.x[seat]!, layout.y[seat]!];
          assert.ok(x > box.left && x < box.right && y > box.top && y < box.bottom, `seat ${seat} is out of sight`);
          assert.ok(Math.hypot(x, y) > stage.radius + 1, `seat ${seat} is on the stage`);
        }
        assert.ok(stage.top >= box.top && stage.radius * Math.cos(stage.halfAngle) > stage.top);
        const size = { width: 300 * aspect, height: 300 };
        const camera = fit(box, size);
        for (const corner of [
          { x: box.left, y: box.top },
          { x: box.right, y: box.bottom },
        ]) {
          const at = toScreen(corner, camera, size);
          assert.ok(at.x >= -0.01 && at.x <= size.width + 0.01 && at.y >= -0.01 && at.y <= size.height + 0.01);
        }
      });
    }
  }

  test('one row is even: neighbours are as far from each other as all neighbours', () => {
    const layout = layOut(hallOf({ A: [30] }), 1.5);
    const steps = Array.from({ length: 29 }, (_, at) =>
      Math.hypot(layout.x[at + 1]! - layout.x[at]!, layout.y[at + 1]! - layout.y[at]!),
    );
    assert.ok(Math.max(...steps) - Math.min(...steps) < 0.001);
  });

  test('a hall is even on both sides, rows of different lengths are centred', () => {
    const layout = layOut(hallOf({ A: [10, 14] }), 1.5);
    assert.ok(Math.abs(layout.x[0]! + layout.x[9]!) < 0.001);
    assert.ok(Math.abs(layout.x[10]! + layout.x[23]!) < 0.001);
  });

  test('rows whose places say where they begin are not centred: a gap at the side stays one', () => {
    const places = [5, 6, 7, 8, 9, 10];
    const layout = layOut(hallOf({ A: [10, { numbers: { from: 5, to: 10 }, places }] }), 1.5);
    const fifth = layout.x[4]!;
    assert.ok(Math.abs(layout.x[10]! - fifth) < 0.3, 'place 5 of row 2 stands behind place 5 of row 1');
  });

  test('sections that belong beside each other stand there: left, centre and right before a balcony', () => {
    const hall = hallOf({ Left: rows(14, 12), Centre: rows(14, 22), Right: rows(14, 12), Balcony: rows(10, 36) });
    for (const aspect of [1.5, 0.8]) {
      const { sections } = layOut(hall, aspect);
      const [left, centre, right, balcony] = sections.map(({ box }) => box);
      assert.ok(left!.right < centre!.left && centre!.right < right!.left);
      assert.ok(Math.abs(left!.left + right!.right) < 0.01, 'one side is as the other');
      assert.ok(balcony!.top > centre!.bottom && Math.abs(balcony!.left + balcony!.right) < 0.01);
    }
  });

  test('two tiers of three are two tiers of three, on a phone too', () => {
    const stalls = { Left: rows(14, 14), Stalls: rows(14, 20), Right: rows(14, 14) };
    const balcony = { 'Upper left': rows(8, 18), Balcony: rows(8, 24), 'Upper right': rows(8, 18) };
    for (const aspect of [1.5, 0.8]) {
      const { sections } = layOut(hallOf({ ...stalls, ...balcony }), aspect);
      const middles = sections.map(({ box }) => (box.left + box.right) / 2);
      assert.deepEqual(
        middles.map((middle) => Math.sign(Math.round(middle))),
        [-1, 0, 1, -1, 0, 1],
      );
    }
  });

  test('many sections fill a wide map in fewer tiers than a tall one', () => {
    const hall = halls['twenty sections']!;
    const ratio = (aspect: number): number => {
      const { box } = layOut(hall, aspect);
      return (box.right - box.left) / (box.bottom - box.top);
    };
    assert.ok(ratio(1.5) > 1.1 && ratio(1.5) < 2, `wide is ${ratio(1.5)}`);
    assert.ok(ratio(0.8) < 1 && ratio(0.8) > 0.5, `tall is ${ratio(0.8)}`);
  });
});
