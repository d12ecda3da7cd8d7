import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Windows } from '../../src/engine/tables/windows.ts';
import { Random } from './random.ts';

test('the next time is the earliest future one', () => {
  const random = new Random(3);
  const windows = new Windows();
  const times = Array.from({ length: 300 }, () => random.below(200));
  for (const timeMs of times) windows.add(timeMs);
  for (let nowMs = 0; nowMs < 200; nowMs += random.below(9)) {
    windows.dropUntil(nowMs);
    const ahead = times.filter((timeMs) => timeMs > nowMs);
    assert.equal(windows.nextMs(), Math.min(...ahead));
  }
});

test('a window without an end is never due', () => {
  const windows = new Windows();
  windows.add(Infinity);
  windows.add(-Infinity);
  assert.equal(windows.nextMs(), Infinity);
});
