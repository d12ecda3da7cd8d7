/** Backoff and deadlines, without a network. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { backoffMs, retryAfterMs, sleep } from '../../sdk/src/retry.ts';
import { Random, seedsFor } from '../engine/random.ts';

describe('the wait before a retry', () => {
  const backoff = { baseMs: 100, capMs: 5000 };

  test('the wait before a retry is random from nothing to a range that doubles up to the cap', () => {
    const highest = [0, 1, 2, 3, 4, 5, 6, 7, 5000].map((retry) => backoffMs(retry, backoff, () => 1));
    assert.deepEqual(highest, [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
    assert.equal(
      backoffMs(7, backoff, () => 0),
      0,
    );
  });

  test('the waits before retries spread evenly, so a crowd does not come back together', () => {
    for (const seed of seedsFor(5)) {
      const random = new Random(seed);
      const fifths = [0, 0, 0, 0, 0];
      for (let count = 0; count < 5000; count += 1) {
        const waitMs = backoffMs(6, backoff, () => random.below(1 << 30) / (1 << 30));
        assert.ok(waitMs >= 0 && waitMs < 5000);
        fifths[Math.floor(waitMs / 1000)]! += 1;
      }
      for (const count of fifths) assert.ok(Math.abs(count - 1000) < 150, `seed ${seed}: ${fifths.join(' ')}`);
    }
  });
});

describe('Retry-After', () => {
  const nowMs = Date.UTC(2026, 0, 1);
  test('Retry-After is seconds', () => assert.equal(retryAfterMs('2', nowMs), 2000));
  test('Retry-After may be a date', () => assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:00:05 GMT', nowMs), 5000));
  test('a Retry-After in the past means now', () =>
    assert.equal(retryAfterMs('Thu, 01 Jan 2015 00:00:05 GMT', nowMs), 0));
  test('a malformed Retry-After is none', () => {
    assert.equal(retryAfterMs('soon', nowMs), null);
    assert.equal(retryAfterMs(null, nowMs), null);
  });
});

describe('sleeping', () => {
  test('sleeping ends at once when it is aborted, with the reason', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const sleeping = sleep(60_000, controller.signal);
    controller.abort(reason);
    await assert.rejects(sleeping, reason);
    await assert.rejects(sleep(60_000, controller.signal), reason);
  });

  test('sleeping leaves no listener behind', async () => {
    const { signal } = new AbortController();
    let listening = 0;
    const counted = {
      aborted: false,
      addEventListener: () => (listening += 1),
      removeEventListener: () => (listening -= 1),
    };
    await sleep(1, counted as unknown as typeof signal);
    assert.equal(listening, 0);
  });
});
