/** The server's clock as seen from here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerClock } from '../../sdk/src/clock.ts';
import { comparePositions, laterPosition } from '../../sdk/src/position.ts';

/** Runs with the local date an hour ahead, as if a user had set it. */
function withDateSet<T>(use: () => T): T {
  const real = Date.now;
  Date.now = () => real() + 3_600_000;
  try {
    return use();
  } finally {
    Date.now = real;
  }
}

test('the clock believes the least delayed of the last times', () => {
  const clock = new ServerClock();
  // The counter began at 5,000 of the server's time; messages take 300, 40 and 900 ms.
  clock.observe(10_000, 5300);
  assert.equal(clock.now(5300), 10_000);
  clock.observe(20_000, 15_040);
  clock.observe(30_000, 25_900);
  assert.equal(clock.now(25_900), 30_860);
});

test('a time older than a minute no longer counts, so clocks may drift', () => {
  const clock = new ServerClock();
  clock.observe(1000, 0);
  for (let beat = 1; beat <= 6; beat += 1) clock.observe(1000 + beat * 10_000 - 50, beat * 10_000);
  assert.equal(clock.now(0), 950);
});

test('setting the local date does not move the clock, and shows in the offset at once', () => {
  const clock = new ServerClock();
  assert.equal(clock.offsetMs, null);
  const serverMs = Date.now() - 60_000;
  clock.observe(serverMs);
  const [leftMs, offsetMs] = withDateSet(() => [clock.now() - serverMs, clock.offsetMs]);
  assert.ok(leftMs >= 0 && leftMs < 1000, `it moved by ${leftMs} ms`);
  assert.ok(Math.abs((offsetMs ?? 0) + 3_660_000) < 1000, `an offset of ${offsetMs} ms`);
  assert.ok(Math.abs((clock.offsetMs ?? 0) + 60_000) < 1000);
});

test('the next time from the server corrects a counter that stood still while the machine slept', () => {
  const clock = new ServerClock();
  clock.observe(10_000, 1000);
  clock.observe(3_620_000, 11_000);
  assert.equal(clock.now(11_000), 3_620_000);
});

test('the clock uses the local date before the first time from the server', () => {
  const clock = new ServerClock();
  assert.ok(Math.abs(clock.now() - Date.now()) < 1000);
  assert.ok(Math.abs(withDateSet(() => clock.now()) - Date.now() - 3_600_000) < 1000);
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
