import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Latency, LoadResult } from '../../../src/proof/load/spec.ts';
import { typedArrayBytes } from '../../../src/proof/bench/memory.ts';
import { limitsOf } from '../../../src/proof/bench/rounds.ts';
import { estimate, median, ratios } from '../../../src/proof/bench/statistics.ts';

describe('the median', () => {
  test('the median is the middle value, or the mean of the two in the middle', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.throws(() => median([]));
  });

  test('the median of nine values has an interval from the second to the eighth, which covers 96.1 %', () => {
    const nine = [9, 1, 8, 2, 7, 3, 6, 4, 5];
    assert.deepEqual(estimate(nine), { median: 5, low: 2, high: 8, coverage: 1 - 20 / 512, rounds: 9 });
  });

  test('the median of six values has the whole range for an interval; for fewer, the coverage says what it is worth', () => {
    assert.deepEqual(estimate([1, 2, 3, 4, 5, 6]), { median: 3.5, low: 1, high: 6, coverage: 1 - 2 / 64, rounds: 6 });
    assert.deepEqual(estimate([1, 2, 3]), { median: 2, low: 1, high: 3, coverage: 0.75, rounds: 3 });
    assert.deepEqual(estimate([7]), { median: 7, low: 7, high: 7, coverage: 0, rounds: 1 });
  });

  test('the interval of a median misses as seldom as it says', () => {
    // A fixed generator keeps the test the same each time: the linear congruence of Numerical
    // Recipes.
    let state = 12345;
    const uniform = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    let missed = 0;
    for (let trial = 0; trial < 5000; trial += 1) {
      const { low, high } = estimate(Array.from({ length: 15 }, uniform));
      if (low > 0.5 || high < 0.5) missed += 1;
    }
    assert.ok(missed < 0.05 * 5000, `${missed} of 5000`);
    assert.ok(missed > 0.02 * 5000, `an interval that misses in only ${missed} of 5000 is too wide`);
  });
});

test('ratios are taken round by round', () => {
  assert.deepEqual(ratios([10, 30], [20, 10]), [0.5, 3]);
  assert.throws(() => ratios([1], [1, 2]));
});

test('the bytes of typed arrays are counted once each, however deep they lie', () => {
  const shared = new Uint8Array(100);
  assert.equal(typedArrayBytes({ a: [shared, { b: new Float64Array(2) }], again: shared }), 116);
  assert.equal(typedArrayBytes([shared.subarray(10), shared.subarray(20)]), 100);
});

describe('the limits of a figure', () => {
  const closed: LoadResult = {
    elapsedMs: 1000,
    answeredInWindow: 10,
    perSecond: 10,
    statuses: { '200': 10 },
    unanswered: 0,
    unsent: 0,
    reconnects: 0,
    generatorCpu: 0.7,
    serverCpu: 0.6,
    othersCpu: 0.1,
    distinct: null,
    samples: [],
    latency: null,
  };
  const limits = (result: Partial<LoadResult>): string =>
    limitsOf(new Map([['side', [{ ...closed, ...result }]]])).join();
  const late = (lateSendP99: number): Latency => ({
    count: 10,
    p50: 1,
    p90: 1,
    p99: 1,
    p999: 1,
    max: 1,
    lateSendP50: 0,
    lateSendP99,
  });

  test('the load process limits a closed loop when it uses up its core and the server does not', () => {
    assert.equal(limits({}), '');
    assert.equal(limits({ generatorCpu: 0.98, serverCpu: 0.99 }), '');
    assert.match(limits({ generatorCpu: 0.98 }), /^side: .* 0\.98 of a core, .* the generator limits this figure$/);
  });

  test('the load process limits an open loop when it sends late, however much CPU it uses', () => {
    const onTime = 'side: the load process sent 99 % of the requests within 0.200 ms of when they were due';
    assert.equal(limits({ generatorCpu: 1, latency: late(0.2) }), onTime);
    assert.match(limits({ latency: late(0.6) }), /within 0\.600 ms .*: the load process, or the machine, limits/);
  });

  test('other work on the machine limits a figure', () => {
    assert.equal(limits({ othersCpu: 0.4 }), 'other processes took 0.40 cores: the machine was not quiet');
  });
});
