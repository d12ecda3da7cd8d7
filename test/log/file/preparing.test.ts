/**
 * A segment that cannot be prepared does not end the log: it goes on while it can, and then refuses
 * for certain.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { copyLog } from '../../../src/log/file/copy.ts';
import { inspectTail, readFileLog } from '../../../src/log/file/reader.ts';
import { segmentHeaderBytes } from '../../../src/log/file/segment.ts';
import { LogFailedError, LogFullError } from '../../../src/log/log.ts';
import type { AppendBatch, Log } from '../../../src/log/log.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import type { DiskOperation, FaultCode } from '../../../src/log/memory/memory-disk.ts';
import { assertSame, batch, batches, readAll } from '../support/batches.ts';
import { logFolder, openOn, preparedAhead } from '../support/damage.ts';

const nextSegmentPattern = /log-\d+\.seg(\.tmp)?$/;

/** Appends from `number` on until it is refused; returns the number of the batch that was. */
async function appendUntilRefused(log: Log, number: number, records = 10): Promise<number> {
  for (let next = number; ; next += 1) {
    try {
      await log.append(batch(next, records));
      await preparedAhead();
    } catch (error) {
      assert.ok(error instanceof LogFullError, String(error));
      return next;
    }
  }
}

async function appended(log: Log, from: number, until: number): Promise<void> {
  for (let number = from; number < until; number += 1) await log.append(batch(number));
}

const codes: readonly FaultCode[] = ['EMFILE', 'ENFILE', 'EACCES', 'EROFS', 'ENOMEM', 'ENOSPC', 'EDQUOT'];
const steps: readonly DiskOperation['kind'][] = ['create', 'write', 'sync', 'rename', 'syncFolder', 'open'];

describe('a segment that cannot be prepared', () => {
  for (const code of codes) {
    test(`${code} while preparing kills nothing: the log uses up its segment, refuses, then recovers`, async () => {
      for (const step of steps) {
        const disk = new MemoryDisk();
        const notices: string[] = [];
        let ms = 0;
        const log = await openOn(disk, { monotonicMs: () => ms, onNotice: (message) => notices.push(message) });
        await log.append(batch(0));
        const current = `${logFolder}/log-0000000001.seg`;
        disk.onOperation = ({ kind, path }) =>
          kind === step && path !== current && (nextSegmentPattern.test(path) || path === logFolder)
            ? { kind: 'error', code }
            : undefined;
        const refused = await appendUntilRefused(log, 1);
        assert.ok(refused >= 8, `${step}: batch ${refused} was refused, and there was room for more in the segment`);
        assertSame(await readAll(log), batches(refused));
        for (let again = 0; again < 3; again += 1) {
          ms += 1000;
          await assert.rejects(log.append(batch(refused)), LogFullError);
        }
        assert.equal(notices.length, 1, `said once, not each second: ${notices.join('\n')}`);
        assert.match(notices[0] ?? '', /prepare/);

        disk.onOperation = null;
        ms += 1000;
        await appended(log, refused, refused + 30);
        assert.match(notices[1] ?? '', /is prepared/);
        await log.close();
        const again = await openOn(disk);
        assertSame(await readAll(again), batches(refused + 30));
        await again.close();
      }
    });
  }

  test('a preparation that failed is tried again once a second while the current segment has room', async () => {
    const disk = new MemoryDisk();
    let ms = 0;
    const attempts = new Set<number>();
    const log = await openOn(disk, { monotonicMs: () => ms, firstSegmentBytes: 4096 });
    disk.onOperation = ({ kind, path }) => {
      if (kind !== 'create' || !nextSegmentPattern.test(path)) return undefined;
      attempts.add(ms);
      return { kind: 'error', code: 'EMFILE' };
    };
    for (let number = 0; number < 23; number += 1) {
      await log.append(batch(number));
      await preparedAhead();
      ms += 500;
    }
    assert.ok(attempts.size >= 4 && attempts.size <= 7, `${attempts.size} attempts`);
    await log.close();
  });

  test('EIO while preparing kills the log', async () => {
    const disk = new MemoryDisk();
    const log = await openOn(disk);
    await log.append(batch(0));
    disk.onOperation = ({ kind, path }) =>
      kind === 'create' && nextSegmentPattern.test(path) ? { kind: 'error', code: 'EIO' } : undefined;
    const append = async (): Promise<void> => {
      for (let number = 1; number < 40; number += 1) await log.append(batch(number));
    };
    await assert.rejects(append(), LogFailedError);
    disk.onOperation = null;
    await assert.rejects(log.append(batch(1)), LogFailedError);
    await log.close();
  });

  test('a prepared segment needs no descriptor when it comes into use', async () => {
    const disk = new MemoryDisk();
    const log = await openOn(disk);
    for (let number = 0; number < 8; number += 1) await log.append(batch(number));
    await preparedAhead();
    assert.ok(disk.files().has(`${logFolder}/log-0000000002.seg`), 'the next one is ready');
    disk.onOperation = ({ kind }) =>
      kind === 'open' || kind === 'create' || kind === 'list' ? { kind: 'error', code: 'EMFILE' } : undefined;
    await appended(log, 8, 16);
    disk.onOperation = null;
    assert.ok(
      [...disk.files().get(`${logFolder}/log-0000000002.seg`)!].some((byte) => byte !== 0),
      'it is in use',
    );
    assertSame(await readAll(log), batches(16));
    await log.close();
  });
});

/** A log on a disk that had no room for standard segments for a while, and the batches in it. */
async function withSmallSegments(): Promise<{
  disk: MemoryDisk;
  log: Log;
  all: readonly AppendBatch[];
  sizes: number[];
}> {
  const disk = new MemoryDisk();
  let ms = 0;
  const log = await openOn(disk, { monotonicMs: () => ms, firstSegmentBytes: 512, maxSegmentBytes: 8192 });
  let number = 0;
  for (; number < 40; number += 1) await log.append(batch(number));
  await preparedAhead();
  const used = (): number => [...disk.files().values()].reduce((sum, bytes) => sum + bytes.length, 0);
  disk.capacityBytes = used() + 3000;
  number = await appendUntilRefused(log, number);
  disk.capacityBytes = Infinity;
  ms += 1000;
  for (const end = number + 60; number < end; number += 1) await log.append(batch(number));
  const sizes = [...disk.files()].filter(([path]) => path.endsWith('.seg'));
  sizes.sort(([one], [other]) => one.localeCompare(other));
  return { disk, log, all: batches(number), sizes: sizes.map(([, bytes]) => bytes.length) };
}

describe('where a segment of the standard size finds no room', () => {
  test('smaller ones are made, until not even the smallest fits', async () => {
    const disk = new MemoryDisk();
    const log = await openOn(disk, { monotonicMs: () => 0, firstSegmentBytes: 512, maxSegmentBytes: 8192 });
    for (let number = 0; number < 60; number += 1) await log.append(batch(number));
    await preparedAhead();
    const before = [...disk.files().values()].reduce((sum, bytes) => sum + bytes.length, 0);
    disk.capacityBytes = before + 3000;
    const refused = await appendUntilRefused(log, 60);
    const after = [...disk.files().values()].reduce((sum, bytes) => sum + bytes.length, 0);
    assert.ok(
      disk.capacityBytes - after < 512,
      `${disk.capacityBytes - after} bytes are left, and a segment needs 512`,
    );
    assertSame(await readAll(log), batches(refused));
    await log.close();
  });

  test('a batch that is too large for smaller segments is refused, and a small one after it is not', async () => {
    const disk = new MemoryDisk();
    const log = await openOn(disk, { monotonicMs: () => 0, firstSegmentBytes: 512, maxSegmentBytes: 8192 });
    for (let number = 0; number < 12; number += 1) await log.append(batch(number));
    await preparedAhead();
    const used = [...disk.files().values()].reduce((sum, bytes) => sum + bytes.length, 0);
    disk.capacityBytes = used + 2000;
    const large = batch(99, 10, 800);
    const full = (error: unknown): boolean => error instanceof LogFullError;
    await assert.rejects(log.append(large), full);
    await assert.rejects(log.append(large), full);
    for (let number = 12; number < 20; number += 1) await log.append(batch(number));
    await assert.rejects(log.append(large), full);
    await log.append(batch(20));
    assertSame(await readAll(log), batches(21));
    await log.close();
  });

  test('recovery, readers, copies, trimming and inspection take segments of any size', async () => {
    const { disk, log, all, sizes } = await withSmallSegments();
    assert.ok(
      sizes.some((size, at) => at > 0 && size < (sizes[at - 1] ?? 0)) && Math.max(...sizes) >= 4096,
      `sizes grow and shrink: ${sizes.join(', ')}`,
    );
    assertSame(await readAll(log), all);
    const reading = await readFileLog({ folder: logFolder, disk });
    assert.ok(reading.segments.every(({ sizeBytes }) => sizeBytes > segmentHeaderBytes && sizes.includes(sizeBytes)));
    const copy = await copyLog({ from: logFolder, to: '/copy', disk });
    copy.finish();
    const copied = await openOn(disk, { folder: '/copy' });
    assertSame(await readAll(copied), all);
    await copied.close();
    const crashed = disk.copy();
    assert.equal(inspectTail({ folder: logFolder, disk: crashed }).state, 'clean');
    crashed.cutPower();
    crashed.restart('everything');
    const recovered = await openOn(crashed);
    assertSame(await readAll(recovered), all);
    await recovered.append(batch(all.length));
    await recovered.close();

    const smallest = reading.segments[sizes.indexOf(Math.min(...sizes.slice(2)))];
    assert.ok(smallest !== undefined);
    await log.trim(smallest.first);
    assert.equal(log.start(), smallest.first);
    assertSame(await readAll(log), all, (smallest.first - 1) / 10);
    await log.close();
  });
});
