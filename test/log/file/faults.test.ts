/** A disk that fails at any of its operations: the log keeps the promise of each of its errors. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FileLog } from '../../../src/log/file/file-log.ts';
import { LogFailedError, LogFullError } from '../../../src/log/log.ts';
import type { AppendBatch } from '../../../src/log/log.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import type { DiskOperation, Fault } from '../../../src/log/memory/memory-disk.ts';
import { appendAll, assertPrefix, assertSame, batch, batches, readAll } from '../support/batches.ts';
import { logFolder, openOn, preparedAhead } from '../support/damage.ts';

const allBatches: readonly AppendBatch[] = batches(40, 10, 20);
const segmentPattern = /log-\d+\.seg$/;

type Rule = (operation: DiskOperation) => Fault | undefined;

/** A fault at the operations that match, as often as said. */
function failing(fault: Fault, kind: DiskOperation['kind'], path: RegExp, times = Infinity): Rule {
  let left = times;
  return (operation) => {
    if (operation.kind !== kind || !path.test(operation.path)) return undefined;
    left -= 1;
    return left >= 0 ? fault : undefined;
  };
}

async function opened(number: number): Promise<{ disk: MemoryDisk; log: FileLog; clock: { ms: number } }> {
  const disk = new MemoryDisk();
  const clock = { ms: 0 };
  const log = await openOn(disk, { monotonicMs: () => clock.ms });
  await appendAll(log, allBatches.slice(0, number));
  await preparedAhead();
  return { disk, log, clock };
}

/** The death of the process and then of the machine: only synced bytes are left. */
async function afterPowerCut(disk: MemoryDisk): Promise<FileLog> {
  disk.onOperation = null;
  disk.cutPower();
  disk.restart('everything');
  return openOn(disk);
}

describe('a write that finds no room', () => {
  for (const written of [0, 1, 60, 100, 275]) {
    test(`a write without room after ${written} bytes is undone on the disk, and the log goes on`, async () => {
      const { disk, log } = await opened(3);
      disk.onOperation = failing({ kind: 'error', code: 'ENOSPC', written }, 'write', segmentPattern, 1);
      await assert.rejects(log.append(batch(99)), LogFullError);
      disk.onOperation = null;
      assertSame(await readAll(log), allBatches.slice(0, 3));

      const crashed = disk.copy();
      assertSame(await readAll(await afterPowerCut(crashed)), allBatches.slice(0, 3));
      await appendAll(log, allBatches.slice(3));
      assertSame(await readAll(log), allBatches);
      assertSame(await readAll(await afterPowerCut(disk)), allBatches);
    });
  }

  test('a write without room is undone and synced before the refusal', async () => {
    const { disk, log } = await opened(3);
    const seen: string[] = [];
    const refuse = failing({ kind: 'error', code: 'ENOSPC', written: 50 }, 'write', segmentPattern, 1);
    disk.onOperation = (operation) => {
      seen.push(operation.kind);
      return refuse(operation);
    };
    await assert.rejects(
      log.append(batch(99)).finally(() => seen.push('refused')),
      LogFullError,
    );
    assert.deepEqual(seen, ['write', 'read', 'write', 'sync', 'refused']);
  });

  test('a write without room that cannot be undone kills the log', async () => {
    for (const second of ['read', 'write', 'sync'] as const) {
      const { disk, log } = await opened(3);
      let writes = 0;
      disk.onOperation = ({ kind }) => {
        if (kind === 'write') writes += 1;
        if (kind === 'write' && writes === 1) return { kind: 'error', code: 'ENOSPC', written: 50 };
        return kind === second ? { kind: 'error', code: 'EIO' } : undefined;
      };
      await assert.rejects(log.append(batch(99)), LogFailedError);
      disk.onOperation = null;
      await assert.rejects(log.append(batch(99)), LogFailedError);
    }
  });
});

describe('the log is dead', () => {
  const deaths: readonly [string, Rule][] = [
    ['a write that fails', failing({ kind: 'error', code: 'EIO' }, 'write', segmentPattern, 1)],
    ['a write that fails half-way', failing({ kind: 'error', code: 'EIO', written: 100 }, 'write', segmentPattern, 1)],
    ['a sync that fails', failing({ kind: 'error', code: 'EIO' }, 'sync', segmentPattern, 1)],
    ['a sync that finds no room', failing({ kind: 'error', code: 'ENOSPC' }, 'sync', segmentPattern, 1)],
    ['a watermark that cannot be written', failing({ kind: 'error', code: 'EIO' }, 'write', /watermark/, 1)],
    ['a watermark that finds no room', failing({ kind: 'error', code: 'ENOSPC' }, 'write', /watermark/, 1)],
  ];
  for (const [sentence, rule] of deaths) {
    test(`the log is dead after ${sentence}, even when the disk works again`, async () => {
      const { disk, log } = await opened(3);
      const told: number[] = [];
      await log.subscribe(31, (each) => told.push(each.first));
      disk.onOperation = rule;
      await assert.rejects(log.append(batch(3)), LogFailedError);
      disk.onOperation = null;
      await assert.rejects(log.append(batch(3)), LogFailedError);
      await assert.rejects(log.trim(10), LogFailedError);
      assert.deepEqual(told, [], 'nobody was told of what was not acknowledged');
      await log.close();
      const again = await openOn(disk);
      assertPrefix(await readAll(again), [...allBatches.slice(0, 3), batch(3)]);
      assert.ok((await again.end()) >= 31);
      const there = await readAll(again);
      assertSame(
        await readAll(await afterPowerCut(disk)),
        [...allBatches.slice(0, 3), batch(3)].slice(0, there.length),
      );
    });
  }

  test('the log is dead after a subscriber throws, and the batch is on the disk', async () => {
    const { log } = await opened(3);
    await log.subscribe(31, () => {
      throw new Error('states differ');
    });
    await assert.rejects(
      log.append(batch(3)),
      (error) => error instanceof LogFailedError && /states differ/.test(error.message),
    );
    await assert.rejects(log.append(batch(3)), LogFailedError);
    await log.close();
  });
});

test('a fault of any kind at any operation breaks no promise', async () => {
  const faults: readonly Fault[] = [
    { kind: 'error', code: 'EIO' },
    { kind: 'error', code: 'ENOSPC' },
    { kind: 'error', code: 'ENOSPC', written: 70 },
  ];
  for (const fault of faults) {
    for (let at = 1; ; at += 1) {
      const disk = new MemoryDisk();
      let operations = 0;
      disk.onOperation = () => {
        operations += 1;
        return operations === at ? fault : undefined;
      };
      const acknowledged = await appendUntilDead(disk);
      if (operations < at) break;
      const log = await afterPowerCut(disk);
      const there = await readAll(log);
      assertPrefix(there, allBatches);
      assert.ok(there.length >= acknowledged.length, `${there.length} of ${acknowledged.length} at operation ${at}`);
      // A refused batch was appended again at once, so the log has no gaps.
      await appendAll(log, allBatches.slice(there.length));
      assertSame(await readAll(log), allBatches);
      await log.close();
    }
  }
});

/** Appends all that can be appended, a refused batch again, and returns what was acknowledged. */
async function appendUntilDead(disk: MemoryDisk): Promise<AppendBatch[]> {
  const acknowledged: AppendBatch[] = [];
  let ms = 0;
  let log: FileLog;
  try {
    log = await openOn(disk, { monotonicMs: () => ms });
  } catch {
    return acknowledged;
  }
  for (let number = 0; number < allBatches.length;) {
    const each = allBatches[number];
    assert.ok(each !== undefined);
    try {
      await log.append(each);
      await preparedAhead();
      acknowledged.push(each);
      number += 1;
    } catch (error) {
      ms += 1000;
      if (error instanceof LogFailedError) break;
      assert.ok(error instanceof LogFullError, String(error));
    }
  }
  await log.close().catch(() => {});
  return acknowledged;
}

test('a slow sync is waited for', async () => {
  const { disk, log } = await opened(1);
  disk.onOperation = failing({ kind: 'slow', ms: 30 }, 'sync', segmentPattern, 1);
  const began = performance.now();
  await log.append(batch(1));
  assert.ok(performance.now() - began >= 29);
});

test('an error tells the folder or file, the operation and its cause', async () => {
  const { disk, log } = await opened(1);
  disk.onOperation = failing({ kind: 'error', code: 'EIO' }, 'sync', segmentPattern, 1);
  await assert.rejects(log.append(batch(1)), (error) => {
    assert.ok(error instanceof LogFailedError && error.cause instanceof Error);
    assert.ok(error.message.includes(`syncing ${logFolder}/log-0000000001.seg failed (EIO`), error.message);
    return true;
  });
});
