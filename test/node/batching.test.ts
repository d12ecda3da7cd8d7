/** Group commit: commands that come while a batch is being written go into the next one. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../src/engine/command.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import { maxTaps, tapsOf } from '../../src/engine/commands/taps.ts';
import { NotTakenError } from '../../src/node/errors.ts';
import { withNode } from './support/harness.ts';
import { ManualTime } from './support/manual-time.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a batch', () => {
  test('a batch of one command waits for no timer', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(10);
      let answered = false;
      void harness.order(sale, 1).then(() => (answered = true));
      for (let turns = 0; turns < 6; turns += 1) await turn();
      assert.ok(answered, 'not answered after six turns of the event loop');
    }));

  test('a batch takes all commands of one turn', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(1000);
      harness.log.sizes.length = 0;
      const told = await Promise.all(Array.from({ length: 300 }, () => harness.order(sale, 1)));
      assert.deepEqual(harness.log.sizes, [300]);
      assert.deepEqual(
        told.map(({ position }) => position),
        Array.from({ length: 300 }, (_, i) => i + 3),
      );
    }));

  test('a batch waits a few turns while each brings more commands, and no longer', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(1000);
      harness.log.sizes.length = 0;
      const orders: Promise<unknown>[] = [];
      for (let i = 0; i < 20; i += 1) {
        orders.push(harness.order(sale, 1));
        await turn();
      }
      await Promise.all(orders);
      const { sizes } = harness.log;
      assert.equal(
        sizes.reduce((sum, size) => sum + size, 0),
        20,
      );
      assert.ok(sizes.length > 2 && sizes.length < 20, sizes.join());
    }));

  test('a batch that has a mebibyte waits for no further turn', () =>
    withNode({}, async (harness) => {
      harness.log.sizes.length = 0;
      const command = new Command();
      const tap = { gate: 0, epoch: 1, sequence: 1, card: 0, station: 0, direction: 0, decided: 0, atMs: 0 };
      const sent: unknown[] = [];
      for (let i = 0; i < 6; i += 1) {
        const taps = tapsOf(command.reset(kinds.taps));
        for (let each = 0; each < maxTaps; each += 1) taps.add(tap);
        for (let each = 0; each < 5; each += 1) sent.push(harness.node.submit(command, () => undefined, undefined));
        await turn();
      }
      await Promise.all(sent);
      assert.deepEqual(harness.log.sizes, [5, 5, 5, 5, 5, 5]);
    }));

  test('a batch gathers while another is being written, one append at a time', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(1000);
      harness.log.sizes.length = 0;
      harness.log.shut();
      const first = harness.order(sale, 1);
      for (let turns = 0; turns < 6; turns += 1) await turn();
      const rest = Array.from({ length: 50 }, () => harness.order(sale, 1));
      await turn();
      assert.equal(harness.sold(sale), 0);
      assert.equal(harness.node.pendingCommands, 51);
      harness.log.open();
      await Promise.all([first, ...rest]);
      assert.deepEqual(harness.log.sizes, [1, 50]);
      assert.equal(harness.node.pendingCommands, 0);
    }));

  test('a batch has one time, in whole milliseconds, never before the last', () => {
    const time = new ManualTime();
    return withNode({ time }, async (harness) => {
      const sale = await harness.sale(1000);
      time.advance(0.75);
      await Promise.all([harness.order(sale, 1), harness.order(sale, 1)]);
      assert.equal(harness.node.engine.nowMs, Math.floor(time.wallMs()));
      time.jump(-50_000);
      await harness.order(sale, 1);
      assert.equal(harness.node.engine.nowMs, Math.floor(time.wallMs() + 50_000));
    });
  });
});

describe('nothing is answered', () => {
  test('no command is answered before its record is durable', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(5);
      harness.log.shut();
      let answered = false;
      const order = harness.order(sale, 1).finally(() => (answered = true));
      for (let turns = 0; turns < 20; turns += 1) await turn();
      assert.deepEqual([answered, harness.sold(sale)], [false, 0]);
      harness.log.open();
      assert.equal((await order).code, 'OK');
    }));

  test('a refusal that is already true is answered at once, without the log', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(5);
      const { position } = harness.node.engine;
      harness.log.shut();
      assert.deepEqual(
        [(await harness.order(sale, 6)).code, (await harness.order(99, 1)).code],
        ['SOLD_OUT', 'UNKNOWN_SALE'],
      );
      assert.equal(harness.node.engine.position, position);
    }));
});

test('a door that cannot render gets the error alone; the batch and its effect stand', () =>
  withNode({}, async (harness) => {
    const sale = await harness.sale(5);
    const command = new Command().reset(kinds.order);
    linesOf(command).add(sale, 1);
    const broken = harness.node.submit(
      command,
      () => {
        throw new RangeError('ink is out');
      },
      undefined,
    );
    const well = harness.order(sale, 2);
    await assert.rejects(Promise.resolve(broken), /ink is out/);
    assert.equal((await well).code, 'OK');
    assert.equal(harness.sold(sale), 3);
    assert.ok(harness.node.isServing);
  }));

test('commands beyond the limit in flight are refused, not taken', () =>
  withNode({ maxInFlight: 3 }, async (harness) => {
    const sale = await harness.sale(50);
    harness.log.shut();
    const taken = [harness.order(sale, 1), harness.order(sale, 1), harness.order(sale, 1)];
    await assert.rejects(
      harness.order(sale, 1),
      (error) => error instanceof NotTakenError && /too many/.test(error.message),
    );
    harness.log.open();
    await Promise.all(taken);
    assert.equal(harness.sold(sale), 3);
    assert.equal((await harness.order(sale, 1)).code, 'OK');
  }));

describe('closing a node', () => {
  test('a closing node lets commands in flight finish and takes no more', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(50);
      harness.log.shut();
      const order = harness.order(sale, 1);
      await turn();
      const closing = harness.node.close();
      await assert.rejects(harness.order(sale, 1), NotTakenError);
      harness.log.open();
      assert.equal((await order).code, 'OK');
      await closing;
      assert.equal(harness.sold(sale), 1);
      await harness.node.close();
    }));
});

describe('a key is read back from the log', () => {
  test('a key is read back by the position of its record', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(50);
      const told = await Promise.all([
        harness.order(sale, 1, 'a'),
        harness.order(sale, 1),
        harness.order(sale, 1, 'c \u00e4'),
      ]);
      const keys = await Promise.all(told.map(({ position }) => harness.node.keyAt(position)));
      assert.deepEqual(keys, ['a', null, 'c \u00e4']);
      assert.equal(await harness.node.keyAt(9999), null);
    }));
});
