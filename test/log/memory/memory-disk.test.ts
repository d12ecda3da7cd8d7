/** The faults of the disk in memory are as described: other tests rely on them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorCode } from '../../../src/log/disk.ts';
import { MemoryDisk, PowerCutError } from '../../../src/log/memory/memory-disk.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { assertSame, batch, batches, readAll } from '../support/batches.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** A disk with a durable file of four ones, open for writing. */
function ones(): { disk: MemoryDisk; file: ReturnType<MemoryDisk['open']> } {
  const disk = new MemoryDisk();
  disk.replace('/f/x', bytes(1, 1, 1, 1));
  return { disk, file: disk.open('/f/x', 'write') };
}

function contentAfter(disk: MemoryDisk, loss: 'everything' | 'nothing' | 'some', seed = 0): number[] | undefined {
  disk.cutPower();
  disk.restart(loss, seed);
  const content = disk.files().get('/f/x');
  return content && [...content];
}

describe('a power cut', () => {
  test('a power cut takes exactly the unsynced writes', () => {
    const { disk, file } = ones();
    file.write(bytes(2, 2), 0);
    file.sync();
    file.write(bytes(3, 3, 3), 3);
    file.write(bytes(4), 0);
    assert.deepEqual(contentAfter(disk.copy(), 'nothing'), [4, 2, 1, 3, 3, 3]);
    assert.deepEqual(contentAfter(disk, 'everything'), [2, 2, 1, 1]);
    assert.throws(() => file.write(bytes(5), 0), PowerCutError);
  });

  test('a power cut after the death of a process takes its unsynced writes', () => {
    const { disk, file } = ones();
    file.write(bytes(2), 0);
    assert.deepEqual(contentAfter(disk, 'nothing'), [2, 1, 1, 1]);
    disk.open('/f/x', 'write').write(bytes(3), 1);
    assert.deepEqual(contentAfter(disk, 'everything'), [1, 1, 1, 1]);
  });

  test('a power cut may keep any part of any write, by seed', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 3000; seed += 1) {
      const { disk, file } = ones();
      file.write(bytes(2, 2), 0);
      file.write(bytes(3, 3), 2);
      const content = contentAfter(disk.copy(), 'some', seed)?.join('');
      assert.ok(content !== undefined && /^[12][12][13][13]$/.test(content));
      assert.equal(contentAfter(disk, 'some', seed)?.join(''), content);
      seen.add(content);
    }
    assert.equal(seen.size, 16);
  });

  test('a power cut takes what a failed sync left in the cache, even after a later sync', () => {
    const { disk, file } = ones();
    file.write(bytes(2), 0);
    disk.onOperation = ({ kind }) => (kind === 'sync' ? { kind: 'error', code: 'EIO' } : undefined);
    assert.throws(() => file.sync(), /EIO/);
    disk.onOperation = null;
    file.write(bytes(3), 3);
    file.sync();
    assert.deepEqual(contentAfter(disk.copy(), 'nothing'), [2, 1, 1, 3]);
    assert.deepEqual(contentAfter(disk.copy(), 'everything'), [1, 1, 1, 3]);
    file.write(bytes(2), 0);
    file.sync();
    assert.deepEqual(contentAfter(disk, 'everything'), [2, 1, 1, 3]);
  });

  test('a power cut undoes names until their folder is synced', () => {
    const made = (): MemoryDisk => {
      const { disk, file } = ones();
      file.close();
      const fresh = disk.create('/f/new');
      fresh.write(bytes(7), 0);
      fresh.sync();
      disk.rename('/f/new', '/f/x');
      disk.create('/f/y').sync();
      return disk;
    };
    assert.deepEqual(contentAfter(made(), 'everything'), [1, 1, 1, 1]);
    assert.deepEqual(contentAfter(made(), 'nothing'), [7]);
    const synced = made();
    synced.syncFolder('/f');
    assert.deepEqual(contentAfter(synced, 'everything'), [7]);
    assert.deepEqual([...synced.files().keys()].toSorted(), ['/f/x', '/f/y']);
    const seen = new Set<string>();
    for (let seed = 0; seed < 50; seed += 1) seen.add(`${contentAfter(made(), 'some', seed)?.join('')}`);
    assert.deepEqual([...seen].toSorted(), ['1111', '7']);
  });

  test('a power cut frees the lock', () => {
    const { disk } = ones();
    disk.lock('/f');
    disk.cutPower();
    disk.restart('nothing');
    disk.lock('/f').release();
  });
});

describe('a fault', () => {
  test('a fault stops a write half way', () => {
    const { disk, file } = ones();
    disk.onOperation = ({ kind }) => (kind === 'write' ? { kind: 'error', code: 'ENOSPC', written: 2 } : undefined);
    assert.throws(
      () => file.write(bytes(5, 5, 5), 0),
      (error) => errorCode(error) === 'ENOSPC',
    );
    assert.deepEqual([...(disk.files().get('/f/x') ?? [])], [5, 5, 1, 1]);
  });

  test('a write without enough room writes what fits', () => {
    const { disk, file } = ones();
    disk.capacityBytes = 6;
    assert.throws(
      () => file.write(bytes(2, 2, 2), 4),
      (error) => errorCode(error) === 'ENOSPC',
    );
    assert.equal(file.size(), 6);
    file.write(bytes(3, 3), 0);
    disk.capacityBytes = 10;
    file.write(bytes(4, 4, 4, 4), 6);
    assert.deepEqual([...(disk.files().get('/f/x') ?? [])], [3, 3, 1, 1, 2, 2, 4, 4, 4, 4]);
  });

  test('a flip changes bits of one byte', () => {
    const { disk } = ones();
    disk.flip('/f/x', 2, 0x81);
    assert.deepEqual([...(disk.files().get('/f/x') ?? [])], [1, 1, 0x80, 1]);
    assert.throws(() => disk.flip('/f/x', 4, 1), RangeError);
  });
});

test('a log in memory is empty at first and lasts as long as its disk', async () => {
  const disk = new MemoryDisk();
  const log = await openMemoryLog({ disk });
  await log.append(batch(0));
  await log.close();
  const again = await openMemoryLog({ disk });
  assertSame(await readAll(again), batches(1));
  await again.close();
  assert.equal(await (await openMemoryLog()).end(), 1);
});
