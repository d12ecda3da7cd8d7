/** When a follower writes a snapshot, and what is left of one that was cut short. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { kinds } from '../../../src/engine/command.ts';
import { dump } from '../../../src/engine/dump.ts';
import { writeFollowerRecord } from '../../../src/store/follower-records.ts';
import { SnapshotWriter } from '../../../src/followers/snapshots/snapshot-writer.ts';
import { isUnfinished } from '../../../src/store/snapshot-layout.ts';
import { loadNewestSnapshot, saveSnapshot, snapshotPositions } from '../../../src/store/snapshot-files.ts';
import { withFolder } from '../../log/support/folders.ts';
import { line } from '../../node/support/harness.ts';
import { engineAt, sameState } from '../../store/support/engines.ts';
import { recordOf } from '../support/records.ts';
import { SmallStore } from '../../support/small-store.ts';

const unexpected = (notice: string): never => assert.fail(notice);
const never = new AbortController().signal;
const settings = { everyRecords: 100, everyMs: 1000, minRecords: 10, retryMs: 500 };

function writerOf(dataFolder: string, notices: string[] = []): SnapshotWriter {
  return new SnapshotWriter({ dataFolder, ...settings, onNotice: (notice) => notices.push(notice) });
}

describe('a snapshot is due', () => {
  /** Records and time since the follower began at position 20 with a snapshot there. */
  const cases: readonly (readonly [string, number, number, boolean])[] = [
    ['after so many records', 100, 0, true],
    ['not after one less', 99, 0, false],
    ['after so long, when some came', 10, 1000, true],
    ['not a moment before', 10, 999, false],
    ['not when hardly any came, however long it takes', 9, 1_000_000, false],
  ];
  for (const [what, records, ms, due] of cases) {
    test(what, () =>
      withFolder(async (folder) => {
        saveSnapshot(folder, engineAt(20));
        const writer = writerOf(folder);
        assert.equal(await writer.writeIfDue(engineAt(20), 5000, never), false);
        assert.equal(await writer.writeIfDue(engineAt(20 + records), 5000 + ms, never), due);
        assert.deepEqual(snapshotPositions(folder), due ? [20 + records, 20] : [20]);
      }),
    );
  }

  test('counted from the one before, and each is what the replica was', () =>
    withFolder(async (folder) => {
      const writer = writerOf(folder);
      const engine = engineAt(2);
      const written: number[] = [];
      for (let at = 3; at <= 450; at += 1) {
        engine.apply(line(kinds.order, 0, 1, `k${at}`), at, at * 10);
        if (!(await writer.writeIfDue(engine, 0, never))) continue;
        written.push(at);
        sameState(loadNewestSnapshot(folder, unexpected), engine);
      }
      assert.deepEqual(written, [100, 200, 300, 400]);
      assert.deepEqual(snapshotPositions(folder), [400, 300]);
    }));

  test('not of an empty replica', () =>
    withFolder(async (folder) => {
      const writer = new SnapshotWriter({ dataFolder: folder, everyRecords: 0, onNotice: unexpected });
      assert.equal(await writer.writeIfDue(loadNewestSnapshot(folder, unexpected), 0, never), false);
    }));

  test('not when another process has just written one', () =>
    withFolder(async (folder) => {
      const writer = writerOf(folder);
      saveSnapshot(folder, engineAt(90));
      assert.equal(await writer.writeIfDue(engineAt(120), 0, never), false);
      assert.equal(await writer.writeIfDue(engineAt(189), 999, never), false);
      assert.equal(await writer.writeIfDue(engineAt(190), 999, never), true);
    }));

  test('not while the follower catches up with a newer one', () =>
    withFolder(async (folder) => {
      saveSnapshot(folder, engineAt(500));
      const writer = writerOf(folder);
      assert.equal(await writer.writeIfDue(engineAt(400), 0, never), false);
      assert.equal(await writer.writeIfDue(engineAt(599), 0, never), false);
      assert.equal(await writer.writeIfDue(engineAt(600), 0, never), true);
    }));

  test('and keeps for a slower follower what that one could start from', () =>
    withFolder(async (folder) => {
      writeFollowerRecord(folder, recordOf('slow', { position: 150, state: 'waiting' }));
      const writer = writerOf(folder);
      for (const at of [100, 200, 300, 400]) assert.equal(await writer.writeIfDue(engineAt(at), 0, never), true);
      assert.deepEqual(snapshotPositions(folder), [400, 300, 100]);
    }));

  test('but not written into a folder that is gone; that is said, and tried again later', () =>
    withFolder(async (folder) => {
      const notices: string[] = [];
      const writer = writerOf(`${folder}/data`, notices);
      const engine = engineAt(100);
      assert.equal(await writer.writeIfDue(engine, 0, never), false);
      assert.match(notices.join(), /no snapshot could be written at position 100 \(.*ENOENT/);
      fs.mkdirSync(`${folder}/data`);
      assert.equal(await writer.writeIfDue(engine, 499, never), false);
      assert.equal(await writer.writeIfDue(engine, 500, never), true);
      assert.equal(notices.length, 1);
    }));
});

const program = fileURLToPath(new URL('./support/follow.ts', import.meta.url));

const followers: ChildProcess[] = [];
after(() => {
  for (const follower of followers) follower.kill('SIGKILL');
});

function startFollower(folder: string, records: number): ChildProcess {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const follower = spawn(process.execPath, [program, folder, String(records)], { stdio: [...stdio] });
  followers.push(follower);
  return follower;
}

const unfinishedIn = (folder: string): string[] => fs.readdirSync(folder).filter(isUnfinished);

/** Looks as often as it can: a snapshot takes a few dozen milliseconds. */
async function isWriting(folder: string): Promise<void> {
  const untilMs = performance.now() + 30_000;
  while (unfinishedIn(folder).length === 0) {
    assert.ok(performance.now() < untilMs, 'no snapshot was begun');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a follower in the middle of a snapshot', () => {
  test('a follower killed in the middle of a snapshot leaves the earlier ones whole, and the next follower writes one', () =>
    withFolder(async (folder) => {
      const store = await SmallStore.open(folder, 1 << 20);
      await store.sell(3000);
      const before = store.snapshot();
      await store.sell(60_000);
      const state = dump(store.node.engine);
      await store.close();
      for (let round = 0; round < 3; round += 1) {
        const follower = startFollower(folder, 50_000);
        const ended = once(follower, 'exit');
        await isWriting(folder);
        follower.kill('SIGKILL');
        await ended;
        const left = unfinishedIn(folder);
        assert.equal(left.length, 1, 'it was killed while it wrote');
        assert.deepEqual(snapshotPositions(folder), [before]);
        assert.equal(loadNewestSnapshot(folder, unexpected).position, before);
        const again = await SmallStore.open(folder, 1 << 20);
        assert.deepEqual(dump(again.node.engine), state);
        await again.close();
        fs.rmSync(`${folder}/${left[0]}`);
      }
      const follower = startFollower(folder, 50_000);
      assert.ok(follower.stdout !== null);
      const lines = createInterface({ input: follower.stdout })[Symbol.asyncIterator]();
      const position = Number((await lines.next()).value);
      const ended = once(follower, 'exit');
      follower.kill('SIGTERM');
      await ended;
      assert.deepEqual(snapshotPositions(folder), [position, before]);
      assert.deepEqual(dump(loadNewestSnapshot(folder, unexpected)), state);
    }));

  test('a follower that is stopped in the middle of a snapshot leaves nothing of it', () =>
    withFolder(async (folder) => {
      const store = await SmallStore.open(folder, 1 << 20);
      await store.sell(60_000);
      await store.close();
      const follower = startFollower(folder, 50_000);
      await isWriting(folder);
      follower.kill('SIGTERM');
      const [code] = (await once(follower, 'exit')) as [number | null];
      assert.deepEqual([code, unfinishedIn(folder), snapshotPositions(folder)], [0, [], []]);
    }));
});
