/**
 * A hundred thousand holds that end within one second: in small portions, with other commands
 * between them.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Changes } from '../../src/engine/changes.ts';
import { changeKinds } from '../../src/engine/changes.ts';
import { kinds } from '../../src/engine/command.ts';
import { termsOf } from '../../src/engine/commands/holds.ts';
import { Harness, line, pause } from './support/harness.ts';
import { ManualTime } from './support/manual-time.ts';

const count = 100_000;
const sweepLimit = 1000;
const holdMs = 60_000;

/** Holds of one unit each, whose deadlines lie within a second. */
async function place(harness: Harness, sale: number): Promise<void> {
  for (let placed = 0; placed < count; placed += sweepLimit) {
    const asked = Array.from({ length: sweepLimit }, (_, i) => {
      const command = line(kinds.hold, sale, 1, '');
      termsOf(command).holdMs = holdMs + ((placed + i) % 1000);
      return harness.submit(command);
    });
    for (const { code } of await Promise.all(asked)) assert.equal(code, 'OK');
  }
  assert.equal(harness.held(sale), count);
}

describe('a hundred thousand holds that end at once', () => {
  test('a buyer is answered between two portions of a hundred thousand expiring holds', async () => {
    const time = new ManualTime();
    const harness = await Harness.open({ time }, undefined, { sweepLimit });
    const sale = await harness.sale(count);
    await place(harness, sale);
    let told = 0;
    let endings = 0;
    let most = 0;
    const watch = (changes: Changes): void => {
      let here = 0;
      for (let at = 0; at < changes.count; at += 1) if (changes.kind(at) === changeKinds.hold) here += 1;
      endings += here;
      most = Math.max(most, here);
      told += 1;
    };
    const unwatch = harness.node.watch(watch);
    time.advance(holdMs + 1000);
    const left: number[] = [];
    while (harness.held(sale) > 0) {
      // Every unit was held: what it buys has just come back.
      const { code } = await harness.order(sale, 1);
      assert.equal(code, 'OK');
      left.push(harness.held(sale));
    }
    assert.ok(left[0]! >= count - 3 * sweepLimit, `the first buyer waited for ${count - left[0]!} holds to end`);
    const steps = left.slice(1).map((held, i) => left[i]! - held);
    assert.ok(Math.max(...steps) <= 3 * sweepLimit, `a buyer waited for ${Math.max(...steps)} holds to end`);
    assert.ok(told >= count / (3 * sweepLimit));
    assert.equal(endings, count, 'each end is announced once');
    assert.ok(most <= 3 * sweepLimit, `${most} ends were announced in one go`);
    assert.equal(harness.sold(sale), left.length);
    assert.equal(harness.node.engine.state.sales.available(sale), count - left.length);
    unwatch();
    await harness.close();
  });

  test('all due holds end without a request, no others do, and nothing is left behind', async () => {
    const time = new ManualTime();
    const harness = await Harness.open({ time }, undefined, { sweepLimit });
    const sale = await harness.sale(count);
    await place(harness, sale);
    const { deadlineMs } = harness.node.engine.state.holds;
    const held = async (left: number): Promise<void> => {
      // Any command carries the time; the rest of the sweep follows without requests.
      await harness.sale(1);
      while (harness.held(sale) > left) await new Promise((resolve) => setImmediate(resolve));
      await pause(50);
      assert.equal(harness.held(sale), left);
    };
    time.advance(holdMs + 500);
    const nowMs = harness.node.clock.nowMs();
    const later = Array.from({ length: count }, (_, hold) => deadlineMs.get(hold)).filter((ms) => ms > nowMs).length;
    assert.ok(later > count / 3 && later < (2 * count) / 3, `${later} are not due yet`);
    await held(later);
    time.advance(1000);
    await held(0);
    assert.equal(harness.node.engine.state.sales.available(sale), count);
    assert.equal(harness.node.engine.nextDueMs(), Infinity);
    await harness.close();
  });
});
