/** Log time: follows the wall clock slowly, never back, never in jumps. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LogClock } from '../../src/node/clock.ts';
import { Random, seedsFor } from '../engine/random.ts';
import { ManualTime } from './support/manual-time.ts';

const hour = 3_600_000;

function manual(lastLogTimeMs = 0): { time: ManualTime; clock: LogClock } {
  const time = new ManualTime();
  return { time, clock: new LogClock(lastLogTimeMs, time) };
}

describe('log time', () => {
  test('is the wall clock while nothing is odd', () => {
    const { time, clock } = manual();
    for (let i = 0; i < 100; i += 1) {
      assert.equal(clock.nowMs(), time.wallMs());
      time.advance(i * 7);
    }
  });

  test('begins at the last log time when the wall clock is behind it, and waits for it at nine tenths', () => {
    const time = new ManualTime();
    const aheadMs = 1000;
    const clock = new LogClock(time.wallMs() + aheadMs, time);
    const startMs = clock.nowMs();
    assert.equal(startMs, time.wallMs() + aheadMs);
    time.advance(5000);
    assert.equal(clock.nowMs(), startMs + 4500);
    time.advance(5000);
    assert.equal(clock.nowMs(), startMs + 9000);
    assert.equal(clock.nowMs(), time.wallMs());
  });

  test('of a log of long ago begins at the wall clock', () => {
    const { time, clock } = manual(5);
    assert.equal(clock.nowMs(), time.wallMs());
  });

  test('gains a tenth when the wall clock jumps ahead', () => {
    const { time, clock } = manual();
    const startMs = clock.nowMs();
    time.jump(hour);
    assert.equal(clock.nowMs(), startMs);
    for (let second = 1; second <= 60; second += 1) {
      time.advance(1000);
      assert.equal(Math.round(clock.nowMs()), startMs + second * 1100);
    }
    time.advance(10 * hour);
    assert.equal(clock.nowMs(), time.wallMs());
  });

  test('loses a tenth when the wall clock jumps back, and never stands or goes back', () => {
    const { time, clock } = manual();
    const startMs = clock.nowMs();
    time.jump(-hour);
    for (let second = 1; second <= 60; second += 1) {
      time.advance(1000);
      assert.equal(Math.round(clock.nowMs()), startMs + second * 900);
    }
    time.advance(11 * hour);
    assert.equal(Math.round(clock.nowMs()), time.wallMs());
  });

  test('is at least what another writer has logged, and takes no notice of older times', () => {
    const { time, clock } = manual();
    const startMs = clock.nowMs();
    clock.observe(startMs + 5000);
    assert.equal(clock.nowMs(), startMs + 5000);
    clock.observe(startMs + 10);
    assert.equal(clock.nowMs(), startMs + 5000);
    time.advance(1000);
    assert.equal(clock.nowMs(), startMs + 5900);
  });

  test('of a real clock goes on by itself', () => {
    const clock = new LogClock(0);
    const first = clock.nowMs();
    assert.ok(Math.abs(first - Date.now()) < 1000 && clock.nowMs() >= first);
  });

  for (const seed of seedsFor(5, 301)) {
    test(`goes on between nine and eleven tenths of real time, whatever the wall clock does (seed ${seed})`, () => {
      const random = new Random(seed);
      const { time, clock } = manual();
      let before = clock.nowMs();
      for (let i = 0; i < 2000; i += 1) {
        if (random.chance(20)) time.jump(random.below(2 * hour) - hour);
        const passedMs = random.below(3000);
        time.advance(passedMs);
        const now = clock.nowMs();
        assert.ok(
          now - before >= passedMs * 0.9 - 0.01 && now - before <= passedMs * 1.1 + 0.01,
          `${now - before} of ${passedMs}`,
        );
        before = now;
      }
    });
  }
});
