/** The camera: the pointed-at spot stays under the pointer, and the hall stays in sight. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Camera } from '../../../web/src/hall/camera.ts';
import { dragged, fit, lookingAt, revealing, toHall, toScreen, within, zoomed } from '../../../web/src/hall/camera.ts';

const box = { left: -50, top: 10, right: 50, bottom: 90 };
const size = { width: 800, height: 600 };
const near = (one: number, other: number): boolean => Math.abs(one - other) < 1e-6;

describe('the camera', () => {
  test('the camera shows the whole hall in the middle', () => {
    const whole = fit(box, size);
    assert.deepEqual([whole.x, whole.y], [0, 50]);
    assert.ok(near(whole.scale, 7.5));
  });

  test('the point under the pointer stays there while the camera comes nearer', () => {
    const at = { x: 300, y: 250 };
    const before = fit(box, size);
    const after = zoomed(before, 2, at, box, size);
    const [one, other] = [toHall(at, before, size), toHall(at, after, size)];
    assert.ok(near(one.x, other.x) && near(one.y, other.y));
    assert.ok(near(after.scale, 15));
  });

  test('the camera goes no farther than the whole hall and no nearer than a seat', () => {
    const whole = fit(box, size);
    assert.deepEqual(zoomed(whole, 0.1, { x: 0, y: 0 }, box, size), whole);
    const close = zoomed(whole, 1e9, { x: 400, y: 300 }, box, size);
    assert.ok(close.scale < 100);
    assert.equal(zoomed(close, 2, { x: 400, y: 300 }, box, size).scale, close.scale);
  });

  test('the camera cannot be dragged away from the hall', () => {
    let camera: Camera = { x: 0, y: 50, scale: 20 };
    for (let times = 0; times < 50; times += 1) camera = dragged(camera, { x: 500, y: -500 }, box, size);
    const corner = toScreen({ x: box.left, y: box.bottom }, camera, size);
    assert.ok(corner.x > 0 && corner.x < size.width && corner.y > 0 && corner.y < size.height);
  });

  test('the camera moves for a seat that is out of sight, and not for one that is in it', () => {
    const camera = within({ x: 0, y: 50, scale: 30 }, box, size);
    assert.equal(revealing(camera, { x: 1, y: 51 }, 40, box, size), camera);
    const moved = revealing(camera, { x: 40, y: 80 }, 40, box, size);
    const at = toScreen({ x: 40, y: 80 }, moved, size);
    assert.ok(at.x <= size.width - 39 && at.y <= size.height - 39, JSON.stringify(at));
    for (const x of [-44.7, -3.3, 41.9]) {
      const there = revealing(camera, { x, y: 30 }, 40, box, size);
      assert.equal(revealing(there, { x, y: 30 }, 40, box, size), there, 'once is enough');
    }
  });

  test('the camera looks at seats with room around them, from near', () => {
    const camera = lookingAt(
      [
        { x: 10, y: 40 },
        { x: 12, y: 40 },
      ],
      box,
      size,
    );
    assert.ok(camera.scale > 7.5 && near(camera.x, 11));
    for (const point of [
      { x: 10, y: 40 },
      { x: 12, y: 40 },
    ]) {
      const { x, y } = toScreen(point, camera, size);
      assert.ok(x > 40 && x < 760 && y > 40 && y < 560);
    }
  });
});
