/** `reset`: the files that it removes, and those that it leaves. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { writeFollowerRecord } from '../../src/store/follower-records.ts';
import { snapshotPath } from '../../src/store/snapshot-layout.ts';
import { runToEnd } from '../crash/support/servers.ts';
import { withFolder } from '../log/support/folders.ts';
import { recordOf } from '../followers/support/records.ts';
import { SmallStore } from '../support/small-store.ts';

test('a reset removes the log, records of followers and unfinished snapshots, and no other files', () =>
  withFolder(async (folder) => {
    const store = await SmallStore.open(folder);
    await store.sell(10);
    const { hashKey } = store.node.engine.state.genesis;
    const position = store.snapshot();
    await store.close();
    writeFollowerRecord(folder, recordOf('sql', { position, state: 'stopped' }));
    fs.writeFileSync(`${snapshotPath(folder, 99)}.0123abcd.tmp`, 'half');
    fs.writeFileSync(path.join(folder, 'notes.txt'), 'mine');
    const { code, stdout, stderr } = await runToEnd(['reset', '--yes', '--data', folder]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^stocked /);
    const left = fs.readdirSync(folder);
    assert.ok(left.includes('notes.txt'));
    assert.deepEqual(
      left.filter((name) => name === 'followers' || name.endsWith('.tmp')),
      [],
    );
    const again = await SmallStore.open(folder);
    assert.notDeepEqual(again.node.engine.state.genesis.hashKey, hashKey, 'the log began anew');
    await again.close();
  }));
