/** A full disk: refused for certain, nothing lost, and writes go on when there is room again. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { errorCode } from '../../../src/log/disk.ts';
import { openFileLog } from '../../../src/log/file/file-log.ts';
import { RealDisk } from '../../../src/log/file/real-disk.ts';
import { SegmentSupply } from '../../../src/log/file/segment-supply.ts';
import { LogFailedError, LogFullError } from '../../../src/log/log.ts';
import type { Log } from '../../../src/log/log.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import { requireThat } from '../../support/requires.ts';
import { assertSame, batch, batches, readAll } from '../support/batches.ts';
import { openOn, preparedAhead } from '../support/damage.ts';

/**
 * Appends from `number` on until the disk is full; returns the number of the batch that was
 * refused.
 */
async function fill(log: Log, number: number, recordBytes: number): Promise<number> {
  for (let next = number; ; next += 1) {
    try {
      await log.append(batch(next, 10, recordBytes));
    } catch (error) {
      assert.ok(error instanceof LogFullError, String(error));
      return next;
    }
  }
}

describe('a full disk', () => {
  test('a full disk refuses appends once the current segment is full, and takes them when there is room', async () => {
    const disk = new MemoryDisk({ capacityBytes: 9000 });
    let ms = 0;
    const notices: string[] = [];
    const log = await openOn(disk, { monotonicMs: () => ms, onNotice: (message) => notices.push(message) });
    const full = await fill(log, 0, 8);
    assert.ok(full > 30, 'what room there was is used');
    assert.match(notices.join('\n'), /no room on the disk to prepare/);
    assertSame(await readAll(log), batches(full));
    for (let again = 0; again < 3; again += 1) await assert.rejects(log.append(batch(full)), LogFullError);

    disk.capacityBytes = 20_000;
    await assert.rejects(log.append(batch(full)), LogFullError, 'it looks again after a second only');
    ms = 1001;
    const fullAgain = await fill(log, full, 8);
    assert.ok(fullAgain > full + 20);
    disk.capacityBytes = Infinity;
    ms = 5000;
    for (let number = fullAgain; number < fullAgain + 100; number += 1) await log.append(batch(number));
    await log.close();
    const reopened = await openOn(disk);
    assertSame(await readAll(reopened), batches(fullAgain + 100));
    await reopened.close();
  });

  test('a full disk is tried at most once a second', async () => {
    const disk = new MemoryDisk({ capacityBytes: 3000 });
    let ms = 0;
    /** One attempt tries several sizes, all at once. */
    const attempts = new Set<number>();
    const log = await openOn(disk, { monotonicMs: () => ms });
    disk.onOperation = ({ kind }) => {
      if (kind === 'create') attempts.add(ms);
      return undefined;
    };
    const full = await fill(log, 0, 8);
    for (ms = 0; ms < 10_000; ms += 10) await assert.rejects(log.append(batch(full)), LogFullError);
    assert.ok(attempts.size >= 9 && attempts.size <= 11, `${attempts.size} attempts in ten seconds`);
    assert.ok(![...disk.files().keys()].some((path) => path.endsWith('.tmp')), 'the room is given back');
  });

  test('a full disk leaves no half-made log in an empty folder', async () => {
    for (let capacityBytes = 0; capacityBytes < 2500; capacityBytes += 100) {
      const disk = new MemoryDisk({ capacityBytes });
      await openOn(disk).then(
        (log) => log.close(),
        () => {},
      );
      disk.capacityBytes = Infinity;
      const log = await openOn(disk);
      await log.append(batch(0));
      assertSame(await readAll(log), batches(1));
      await log.close();
    }
  });
});

describe('the supply of segments', () => {
  const segment = (number: number, sizeBytes: number) => ({ path: `/log/${number}`, number, sizeBytes });

  test('the supply replaces a segment that is too small for the frame', async () => {
    const disk = new MemoryDisk();
    const supply = new SegmentSupply({ disk, monotonicMs: () => 0, onNotice: () => {} });
    supply.prepare(segment(2, 1000));
    const taken = await supply.take(segment(2, 4000), 3000);
    assert.equal(taken.sizeBytes, 4000);
    assert.equal(disk.files().get('/log/2')?.length, 4000);
    assert.ok(supply.isIdle);
  });

  test('the supply is dead after an error of the disk itself', async () => {
    const disk = new MemoryDisk();
    disk.onOperation = ({ kind }) => (kind === 'sync' ? { kind: 'error', code: 'EIO' } : undefined);
    const supply = new SegmentSupply({ disk, monotonicMs: () => 0, onNotice: () => {} });
    supply.prepare(segment(2, 1000));
    await preparedAhead();
    assert.ok(!supply.isIdle);
    await assert.rejects(supply.take(segment(2, 1000), 100), LogFailedError);
    assert.deepEqual([...disk.files().keys()], []);
  });

  test('the supply aborts its work when it is closed', async () => {
    const disk = new MemoryDisk();
    const onNotice = (): void => assert.fail('a closed log says nothing');
    const supply = new SegmentSupply({ disk, monotonicMs: () => 0, onNotice });
    supply.prepare(segment(2, 64 * 1024 * 1024));
    const taken = supply.take(segment(2, 1000), 100);
    await Promise.all([supply.close(), assert.rejects(taken, /closed/)]);
    assert.deepEqual([...disk.files().keys()], []);
  });
});

/** Mounts a small file system of its own; null where that is not allowed. */
function mountSmall(bytes: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
}

function unmount(folder: string): void {
  execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
}

const probe = mountSmall(4096 * 4);
if (probe !== null) unmount(probe);
const mountable = requireThat(probe !== null, 'a small file system to fill (mounting one takes root)');

describe('a full real disk', () => {
  const mebibyte = 1024 * 1024;

  test('a full real disk refuses for certain, and writes go on when there is room', mountable, async () => {
    const mounted = mountSmall(4 * mebibyte);
    assert.ok(mounted !== null);
    try {
      const folder = join(mounted, 'log');
      const ballast = join(mounted, 'ballast');
      writeFileSync(ballast, new Uint8Array(1.5 * mebibyte));
      let ms = 0;
      const sizes = { firstSegmentBytes: 256 * 1024, maxSegmentBytes: mebibyte };
      const log = await openFileLog({ folder, ...sizes, monotonicMs: () => ms });
      const full = await fill(log, 0, 1000);
      assert.ok(full > 100, `${full} batches`);
      assertSame(await readAll(log), batches(full, 10, 1000));
      rmSync(ballast);
      ms = 2000;
      const further = await fill(log, full, 1000);
      assert.ok(further > full + 50, `${further} batches`);
      await log.close();
      const again = await openFileLog({ folder, ...sizes });
      assertSame(await readAll(again), batches(further, 10, 1000));
      await again.close();
    } finally {
      unmount(mounted);
    }
  });

  test('a real disk that takes a part of a write and then none is noticed both times', mountable, async () => {
    const mounted = mountSmall(64 * 1024);
    assert.ok(mounted !== null);
    try {
      const disk = new RealDisk();
      const file = disk.create(join(mounted, 'file'));
      assert.throws(
        () => file.write(new Uint8Array(100 * 1024).fill(1), 0),
        (error) => errorCode(error) === 'ENOSPC',
      );
      assert.ok(file.size() > 0 && file.size() < 100 * 1024, 'a part of it was written');
      file.close();
      await assert.rejects(
        disk.prepare(join(mounted, 'segment'), 100 * 1024, {
          signal: new AbortController().signal,
          isHurried: () => true,
        }),
        (error) => errorCode(error) === 'ENOSPC',
      );
      assert.deepEqual(disk.list(mounted), ['file']);
    } finally {
      unmount(mounted);
    }
  });
});
