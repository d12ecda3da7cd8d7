/**
 * A load that cannot be proved fails: each way in which a server's word and its books can differ is
 * noticed.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { LoadResult } from '../../../src/proof/load/spec.ts';
import { replayLog } from '../../../src/proof/audit/log-replay.ts';
import { auditStock } from '../../../src/proof/audit/stock-audit.ts';
import { NotProvenError, prove } from '../../../src/proof/audit/claim.ts';
import type { Claim, Counts } from '../../../src/proof/audit/claim.ts';
import { closeAndAudit } from '../../../src/proof/bench/purchase.ts';
import { PurchaseStream } from '../../../src/proof/bench/purchase-stream.ts';
import { Commands } from '../../../src/proof/bench/commands.ts';
import type { Command } from '../../../src/engine/command.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import type { AppendBatch } from '../../../src/log/log.ts';
import { plenty } from '../../../src/proof/bench/shop.ts';
import { DivergedError } from '../../../src/replica/outcome-checks.ts';
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
  const address = { url: 'http://127.0.0.1:9', operatorKey: null };
  const all = { ...honest, ...result };
  return { address, body: '{}', result: all, before, counts: () => Promise.resolve(counts), yes: 200, moves: 'sold' };
}

describe('a run of load', () => {
  test('a run of load is proved when the counts moved by its successes, each with another number', async () => {
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
    test(`a run of load is not proved when ${what}`, async () => {
      await assert.rejects(prove(claim(result, counts)), NotProvenError);
    });
  }

  test('a run of load is proved when ids count up by one, and not when one is missing', async () => {
    const ids = (highest: number): Claim => ({
      ...claim({ distinct: { answers: 10, different: 10, lowest: 501, highest } }),
      numbers: 'ids',
    });
    await prove(ids(510));
    await assert.rejects(prove(ids(511)), /10 yeses have the ids from 501 to 511/);
  });

  test('a run of load is not proved when a replayed key gets another answer', async () => {
    const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('{"seatsRemaining":89}') });
    const sample = { key: 'k', path: '/api/v1/purchase', token: null, status: 200, body: '{"seatsRemaining":90}' };
    const address = { url: server.url.origin, operatorKey: null };
    const again = { ...claim({ samples: [sample] }), address };
    await assert.rejects(prove(again), /answered \{"seatsRemaining":90\} and then 200 \{"seatsRemaining":89\}/);
    await prove({ ...again, result: { ...honest, samples: [{ ...sample, body: '{"seatsRemaining":89}' }] } });
    await server.stop(true);
  });
});

describe('the audit of a log', () => {
  test('the audit of a log counts what was sold by the records alone, and by an engine that replays them', async () => {
    await inFolder(async (folder) => {
      const stream = await PurchaseStream.open(folder);
      for (const count of [3, 200, 1]) await stream.purchase(count);
      await stream.close();
      assert.deepEqual(await auditStock(folder), { records: 206, unitsSold: 204, unitsHeld: 0, complaints: [] });
    });
  });

  test('the audit of a log complains about a key that occurs twice', async () => {
    await inFolder(async (folder) => {
      await (await PurchaseStream.open(folder)).close();
      const commands = new Commands();
      const purchase = commands.purchase();
      await append(folder, [purchase, purchase]);
      const { unitsSold, complaints } = await auditStock(folder);
      assert.equal(unitsSold, 1);
      assert.deepEqual(complaints, ['1 records in the log have a key that was there before']);
    });
  });

  test('the audit of a log complains where the engine refuses what the records would sell', async () => {
    await inFolder(async (folder) => {
      await (await PurchaseStream.open(folder)).close();
      const purchase = new Commands().purchase();
      linesOf(purchase).quantity[0] = plenty + 1;
      await append(folder, [purchase]);
      const { complaints } = await auditStock(folder);
      assert.match(
        complaints.join(),
        /^the log's records sell 100000001 and hold 0, its replay comes to 0 sold, 0 held and 0 expired$/,
      );
    });
  });

  test('the audit of a log does not go past a batch whose writer had other outcomes', async () => {
    await inFolder(async (folder) => {
      const stream = await PurchaseStream.open(folder);
      await stream.purchase(3);
      await stream.close();
      await append(folder, [new Commands().purchase()], { checkPosition: 5, checkLow: 1, checkHigh: 2 });
      await assert.rejects(auditStock(folder), DivergedError);
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
    test(`what a server says at last is compared: ${said}`, async () => {
      await inFolder(async (folder) => {
        const stream = await PurchaseStream.open(folder);
        await stream.purchase(40);
        await stream.close();
        await appendHolds(folder, 2);
        const ended = () => Promise.resolve();
        const address = { url: 'http://127.0.0.1:9', operatorKey: null };
        const server = { ...address, pids: [], folder, stop: ended, close: ended };
        assert.equal((await closeAndAudit(server, sold, held)).join(), complaint);
      });
    });
  }
});

/** Adds holds of one unit each to the end of a log. */
async function appendHolds(folder: string, count: number): Promise<void> {
  const commands = new Commands();
  // One command object is reused for all holds, so each is encoded before the next is filled.
  for (let i = 0; i < count; i += 1) await append(folder, [commands.hold()]);
}

/** Adds records as one batch to the end of a log. */
async function append(folder: string, commands: readonly Command[], check: Partial<AppendBatch> = {}): Promise<void> {
  const writer = new RecordWriter();
  for (const command of commands) writer.add(command);
  const log = await openFileLog({ folder });
  const { position, hashLow, hashHigh } = await replayLog(folder, () => {});
  const marks = { timeMs: 1, nodeId: 1, firstNumber: 1 };
  const right = { checkPosition: position, checkLow: hashLow, checkHigh: hashHigh };
  await log.append({ ...marks, ...right, ...check, count: commands.length, records: writer.bytes() });
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
