/** The answers of callers when the log fails, and what is true then. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NotTakenError, UnknownResultError } from '../../src/node/errors.ts';
import { Harness, pause, withNode } from './support/harness.ts';
import { ManualTime } from './support/manual-time.ts';

type Reason = new (message: string) => Error;

async function assertAll(told: readonly Promise<unknown>[], reason: Reason): Promise<void> {
  for (const one of await Promise.allSettled(told)) {
    assert.ok(one.status === 'rejected' && one.reason instanceof reason, JSON.stringify(one));
  }
}

describe('a full disk', () => {
  test('a full disk refuses for certain, and the node sells on when there is room', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(100);
      // The first write fails, and what it left is taken back: that write must pass.
      let writes = 0;
      harness.disk.onOperation = ({ kind }) => {
        if (kind !== 'write') return undefined;
        writes += 1;
        return writes === 1 ? { kind: 'error', code: 'ENOSPC', written: 20 } : undefined;
      };
      await assertAll(
        [harness.order(sale, 1, 'a'), harness.order(sale, 1, 'a'), harness.order(sale, 2, 'b')],
        NotTakenError,
      );
      assert.deepEqual([harness.sold(sale), harness.node.isServing, harness.failures.length], [0, true, 0]);
      const again = await Promise.all([harness.order(sale, 1, 'a'), harness.order(sale, 2, 'b')]);
      assert.deepEqual(
        again.map(({ code, replayed }) => [code, replayed]),
        [
          ['OK', false],
          ['OK', false],
        ],
      );
      assert.equal(harness.sold(sale), 3);
    }));

  test('a node on a full disk still gives answers that need no log', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(2);
      const first = await harness.order(sale, 1, 'k');
      harness.disk.onOperation = ({ kind }) => (kind === 'write' ? { kind: 'error', code: 'ENOSPC' } : undefined);
      await assertAll([harness.order(sale, 1)], NotTakenError);
      assert.deepEqual(await harness.order(sale, 1, 'k'), { ...first, replayed: true });
      assert.equal((await harness.order(sale, 9)).code, 'SOLD_OUT');
      harness.disk.onOperation = null;
    }));

  test('a due tick does not keep a node on a full disk busy', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(2);
      await harness.hold(sale, 1, 20);
      let writes = 0;
      harness.disk.onOperation = ({ kind }) => {
        if (kind !== 'write') return undefined;
        writes += 1;
        return { kind: 'error', code: 'ENOSPC' };
      };
      await pause(400);
      assert.ok(writes >= 1 && writes < 30, `${writes} attempts in 0.4 s`);
      harness.disk.onOperation = null;
      await pause(700);
      assert.equal(harness.held(sale), 0, 'expired once there is room');
    }));
});

describe('a sync that fails', () => {
  test('a failed sync leaves commands in flight unknown and ends the node, once', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(100);
      harness.disk.onOperation = ({ kind }) => (kind === 'sync' ? { kind: 'error', code: 'EIO' } : undefined);
      await assertAll(
        [harness.order(sale, 1, 'a'), harness.order(sale, 1), harness.order(sale, 2, 'b')],
        UnknownResultError,
      );
      harness.disk.onOperation = null;
      assert.deepEqual([harness.node.isServing, harness.failures.length, harness.sold(sale)], [false, 1, 0]);
      assert.match(String(harness.node.failureReason?.message), /EIO/);
      await assertAll([harness.order(sale, 1, 'a'), harness.order(sale, 1)], NotTakenError);
      await assertAll([harness.order(sale, 101)], NotTakenError);
      assert.equal(harness.failures.length, 1);
    }));

  for (const loss of ['everything', 'nothing'] as const) {
    test(`a start after a failed sync tells by the key what was done (the disk lost ${loss})`, async () => {
      const harness = await Harness.open();
      const sale = await harness.sale(100);
      harness.disk.onOperation = ({ kind }) => (kind === 'sync' ? { kind: 'error', code: 'EIO' } : undefined);
      await assertAll([harness.order(sale, 1, 'a')], UnknownResultError);
      harness.disk.onOperation = null;
      await harness.close();
      harness.disk.cutPower();
      harness.disk.restart(loss);

      const next = await Harness.open({}, harness.disk);
      const done = next.sold(sale);
      assert.ok(done === 0 || done === 1);
      if (loss === 'everything') assert.equal(done, 0);
      const told = await next.order(sale, 1, 'a');
      assert.deepEqual([told.code, told.replayed, next.sold(sale)], ['OK', done === 1, 1]);
      await next.close();
    });
  }
});

describe('a log that hangs', () => {
  test('a log that hangs keeps no caller longer than the limit; commands not begun have no effect later', async () => {
    const time = new ManualTime();
    await withNode({ time, maxWaitMs: 2000 }, async (harness) => {
      const sale = await harness.sale(100);
      harness.log.shut();
      const begun = harness.order(sale, 1, 'begun');
      await pause(20);
      const waiting = harness.order(sale, 10, 'waiting');
      time.advance(2001);
      await assertAll([begun, waiting], UnknownResultError);
      harness.log.open();
      await pause(20);
      // The first was being written when its caller gave up, so it counts; the second came too late
      // into the log.
      assert.equal(harness.sold(sale), 1);
      assert.ok(harness.node.isServing);
      assert.equal((await harness.order(sale, 1, 'begun')).replayed, true);
      assert.deepEqual((await harness.order(sale, 10, 'waiting')).replayed, false);
      assert.equal(harness.sold(sale), 11);
    });
  });

  test('a caller that joins late waits no longer than the one that it joined', async () => {
    const time = new ManualTime();
    await withNode({ time, maxWaitMs: 2000 }, async (harness) => {
      const sale = await harness.sale(100);
      harness.log.shut();
      const told = [harness.order(sale, 1, 'k')];
      time.advance(1500);
      told.push(harness.order(sale, 1, 'k'));
      time.advance(501);
      await assertAll(told, UnknownResultError);
    });
  });
});

test('an engine that contradicts itself stops the node, and no caller gets a yes', async () => {
  const harness = await Harness.open();
  const sale = await harness.sale(100);
  harness.node.engine.apply = () => {
    throw new Error('stock below nothing');
  };
  await assertAll([harness.order(sale, 1)], UnknownResultError);
  assert.match(String(harness.node.failureReason?.message), /stock below nothing/);
  assert.equal(harness.failures.length, 1);
  await harness.log.close();
});
