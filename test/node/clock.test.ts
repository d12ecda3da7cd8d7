/**
 * The two times: log time, which no wall clock moves, and civil time, which follows the wall clock
 * by records.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LogClock } from '../../src/node/clock.ts';
import { Random, seedsFor } from '../engine/random.ts';
import { ManualTime } from './support/manual-time.ts';

const hour = 3_600_000;

function manual(lastLogTimeMs = 0, offsetMs = 0): { time: ManualTime; clock: LogClock } {
  const time = new ManualTime();
  const clock = new LogClock(lastLogTimeMs, time);
  clock.begin(offsetMs);
  return { time, clock };
}

describe('log time', () => {
  test('log time is normally the wall clock', () => {
    const { time, clock } = manual();
    for (let i = 0; i < 100; i += 1) {
      assert.equal(clock.nowMs(), time.wallMs());
      time.advance(i * 7);
    }
  });

  test('log time begins at the last log time when the wall clock is behind it, and goes on from there', () => {
    const aheadMs = 5000;
    const { time, clock } = manual(new ManualTime().wallMs() + aheadMs);
    const startMs = clock.nowMs();
    assert.equal(startMs, time.wallMs() + aheadMs);
    time.advance(hour);
    assert.equal(clock.nowMs(), startMs + hour);
    assert.equal(clock.driftMs(0), -aheadMs);
  });

  test('log time of an old log begins at the wall clock', () => {
    const { time, clock } = manual(5);
    assert.equal(clock.nowMs(), time.wallMs());
  });

  test('log time of a log with an offset begins where its dates are those of the wall clock', () => {
    // A clock that was a day ahead when the log was begun; its last record is ten seconds old.
    const lastMs = new ManualTime().wallMs() + 24 * hour;
    const offsetMs = -24 * hour - 10_000;
    const { time, clock } = manual(lastMs, offsetMs);
    assert.equal(clock.nowMs(), lastMs + 10_000);
    time.advance(20_000);
    assert.equal(clock.nowMs(), lastMs + 30_000);
    assert.equal(clock.driftMs(offsetMs), 0);
  });

  test('log time ignores a wall clock that is set, in either direction', () => {
    const { time, clock } = manual();
    const startMs = clock.nowMs();
    for (const jump of [hour, -3 * hour, 7 * hour]) time.jump(jump);
    time.advance(1000);
    assert.equal(clock.nowMs(), startMs + 1000);
  });

  test('log time is at least what another writer has logged, and ignores older times', () => {
    const { time, clock } = manual();
    const startMs = clock.nowMs();
    clock.observe(startMs + 5000);
    assert.equal(clock.nowMs(), startMs + 5000);
    clock.observe(startMs + 10);
    assert.equal(clock.nowMs(), startMs + 5000);
    time.advance(1000);
    assert.equal(clock.nowMs(), startMs + 6000);
  });

  test('log time of a real clock goes on', () => {
    const clock = new LogClock(0);
    clock.begin(0);
    const first = clock.nowMs();
    assert.ok(Math.abs(first - Date.now()) < 1000 && clock.nowMs() >= first);
  });

  for (const seed of seedsFor(5, 301)) {
    test(`log time goes on like real time, whatever the wall clock does (seed ${seed})`, () => {
      const random = new Random(seed);
      const { time, clock } = manual();
      let before = clock.nowMs();
      for (let i = 0; i < 2000; i += 1) {
        if (random.chance(20)) time.jump(random.below(2 * hour) - hour);
        const passedMs = random.below(3000);
        time.advance(passedMs);
        const now = clock.nowMs();
        assert.ok(Math.abs(now - before - passedMs) < 0.01, `${now - before} of ${passedMs}`);
        before = now;
      }
    });
  }
});

describe('civil time', () => {
  test('civil time has to be set once it was more than two seconds from the wall clock for thirty', () => {
    const { time, clock } = manual();
    time.jump(2000);
    assert.equal(clock.isApart(0), false);
    time.advance(60_000);
    assert.equal(clock.isApart(0), false);
    time.jump(1);
    assert.equal(clock.isApart(0), false);
    time.advance(29_999);
    assert.equal(clock.isApart(0), false);
    time.advance(1);
    assert.equal(clock.isApart(0), true);
    assert.equal(clock.offsetToWallMs(), 2001);
    assert.equal(clock.isApart(2001), false);
  });

  test('civil time is left alone when the wall clock is set back within that time', () => {
    const { time, clock } = manual();
    time.jump(-hour);
    assert.equal(clock.isApart(0), false);
    time.advance(20_000);
    time.jump(hour);
    assert.equal(clock.isApart(0), false);
    time.jump(-hour);
    time.advance(20_000);
    assert.equal(clock.isApart(0), false);
    time.advance(30_000);
    assert.equal(clock.isApart(0), true);
  });
});
