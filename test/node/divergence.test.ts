/** Replicas check each other: one with other outcomes stops instead of serving. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../src/engine/command.ts';
import { Engine } from '../../src/engine/engine.ts';
import { RecordWriter } from '../../src/engine/record.ts';
import type { AppendBatch, Batch } from '../../src/log/log.ts';
import { NotTakenError } from '../../src/node/errors.ts';
import { DivergedError, OutcomeChecks } from '../../src/replica/outcome-checks.ts';
import { Harness, line } from './support/harness.ts';

/** A batch as another node would write it: one order, with that node's outcome hash up to here. */
function foreignBatch(harness: Harness, change: Partial<AppendBatch> = {}): AppendBatch {
  const records = new RecordWriter();
  records.add(line(kinds.order, 0, 1, ''));
  const { engine, nodeId } = harness.node;
  return {
    count: 1,
    timeMs: Math.floor(harness.node.clock.nowMs()),
    nodeId: nodeId + 1,
    firstNumber: 1,
    checkPosition: engine.position,
    checkLow: engine.hashLow,
    checkHigh: engine.hashHigh,
    records: records.bytes(),
    ...change,
  };
}

describe('a batch of another node', () => {
  test('a batch of another node is applied like an own one, before later refusals', async () => {
    const harness = await Harness.open();
    const sale = await harness.sale(2);
    await harness.log.append(foreignBatch(harness));
    assert.equal(harness.sold(sale), 1);
    assert.deepEqual([(await harness.order(sale, 2)).code, (await harness.order(sale, 1)).code], ['SOLD_OUT', 'OK']);
    await harness.close();
  });

  test('a batch with other outcomes stops the node, which serves nothing more', async () => {
    const harness = await Harness.open();
    const sale = await harness.sale(5);
    const { hashLow } = harness.node.engine;
    await assert.rejects(harness.log.append(foreignBatch(harness, { checkLow: (hashLow ^ 1) >>> 0 })));
    assert.ok(harness.node.failureReason instanceof DivergedError);
    assert.match(harness.node.failureReason.message, /position 2/);
    assert.deepEqual([harness.failures.length, harness.node.isServing, harness.sold(sale)], [1, false, 0]);
    await assert.rejects(harness.order(sale, 1), NotTakenError);
    await harness.node.close();
    await harness.log.close();
  });

  test('a batch with other outcomes also stops a start over the same log', async () => {
    const harness = await Harness.open();
    await harness.sale(5);
    await assert.rejects(harness.log.append(foreignBatch(harness, { checkHigh: 7 })));
    await harness.node.close();
    await harness.log.close();
    harness.disk.cutPower();
    harness.disk.restart('nothing');
    await assert.rejects(Harness.open({}, harness.disk), DivergedError);
  });

  test('a batch with another number of records than it says stops the node', async () => {
    const harness = await Harness.open();
    await harness.sale(5);
    await assert.rejects(harness.log.append(foreignBatch(harness, { count: 2 })));
    assert.match(String(harness.node.failureReason?.message), /has not 2 records/);
    await harness.node.close();
    await harness.log.close();
  });
});

describe('the checks', () => {
  const batchOf = (checkPosition: number, checkLow: number, checkHigh: number): Batch => ({
    first: 1,
    count: 1,
    timeMs: 0,
    nodeId: 1,
    firstNumber: 1,
    records: new Uint8Array(),
    checkPosition,
    checkLow,
    checkHigh,
  });

  /** An engine with so many records applied, and the checks of each. */
  function history(records: number): { checks: OutcomeChecks; hashes: [number, number][] } {
    const engine = new Engine();
    const checks = new OutcomeChecks();
    const hashes: [number, number][] = [[engine.hashLow, engine.hashHigh]];
    checks.remember(engine);
    const genesis = new Command().reset(kinds.genesis);
    const settings = { orderKeyRetentionMs: 1, holdKeyRetentionMs: 1, sweepLimit: 1, maxKeys: 1 };
    genesis.body = { engineVersion: 1, cell: 0, hashKey: [1, 2, 3, 4], ...settings };
    for (let position = 1; position <= records; position += 1) {
      engine.apply(position === 1 ? genesis : new Command().reset(kinds.tick), position, position);
      checks.remember(engine);
      hashes.push([engine.hashLow, engine.hashHigh]);
    }
    return { checks, hashes };
  }

  test('the checks know the ends of the last 256 batches', () => {
    const { checks, hashes } = history(300);
    for (let position = 45; position <= 300; position += 1) {
      const [low, high] = hashes[position]!;
      checks.compare(batchOf(position, low, high));
      assert.throws(() => checks.compare(batchOf(position, low ^ 1, high)), DivergedError);
      assert.throws(() => checks.compare(batchOf(position, low, high ^ 0x80)), DivergedError);
    }
  });

  test('the checks skip an unknown position', () => {
    const { checks } = history(300);
    for (const position of [0, 1, 44, 301]) checks.compare(batchOf(position, 1, 2));
  });

  test('the checks know an empty log', () => {
    const { checks, hashes } = history(0);
    checks.compare(batchOf(0, ...hashes[0]!));
    assert.throws(() => checks.compare(batchOf(0, 1, 2)), DivergedError);
  });
});
