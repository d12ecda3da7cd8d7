/** The properties of a disk that the log relies on, on the real one and on the one in memory. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { errorCode, isNoRoom } from '../../src/log/disk.ts';
import type { Disk } from '../../src/log/disk.ts';
import { RealDisk } from '../../src/log/file/real-disk.ts';
import { LogFolderError, LogLockedError } from '../../src/log/log.ts';
import { MemoryDisk, systemError } from '../../src/log/memory/memory-disk.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const gentle = { signal: new AbortController().signal, isHurried: () => false };
const hurried = { ...gentle, isHurried: () => true };

function read(disk: Disk, path: string): number[] {
  const file = disk.open(path, 'read');
  const into = new Uint8Array(file.size() + 5);
  const length = file.read(into, 0);
  file.close();
  return [...into.subarray(0, length)];
}

function diskContract(name: string, make: () => { disk: Disk; top: string; dispose: () => void }): void {
  const holds = (sentence: string, check: (disk: Disk, folder: string) => void | Promise<void>): void => {
    test(sentence, async () => {
      const { disk, top, dispose } = make();
      try {
        const folder = join(top, 'a', 'b');
        disk.makeFolder(folder);
        disk.makeFolder(folder);
        await check(disk, folder);
      } finally {
        dispose();
      }
    });
  };

  describe(`the disk ${name}`, () => {
    holds('reads what was written, up to the end', (disk, folder) => {
      const file = disk.create(join(folder, 'x'));
      file.write(bytes(1, 2, 3, 4), 0);
      file.write(bytes(9, 9), 3);
      assert.equal(file.size(), 5);
      const into = new Uint8Array(3);
      assert.equal(file.read(into, 1), 3);
      assert.deepEqual([...into], [2, 3, 9]);
      assert.equal(file.read(into, 4), 1);
      assert.equal(file.read(into, 5), 0);
      assert.equal(file.read(into, 50), 0);
      file.sync();
      file.close();
      assert.deepEqual(read(disk, join(folder, 'x')), [1, 2, 3, 9, 9]);
    });

    holds('writes behind the end with zeros between', (disk, folder) => {
      const file = disk.create(join(folder, 'x'));
      file.write(bytes(7), 3);
      file.close();
      assert.deepEqual(read(disk, join(folder, 'x')), [0, 0, 0, 7]);
    });

    holds('opens for writing without changing what is there, and for reading without letting write', (disk, folder) => {
      const path = join(folder, 'x');
      disk.create(path).write(bytes(1, 2), 0);
      const writer = disk.open(path, 'write');
      writer.write(bytes(8), 1);
      writer.close();
      const reader = disk.open(path, 'read');
      assert.throws(
        () => reader.write(bytes(5), 0),
        (error) => errorCode(error) === 'EBADF',
      );
      reader.close();
      assert.deepEqual(read(disk, path), [1, 8]);
    });

    holds('says ENOENT of a file that is not there', (disk, folder) => {
      assert.throws(
        () => disk.open(join(folder, 'x'), 'read'),
        (error) => errorCode(error) === 'ENOENT',
      );
      assert.throws(
        () => disk.open(join(folder, 'x'), 'write'),
        (error) => errorCode(error) === 'ENOENT',
      );
      disk.remove(join(folder, 'x'));
      assert.deepEqual(disk.list(join(folder, 'nowhere')), []);
    });

    holds('creates, renames and removes by name', (disk, folder) => {
      for (const name of ['x', 'y', 'z']) disk.create(join(folder, name)).write(bytes(name.charCodeAt(0)), 0);
      disk.create(join(folder, 'z')).close();
      disk.rename(join(folder, 'x'), join(folder, 'y'));
      assert.deepEqual(disk.list(folder).toSorted(), ['y', 'z']);
      assert.deepEqual(read(disk, join(folder, 'y')), [120]);
      assert.deepEqual(read(disk, join(folder, 'z')), [], 'made anew');
      disk.remove(join(folder, 'y'));
      disk.syncFolder(folder);
      assert.deepEqual(disk.list(folder), ['z']);
    });

    holds('prepares a file of zeros, whole or not at all', async (disk, folder) => {
      const mebibyte = 1024 * 1024;
      for (const [size, pace] of [
        [1, gentle],
        [mebibyte, gentle],
        [2 * mebibyte + 17, gentle],
        [9 * mebibyte + 1, hurried],
      ] as const) {
        await disk.prepare(join(folder, 'x'), size, pace);
        const content = read(disk, join(folder, 'x'));
        assert.equal(content.length, size);
        assert.ok(content.every((byte) => byte === 0));
      }
      assert.deepEqual(disk.list(folder), ['x']);
      const abort = new AbortController();
      const preparing = disk.prepare(join(folder, 'y'), 64 * mebibyte, { ...gentle, signal: abort.signal });
      abort.abort(new Error('enough'));
      await assert.rejects(preparing, /enough/);
      assert.deepEqual(disk.list(folder), ['x']);
    });

    holds('lets others run while it prepares', async (disk, folder) => {
      let turns = 0;
      const ticking = setInterval(() => (turns += 1), 0);
      await disk.prepare(join(folder, 'x'), 16 * 1024 * 1024, hurried);
      clearInterval(ticking);
      if (disk instanceof RealDisk) assert.ok(turns > 2, `${turns} turns of the event loop`);
    });

    holds('has one writer of a folder at a time', (disk, folder) => {
      const lock = disk.lock(folder);
      assert.throws(() => disk.lock(folder), LogLockedError);
      assert.throws(() => disk.lock(folder), /one folder takes one writer/);
      lock.release();
      disk.lock(folder).release();
    });
  });
}

diskContract('of the machine', () => {
  const top = mkdtempSync(join(tmpdir(), 'holdfast-disk-'));
  return { disk: new RealDisk(), top, dispose: () => rmSync(top, { recursive: true }) };
});

diskContract('in memory', () => ({ disk: new MemoryDisk(), top: '/', dispose: () => {} }));

test('a folder that cannot be locked is named with the reason', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-disk-'));
  mkdirSync(join(folder, 'lock.sqlite'));
  assert.throws(
    () => new RealDisk().lock(folder),
    (error) => error instanceof Error && !(error instanceof LogLockedError) && error.message.includes(folder),
  );
  rmSync(folder, { recursive: true });
});

test('a lock file with other content is named with what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-disk-'));
  writeFileSync(
    join(folder, 'lock.sqlite'),
    'not a database, but long enough to be taken for the header of one'.repeat(20),
  );
  assert.throws(
    () => new RealDisk().lock(folder),
    (error) => error instanceof LogFolderError && /lock\.sqlite is no lock .* remove it/.test(error.message),
  );
  rmSync(folder, { recursive: true });
});

test('the lock and the files of SQLite beside it are for their owner only, existing ones too', () => {
  for (const before of [null, 0o644, 0o666]) {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-disk-'));
    const path = join(folder, 'lock.sqlite');
    if (before !== null) {
      writeFileSync(path, '');
      chmodSync(path, before);
    }
    const disk = new RealDisk();
    const lock = disk.lock(folder);
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
    assert.throws(() => disk.lock(folder), LogLockedError);
    assert.throws(() => disk.lock(folder), LogLockedError, 'a refused attempt did not let go of it');
    assert.ok(lock.isInPlace());
    rmSync(path);
    assert.ok(!lock.isInPlace());
    lock.release();
    rmSync(folder, { recursive: true });
  }
});

test('only a full disk counts as full', () => {
  assert.ok(isNoRoom(systemError('ENOSPC', 'write', '/x')) && isNoRoom(systemError('EDQUOT', 'write', '/x')));
  for (const other of [systemError('EIO', 'write', '/x'), new Error('ENOSPC'), null, 'ENOSPC'])
    assert.ok(!isNoRoom(other));
});
