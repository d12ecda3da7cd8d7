/** Snapshots on disk: whole or absent, the newest good one is used, and the log has the rest. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { kinds } from '../../src/engine/command.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { snapshotPath } from '../../src/store/snapshot-layout.ts';
import {
  copySnapshot,
  keptPositions,
  loadNewestSnapshot,
  saveSnapshot,
  saveSnapshotGently,
  snapshotPositions,
} from '../../src/store/snapshot-files.ts';
import { checkSnapshot } from '../../src/store/snapshot-reader.ts';
import { withFolder } from '../log/support/folders.ts';
import { line } from '../node/support/harness.ts';
import { engineAt, sameState } from './support/engines.ts';

function load(folder: string, atMost = Infinity): { engine: Engine; notices: string[] } {
  const notices: string[] = [];
  return { engine: loadNewestSnapshot(folder, (notice) => notices.push(notice), atMost), notices };
}

describe('a snapshot', () => {
  test('a snapshot restores the engine, which goes on as before', () =>
    withFolder(async (folder) => {
      const engine = engineAt(50);
      const bytes = saveSnapshot(folder, engine);
      assert.equal(fs.statSync(snapshotPath(folder, 50)).size, bytes);
      const { engine: restored, notices } = load(folder);
      assert.deepEqual(notices, []);
      sameState(restored, engine);
      for (const at of [51, 52, 53]) {
        for (const one of [engine, restored]) one.apply(line(kinds.order, 0, 1, `k${at - 20}`), at, at * 10);
      }
      sameState(restored, engine);
    }));

  test('no snapshot gives an empty engine', () =>
    withFolder(async (folder) => {
      assert.deepEqual([load(folder).engine.isEmpty, load(path.join(folder, 'absent')).engine.isEmpty], [true, true]);
    }));

  test('a snapshot is kept with the one before it, older ones are removed', () =>
    withFolder(async (folder) => {
      for (const position of [10, 20, 30, 40]) saveSnapshot(folder, engineAt(position));
      assert.deepEqual(snapshotPositions(folder), [40, 30]);
      assert.deepEqual(fs.readdirSync(folder).length, 2);
    }));

  test('a snapshot is readable by its owner alone', () =>
    withFolder(async (folder) => {
      saveSnapshot(folder, engineAt(10));
      assert.equal(fs.statSync(snapshotPath(folder, 10)).mode & 0o777, 0o600);
    }));
});

describe('a snapshot that is written piece by piece', () => {
  const never = new AbortController().signal;

  test('a snapshot written piece by piece is the same file', () =>
    withFolder(async (folder) => {
      const engine = engineAt(3000);
      const size = saveSnapshot(folder, engine);
      const file = snapshotPath(folder, 3000);
      const bytes = fs.readFileSync(file);
      fs.rmSync(file);
      assert.equal(await saveSnapshotGently(folder, engine, Infinity, never), size);
      assert.ok(bytes.equals(fs.readFileSync(file)));
      assert.equal(fs.statSync(file).mode & 0o777, 0o600);
      assert.deepEqual(fs.readdirSync(folder), [path.basename(file)]);
    }));

  test('a snapshot written piece by piece yields to the event loop', () =>
    withFolder(async (folder) => {
      const engine = engineAt(40_000);
      let turns = 0;
      const counting = setInterval(() => (turns += 1), 1);
      const size = await saveSnapshotGently(folder, engine, Infinity, never);
      clearInterval(counting);
      assert.ok(size > 2 << 20, `${size} bytes`);
      assert.ok(turns >= 3, `${turns} turns`);
    }));

  test('an aborted snapshot ends soon and leaves nothing', () =>
    withFolder(async (folder) => {
      const engine = engineAt(40_000);
      const stop = new AbortController();
      const saved = saveSnapshotGently(folder, engine, Infinity, stop.signal);
      let largest = 0;
      const watching = assert.rejects(saved, /enough/).finally(() => clearInterval(timer));
      const timer = setInterval(() => {
        for (const name of fs.readdirSync(folder)) {
          stop.abort(new Error('enough'));
          const file = path.join(folder, name);
          largest = Math.max(largest, fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0);
        }
      }, 1);
      await watching;
      assert.ok(stop.signal.aborted && largest <= 2 << 20, `${largest} bytes were written`);
      assert.deepEqual(fs.readdirSync(folder), []);
    }));

  test('a snapshot of an engine that moves is abandoned', () =>
    withFolder(async (folder) => {
      const engine = engineAt(40_000);
      const saved = saveSnapshotGently(folder, engine, Infinity, never);
      while (fs.readdirSync(folder).length === 0) await new Promise((resolve) => setImmediate(resolve));
      engine.apply(line(kinds.order, 0, 1, 'late'), 40_001, 999_999);
      await assert.rejects(saved, /the engine went on/);
      assert.deepEqual(fs.readdirSync(folder), []);
    }));

  test('a snapshot that two processes write at once is whole', () =>
    withFolder(async (folder) => {
      const [one, other] = [engineAt(3000), engineAt(3000)];
      await Promise.all([one, other].map((engine) => saveSnapshotGently(folder, engine, Infinity, never)));
      const { engine, notices } = load(folder);
      assert.deepEqual(notices, []);
      sameState(engine, one);
      assert.equal(fs.readdirSync(folder).length, 1);
    }));

  test('a write removes unfinished files of dead processes, and none that another is writing', () =>
    withFolder(async (folder) => {
      const [old, fresh] = ['00000000', 'ffffffff'].map((word) =>
        path.join(folder, `snapshot-0000000000000007.bin.${word}.tmp`),
      ) as [string, string];
      for (const file of [old, fresh]) fs.writeFileSync(file, 'half');
      const longAgo = new Date(Date.now() - 11 * 60_000);
      fs.utimesSync(old, longAgo, longAgo);
      await saveSnapshotGently(folder, engineAt(20), Infinity, never);
      assert.deepEqual([fs.existsSync(old), fs.existsSync(fresh)], [false, true]);
    }));
});

describe('what is kept', () => {
  const cases: readonly (readonly [string, number[], number | null, number[]])[] = [
    ['two without a follower', [50, 40, 30, 20], Infinity, [50, 40]],
    ['two for a follower that has passed them', [50, 40, 30, 20], 60, [50, 40]],
    ['two for a follower between them', [50, 40, 30, 20], 45, [50, 40]],
    ['one more for a follower behind both', [50, 40, 30, 20], 39, [50, 40, 30]],
    ['one more for a follower at it', [50, 40, 30, 20], 20, [50, 40, 20]],
    ['two for a follower at the very beginning, which has the log alone', [50, 40, 30], 0, [50, 40]],
    ['all when the needs of a follower are unknown', [50, 40, 30, 20], null, [50, 40, 30, 20]],
    ['one of one', [50], 10, [50]],
  ];
  for (const [what, positions, lowest, kept] of cases) {
    test(`the kept snapshots are ${what}`, () => assert.deepEqual(keptPositions(positions, lowest), kept));
  }

  test('those are kept from which days may be settled, the newest before each of their beginnings', () => {
    assert.deepEqual(keptPositions([90, 80, 70, 60, 50, 40, 30], Infinity, [50, 75]), [90, 80, 70, 40]);
    assert.deepEqual(keptPositions([90, 80, 70], Infinity, [1]), [90, 80]);
    assert.deepEqual(keptPositions([90, 80, 70, 60], 65, [71]), [90, 80, 70, 60]);
  });

  test('kept snapshots stay in the folder, all others are removed', () =>
    withFolder(async (folder) => {
      for (const position of [10, 20, 30, 40, 50]) saveSnapshot(folder, engineAt(position), 25);
      assert.deepEqual(snapshotPositions(folder), [50, 40, 20]);
      const { engine } = load(folder, 25);
      assert.equal(engine.position, 20);
    }));
});

describe('a copy of a snapshot', () => {
  test('a copy is the same file in another folder, and returns its head', () =>
    withFolder(async (folder) => {
      const engine = engineAt(3000);
      saveSnapshot(folder, engine);
      const to = path.join(folder, 'to');
      fs.mkdirSync(to);
      await copySnapshot(folder, to, 3000);
      assert.ok(fs.readFileSync(snapshotPath(to, 3000)).equals(fs.readFileSync(snapshotPath(folder, 3000))));
      assert.equal(fs.statSync(snapshotPath(to, 3000)).mode & 0o777, 0o600);
      const { position, nowMs, hashLow, hashHigh } = engine;
      assert.deepEqual(await checkSnapshot(to, 3000), { position, nowMs, hashLow, hashHigh });
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
    test(`a snapshot damaged ${what} is skipped with a notice, for the one before it`, () =>
      withFolder(async (folder) => {
        saveSnapshot(folder, engineAt(20));
        saveSnapshot(folder, engineAt(30));
        const file = snapshotPath(folder, 30);
        fs.writeFileSync(file, damage(fs.readFileSync(file)));
        const { engine, notices } = load(folder);
        sameState(engine, engineAt(20));
        assert.equal(notices.length, 1);
        assert.ok(notices[0]!.includes(file) && notices[0]!.includes('passing it over'), notices[0]);
        await assert.rejects(checkSnapshot(folder, 30), /^Error: it is cut short|its checksum does not match/);
        const to = path.join(folder, 'to');
        fs.mkdirSync(to);
        await assert.rejects(copySnapshot(folder, to, 30));
        assert.deepEqual(fs.readdirSync(to), [], 'and is not copied');
      }));
  }

  test('a damaged snapshot without another one is skipped for the whole log', () =>
    withFolder(async (folder) => {
      saveSnapshot(folder, engineAt(20));
      fs.truncateSync(snapshotPath(folder, 20), 100);
      const { engine, notices } = load(folder);
      assert.deepEqual([engine.isEmpty, notices.length], [true, 1]);
    }));

  test('a snapshot with the name of another position is skipped', () =>
    withFolder(async (folder) => {
      saveSnapshot(folder, engineAt(20));
      fs.renameSync(snapshotPath(folder, 20), snapshotPath(folder, 21));
      const { engine, notices } = load(folder);
      assert.equal(engine.isEmpty, true);
      assert.match(notices.join(), /holds position 20/);
      await assert.rejects(checkSnapshot(folder, 21), /it holds position 20/);
    }));

  test('unfinished and other files in the folder are no snapshots', () =>
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
