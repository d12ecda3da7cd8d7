/**
 * Opening a data folder: the newest usable snapshot, the log after it, and what a close leaves for
 * the next start.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../src/engine/command.ts';
import { dump } from '../../src/engine/dump.ts';
import { removeFollowerRecord, writeFollowerRecord } from '../../src/store/follower-records.ts';
import type { Store, StoreOptions } from '../../src/store/open.ts';
import { openStore } from '../../src/store/open.ts';
import { saveSnapshot, snapshotPositions } from '../../src/store/snapshot-files.ts';
import { snapshotPath } from '../../src/store/snapshot-layout.ts';
import { recordOf } from '../followers/support/records.ts';
import { withFolder } from '../log/support/folders.ts';
import { line } from '../node/support/harness.ts';
import { engineAt, oneSale } from './support/engines.ts';

describe('a store', () => {
  const options = (folder: string, notices: string[] = []): StoreOptions => ({
    place: { kind: 'file', folder },
    maxKeys: 1000,
    onNotice: (notice) => notices.push(notice),
  });

  async function sell(store: Store, count: number): Promise<void> {
    const create = new Command().reset(kinds.seed);
    create.body = oneSale;
    await store.node.submit(create, () => undefined, undefined);
    for (let i = 0; i < count; i += 1) await store.node.submit(line(kinds.order, 0, 1, ''), () => undefined, undefined);
  }

  test('a closing store writes a snapshot, and the next start continues from it and the log after it', () =>
    withFolder(async (folder) => {
      const first = await openStore(options(folder));
      await sell(first, 5);
      await first.close();
      assert.deepEqual(snapshotPositions(folder), [8]);
      const second = await openStore(options(folder));
      await sell(second, 3);
      const state = dump(second.node.engine);
      await second.node.close();
      await second.log.close();
      const third = await openStore({ ...options(folder), mayWriteNothing: true });
      assert.deepEqual(dump(third.node.engine), state);
      assert.deepEqual([third.fresh, third.node.engine.state.sales.sold.get(0)], [false, 8]);
      await third.close();
    }));

  test('a store with damaged snapshots starts from the whole log and says so', () =>
    withFolder(async (folder) => {
      const first = await openStore(options(folder));
      await sell(first, 5);
      const state = dump(first.node.engine);
      await first.close();
      const [position = 0] = snapshotPositions(folder);
      fs.writeFileSync(snapshotPath(folder, position), 'not a snapshot at all');
      const notices: string[] = [];
      const second = await openStore({ ...options(folder, notices), mayWriteNothing: true });
      assert.deepEqual(dump(second.node.engine), state);
      assert.match(notices.join(), /passing it over/);
      await second.close();
    }));

  test('a store refuses a snapshot that is ahead of its log and changes nothing', () =>
    withFolder(async (folder) => {
      const first = await openStore(options(folder));
      await sell(first, 2);
      await first.close();
      saveSnapshot(folder, engineAt(99));
      const before = fs.readdirSync(folder).sort();
      await assert.rejects(
        openStore(options(folder)),
        /snapshot at position 99, but its log ends at 5: a part of the log is missing/,
      );
      assert.deepEqual(fs.readdirSync(folder).sort(), before);
      fs.unlinkSync(snapshotPath(folder, 99));
      await (await openStore(options(folder))).close();
    }));

  test('a store keeps the snapshot from which a follower behind the newest two could start', () =>
    withFolder(async (folder) => {
      const first = await openStore(options(folder));
      await sell(first, 5);
      await first.close();
      writeFollowerRecord(folder, recordOf('sql', { position: 9, state: 'stopped' }));
      for (let i = 0; i < 3; i += 1) {
        const again = await openStore(options(folder));
        await sell(again, 4);
        await again.close();
      }
      assert.deepEqual(snapshotPositions(folder), [26, 20, 8]);
      removeFollowerRecord(folder, 'sql');
      const last = await openStore(options(folder));
      await sell(last, 1);
      await last.close();
      assert.equal(snapshotPositions(folder).length, 2);
    }));

  test('a store writes no snapshot when nothing has happened since the last', () =>
    withFolder(async (folder) => {
      const first = await openStore(options(folder));
      await first.close();
      const [position = 0] = snapshotPositions(folder);
      const before = fs.statSync(snapshotPath(folder, position)).mtimeMs;
      await (await openStore({ ...options(folder), mayWriteNothing: true })).close();
      assert.deepEqual(snapshotPositions(folder), [position]);
      assert.equal(fs.statSync(snapshotPath(folder, position)).mtimeMs, before);
    }));
});
