/**
 * Real followers beside a real `serve --trim`: nothing is trimmed that one of them needs, and one
 * with other outcomes stops it.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readFollowerRecord } from '../../src/store/follower-records.ts';
import type { FollowerRecord } from '../../src/store/follower-records.ts';
import { reconciled } from '../followers/support/shop.ts';
import { SmallStore } from '../support/small-store.ts';
import { createEvent, purchase } from './support/http.ts';
import { program, temporaryFolder } from './support/servers.ts';
import { end, said, serve, startOf, storeToTrim } from './support/trimming.ts';

const otherwise = fileURLToPath(new URL('./sabotage/follows-otherwise.ts', import.meta.url));

/** `holdfast follow`, or another program in its place. */
function follow(t: TestContext, data: string, environment: Record<string, string> = {}, main?: string): ChildProcess {
  const args = [...(main === undefined ? [program, 'follow'] : [main]), '--data', data, '--sql', 'sqlite'];
  const child = spawn(process.execPath, ['--no-env-file', ...args, '--log-level', 'fatal'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function recordWhen(data: string, holds: (record: FollowerRecord) => boolean): Promise<FollowerRecord> {
  const untilMs = performance.now() + 30_000;
  for (;;) {
    const record = readFollowerRecord(data, 'sql');
    if (record !== null && holds(record)) return record;
    assert.ok(performance.now() < untilMs, `it is not so: ${JSON.stringify(record)}`);
    await pause(20);
  }
}

describe('serve --trim', { timeout: 120_000 }, () => {
  test('a trim goes as far as a stopped follower has durable, and further once that has caught up', async (t) => {
    const folder = temporaryFolder(t);
    const [data, logFile] = [path.join(folder, 'data'), path.join(folder, 'server.log')];
    const store = await SmallStore.open(data);
    await store.sell(3000);
    const first = store.snapshot();
    const stood = await store.sell(2000);
    await store.close();
    const before = follow(t, data);
    await recordWhen(data, ({ durablePosition }) => durablePosition === stood);
    before.kill('SIGTERM');
    const [code] = (await once(before, 'exit')) as [number | null];
    assert.equal(code, 0);
    const { state, durablePosition } = readFollowerRecord(data, 'sql') ?? {};
    assert.deepEqual([state, durablePosition], ['stopped', stood]);

    const { older } = await storeToTrim(data);
    assert.ok(older > stood);
    const server = await serve(t, data, logFile, '--trim', '--sql', 'none');
    await said(logFile, /the log was trimmed/);
    const start = await startOf(data);
    assert.ok(start > 1 && start <= first + 1, `it begins at ${start}, what is safe ends at ${stood}`);
    await end(server, 'SIGTERM');

    const again = await serve(t, data, logFile, '--trim', '--sql', 'sqlite');
    await recordWhen(data, (record) => record.state === 'following' && record.durablePosition > older);
    assert.deepEqual((await reconciled(data)).found, []);
    const untilMs = performance.now() + 30_000;
    while ((await startOf(data)) <= stood) {
      assert.ok(performance.now() < untilMs, 'nothing more was trimmed');
      await pause(100);
    }
    await end(again, 'SIGTERM');
  });

  test('a follower with other outcomes stops trimming for good, and the store sells on', async (t) => {
    const folder = temporaryFolder(t);
    const [data, logFile] = [path.join(folder, 'data'), path.join(folder, 'server.log')];
    const { older } = await storeToTrim(data);
    const differing = follow(t, data, { OTHERWISE_FROM: String(older + 100) }, otherwise);
    let words = '';
    differing.stderr?.on('data', (bytes: Buffer) => (words += bytes.toString()));
    const [code] = (await once(differing, 'exit')) as [number | null];
    assert.equal(code, 3);
    assert.match(words, /replicas disagree on the outcomes up to position/);
    const server = await serve(t, data, logFile, '--trim', '--sql', 'none');
    const { reason } = await said(logFile, /replicas differ: nothing is trimmed any more/);
    assert.match(reason ?? '', /^follower sql has recorded that it came to other outcomes .*: replicas disagree/);

    // The tables of the diverged follower may have its wrong outcomes, so they are rebuilt.
    for (const name of fs.readdirSync(data)) if (name.startsWith('views.sqlite')) fs.rmSync(path.join(data, name));
    // A follower that agrees counts only once it has passed the position of the divergence.
    const honest = follow(t, data);
    await recordWhen(data, (record) => record.state === 'following' && record.position > older + 100);
    honest.kill('SIGTERM');
    await createEvent(server.url, 10);
    assert.equal((await purchase(server.url, 'key', 2)).status, 200);
    await end(server, 'SIGTERM');
    assert.equal(await startOf(data), 1, 'what was said holds for as long as the server lives');
  });
});
