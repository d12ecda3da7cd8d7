/** Lists are answered only from an index of this history, whose follower exists and agrees. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { copyFolder } from '../../src/store/copy.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/open.ts';
import { VouchedLists } from '../../src/cli/vouched-lists.ts';
import { removeFollowerRecord, writeFollowerRecord } from '../../src/store/follower-records.ts';
import type { FollowerState } from '../../src/store/follower-records.ts';
import { SqlFollower } from '../../src/followers/sql/follower.ts';
import { openListings, openSqlDatabase } from '../../src/followers/sql/open.ts';
import type { SqlPlace } from '../../src/followers/sql/open.ts';
import { RepairNeededError } from '../../src/followers/sql/place-in-log.ts';
import { FileLogReader } from '../../src/log/file/reader.ts';
import { buy, makeSale } from '../crash/support/commands.ts';
import { recordOf } from '../followers/support/records.ts';
import { withFolder } from '../log/support/folders.ts';

const page = { before: null, limit: 100 };

function open(folder: string): Promise<Store> {
  return openStore({ place: { kind: 'file', folder }, maxKeys: null, onNotice: () => {} });
}

async function sell(store: Store, sale: number, keys: readonly string[]): Promise<void> {
  for (const key of keys) assert.ok((await buy(store.node, sale, key, 1)).ok);
}

/**
 * Follows a folder into a place, to the log's end. @throws what the follower throws at its start
 */
async function follow(folder: string, place: SqlPlace): Promise<void> {
  const ending = new AbortController();
  const parts = { folder, log: new FileLogReader({ folder }), onNotice: () => {}, signal: ending.signal };
  const follower = await SqlFollower.start({ ...parts, openDatabase: () => openSqlDatabase(place) });
  try {
    while (await follower.step());
    await follower.written();
  } finally {
    ending.abort();
    await follower.close();
  }
}

function keeps(folder: string, state: FollowerState, pid = process.pid): void {
  writeFollowerRecord(folder, recordOf('sql', { state, pid }));
}

async function listsOf(store: Store, dataFolder: string, place: SqlPlace): Promise<VouchedLists> {
  return new VouchedLists({
    listings: await openListings(place),
    engine: store.node.engine,
    dataFolder,
    keeper: 'sql',
  });
}

test('an index is used while its follower exists, has not stopped and agrees', () =>
  withFolder(async (folder) => {
    const place = { kind: 'sqlite', file: path.join(folder, 'index.sqlite') } as const;
    const store = await open(folder);
    const sale = await makeSale(store.node, 100);
    await sell(store, sale, ['a', 'b']);
    const lists = await listsOf(store, folder, place);
    const list = (): Promise<unknown> => lists.ordersOfSale(sale + 1, page);
    await assert.rejects(list(), /absent/);
    keeps(folder, 'starting');
    await assert.rejects(list(), /empty still/, 'nothing is in it yet: that is no list without orders');
    await follow(folder, place);
    for (const state of ['starting', 'catching-up', 'following', 'waiting'] as const) {
      keeps(folder, state);
      assert.deepEqual((await lists.ordersOfSale(sale + 1, page)).ids, [2, 1], state);
    }
    for (const state of ['stopped', 'diverged'] as const) {
      keeps(folder, state);
      await assert.rejects(list(), new RegExp(`is ${state}`));
    }
    keeps(folder, 'following', 2 ** 30);
    await assert.rejects(list(), /is stopped/, 'its process is gone');
    removeFollowerRecord(folder, 'sql');
    await assert.rejects(list(), /absent/);
    await lists.close();
    await store.close();
  }));

test('after a restore, an index of the other history gives no list and takes no follower, until it is made anew', () =>
  withFolder(async (top) => {
    const original = path.join(top, 'original');
    const restored = path.join(top, 'restored');
    const place = { kind: 'sqlite', file: path.join(top, 'index.sqlite') } as const;
    const first = await open(original);
    const sale = await makeSale(first.node, 100);
    await sell(first, sale, ['a']);
    fs.mkdirSync(restored);
    await copyFolder({ from: original, to: restored, signal: new AbortController().signal, onNotice: () => {} });
    await sell(first, sale, ['b', 'c', 'd']);
    await follow(original, place);
    await first.close();

    const second = await open(restored);
    const lists = await listsOf(second, restored, place);
    keeps(restored, 'following');
    await assert.rejects(lists.ordersOfSale(sale + 1, page), /another history/, 'it is ahead');
    // The same ids at the same positions, with other buyers.
    await sell(second, sale, ['w', 'x', 'y', 'z', 'v', 'u']);
    await assert.rejects(lists.ordersOfSale(sale + 1, page), /another history/, 'it is not ahead any more');
    await assert.rejects(lists.keysOfOrders([2, 3]), /another history/, 'its keys are those of other people');
    await assert.rejects(
      follow(restored, place),
      (error) =>
        error instanceof RepairNeededError &&
        /another history.*[Mm]ove it aside.*reconcile --repair/.test(error.message),
    );
    await lists.close();

    fs.renameSync(place.file, `${place.file}.aside`);
    for (const suffix of ['-wal', '-shm']) fs.rmSync(place.file + suffix, { force: true });
    await follow(restored, place);
    const anew = await listsOf(second, restored, place);
    assert.deepEqual((await anew.ordersOfSale(sale + 1, page)).ids, [7, 6, 5, 4, 3, 2, 1]);
    assert.deepEqual(
      (await anew.keysOfOrders([1, 2, 7])).keys,
      new Map([
        [1, 'a'],
        [2, 'w'],
        [7, 'u'],
      ]),
    );
    await anew.close();
    await second.close();
  }));

test('an index goes on over starts of the same history', () =>
  withFolder(async (folder) => {
    const place = { kind: 'sqlite', file: path.join(folder, 'index.sqlite') } as const;
    let sale = 0;
    for (let start = 0; start < 3; start += 1) {
      const store = await open(folder);
      if (start === 0) sale = await makeSale(store.node, 100);
      const lists = await listsOf(store, folder, place);
      keeps(folder, 'following');
      if (start > 0)
        assert.equal((await lists.ordersOfSale(sale + 1, page)).ids.length, start, 'behind, and of this history');
      await sell(store, sale, [`key-${start}`]);
      await follow(folder, place);
      assert.equal((await lists.ordersOfSale(sale + 1, page)).ids.length, start + 1);
      await lists.close();
      await store.close();
    }
  }));
