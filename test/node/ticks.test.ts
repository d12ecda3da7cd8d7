/** Ticks: holds expire and sales open without requests, and an idle node writes nothing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../src/engine/command.ts';
import { extensionOf } from '../../src/engine/commands/holds.ts';
import { holdStates } from '../../src/engine/tables/holds.ts';
import { Harness, pause, withNode } from './support/harness.ts';

/** Waits for a condition, at most `maxMs`; returns how long it took, ms. */
async function until(so: () => boolean, maxMs: number): Promise<number> {
  const startMs = performance.now();
  while (!so()) {
    if (performance.now() - startMs > maxMs) throw new Error(`not so within ${maxMs} ms`);
    await pause(2);
  }
  return performance.now() - startMs;
}

describe('a node that nobody asks', () => {
  test('an idle node expires a hold at its deadline and returns its stock', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(10);
      await harness.hold(sale, 4, 80);
      assert.equal(harness.held(sale), 4);
      const tookMs = await until(() => harness.held(sale) === 0, 3000);
      assert.ok(tookMs > 50, `expired after ${tookMs} ms of 80`);
      assert.equal(harness.node.engine.state.holds.state.get(0), holdStates.expired);
    }));

  test('an idle node expires each of many holds at its own time', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(10);
      for (const holdMs of [120, 40, 80]) await harness.hold(sale, 1, holdMs);
      const { engine } = harness.node;
      const { deadlineMs } = engine.state.holds;
      await until(() => {
        const active = [0, 1, 2].filter((hold) => deadlineMs.get(hold) > engine.nowMs);
        assert.equal(harness.held(sale), active.length);
        return active.length === 0;
      }, 3000);
    }));

  test('an idle node expires all due holds, however few one record may', async () => {
    const harness = await Harness.open({}, undefined, { sweepLimit: 2 });
    const sale = await harness.sale(100);
    await Promise.all(Array.from({ length: 15 }, () => harness.hold(sale, 1, 40)));
    await until(() => harness.held(sale) === 0, 3000);
    await harness.close();
  });

  test('an idle node expires an extended hold at its new deadline', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(10);
      await harness.hold(sale, 1, 60);
      const extend = new Command().reset(kinds.extend);
      extensionOf(extend).untilMs = harness.node.engine.nowMs + 700;
      assert.equal((await harness.submit(extend)).code, 'OK');
      await pause(120);
      assert.equal(harness.held(sale), 1);
      await until(() => harness.held(sale) === 0, 3000);
    }));

  test('an idle node opens and closes a sale at its times', () =>
    withNode({}, async (harness) => {
      const nowMs = harness.node.clock.nowMs();
      await harness.sale(10, { opensAtMs: nowMs + 60, closesAtMs: nowMs + 600 });
      const { engine } = harness.node;
      await until(() => engine.nowMs >= nowMs + 60, 3000);
      assert.ok(engine.nowMs < nowMs + 600);
      await until(() => engine.nowMs >= nowMs + 600, 3000);
      assert.equal(engine.nextDueMs(), Infinity);
    }));

  test('an idle node writes nothing while nothing is due', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(10);
      await harness.hold(sale, 1, 60_000);
      await harness.sale(10, { opensAtMs: harness.node.clock.nowMs() + 90_000_000_000 });
      const { position } = harness.node.engine;
      await pause(150);
      assert.equal(harness.node.engine.position, position);
    }));

  test('an idle node writes one record for one deadline', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(10);
      await harness.hold(sale, 1, 40);
      await harness.hold(sale, 1, 40);
      const { position } = harness.node.engine;
      await until(() => harness.held(sale) === 0, 3000);
      await pause(60);
      assert.ok(harness.node.engine.position <= position + 2);
    }));
});

test('a node that starts late expires at once what was due while it was away', async () => {
  const harness = await Harness.open();
  const sale = await harness.sale(10);
  await harness.hold(sale, 3, 30);
  await harness.close();
  await pause(60);
  const next = await Harness.open({}, harness.disk);
  assert.equal(next.held(sale), 3);
  await until(() => next.held(sale) === 0, 3000);
  await next.close();
});

test('a closed node ticks no more', async () => {
  const harness = await Harness.open();
  const sale = await harness.sale(10);
  await harness.hold(sale, 1, 30);
  await harness.node.close();
  const { position } = harness.node.engine;
  await pause(60);
  assert.equal(harness.node.engine.position, position);
  await harness.close();
});
