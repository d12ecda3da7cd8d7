/**
 * How far a follower is said to be behind: since when it lacks something, and not since when
 * nothing came.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { FollowerDetails } from '../../src/cli/follower-details.ts';
import { openStore } from '../../src/store/open.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import { writeFollowerRecord } from '../../src/store/follower-records.ts';
import type { Node } from '../../src/node/node.ts';
import { recordOf } from '../followers/support/records.ts';
import { withFolder } from '../log/support/folders.ts';
import { ManualTime } from '../node/support/manual-time.ts';

const hourMs = 3_600_000;

interface Detail {
  readonly state: string;
  readonly lag: { readonly records: number; readonly ms: number } | null;
}

interface Parts {
  readonly folder: string;
  readonly node: Node;
  readonly time: ManualTime;
  readonly detail: () => Promise<Detail>;
  /** A record that changes nothing. */
  readonly tick: () => Promise<void>;
}

function withDetails(use: (parts: Parts) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const time = new ManualTime();
    const store = await openStore({
      place: { kind: 'file', folder },
      maxKeys: null,
      time,
      onNotice: () => {},
    });
    const { node } = store;
    const details = new FollowerDetails({ dataFolder: folder, node, expected: 'sql' });
    const detail = async (): Promise<Detail> => (await details.all())['sql'] as Detail;
    const tick = (): Promise<void> =>
      Promise.resolve(node.submit(new Command().reset(kinds.tick), () => undefined, undefined));
    try {
      await use({ folder, node, time, detail, tick });
    } finally {
      await store.close();
    }
  });
}

describe('the lag of a follower', () => {
  test('the lag of an up-to-date follower is zero, however long nothing came', () =>
    withDetails(async ({ folder, node, time, detail }) => {
      const { position, nowMs } = node.engine;
      writeFollowerRecord(folder, recordOf('sql', { position, logTimeMs: nowMs, pid: process.pid }));
      time.advance(hourMs);
      assert.deepEqual((await detail()).lag, { records: 0, ms: 0 });
    }));

  test('the lag of a follower after an idle hour is the age of the record it lacks, and grows', () =>
    withDetails(async ({ folder, node, time, detail, tick }) => {
      const { position, nowMs } = node.engine;
      writeFollowerRecord(folder, recordOf('sql', { position, logTimeMs: nowMs, pid: process.pid }));
      time.advance(hourMs);
      await tick();
      assert.deepEqual((await detail()).lag, { records: 1, ms: 0 });
      time.advance(250);
      await tick();
      assert.deepEqual((await detail()).lag, { records: 2, ms: 250 });
      time.advance(hourMs);
      assert.deepEqual(
        (await detail()).lag,
        { records: 2, ms: 250 + hourMs },
        'nothing new came, and it has nothing more',
      );
      const last = node.engine;
      writeFollowerRecord(
        folder,
        recordOf('sql', { position: last.position, logTimeMs: last.nowMs, pid: process.pid }),
      );
      assert.deepEqual((await detail()).lag, { records: 0, ms: 0 });
    }));

  test('the lag of a follower is reported as far as known: no record, an unreadable folder', () =>
    withDetails(async ({ folder, detail }) => {
      assert.deepEqual(await detail(), { state: 'absent', position: null, lag: null, message: null });
      fs.writeFileSync(path.join(folder, 'followers'), 'a file');
      assert.equal((await detail()).state, 'unreadable');
      fs.rmSync(path.join(folder, 'followers'));
    }));
});
