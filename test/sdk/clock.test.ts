/** The server's clock as seen from here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerClock } from '../../sdk/src/clock.ts';
import { comparePositions, laterPosition } from '../../sdk/src/position.ts';

test('the least delayed of the last times is believed', () => {
  const clock = new ServerClock();
  assert.equal(clock.offsetMs, null);
  // The true offset is 5,000; messages take 300, 40 and 900 ms.
  clock.observe(10_000, 5300);
  assert.equal(clock.offsetMs, 4700);
  clock.observe(20_000, 15_040);
  clock.observe(30_000, 25_900);
  assert.equal(clock.offsetMs, 4960);
});

test('a sample of more than a minute ago counts no more, so that clocks may drift', () => {
  const clock = new ServerClock();
  clock.observe(1000, 0);
  for (let beat = 1; beat <= 6; beat += 1) clock.observe(1000 + beat * 10_000 - 50, beat * 10_000);
  assert.equal(clock.offsetMs, 950);
});

test('a clock here that is set is noticed at the next time', () => {
  const clock = new ServerClock();
  clock.observe(10_000, 10_000);
  clock.observe(20_000, 3_620_000);
  assert.equal(clock.offsetMs, -3_600_000);
});

test('positions of one cell have an order, others have none', () => {
  assert.ok((comparePositions('0.9', '0.10') ?? 0) < 0);
  assert.ok((comparePositions('0.10', '0.9') ?? 0) > 0);
  assert.equal(comparePositions('0.9', '0.9'), 0);
  assert.equal(comparePositions('0.9', '1.10'), null);
  assert.equal(comparePositions('nonsense', '0.1'), null);
  assert.equal(laterPosition(null, '0.1'), '0.1');
  assert.equal(laterPosition('0.10', '0.9'), '0.10');
  assert.equal(laterPosition('0.10', '1.1'), '1.1');
});
