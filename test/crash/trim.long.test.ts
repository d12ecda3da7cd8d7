/**
 * `serve --trim` as a process: it trims while it sells, the rest is a whole store, and a difference
 * is reported.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { writeFollowerRecord } from '../../src/store/follower-records.ts';
import { outcomeHash } from '../../src/replica/replay.ts';
import { loadNewestSnapshot } from '../../src/store/snapshot-files.ts';
import { recordOf } from '../followers/support/records.ts';
import { replayTo } from '../support/replay.ts';
import { SmallStore } from '../support/small-store.ts';
import { createEvent, currentEvent, purchase } from './support/http.ts';
import { answeredAtLeast, startLoad } from './support/load.ts';
import { runToEnd, temporaryFolder } from './support/servers.ts';
import { end, said, serve, startOf, storeToTrim } from './support/trimming.ts';

const seats = 1_000_000;
const unexpected = (notice: string): never => assert.fail(notice);

describe('serve --trim', () => {
  test('the store trims while it sells; after kill -9 all is there, and inspect and backup still work', async (t) => {
    const folder = temporaryFolder(t);
    const [data, logFile] = [path.join(folder, 'data'), path.join(folder, 'server.log')];
    const { older } = await storeToTrim(data);
    const server = await serve(t, data, logFile, '--trim');
    await createEvent(server.url, seats);
    const load = startLoad(server.url, 32);
    const { level } = await said(logFile, /the log was trimmed/);
    assert.equal(level, 'info');
    await answeredAtLeast(load, load.answered.size + 200);
    await end(server, 'SIGKILL');
    await load.ended;

    const start = await startOf(data);
    assert.ok(start > 1 && start <= older + 1, `it begins at ${start}, the older snapshot is at ${older}`);
    const inspected = await runToEnd(['inspect', '--data', data, '--records', '--count', '2', '--json']);
    assert.equal(inspected.code, 0, inspected.stderr);
    const { records } = JSON.parse(inspected.stdout) as { records: { position: number }[] };
    assert.deepEqual(
      records.map(({ position }) => position),
      [older + 1, older + 2],
    );
    const to = path.join(folder, 'backup');
    assert.equal((await runToEnd(['backup', '--data', data, '--to', to])).code, 0);
    for (const each of [data, to]) {
      const again = await serve(t, each, logFile);
      const { seatsSold } = await currentEvent(again.url);
      assert.ok(seatsSold >= load.answered.size && seatsSold <= load.answered.size + load.unknown.size);
      for (const [key, first] of [...load.answered].slice(-200)) {
        const { status, body } = await purchase(again.url, key, 1);
        assert.deepEqual([status, body], [first.status, first.body]);
      }
      await end(again, 'SIGTERM');
    }
  });

  test('trimming is off by default', async (t) => {
    const folder = temporaryFolder(t);
    const [data, logFile] = [path.join(folder, 'data'), path.join(folder, 'server.log')];
    await storeToTrim(data);
    const server = await serve(t, data, logFile);
    // The first round would be after five seconds.
    await pause(7000);
    await end(server, 'SIGTERM');
    assert.equal(await startOf(data), 1);
  });

  test('the store reports a follower with other outcomes, keeps everything, and sells on', async (t) => {
    const folder = temporaryFolder(t);
    const [data, logFile] = [path.join(folder, 'data'), path.join(folder, 'server.log')];
    const { older } = await storeToTrim(data);
    const { hashLow, hashHigh } = await replayTo(data, older, loadNewestSnapshot(data, unexpected, older));
    const durableHash = outcomeHash({ hashLow, hashHigh: (hashHigh ^ 1) >>> 0 });
    writeFollowerRecord(data, recordOf('other', { position: older, durableHash }));
    const server = await serve(t, data, logFile, '--trim');
    const { level, reason } = await said(logFile, /replicas differ: nothing is trimmed any more/);
    assert.equal(level, 'error');
    assert.match(reason ?? '', new RegExp(`^follower other came to other outcomes .* up to position ${older}$`));
    await createEvent(server.url, seats);
    assert.equal((await purchase(server.url, 'key', 2)).status, 200);
    await end(server, 'SIGTERM');
    assert.equal(await startOf(data), 1);
  });

  test('a trimmed log without a usable snapshot is refused with a sentence', async (t) => {
    const folder = temporaryFolder(t);
    const data = path.join(folder, 'data');
    const { older } = await storeToTrim(data);
    const store = await SmallStore.open(data);
    await store.log.trim(older);
    await store.close();
    for (const name of fs.readdirSync(data).filter((each) => each.startsWith('snapshot-')))
      fs.truncateSync(path.join(data, name), 10);
    for (const args of [['serve', '--port', '0', '--drops-port', '0', '--log-level', 'fatal'], ['inspect'], ['seed']]) {
      const { code, stdout, stderr } = await runToEnd([...args, '--data', data]);
      assert.deepEqual([code, stdout], [1, ''], args[0]);
      const lines = stderr.split('\n').filter((line) => line.startsWith('holdfast: '));
      assert.equal(lines.length, 1, stderr);
      assert.match(lines[0]!, /begins at position \d+, since what lay before was trimmed, and no snapshot/);
      assert.ok(!stderr.includes('    at '), 'no stack');
    }
    const backup = await runToEnd(['backup', '--data', data, '--to', path.join(folder, 'to')]);
    assert.equal(backup.code, 1);
    assert.match(backup.stderr, /no usable snapshot stands for what lay before/);
  });
});
