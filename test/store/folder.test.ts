/** The names in a data folder: the store's own files are known, others are not. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { demonstration } from '../../src/cli/demonstration.ts';
import { ownSqliteFile } from '../../src/followers/sql/open.ts';
import { hasSegment, isOwnFile, isUnfinishedCopy, leftWithoutLog, namesIn } from '../../src/store/folder.ts';
import { noOutcomes, writeFollowerRecord } from '../../src/store/follower-records.ts';
import { openStore } from '../../src/store/open.ts';
import { deploymentSecret } from '../../src/store/secret.ts';
import { withFolder } from '../log/support/folders.ts';

async function fill(folder: string): Promise<string[]> {
  const store = await openStore({
    place: { kind: 'file', folder },
    stock: { seed: demonstration, when: 'fresh' },
    maxKeys: null,
    onNotice: (notice) => assert.fail(notice),
  });
  deploymentSecret(null, folder);
  const nothing = { position: 0, logTimeMs: 0, durablePosition: 0, durableHash: noOutcomes, message: null };
  writeFollowerRecord(folder, { ...nothing, name: 'sql', state: 'starting', pid: 1, writtenAtMs: 1 });
  const running = namesIn(folder);
  await store.close();
  return [...new Set([...running, ...namesIn(folder)])];
}

const logSegment = 'log-0000000001.seg';

describe('a name in a data folder', () => {
  test('each file that a store makes has a known name', () =>
    withFolder(async (folder) => {
      const names = await fill(folder);
      for (const part of ['log-', 'watermark', 'heartbeat', 'secret', 'followers', 'snapshot-', 'lock.sqlite'])
        assert.ok(
          names.some((name) => name.startsWith(part)),
          part,
        );
      assert.deepEqual(
        names.filter((name) => !isOwnFile(name)),
        [],
      );
      assert.ok(isOwnFile(path.basename(ownSqliteFile(folder))));
    }));

  const snapshot = 'snapshot-0000000000000007.bin';
  const own = [
    ...['heartbeat', 'secret', 'watermark', logSegment].flatMap((name) => [name, `${name}.tmp`]),
    ...['lock.sqlite', 'views.sqlite'].flatMap((name) => ['', '-journal', '-wal', '-shm'].map((end) => name + end)),
    ...['', '.tmp', '.0123abcd.tmp'].map((end) => snapshot + end),
    'followers',
  ];
  for (const name of own) test(`the store owns the name ${name}`, () => assert.ok(isOwnFile(name)));

  const foreign = ['my-secret', 'secrets', 'secret.bak', 'log-1.seg.old', 'xlog-1.seg', 'a.sqlite', 'views.sqlite.bak'];
  const others = ['snapshot-7.bin', `${snapshot}.x.tmp`, 'followers.json', 'lock.sqlite.tmp', 'notes.txt', ''];
  for (const name of [...foreign, ...others]) test(`the name "${name}" is foreign`, () => assert.ok(!isOwnFile(name)));
});

describe('a folder', () => {
  test('a folder without a log names the files that a store left in it', () =>
    withFolder(async (folder) => {
      await fill(folder);
      assert.deepEqual(leftWithoutLog(folder), []);
      for (const name of namesIn(folder))
        if (name === 'watermark' || hasSegment([name])) fs.rmSync(path.join(folder, name));
      const [first, second, third] = leftWithoutLog(folder);
      assert.deepEqual([first, second], ['followers', 'secret']);
      assert.match(third ?? '', /^snapshot-/);
    }));

  test('an empty or absent folder has nothing of a store', () =>
    withFolder((folder) => {
      assert.deepEqual(leftWithoutLog(folder), []);
      assert.deepEqual(leftWithoutLog(path.join(folder, 'none')), []);
      assert.deepEqual(namesIn(path.join(folder, 'none')), []);
      return Promise.resolve();
    }));

  test('an unfinished copy has segments and no watermark', () => {
    assert.ok(isUnfinishedCopy([logSegment]));
    assert.ok(!isUnfinishedCopy([logSegment, 'watermark']));
    assert.ok(!isUnfinishedCopy(['secret']));
  });
});
