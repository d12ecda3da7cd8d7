/** A log whose files are removed ends with a sentence, even without writes. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { openFileLog } from '../../../src/log/file/file-log.ts';
import { LogFailedError, LogFullError } from '../../../src/log/log.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import { batch } from '../support/batches.ts';
import { logFolder, openOn } from '../support/damage.ts';
import { withFolder } from '../support/folders.ts';

/** What is done to a folder, and what the sentence names. */
const removals: readonly [string, RegExp, (folder: string) => void][] = [
  ['the segment in use was removed', /log-0000000003\.seg was/, (folder) => remove(folder, 'log-0000000003.seg')],
  ['an earlier segment was removed', /log-0000000001\.seg was/, (folder) => remove(folder, 'log-0000000001.seg')],
  [
    'the segment in use was replaced by a copy',
    /log-0000000003\.seg was/,
    (folder) => copyOver(folder, 'log-0000000003.seg'),
  ],
  ['the watermark was removed', /watermark was/, (folder) => remove(folder, 'watermark')],
  ['the watermark was replaced', /watermark was/, (folder) => copyOver(folder, 'watermark')],
  ['the lock was removed', /the lock in/, (folder) => remove(folder, 'lock.sqlite')],
  ['the folder was removed', /data was/, (folder) => fs.rmSync(folder, { recursive: true })],
  ['the folder was moved away', /data was/, (folder) => fs.renameSync(folder, `${folder}-elsewhere`)],
  [
    'another folder was put in its place',
    /was removed or replaced/,
    (folder) => {
      fs.renameSync(folder, `${folder}-elsewhere`);
      fs.cpSync(`${folder}-elsewhere`, folder, { recursive: true });
    },
  ],
];

function remove(folder: string, name: string): void {
  fs.rmSync(path.join(folder, name));
}

function copyOver(folder: string, name: string): void {
  const file = path.join(folder, name);
  fs.copyFileSync(file, `${file}.copy`);
  fs.renameSync(`${file}.copy`, file);
}

describe('a log on the real disk is dead when', () => {
  for (const [what, named, act] of removals) {
    test(what, () =>
      withFolder(async (top) => {
        const folder = path.join(top, 'data');
        const log = await openFileLog({ folder, firstSegmentBytes: 1024, maxSegmentBytes: 1024 });
        for (let number = 0; number < 13; number += 1) await log.append(batch(number));
        log.check();
        act(folder);
        assert.throws(
          () => log.check(),
          (error) => error instanceof LogFailedError && named.test(error.message) && /start again/.test(error.message),
        );
        await assert.rejects(log.append(batch(13)), LogFailedError);
        await log.close();
        assert.doesNotThrow(() => log.check(), 'a closed log has nothing to say');
      }),
    );
  }
});

test('a file that cannot be checked does not count as removed', async () => {
  const disk = new MemoryDisk();
  const log = await openOn(disk);
  await log.append(batch(0));
  for (const code of ['EMFILE', 'EACCES', 'EIO'] as const) {
    disk.onOperation = ({ kind }) => (kind === 'list' ? { kind: 'error', code } : undefined);
    log.check();
  }
  disk.onOperation = null;
  await log.append(batch(1));
  disk.remove(`${logFolder}/watermark`);
  assert.throws(() => log.check(), LogFailedError);
  await log.close();
});

test('a log stays in its place while it trims', async () => {
  const disk = new MemoryDisk();
  const log = await openOn(disk);
  for (let number = 0; number < 60; number += 1) {
    await log.append(batch(number)).catch((error: unknown) => assert.ok(error instanceof LogFullError));
    const trimming = log.trim(number * 10);
    log.check();
    await trimming;
    log.check();
  }
  assert.ok(log.start() > 1);
  await log.close();
});
