/**
 * Snapshots that real followers write beside a running sale: a start after kill -9 begins with
 * them.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readFollowerRecord } from '../../src/store/follower-records.ts';
import { snapshotPositions } from '../../src/store/snapshot-files.ts';
import { reconciled, viewsIn } from '../followers/support/shop.ts';
import { createEvent, currentEvent, purchase } from './support/http.ts';
import { startLoad } from './support/load.ts';
import type { Load } from './support/load.ts';
import { program, runToEnd, temporaryFolder } from './support/servers.ts';
import { end, serve } from './support/trimming.ts';

const every = 2000;
const seats = 1_000_000;
const otherwise = fileURLToPath(new URL('./sabotage/follows-otherwise.ts', import.meta.url));

async function until<Found>(what: string, look: () => Promise<Found | null> | Found | null): Promise<Found> {
  const untilMs = performance.now() + 40_000;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    assert.ok(performance.now() < untilMs, `in vain: ${what}`);
    await pause(20);
  }
}

/** The newest snapshot that was written while everything ran. */
function snapshotBeyond(data: string, position: number): Promise<number> {
  return until(`a snapshot behind position ${position}`, () => {
    const [newest = 0] = snapshotPositions(data);
    return newest > position ? newest : null;
  });
}

/** Asserts that every answer holds and is replayed on a retry. */
async function assertKept(url: string, load: Load): Promise<void> {
  const { seatsSold } = await currentEvent(url);
  assert.ok(seatsSold >= load.answered.size && seatsSold <= load.answered.size + load.unknown.size);
  for (const [key, first] of [...load.answered].slice(-100)) {
    const { status, body } = await purchase(url, key, 1);
    assert.deepEqual([status, body], [first.status, first.body]);
  }
}

/** The snapshot that the second server on a folder began with. */
function begunWith(logFile: string): Promise<number> {
  return until('the second server says so', () => {
    const lines = fs.readFileSync(logFile, 'utf8').split('\n').slice(0, -1);
    const said = lines.map((line) => JSON.parse(line) as { msg: string; snapshot: number });
    return said.filter(({ msg }) => msg === 'ready')[1]?.snapshot ?? null;
  });
}

/** The position that the tables of a folder have. */
function positionOfTables(data: string): number {
  const database = new DatabaseSync(viewsIn(data), { readOnly: true });
  try {
    return Number(database.prepare('select position from cells').get()?.['position']);
  } finally {
    database.close();
  }
}

function follow(t: TestContext, data: string, sql: string, main?: string, from = 0): ChildProcess {
  const args = [...(main === undefined ? [program, 'follow'] : [main]), '--data', data, '--sql', sql];
  const flags = ['--snapshot-every', String(every), '--log-level', 'fatal'];
  const child = spawn(process.execPath, ['--no-env-file', ...args, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, OTHERWISE_FROM: String(from) },
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

describe('a rush that is followed', { timeout: 120_000 }, () => {
  test('server and follower begin with the snapshot after kill -9 of everything', async (t) => {
    const folder = temporaryFolder(t);
    const [data, logFile] = [path.join(folder, 'data'), path.join(folder, 'server.log')];
    const flags = ['--sql', 'sqlite', '--snapshot-every', String(every)];
    const server = await serve(t, data, logFile, ...flags);
    await createEvent(server.url, seats);
    const load = startLoad(server.url, 32);
    await snapshotBeyond(data, every - 1);
    // And another one beside the running sale.
    const newest = await snapshotBeyond(data, snapshotPositions(data)[0] ?? 0);
    assert.ok(positionOfTables(data) >= newest, 'the tables had it before the snapshot was there');
    const { pid } = await until('the follower says so', () => {
      const record = readFollowerRecord(data, 'sql');
      return record !== null && record.durablePosition >= newest ? record : null;
    });
    process.kill(pid, 'SIGKILL');
    await end(server, 'SIGKILL');
    await load.ended;
    const [left = 0] = snapshotPositions(data);
    assert.ok(left >= newest);

    const again = await serve(t, data, logFile, ...flags);
    assert.equal(await begunWith(logFile), left);
    await assertKept(again.url, load);
    await until('the follower has caught up', async () => {
      const answer = await fetch(`${again.url}/readyz`);
      const { followers } = (await answer.json()) as {
        followers: { sql: { state: string; lag: { records: number } } };
      };
      return followers.sql.state === 'following' && followers.sql.lag.records === 0 ? true : null;
    });
    await end(again, 'SIGTERM');
  });

  test('a follower that was killed with its snapshots has the whole rush in its tables', async (t) => {
    const folder = temporaryFolder(t);
    const [data, logFile] = [path.join(folder, 'data'), path.join(folder, 'server.log')];
    const server = await serve(t, data, logFile, '--sql', 'none');
    await createEvent(server.url, seats);
    const load = startLoad(server.url, 32);
    for (let kill = 0; kill < 3; kill += 1) {
      const follower = follow(t, data, 'sqlite');
      await snapshotBeyond(data, snapshotPositions(data)[0] ?? 0);
      follower.kill('SIGKILL');
      await once(follower, 'exit');
    }
    load.stop();
    await load.ended;
    await end(server, 'SIGKILL');
    const last = follow(t, data, 'sqlite');
    const found = await until('it has caught up', async () => {
      const record = readFollowerRecord(data, 'sql');
      return record?.state === 'following' && record.pid === last.pid ? await reconciled(data) : null;
    });
    last.kill('SIGTERM');
    assert.deepEqual([found.refusal, found.found], [null, []]);
    assert.ok(found.rows >= 2 * load.answered.size);
  });

  test('a follower without a database writes snapshots, which serve alone does not', async (t) => {
    const folder = temporaryFolder(t);
    const [data, logFile] = [path.join(folder, 'data'), path.join(folder, 'server.log')];
    const server = await serve(t, data, logFile, '--sql', 'none', '--snapshot-every', '100');
    await createEvent(server.url, seats);
    const load = startLoad(server.url, 32);
    while (load.answered.size < 2 * every) await pause(10);
    assert.deepEqual(snapshotPositions(data), []);
    const follower = follow(t, data, 'none');
    const first = await snapshotBeyond(data, 0);
    await snapshotBeyond(data, first);
    const { followers } = (await (await fetch(`${server.url}/readyz`)).json()) as {
      followers: Record<string, { state: string }>;
    };
    assert.deepEqual(Object.keys(followers), ['snapshots']);
    follower.kill('SIGTERM');
    const [code] = (await once(follower, 'exit')) as [number | null];
    assert.equal(code, 0);
    assert.equal(readFollowerRecord(data, 'snapshots'), null, 'it has gone, and nothing has to be kept for it');
    await end(server, 'SIGKILL');
    await load.ended;
    const again = await serve(t, data, logFile, '--sql', 'none');
    assert.ok((await begunWith(logFile)) > first);
    await assertKept(again.url, load);
    await end(again, 'SIGTERM');
  });

  for (const sql of ['sqlite', 'none']) {
    test(`a follower with other outcomes writes no snapshot, --sql ${sql}`, async (t) => {
      const folder = temporaryFolder(t);
      const [data, logFile] = [path.join(folder, 'data'), path.join(folder, 'server.log')];
      const server = await serve(t, data, logFile, '--sql', 'none');
      await createEvent(server.url, seats);
      const load = startLoad(server.url, 32);
      while (load.answered.size < 500) await pause(10);
      const follower = follow(t, data, sql, otherwise, 300);
      const [code] = (await once(follower, 'exit')) as [number | null];
      assert.equal(code, 3);
      while (load.answered.size < 2 * every) await pause(10);
      assert.deepEqual(snapshotPositions(data), []);
      const name = sql === 'none' ? 'snapshots' : 'sql';
      assert.equal(readFollowerRecord(data, name)?.state, 'diverged');
      load.stop();
      await load.ended;
      await end(server, 'SIGKILL');
      const inspected = await runToEnd(['inspect', '--data', data, '--json']);
      assert.equal(inspected.code, 0, 'the log agrees with itself');
    });
  }
});
