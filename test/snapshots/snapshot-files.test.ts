/** Snapshots on disk: whole or absent, the newest good one is used, and the log has the rest. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { Store, StoreOptions } from '../../src/cli/store.ts';
import { openStore } from '../../src/cli/store.ts';
import type { SeedDefinition } from '../../src/engine/command.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import { dump } from '../../src/engine/dump.ts';
import { Engine } from '../../src/engine/engine.ts';
import { loadNewestSnapshot, saveSnapshot, snapshotPositions } from '../../src/snapshots/snapshot-files.ts';
import { withFolder } from '../log/support/folders.ts';
import { line } from '../node/support/harness.ts';

const oneSale: SeedDefinition = {
  sales: [
    {
      name: 'A',
      kind: 'counted',
      capacity: 1000,
      price: null,
      opensAtMs: null,
      closesAtMs: null,
      holdMs: 100,
      maxHoldMs: 100,
      maxPerOrder: null,
      maxPerCustomer: null,
      refusals: 'forget',
      door: 0,
    },
  ],
  customers: [],
};

/** An engine with a past: sales, orders, holds, keys, and a few records of nothing. */
function engineAt(position: number): Engine {
  const engine = new Engine();
  const genesis = new Command().reset(kinds.genesis);
  const settings = { orderKeyRetentionMs: 60_000, holdKeyRetentionMs: 60_000, sweepLimit: 10, maxKeys: 1000 };
  genesis.body = { engineVersion: 1, cell: 0, hashKey: [1, 2, 3, 4], ...settings };
  const seed = new Command().reset(kinds.seed);
  seed.body = oneSale;
  for (let at = 1; at <= position; at += 1) {
    const order = line(at % 3 === 0 ? kinds.hold : kinds.order, 0, 1, `k${at}`);
    order.holdMs = 50;
    engine.apply(at === 1 ? genesis : at === 2 ? seed : order, at, at * 10);
  }
  return engine;
}

function sameState(one: Engine, other: Engine): void {
  assert.deepEqual(dump(one), dump(other));
  assert.deepEqual(
    [one.hashLow, one.hashHigh, one.position, one.nowMs],
    [other.hashLow, other.hashHigh, other.position, other.nowMs],
  );
}

function load(folder: string): { engine: Engine; notices: string[] } {
  const notices: string[] = [];
  return { engine: loadNewestSnapshot(folder, (notice) => notices.push(notice)), notices };
}

function fileOf(folder: string, position: number): string {
  return path.join(folder, `snapshot-${String(position).padStart(16, '0')}.bin`);
}

describe('a snapshot', () => {
  test('restores the engine as it was, which goes on as if nothing had been', () =>
    withFolder(async (folder) => {
      const engine = engineAt(50);
      const bytes = saveSnapshot(folder, engine);
      assert.equal(fs.statSync(fileOf(folder, 50)).size, bytes);
      const { engine: restored, notices } = load(folder);
      assert.deepEqual(notices, []);
      sameState(restored, engine);
      for (const at of [51, 52, 53]) {
        for (const one of [engine, restored]) one.apply(line(kinds.order, 0, 1, `k${at - 20}`), at, at * 10);
      }
      sameState(restored, engine);
    }));

  test('of nothing is an empty engine', () =>
    withFolder(async (folder) => {
      assert.deepEqual([load(folder).engine.isEmpty, load(path.join(folder, 'absent')).engine.isEmpty], [true, true]);
    }));

  test('is kept with the one before it, older ones go', () =>
    withFolder(async (folder) => {
      for (const position of [10, 20, 30, 40]) saveSnapshot(folder, engineAt(position));
      assert.deepEqual(snapshotPositions(folder), [40, 30]);
      assert.deepEqual(fs.readdirSync(folder).length, 2);
    }));

  test('is read by its owner alone', () =>
    withFolder(async (folder) => {
      saveSnapshot(folder, engineAt(10));
      assert.equal(fs.statSync(fileOf(folder, 10)).mode & 0o777, 0o600);
    }));
});

describe('a snapshot that is damaged', () => {
  const damages: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    'in a byte of its middle': (bytes) => flip(bytes, bytes.length >> 1),
    'in its first byte': (bytes) => flip(bytes, 0),
    'in its last byte': (bytes) => flip(bytes, bytes.length - 1),
    'by half of it missing': (bytes) => bytes.subarray(0, bytes.length >> 1),
    'by its last byte missing': (bytes) => bytes.subarray(0, -1),
    'by all of it missing': () => Buffer.alloc(0),
    'by a byte too many': (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]),
    'by being zeros': (bytes) => Buffer.alloc(bytes.length),
  };

  for (const [what, damage] of Object.entries(damages)) {
    test(`${what} is passed over with a notice, for the one before it`, () =>
      withFolder(async (folder) => {
        saveSnapshot(folder, engineAt(20));
        saveSnapshot(folder, engineAt(30));
        const file = fileOf(folder, 30);
        fs.writeFileSync(file, damage(fs.readFileSync(file)));
        const { engine, notices } = load(folder);
        sameState(engine, engineAt(20));
        assert.equal(notices.length, 1);
        assert.ok(notices[0]!.includes(file) && notices[0]!.includes('passing it over'), notices[0]);
      }));
  }

  test('with no other is passed over for the whole log', () =>
    withFolder(async (folder) => {
      saveSnapshot(folder, engineAt(20));
      fs.truncateSync(fileOf(folder, 20), 100);
      const { engine, notices } = load(folder);
      assert.deepEqual([engine.isEmpty, notices.length], [true, 1]);
    }));

  test('or has the name of another position is passed over', () =>
    withFolder(async (folder) => {
      saveSnapshot(folder, engineAt(20));
      fs.renameSync(fileOf(folder, 20), fileOf(folder, 21));
      const { engine, notices } = load(folder);
      assert.equal(engine.isEmpty, true);
      assert.match(notices.join(), /holds position 20/);
    }));

  test('or unfinished, or anything else in the folder, is no snapshot', () =>
    withFolder(async (folder) => {
      for (const name of ['snapshot-0000000000000009.bin.tmp', 'snapshot-9.bin', 'snapshot-x.bin', 'notes.txt']) {
        fs.writeFileSync(path.join(folder, name), 'x');
      }
      assert.deepEqual(snapshotPositions(folder), []);
      assert.deepEqual(load(folder).notices, []);
    }));
});

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] = bytes[at]! ^ 0x10;
  return bytes;
}

describe('a store', () => {
  const options = (dataFolder: string, notices: string[] = []): StoreOptions => ({
    dataFolder,
    log: 'file',
    demo: 'no',
    maxKeys: 1000,
    onNotice: (notice) => notices.push(notice),
  });

  async function sell(store: Store, count: number): Promise<void> {
    const create = new Command().reset(kinds.seed);
    create.body = oneSale;
    await store.node.submit(create, () => undefined, undefined);
    for (let i = 0; i < count; i += 1) await store.node.submit(line(kinds.order, 0, 1, ''), () => undefined, undefined);
  }

  test('writes one when it closes and goes on from it and the log behind it', () =>
    withFolder(async (folder) => {
      const first = await openStore(options(folder));
      await sell(first, 5);
      await first.close();
      assert.deepEqual(snapshotPositions(folder), [7]);
      const second = await openStore(options(folder));
      await sell(second, 3);
      const state = dump(second.node.engine);
      await second.node.close();
      await second.log.close();
      const third = await openStore(options(folder));
      assert.deepEqual(dump(third.node.engine), state);
      assert.deepEqual([third.fresh, third.node.engine.state.sales.sold.get(0)], [false, 8]);
      await third.close();
    }));

  test('starts from the whole log when its snapshots are damaged, and says so', () =>
    withFolder(async (folder) => {
      const first = await openStore(options(folder));
      await sell(first, 5);
      const state = dump(first.node.engine);
      await first.close();
      const [position = 0] = snapshotPositions(folder);
      fs.writeFileSync(fileOf(folder, position), 'not a snapshot at all');
      const notices: string[] = [];
      const second = await openStore(options(folder, notices));
      assert.deepEqual(dump(second.node.engine), state);
      assert.match(notices.join(), /passing it over/);
      await second.close();
    }));

  test('refuses a snapshot that is ahead of its log, and changes nothing', () =>
    withFolder(async (folder) => {
      const first = await openStore(options(folder));
      await sell(first, 2);
      await first.close();
      saveSnapshot(folder, engineAt(99));
      const before = fs.readdirSync(folder).sort();
      await assert.rejects(
        openStore(options(folder)),
        /snapshot at position 99, but its log ends at 4: a part of the log is missing/,
      );
      assert.deepEqual(fs.readdirSync(folder).sort(), before);
      fs.unlinkSync(fileOf(folder, 99));
      await (await openStore(options(folder))).close();
    }));

  test('writes none when nothing has happened since the last', () =>
    withFolder(async (folder) => {
      const first = await openStore(options(folder));
      await first.close();
      const [position = 0] = snapshotPositions(folder);
      const before = fs.statSync(fileOf(folder, position)).mtimeMs;
      await (await openStore(options(folder))).close();
      assert.equal(fs.statSync(fileOf(folder, position)).mtimeMs, before);
    }));
});
