/** No yes before its sync: the order of what happens in an append, on a disk that records it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Disk, DiskFile } from '../../../src/log/disk.ts';
import { openFileLog } from '../../../src/log/file/file-log.ts';
import type { FileLog } from '../../../src/log/file/file-log.ts';
import { RealDisk } from '../../../src/log/file/real-disk.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import { batch } from '../support/batches.ts';
import { withFolder } from '../support/folders.ts';

/** Passes all on to another disk, and writes down each write and sync after it returned. */
function recording(disk: Disk, seen: string[]): Disk {
  const recordedFile = (file: DiskFile): DiskFile => ({
    path: file.path,
    size: () => file.size(),
    read: (into, offset) => file.read(into, offset),
    write: (bytes, offset) => {
      file.write(bytes, offset);
      seen.push(`wrote ${bytes.length} at ${offset} of ${nameOf(file.path)}`);
    },
    sync: () => {
      file.sync();
      seen.push(`synced ${nameOf(file.path)}`);
    },
    isInPlace: () => file.isInPlace(),
    close: () => file.close(),
  });
  return {
    makeFolder: (folder) => disk.makeFolder(folder),
    list: (folder) => disk.list(folder),
    open: (path, mode) => recordedFile(disk.open(path, mode)),
    create: (path) => recordedFile(disk.create(path)),
    prepare: (path, bytes, pace) =>
      disk.prepare(path, bytes, pace).then(() => void seen.push(`prepared ${nameOf(path)}`)),
    rename: (from, to) => disk.rename(from, to),
    remove: (path) => disk.remove(path),
    syncFolder: (folder) => disk.syncFolder(folder),
    discard: (path) => disk.discard(path),
    lock: (folder) => disk.lock(folder),
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function assertOrder(disk: Disk, folder: string): Promise<void> {
  const seen: string[] = [];
  const log: FileLog = await openFileLog({
    folder,
    disk: recording(disk, seen),
    firstSegmentBytes: 512,
    maxSegmentBytes: 512,
  });
  const subscription = await log.subscribe(1, (each) => void seen.push(`told ${each.first}`));
  const append = async (number: number): Promise<string[]> => {
    seen.length = 0;
    await log.append(batch(number)).then(() => seen.push('resolved'));
    // The next segment is prepared in the background, at its own pace.
    return seen.filter((event) => !event.startsWith('prepared'));
  };
  const inOne = (offset: number, name: string, slot: number, first: number): string[] => [
    `wrote 156 at ${offset} of ${name}`,
    `synced ${name}`,
    `wrote 64 at ${slot} of watermark`,
    `told ${first}`,
    'resolved',
  ];
  assert.deepEqual(await append(0), inOne(64, 'log-0000000001.seg', 128, 1));
  assert.deepEqual(await append(1), inOne(220, 'log-0000000001.seg', 64, 11));
  // The third does not fit: the next segment's header is on the disk before its first frame is
  // written.
  assert.deepEqual(await append(2), [
    'wrote 64 at 0 of log-0000000002.seg',
    'synced log-0000000002.seg',
    'wrote 64 at 128 of watermark',
    'synced watermark',
    'wrote 64 at 0 of watermark',
    'synced watermark',
    ...inOne(64, 'log-0000000002.seg', 64, 21),
  ]);
  subscription.cancel();
  await log.close();
}

describe('an append', () => {
  test('an append reaches subscribers and resolves after the sync of its frame has returned', async () => {
    await assertOrder(new MemoryDisk(), '/log');
  });

  test('an append on the real disk resolves after the sync of its frame has returned', async () => {
    await withFolder((folder) => assertOrder(new RealDisk(), folder));
  });
});
