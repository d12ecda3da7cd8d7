/**
 * The duty of a kind of command: the node appends its record on its own, once, when its time has
 * come.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Command, kinds } from '../../src/engine/command.ts';
import type { KindDuty } from '../../src/engine/rules/kinds.ts';
import { duties } from '../../src/engine/rules/kinds.ts';
import { RecordReader } from '../../src/engine/record.ts';
import { Harness } from './support/harness.ts';

const raised = 2000;

/** Raises the number of keys that are kept, once log time has come to `atMs()`. */
function raiseKeys(atMs: () => number): KindDuty {
  return {
    kind: kinds.settings,
    duty: {
      dueMs: ({ settings }) => (settings.maxKeys < raised ? atMs() : Infinity),
      fill: (_, command) => (command.body = { maxKeys: raised }),
    },
  };
}

async function kindsInLog({ log }: Harness): Promise<number[]> {
  const found: number[] = [];
  const reader = new RecordReader();
  const command = new Command();
  const subscription = await log.subscribe(1, (batch) => {
    reader.reset(batch.records);
    while (reader.next(command)) found.push(command.kind);
  });
  subscription.cancel();
  return found;
}

async function times(harness: Harness, kind: number): Promise<number> {
  return (await kindsInLog(harness)).filter((each) => each === kind).length;
}

async function until(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + 5000;
  while (!isSo()) {
    assert.ok(performance.now() < endMs, 'not within 5 s');
    await pause(2);
  }
}

async function withDuty(
  afterMs: number,
  use: (harness: Harness, isDone: () => boolean) => Promise<void>,
): Promise<void> {
  let dueMs = Infinity;
  const harness = await Harness.open({ duties: [...duties, raiseKeys(() => dueMs)] });
  try {
    dueMs = harness.node.clock.nowMs() + afterMs;
    await use(harness, () => harness.node.engine.state.settings.maxKeys === raised);
  } finally {
    await harness.close();
  }
}

describe('a duty', () => {
  test('a duty is done once, when its time has come', () =>
    withDuty(60, async (harness, isDone) => {
      // The timer is armed behind a record.
      await harness.sale(10);
      assert.equal(isDone(), false);
      await until(isDone);
      await pause(50);
      assert.equal(await times(harness, kinds.settings), 1);
    }));

  test('a duty is done beside other records, and at most one record of it is on its way', () =>
    withDuty(0, async (harness, isDone) => {
      const made = harness.sale(10);
      harness.log.shut();
      const sale = await Promise.race([made, pause(50, null)]);
      assert.equal(sale, null, 'the batch hangs');
      harness.log.open();
      const orders = Array.from({ length: 20 }, async () => {
        await made;
        return await harness.order(0, 1);
      });
      await Promise.all(orders);
      await until(isDone);
      await pause(50);
      assert.equal(await times(harness, kinds.settings), 1);
    }));

  test('a duty is done again when the log had no room for it', () =>
    withDuty(40, async (harness, isDone) => {
      await harness.sale(10);
      let writes = 0;
      harness.disk.onOperation = ({ kind }) => {
        if (kind !== 'write') return undefined;
        writes += 1;
        return writes === 1 ? { kind: 'error', code: 'ENOSPC' } : undefined;
      };
      await until(isDone);
      assert.ok(writes > 1);
      assert.equal(await times(harness, kinds.settings), 1);
    }));

  test('a duty does not replace a tick, nor a tick a duty', () =>
    withDuty(50, async (harness, isDone) => {
      const sale = await harness.sale(10);
      await harness.hold(sale, 3, 50);
      await until(() => isDone() && harness.held(sale) === 0);
      assert.equal(await times(harness, kinds.settings), 1);
    }));

  test('a closed node does no duty', () =>
    withDuty(40, async (harness, isDone) => {
      await harness.sale(10);
      await harness.node.close();
      await pause(100);
      assert.equal(isDone(), false);
      assert.equal(await times(harness, kinds.settings), 0);
    }));
});

test('the tick is the duty of expiry and windows', async () => {
  const harness = await Harness.open();
  const { engine } = harness.node;
  const tick = duties.find(({ kind }) => kind === kinds.tick);
  const sale = await harness.sale(10);
  assert.equal(tick?.duty.dueMs(engine.state), Infinity);
  await harness.hold(sale, 1, 60_000);
  assert.equal(tick?.duty.dueMs(engine.state), engine.nextDueMs());
  assert.equal(engine.nextDueMs(), engine.state.deadlines.firstDueMs());
  await harness.close();
});
