/** What trimming may drop, and each reason to drop nothing. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../src/engine/command.ts';
import { tapsOf } from '../../src/engine/commands/taps.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { FollowerRecord } from '../../src/store/follower-records.ts';
import { writeFollowerRecord } from '../../src/store/follower-records.ts';
import { Trimmer } from '../../src/store/trimmer.ts';
import type { TrimVerdict } from '../../src/store/trimmer.ts';
import { outcomeHash } from '../../src/replica/replay.ts';
import { FileLogReader, readFileLog } from '../../src/log/file/reader.ts';
import { snapshotPath } from '../../src/store/snapshot-layout.ts';
import { loadNewestSnapshot, saveSnapshot } from '../../src/store/snapshot-files.ts';
import { outcomeOf } from '../crash/support/commands.ts';
import { withFolder } from '../log/support/folders.ts';
import { accountOf, replayTo } from '../support/replay.ts';
import { SmallStore } from '../support/small-store.ts';
import { recordOf } from '../followers/support/records.ts';

const unexpected = (notice: string): never => assert.fail(notice);

function trimmerOf(folder: string, { log, node }: SmallStore): Trimmer {
  return new Trimmer({ folder, log, reader: new FileLogReader({ folder }), engine: node.engine });
}

interface Scene {
  readonly folder: string;
  readonly store: SmallStore;
  readonly trimmer: Trimmer;
  /**
   * Positions of three snapshots, and the end. The newest two are kept, and the first when a
   * follower needs it.
   */
  readonly first: number;
  readonly older: number;
  readonly newer: number;
  readonly end: number;
}

/** A store that has sold a few thousand times, in segments of a few hundred orders. */
function withScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const store = await SmallStore.open(folder);
    try {
      await store.sell(1500);
      const first = store.snapshot();
      await store.sell(1500);
      const older = store.snapshot();
      await store.sell(1500);
      const newer = store.snapshot();
      const end = await store.sell(1500);
      const trimmer = trimmerOf(folder, store);
      await use({ folder, store, trimmer, first, older, newer, end });
    } finally {
      await store.close();
    }
  });
}

/**
 * A correct record of a follower, at the end of the last batch that ends at or before `position`.
 */
async function recordAt({ folder, store }: Scene, name: string, position: number): Promise<FollowerRecord> {
  const ends: number[] = [];
  await readFileLog({ folder, from: store.log.start(), onBatch: ({ first, count }) => ends.push(first + count - 1) });
  const at = ends.findLast((end) => end <= position);
  assert.ok(at !== undefined);
  const base = loadNewestSnapshot(folder, unexpected, at);
  const engine = await replayTo(folder, at, base);
  return recordOf(name, { position: at, logTimeMs: engine.nowMs, durableHash: outcomeHash(engine) });
}

async function follow(
  scene: Scene,
  name: string,
  position: number,
  more: Partial<FollowerRecord> = {},
): Promise<number> {
  const record = { ...(await recordAt(scene, name, position)), ...more };
  writeFollowerRecord(scene.folder, record);
  return record.position;
}

function assertTrimmed(verdict: TrimVerdict, { store }: Scene): number {
  assert.equal(verdict.kind, 'trimmed', JSON.stringify(verdict));
  assert.ok(verdict.kind === 'trimmed' && verdict.start === store.log.start() && verdict.start > 1);
  return verdict.start;
}

function assertKept(verdict: TrimVerdict, kind: TrimVerdict['kind'], reason: RegExp, { store }: Scene): void {
  assert.equal(verdict.kind, kind, JSON.stringify(verdict));
  assert.match('reason' in verdict ? verdict.reason : '', reason);
  assert.equal(store.log.start(), 1, 'nothing was trimmed');
}

describe('without a follower', () => {
  test('nothing is trimmed before there are two snapshots', () =>
    withFolder(async (folder) => {
      const store = await SmallStore.open(folder);
      const trimmer = trimmerOf(folder, store);
      await store.sell(2000);
      assert.deepEqual(await trimmer.round(), { kind: 'idle' });
      store.snapshot();
      await store.sell(2000);
      assert.deepEqual([await trimmer.round(), store.log.start()], [{ kind: 'idle' }, 1]);
      store.snapshot();
      assert.equal((await trimmer.round()).kind, 'trimmed');
      await store.close();
    }));

  test('nothing is trimmed of days of cards that may still be settled', () =>
    withScene(async (scene) => {
      const { node } = scene.store;
      const tap = new Command().reset(kinds.taps);
      const somewhere = { gate: 9, epoch: 1, sequence: 1, card: 0, station: 1, direction: 0, decided: 0, atMs: 0 };
      tapsOf(tap).add(somewhere);
      await outcomeOf(node, tap);
      assert.deepEqual([await scene.trimmer.round(), scene.store.log.start()], [{ kind: 'idle' }, 1]);
    }));

  test('the records before the older snapshot are trimmed, in whole segments, and none after it', () =>
    withScene(async (scene) => {
      const { folder, store, trimmer, older, end } = scene;
      const start = assertTrimmed(await trimmer.round(), scene);
      assert.ok(start <= older + 1, `from ${start}, the older snapshot is at ${older}`);
      assert.ok(start > older - 700, 'no segment is left that could go');
      assert.deepEqual(await trimmer.round(), { kind: 'idle' });
      await store.close();
      // The newer snapshot goes bad: the older one and the log are still the whole store.
      fs.truncateSync(snapshotPath(folder, scene.newer), 100);
      const again = await SmallStore.open(folder);
      assert.equal(again.node.engine.position, end);
      assert.deepEqual(accountOf(again.node.engine), accountOf(store.node.engine));
      assert.equal(again.log.start(), start);
      await again.close();
    }));

  test('more is trimmed when there are newer snapshots', () =>
    withScene(async (scene) => {
      const { store, trimmer, newer } = scene;
      const start = assertTrimmed(await trimmer.round(), scene);
      store.snapshot();
      const later = assertTrimmed(await trimmer.round(), scene);
      assert.ok(later > start && later <= newer + 1);
    }));

  test('the store sells on while a segment is trimmed', () =>
    withScene(async (scene) => {
      const { store, trimmer, end } = scene;
      const [verdict, position] = await Promise.all([trimmer.round(), store.sell(2000)]);
      assertTrimmed(verdict, scene);
      assert.equal(position, end + 2000);
    }));
});

describe('a follower', () => {
  test('a follower keeps what it has not read', () =>
    withScene(async (scene) => {
      const { folder, trimmer, first, older } = scene;
      const at = await follow(scene, 'sql', first + 20);
      const start = assertTrimmed(await trimmer.round(), scene);
      assert.ok(start <= at + 1 && start < older - 700, `${start}, the follower is at ${at}`);
      const replica = await replayTo(folder, at, loadNewestSnapshot(folder, unexpected, at));
      assert.equal(replica.position, at, 'it can start from a snapshot and the log');
      await readFileLog({ folder, from: at + 1 });
    }));

  test('a follower keeps what its database would lose in a power cut', () =>
    withScene(async (scene) => {
      const { folder, trimmer, first, end } = scene;
      const at = await follow(scene, 'sql', first + 20, { position: end });
      const start = assertTrimmed(await trimmer.round(), scene);
      assert.ok(start <= at + 1, `${start}, safe is ${at}`);
      assert.equal((await replayTo(folder, at, loadNewestSnapshot(folder, unexpected, at))).position, at);
      writeFollowerRecord(folder, recordOf('sql', { position: end, durablePosition: 0 }));
      assert.deepEqual(await trimmer.round(), { kind: 'idle' }, 'and all of it while nothing is safe');
    }));

  test('a follower also keeps what it has read after the snapshot that it would start from', () =>
    withScene(async (scene) => {
      const { folder, trimmer, first, older } = scene;
      const at = await follow(scene, 'sql', older - 1);
      const start = assertTrimmed(await trimmer.round(), scene);
      assert.ok(start <= first + 1, `${start}, the snapshot is at ${first}`);
      assert.equal((await replayTo(folder, at, loadNewestSnapshot(folder, unexpected, at))).position, at);
    }));

  test('a follower without a snapshot to start from keeps everything', () =>
    withScene(async (scene) => {
      await follow(scene, 'sql', scene.older - 1);
      fs.rmSync(snapshotPath(scene.folder, scene.first));
      assertKept(await scene.trimmer.round(), 'idle', /^$/, scene);
    }));

  test('a follower at the very beginning keeps everything', () =>
    withScene(async (scene) => {
      writeFollowerRecord(scene.folder, recordOf('sql', { state: 'starting' }));
      assertKept(await scene.trimmer.round(), 'idle', /^$/, scene);
    }));

  test('a follower ahead of another one does not count', () =>
    withScene(async (scene) => {
      const { trimmer, first, older, end } = scene;
      await follow(scene, 'fast', end);
      await follow(scene, 'middle', older + 5);
      await follow(scene, 'slow', first + 5, { state: 'stopped' });
      const start = assertTrimmed(await trimmer.round(), scene);
      assert.ok(start <= first + 1);
      await follow(scene, 'slow', end);
      const later = assertTrimmed(await trimmer.round(), scene);
      assert.ok(later > first + 1 && later <= older + 1);
    }));

  test('a follower with an unreadable record holds everything until it is readable', () =>
    withScene(async (scene) => {
      const { folder, trimmer, end } = scene;
      await follow(scene, 'sql', end);
      fs.writeFileSync(`${folder}/followers/other.json`, '{"name":');
      assertKept(await trimmer.round(), 'held', /nobody knows what a follower needs: .*other\.json is not JSON/, scene);
      fs.rmSync(`${folder}/followers/other.json`);
      assertTrimmed(await trimmer.round(), scene);
    }));

  test('a follower in the middle of a batch cannot be compared and holds everything', () =>
    withScene(async (scene) => {
      const { trimmer, older } = scene;
      await follow(scene, 'sql', older, { durablePosition: older - 3 });
      assertKept(await trimmer.round(), 'held', /follower sql is at position \d+, which ends no batch/, scene);
    }));

  test('a follower that needs trimmed records is named', () =>
    withScene(async (scene) => {
      const { store, trimmer, first } = scene;
      const record = await recordAt(scene, 'late', first);
      const start = assertTrimmed(await trimmer.round(), scene);
      writeFollowerRecord(scene.folder, record);
      const verdict = await trimmer.round();
      assert.equal(verdict.kind, 'held');
      assert.match(
        'reason' in verdict ? verdict.reason : '',
        /follower late is at position \d+, and the log begins at/,
      );
      assert.equal(store.log.start(), start);
    }));
});

describe('replicas that differ stop the trimming for good:', () => {
  const differences: Readonly<Record<string, [Partial<FollowerRecord>, RegExp]>> = {
    'a follower with another hash': [{ durableHash: '0123456789abcdef' }, /follower sql came to other outcomes than/],
    'a follower that says so itself': [
      { state: 'diverged', message: 'they disagree' },
      /follower sql has recorded that it came to other outcomes behind position \d+: they disagree$/,
    ],
    'a follower that is ahead of the log': [
      { position: 1_000_000, durablePosition: 1_000_000 },
      /follower sql is at position 1000000, ahead of/,
    ],
  };
  for (const [what, [wrong, reason]] of Object.entries(differences)) {
    for (const place of ['behind', 'at the end'] as const) {
      test(`${what}, ${place}, stops trimming`, () =>
        withScene(async (scene) => {
          const { folder, store, trimmer, older, end } = scene;
          const at = place === 'behind' ? older + 600 : end;
          await follow(scene, 'sql', at, wrong);
          assertKept(await trimmer.round(), 'stopped', reason, scene);
          await follow(scene, 'sql', at);
          assertKept(await trimmer.round(), 'stopped', reason, scene);
          const anew = trimmerOf(folder, store);
          assertTrimmed(await anew.round(), scene);
        }));
    }
  }

  for (const which of ['older', 'newer'] as const) {
    test(`a difference in the ${which} snapshot stops trimming`, () =>
      withScene(async (scene) => {
        const wrong: Engine = loadNewestSnapshot(scene.folder, unexpected, scene[which]);
        wrong.hashLow ^= 1;
        wrong.hashLow >>>= 0;
        saveSnapshot(scene.folder, wrong, null);
        assertKept(
          await scene.trimmer.round(),
          'stopped',
          /the snapshot at position \d+ came to other outcomes/,
          scene,
        );
      }));
  }
});

describe('a snapshot that is damaged holds everything until it is replaced:', () => {
  for (const which of ['older', 'newer'] as const) {
    test(`a damaged ${which} snapshot holds everything until it is replaced`, () =>
      withScene(async (scene) => {
        const { folder, store, trimmer } = scene;
        const file = snapshotPath(folder, scene[which]);
        const bytes = fs.readFileSync(file);
        bytes[bytes.length >> 1]! ^= 1;
        fs.writeFileSync(file, bytes);
        assertKept(await trimmer.round(), 'held', /snapshot at position \d+ is not usable \(its checksum/, scene);
        for (let i = 0; i < 2; i += 1) {
          await store.sell(10);
          store.snapshot();
        }
        assertTrimmed(await trimmer.round(), scene);
      }));
  }

  test('a damaged snapshot that a follower would start from holds everything until it is replaced', () =>
    withScene(async (scene) => {
      const { folder, trimmer, first } = scene;
      await follow(scene, 'sql', first + 20);
      fs.truncateSync(snapshotPath(folder, first), 500);
      assertKept(await trimmer.round(), 'held', /snapshot at position \d+ is not usable/, scene);
    }));
});
