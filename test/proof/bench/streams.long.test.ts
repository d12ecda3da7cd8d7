/**
 * What the benchmarks of streams and expiry say about servers whose behaviour is known, and that
 * they run.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { targets } from '../../../bench/targets.ts';
import { expiry } from '../../../src/proof/bench/expiry.ts';
import { Delays, TimeFinder } from '../../../src/proof/readers/delays.ts';
import type { Report } from '../../../src/proof/bench/report.ts';
import { defaults } from '../../../src/proof/bench/settings.ts';
import { StockWatch } from '../../../src/proof/bench/stock-watch.ts';
import { streams } from '../../../src/proof/bench/streams.ts';

const encoder = new TextEncoder();

/**
 * A server whose stream sends these counts of units held, one in so many ms, and the times at which
 * it did.
 */
function countingServer(
  counts: readonly number[],
  everyMs: number,
): { url: string; sentMs: number[]; stop: () => void } {
  const sentMs: number[] = [];
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: () => {
      const body = new ReadableStream<Uint8Array>({
        start: async (controller) => {
          for (const held of counts) {
            sentMs.push(performance.timeOrigin + performance.now());
            controller.enqueue(
              encoder.encode(`id: 0.1\nevent: sale\ndata: {"id":"a","sold":1,"held":${held},"x":2}\n\n`),
            );
            await Bun.sleep(everyMs);
          }
        },
      });
      return new Response(body);
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, sentMs, stop: () => void server.stop(true) };
}

describe('the delay of a change', () => {
  test('the delay of a change runs from when it was made, whether it was told or conflated away', () => {
    const delays = new Delays();
    assert.equal(delays.result(), null);
    // Told at 1200 of changes from 1000 to 1100: they were between 100 and 200 ms old.
    for (let i = 0; i < 100; i += 1) delays.add(1200, 1100, 1000);
    const { p50, p99, max } = delays.result()!;
    assert.ok(Math.abs(p50 - 150) < 1 && p99 > 185 && max < 200, JSON.stringify({ p50, p99, max }));
    delays.begin();
    assert.deepEqual([delays.told, delays.result()], [0, null]);
  });

  test('the delay of a change is found by the last time in the received text', () => {
    const finder = new TimeFinder('at');
    const at = (ms: number): string => `{"name":"at","at":"${new Date(ms).toISOString()}"}`;
    assert.equal(finder.find(encoder.encode(`${at(1000)}\n${at(2000)}\n\n`)), 2000);
    assert.equal(finder.find(encoder.encode(at(3000))), 3000);
    for (const none of ['', '{}', '"at":"2026"', `{"not":"${new Date(0).toISOString()}"}`]) {
      assert.ok(Number.isNaN(finder.find(encoder.encode(none))));
    }
  });
});

describe('an ended hold', () => {
  test('an ended hold is late by the time from its deadline to the first event without it', async () => {
    const server = countingServer([4, 3, 1, 0], 60);
    const watch = await StockWatch.open(server.url, 'a');
    await watch.until((held) => held === 0, 2000);
    const sent = server.sentMs.slice(1);
    const [first = 0, second = 0, third = 0] = sent;
    const late = watch.lateness(Float64Array.of(first - 10, second - 40, second - 20, third - 30));
    for (const [at, expected] of [10, 20, 30, 40].entries()) {
      assert.ok(late[at]! >= expected - 1 && late[at]! < expected + 20, `${late[at]} ms for ${expected}`);
    }
    watch.close();
    server.stop();
  });

  test('an ended hold is missed when the stream never tells', async () => {
    const server = countingServer([2, 1], 5);
    const watch = await StockWatch.open(server.url, 'a');
    await assert.rejects(
      watch.until((held) => held === 0, 100),
      /last of 1 units held/,
    );
    assert.throws(() => watch.lateness(Float64Array.of(1, 2)), /1 holds were never announced/);
    watch.close();
    server.stop();
  });
});

/** The figures that `npm run bench` judges by, of one benchmark, are among those that it gives. */
function checkTargets({ bench, figures }: Report): void {
  const asked = targets.filter(({ figure }) => figure.startsWith(`${bench}/`)).map(({ figure }) => figure);
  assert.notEqual(asked.length, 0);
  const given = new Set(figures.map(({ id }) => id));
  assert.deepEqual(
    asked.filter((id) => !given.has(id)),
    [],
  );
}

describe('small runs', () => {
  test('small runs of streams are proved, and lose no reader', async () => {
    const report = await streams({ ...defaults, rounds: 1, measureMs: 400, warmupMs: 100, readers: 60, sockets: 12 });
    assert.deepEqual(report.complaints, []);
    checkTargets(report);
    const value = (id: string): number => report.figures.find((figure) => figure.id === id)!.estimate.median;
    assert.ok(value('streams/watched/rate') > 0 && value('streams/delay/sse/p50') > 0);
    assert.ok(value('streams/delay/socket/p50') > 0);
  });

  test('small runs of expiry are proved', async () => {
    const report = await expiry({ ...defaults, rounds: 1, holds: 1000 });
    assert.deepEqual(report.complaints, []);
    checkTargets(report);
    const value = (id: string): number => report.figures.find((figure) => figure.id === id)!.estimate.median;
    assert.ok(value('expiry/announced/max') >= value('expiry/announced/p50'));
    assert.ok(value('expiry/announced/p50') > 0 && value('expiry/expiring/max') > 0);
  });
});
