/**
 * The power is cut at every single operation of the disk, with every kind of loss: all acknowledged
 * records are there afterwards, once, and the log goes on. A crash is never mistaken for damage.
 */
import assert from 'node:assert/strict';
import type { FileLog } from '../../../src/log/file/file-log.ts';
import type { AppendBatch } from '../../../src/log/log.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import type { DiskOperation } from '../../../src/log/memory/memory-disk.ts';
import type { Loss } from '../../../src/log/memory/memory-file.ts';
import { seededRandom } from '../../../src/log/memory/random.ts';
import { assertPrefix, assertSame, batches, readAll } from './batches.ts';
import { openOn, preparedAhead } from './damage.ts';

/** Every second batch is large: segments are switched often. */
const allBatches: readonly AppendBatch[] = batches(48).map(
  (each, number) => batches(48, 10, number % 2 ? 40 : 8)[number] ?? each,
);

/** What a run of the log got done before the power was cut, or to its end. */
interface Run {
  acknowledged: number;
  attempted: number;
}

/** Opens, appends what is missing, trims once on the way, closes. */
async function run(disk: MemoryDisk, progress: Run): Promise<void> {
  const log = await openOn(disk);
  try {
    const there = await received(log);
    assert.ok(there >= progress.acknowledged, 'what was acknowledged is there');
    assert.ok(there <= progress.attempted, 'nothing is there twice');
    progress.acknowledged = there;
    for (let number = there; number < allBatches.length; number += 1) {
      const each = allBatches[number];
      assert.ok(each !== undefined);
      progress.attempted = number + 1;
      await log.append(each);
      progress.acknowledged = number + 1;
      await preparedAhead();
      if (number === 14) await log.trim(90);
    }
    await log.close();
  } catch (error) {
    await log.close().catch(() => {});
    throw error;
  }
}

/**
 * How many batches of `allBatches` the log has, trimmed ones included; asserts that they are these
 * batches.
 */
async function received(log: FileLog): Promise<number> {
  const skipped = (log.start() - 1) / 10;
  const there = await readAll(log);
  assertPrefix(there, allBatches, skipped);
  return skipped + there.length;
}

/** Cuts the power at the `at`th operation; false when the run came to its end before. */
async function runUntil(disk: MemoryDisk, at: number, written: number, progress: Run): Promise<boolean> {
  let operations = 0;
  disk.onOperation = (operation: DiskOperation) => {
    operations += 1;
    return operations === at ? { kind: 'power', written: Math.floor(operation.bytes * written) } : undefined;
  };
  try {
    await run(disk, progress);
    return false;
  } catch (error) {
    if (operations < at) throw error;
    return true;
  } finally {
    disk.onOperation = null;
  }
}

async function assertGoesOn(disk: MemoryDisk, progress: Run): Promise<void> {
  await run(disk, progress);
  const log = await openOn(disk);
  assertSame(await readAll(log), allBatches, (log.start() - 1) / 10);
  await log.close();
}

const losses: readonly Loss[] = ['nothing', 'everything', 'some'];

/** Cuts the power at every operation, `seeds` times each, with this loss of unsynced writes. */
export async function cutEverywhere(loss: Loss, seeds: number): Promise<void> {
  let cuts = 0;
  for (let seed = 0; seed < seeds; seed += 1) {
    for (let at = 1; ; at += 1) {
      const disk = new MemoryDisk();
      const progress: Run = { acknowledged: 0, attempted: 0 };
      const written = seededRandom(seed * 10_007 + at)();
      if (!(await runUntil(disk, at, written, progress))) break;
      disk.restart(loss, seed * 10_007 + at);
      await assertGoesOn(disk, progress);
      cuts += 1;
    }
  }
  assert.ok(cuts > 200 * seeds, `${cuts} cuts`);
}

/** Cuts the power twelve times in a row, anywhere, in each of the histories. */
export async function cutAgainAndAgain(histories: number): Promise<void> {
  for (let seed = 0; seed < histories; seed += 1) {
    const random = seededRandom(seed);
    const disk = new MemoryDisk();
    const progress: Run = { acknowledged: 0, attempted: 0 };
    for (let cut = 0; cut < 12; cut += 1) {
      await runUntil(disk, 1 + Math.floor(random() * 80), random(), progress);
      disk.restart(losses[Math.floor(random() * 3)] ?? 'some', seed * 100 + cut);
    }
    await assertGoesOn(disk, progress);
  }
}
