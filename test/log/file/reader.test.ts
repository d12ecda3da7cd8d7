/** Reading the log of another process, while it writes, trims, and after it died. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FileLogReader, inspectTail, readFileLog } from '../../../src/log/file/reader.ts';
import { LogDamagedError, LogTrimmedError } from '../../../src/log/log.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import { appendAll, assertSame, batch, batches, collector } from '../support/batches.ts';
import { logFolder, openOn, preparedAhead, thousand, thousandRecords } from '../support/damage.ts';

/** Makes every operation that changes the disk an error of the test. */
function forbidChanges(disk: MemoryDisk): void {
  disk.onOperation = ({ kind, path }) => {
    assert.ok(kind === 'read' || kind === 'open' || kind === 'list', `a reader does ${kind} on ${path}`);
    return undefined;
  };
}

describe('a reader', () => {
  test('a reader of an empty folder finds nothing', async () => {
    const disk = new MemoryDisk();
    forbidChanges(disk);
    assert.deepEqual(await readFileLog({ folder: logFolder, disk }), { start: 1, end: 1, next: 1, segments: [] });
    assert.equal(inspectTail({ folder: logFolder, disk }).state, 'clean');
  });

  test('a reader brings everything up to the watermark and changes nothing', async () => {
    const disk = await thousandRecords('killed');
    forbidChanges(disk);
    for (const from of [1, 5, 11, 600, 1000, 1001]) {
      const { received, onBatch } = collector();
      const reading = await readFileLog({ folder: logFolder, disk, from, onBatch });
      assertSame(received, thousand, Math.floor((from - 1) / 10));
      assert.deepEqual([reading.start, reading.end, reading.next], [1, 1001, 1001]);
      assert.deepEqual(
        reading.segments.map(({ number, first }) => [number, first]),
        [
          [1, 1],
          [2, 121],
          [3, 371],
          [4, 621],
          [5, 871],
        ],
      );
    }
  });

  test('a reader does not see a frame before the watermark vouches for it', async () => {
    const disk = await thousandRecords('killed');
    const log = await openOn(disk);
    disk.onOperation = ({ kind, path }) =>
      kind === 'write' && path.endsWith('watermark') ? { kind: 'error', code: 'EIO' } : undefined;
    await assert.rejects(log.append(batch(100)));
    disk.onOperation = null;
    assert.equal((await readFileLog({ folder: logFolder, disk })).end, 1001);
    assert.equal(inspectTail({ folder: logFolder, disk }).state, 'unvouched');
    assert.equal(inspectTail({ folder: logFolder, disk }).end, 1011);
  });

  test('a reader follows a writer step by step, across segments, from where it was', async () => {
    const disk = new MemoryDisk();
    const log = await openOn(disk);
    const reader = new FileLogReader({ folder: logFolder, disk });
    const { received, onBatch } = collector();
    let next = 1;
    for (let number = 0; number < 150; number += 1) {
      await log.append(batch(number));
      await preparedAhead();
      if (number % 7 > 4) next = (await reader.read(next, onBatch)).next;
    }
    await reader.read(next, onBatch);
    assertSame(received, batches(150));
  });

  test('a reader that follows reads only new records', async () => {
    const disk = await thousandRecords('closed');
    const log = await openOn(disk);
    const reader = new FileLogReader({ folder: logFolder, disk });
    const { next } = await reader.read(1, () => {});
    await log.append(batch(100));
    const opened: string[] = [];
    disk.onOperation = ({ kind, path }) => {
      if (kind === 'open') opened.push(path.slice(logFolder.length + 1));
      return undefined;
    };
    await reader.read(next, () => {});
    assert.deepEqual(opened, ['watermark', 'log-0000000006.seg', 'log-0000000005.seg']);
  });

  test('a reader beside a writer that appends and trims gets each batch once, or a LogTrimmedError', async () => {
    const disk = new MemoryDisk();
    const log = await openOn(disk);
    await appendAll(log, batches(100));
    const { received, onBatch } = collector();
    let number = 100;
    const busy = async (): Promise<void> => {
      for (; number < 200; number += 1) {
        await log.append(batch(number));
        await new Promise((resolve) => setImmediate(resolve));
        if (number === 150) await log.trim(700);
      }
    };
    const writing = busy();
    const reader = new FileLogReader({ folder: logFolder, disk });
    let next = 1;
    while (next < 2001) {
      next = (await reader.read(next, onBatch)).next;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
    assertSame(received, batches(200));
    await assert.rejects(reader.read(1, onBatch), LogTrimmedError);
  });

  test('a reader passes on the errors of its caller unchanged', async () => {
    const disk = await thousandRecords('closed');
    const theirs = Object.assign(new Error('no table'), { code: 'ENOENT' });
    let calls = 0;
    const throwing = (): never => {
      calls += 1;
      throw theirs;
    };
    await assert.rejects(readFileLog({ folder: logFolder, disk, onBatch: throwing }), theirs);
    assert.equal(calls, 1);
  });

  test('a reader names the place of damage', async () => {
    const disk = await thousandRecords('closed');
    disk.flip(`${logFolder}/log-0000000002.seg`, 700, 4);
    forbidChanges(disk);
    const { received, onBatch } = collector();
    await assert.rejects(readFileLog({ folder: logFolder, disk, onBatch }), (error) => {
      assert.ok(error instanceof LogDamagedError && error.file.endsWith('log-0000000002.seg') && error.offset === 688);
      return true;
    });
    assertSame(received, thousand.slice(0, 16));
  });

  test('a reader notices a folder that was replaced by another', async () => {
    const disk = await thousandRecords('closed');
    const reader = new FileLogReader({ folder: logFolder, disk });
    await reader.read(1, () => {});
    for (const path of disk.files().keys()) disk.remove(path);
    const log = await openOn(disk);
    await appendAll(log, batches(5));
    const { received, onBatch } = collector();
    await reader.read(1, onBatch);
    assertSame(received, batches(5));
  });
});

describe('the tail', () => {
  test('the tail is clean or torn, as a recovery would find it', async () => {
    const disk = await thousandRecords('killed');
    forbidChanges(disk);
    const clean = inspectTail({ folder: logFolder, disk });
    assert.deepEqual(clean, {
      state: 'clean',
      end: 1001,
      lastTimeMs: batch(99).timeMs,
      path: `${logFolder}/log-0000000005.seg`,
      offset: 64 + 13 * 156,
      notices: [],
    });
    disk.files().get(`${logFolder}/log-0000000005.seg`)?.fill(3, 3000, 3005);
    const torn = inspectTail({ folder: logFolder, disk });
    assert.equal(torn.state, 'torn');
    assert.equal(torn.end, 1001);
    assert.match(torn.notices.join(), /torn tail/);
  });

  test('the tail of a damaged log is refused', async () => {
    const disk = await thousandRecords('killed');
    disk.flip(`${logFolder}/log-0000000005.seg`, 100, 1);
    assert.throws(() => inspectTail({ folder: logFolder, disk }), LogDamagedError);
  });

  test('a tail that a writer moves meanwhile is reported as moving', async () => {
    const disk = await thousandRecords('killed');
    const log = await openOn(disk);
    let appended = false;
    disk.onOperation = ({ kind, path }) => {
      // Between the look at the watermark and the look at the last segment.
      if (kind === 'open' && path.endsWith('5.seg') && !appended) {
        appended = true;
        void log.append(batch(100));
      }
      return undefined;
    };
    assert.equal(inspectTail({ folder: logFolder, disk }).state, 'moving');
  });
});
