/** A load that cannot be proved fails: each way in which a server's word and its books can differ is noticed. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { LoadResult } from '../../../src/proof/load/spec.ts';
import { auditLog } from '../../../src/proof/audit/key-audit.ts';
import { NotProvenError, prove } from '../../../src/proof/audit/claim.ts';
import type { Claim } from '../../../src/proof/audit/claim.ts';
import { closeAndAudit } from '../../../src/proof/bench/purchase.ts';
import { PurchaseStream } from '../../../src/proof/bench/purchase-stream.ts';
import type { Counts } from '../../../src/proof/bench/shop.ts';
import { Commands } from '../../../src/proof/bench/stock.ts';
import { openFileLog } from '../../../src/log/file/file-log.ts';
import { RecordWriter } from '../../../src/engine/record.ts';

const before: Counts = { sold: 5, held: 0, remaining: 100 };
const after: Counts = { sold: 15, held: 0, remaining: 90 };

const honest: LoadResult = {
  elapsedMs: 1000,
  answeredInWindow: 10,
  perSecond: 10,
  statuses: { '200': 10 },
  unanswered: 0,
  unsent: 0,
  reconnects: 0,
  generatorCpu: 0,
  serverCpu: 0,
  othersCpu: 0,
  distinct: { answers: 10, different: 10, lowest: 90, highest: 99 },
  samples: [],
  latency: null,
};

function claim(result: Partial<LoadResult>, counts: Counts = after): Claim {
  const url = 'http://127.0.0.1:9';
  const all = { ...honest, ...result };
  return { url, body: '{}', result: all, before, counts: () => Promise.resolve(counts), yes: 200, moves: 'sold' };
}

describe('a run of load', () => {
  test('is proved when the books moved by its yeses, each of another number', async () => {
    await prove(claim({}));
  });

  const lies: readonly (readonly [string, Partial<LoadResult>, Counts?])[] = [
    ['a request was not answered', { unanswered: 1 }],
    ['a request failed', { statuses: { '200': 10, '500': 1 } }],
    ['a yes is not in the books', {}, { sold: 14, held: 0, remaining: 91 }],
    ['the books have a sale that nobody was told of', {}, { sold: 16, held: 0, remaining: 89 }],
    ['stock is gone that was not sold', {}, { sold: 15, held: 1, remaining: 89 }],
    ['two buyers were told the same number', { distinct: { answers: 10, different: 9, lowest: 90, highest: 99 } }],
    [
      'a number is out of the range that was sold',
      { distinct: { answers: 10, different: 10, lowest: 90, highest: 100 } },
    ],
  ];
  for (const [what, result, counts] of lies) {
    test(`is not proved when ${what}`, async () => {
      await assert.rejects(prove(claim(result, counts)), NotProvenError);
    });
  }

  test('is proved when numbers that are ids count up by one, and not when one is left out', async () => {
    const ids = (highest: number): Claim => ({
      ...claim({ distinct: { answers: 10, different: 10, lowest: 501, highest } }),
      numbers: 'ids',
    });
    await prove(ids(510));
    await assert.rejects(prove(ids(511)), /10 yeses have the ids from 501 to 511/);
  });

  test('is not proved when a key that is sent again gets another answer', async () => {
    const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('{"seatsRemaining":89}') });
    const sample = { key: 'k', path: '/api/v1/purchase', status: 200, body: '{"seatsRemaining":90}' };
    const again = { ...claim({ samples: [sample] }), url: server.url.origin };
    await assert.rejects(prove(again), /answered \{"seatsRemaining":90\} and then 200 \{"seatsRemaining":89\}/);
    await prove({ ...again, result: { ...honest, samples: [{ ...sample, body: '{"seatsRemaining":89}' }] } });
    await server.stop(true);
  });
});

describe('the audit of a log', () => {
  test('counts what was sold without the engine', async () => {
    await inFolder(async (folder) => {
      const stream = await PurchaseStream.open(folder);
      for (const count of [3, 200, 1]) await stream.purchase(count);
      await stream.close();
      assert.deepEqual(await auditLog(folder), { records: 206, unitsSold: 204, unitsHeld: 0, complaints: [] });
    });
  });

  test('complains about a key that is there twice', async () => {
    await inFolder(async (folder) => {
      const commands = new Commands();
      const writer = new RecordWriter();
      const purchase = commands.purchase();
      for (let i = 0; i < 2; i += 1) writer.add(purchase);
      const log = await openFileLog({ folder });
      const marks = { timeMs: 1, nodeId: 1, firstNumber: 1, checkPosition: 0, checkLow: 0, checkHigh: 0 };
      await log.append({ ...marks, count: 2, records: writer.bytes() });
      await log.close();
      const { unitsSold, complaints } = await auditLog(folder);
      assert.equal(unitsSold, 1);
      assert.match(complaints.join(), /^1 records in the log have a key that was there before$/);
    });
  });
});

describe('what a server says at last', () => {
  for (const [said, sold, held, complaint] of [
    ['as its log', 40, 2, ''],
    ['as its log, of what is sold alone', 40, undefined, ''],
    ['one sale too many', 41, 2, 'the server said 41 sold, its log says 40'],
    ['one hold too few', 40, 1, 'the server said 1 held, its log says 2'],
  ] as const) {
    test(`is compared: ${said}`, async () => {
      await inFolder(async (folder) => {
        const stream = await PurchaseStream.open(folder);
        await stream.purchase(40);
        await stream.close();
        await appendHolds(folder, 2);
        const ended = () => Promise.resolve();
        const server = { url: 'http://127.0.0.1:9', pids: [], folder, stop: ended, close: ended };
        assert.equal((await closeAndAudit(server, sold, held)).join(), complaint);
      });
    });
  }
});

/** Adds holds of one unit each to the end of a log. */
async function appendHolds(folder: string, count: number): Promise<void> {
  const commands = new Commands();
  const writer = new RecordWriter();
  for (let i = 0; i < count; i += 1) writer.add(commands.hold());
  const log = await openFileLog({ folder });
  const marks = { timeMs: 1, nodeId: 1, firstNumber: 1, checkPosition: 0, checkLow: 0, checkHigh: 0 };
  await log.append({ ...marks, count, records: writer.bytes() });
  await log.close();
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-test-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
