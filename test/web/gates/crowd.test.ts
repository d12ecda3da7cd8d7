/** The crowd's riders and its times. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Commuters } from '../../../web/src/gates/commuters.ts';
import { Latencies } from '../../../web/src/gates/latencies.ts';

describe('commuters', () => {
  test('each taps in turn, and not before the store has answered for them', () => {
    const commuters = new Commuters([7, 8, 9]);
    assert.deepEqual([commuters.next(false), commuters.next(false), commuters.next(false)], [0, 1, 2]);
    assert.equal(commuters.next(false), -1);
    commuters.settle(1, true);
    assert.equal(commuters.next(false), 1);
    assert.ok(commuters.goesOut(1));
    assert.ok(!commuters.goesOut(0));
  });

  test('who leaves is inside, and who was kept out rests', () => {
    const commuters = new Commuters([7, 8, 9]);
    for (const rider of [0, 1, 2]) {
      commuters.next(false);
      commuters.settle(rider, rider === 2);
    }
    commuters.rest(0);
    assert.equal(commuters.next(true), 2);
    assert.equal(commuters.next(true), -1);
    assert.equal(commuters.next(false), 1);
    assert.equal(commuters.next(false), -1, 'one rests, and two wait');
  });

  test('a tap that did not count leaves them where they are, and after a cut nobody waits', () => {
    const commuters = new Commuters([7]);
    commuters.next(false);
    commuters.settle(0, true);
    commuters.next(false);
    commuters.settle(0, null);
    assert.ok(commuters.goesOut(0));
    commuters.next(false);
    commuters.release();
    assert.equal(commuters.next(false), 0);
  });
});

describe('the times of taps', () => {
  test('99 of 100 taps stay within the time, however the batches are cut', () => {
    const latencies = new Latencies();
    assert.equal(latencies.p99(0), null);
    latencies.add({ atMs: 1000, tookMs: 5, taps: 980 });
    latencies.add({ atMs: 1000, tookMs: 40, taps: 15 });
    latencies.add({ atMs: 1000, tookMs: 900, taps: 5 });
    assert.equal(latencies.p99(1000), 40);
  });

  test('the rate is of the last seconds alone', () => {
    const latencies = new Latencies();
    latencies.add({ atMs: 1000, tookMs: 5, taps: 4000 });
    latencies.add({ atMs: 3900, tookMs: 5, taps: 2000 });
    assert.equal(latencies.rate(3950, 0), 2000);
    assert.equal(latencies.rate(4100, 0), 2000 / 3);
    assert.equal(latencies.p99(8000), null);
  });
});
