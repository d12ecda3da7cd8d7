/**
 * The follower beside `serve`, as real processes: it dies with the store, is started again when it
 * dies first, and never holds up a sale.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { FollowerProcess } from '../../src/cli/follower-process.ts';
import { readFollowerRecord, writeFollowerRecord } from '../../src/store/follower-records.ts';
import type { Logger } from '../../src/http/logging.ts';
import { ChildStore } from '../http/support/child.ts';
import { recordOf } from '../followers/support/records.ts';
import { reconciled, temporaryFolder, viewsIn } from '../followers/support/shop.ts';
import { answeredAtLeast, startLoad } from '../crash/support/load.ts';
import { createEvent } from '../crash/support/http.ts';
import { program, runToEnd } from '../crash/support/servers.ts';

const patienceMs = 20_000;

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Detail {
  readonly state: string;
  readonly position: string;
  readonly lag: { readonly records: number; readonly ms: number };
  readonly message: string | null;
}

async function detail(store: ChildStore): Promise<Detail> {
  const response = await fetch(`http://127.0.0.1:${store.port}/readyz`, { headers: { connection: 'close' } });
  assert.equal(response.status, 200, 'the store is ready whatever its followers are');
  return ((await response.json()) as { followers: { sql: Detail } }).followers.sql;
}

async function caughtUp(store: ChildStore): Promise<void> {
  await until('the follower catches up', async () => {
    const { state, lag } = await detail(store);
    return state === 'following' && lag.records === 0 && lag.ms === 0;
  });
}

function serve(t: TestContext, folder: string, ...args: string[]): Promise<ChildStore> {
  const started = ChildStore.start(folder, ['--sql', 'sqlite', ...args]);
  t.after(async () => {
    const store = await started.catch(() => null);
    if (store !== null) await store.kill('SIGKILL');
  });
  return started;
}

function followerPid(folder: string): number {
  return readFollowerRecord(folder, 'sql')?.pid ?? 0;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('serve', { timeout: 120_000 }, () => {
  test('serve has a follower at the lowest priority, which ends with it at any signal', async (t) => {
    const folder = temporaryFolder(t);
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const store = await serve(t, folder);
      await caughtUp(store);
      const pid = followerPid(folder);
      for (const thread of process.platform === 'linux' ? fs.readdirSync(`/proc/${pid}/task`) : []) {
        const stat = fs.readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
        assert.equal(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16], '19', `the nice value in ${stat}`);
      }
      await store.kill(signal);
      await until('the follower ends', () => !isAlive(pid));
    }
  });

  test('serve starts its follower again when that is killed, and again', async (t) => {
    const folder = temporaryFolder(t);
    const store = await serve(t, folder);
    await createEvent(`http://127.0.0.1:${store.port}`, 100_000);
    const load = startLoad(`http://127.0.0.1:${store.port}`, 8);
    for (let round = 0, last = 0; round < 3; round += 1) {
      await until('another follower runs', async () => {
        const pid = followerPid(folder);
        return pid !== last && isAlive(pid) && (await detail(store)).state === 'following';
      });
      last = followerPid(folder);
      process.kill(last, 'SIGKILL');
    }
    load.stop();
    await load.ended;
    await caughtUp(store);
    assert.equal(load.unknown.size, 0, 'nobody noticed');
    assert.deepEqual((await reconciled(folder)).found, []);
    assert.equal(await store.kill('SIGTERM'), 0);
  });

  test('serve sells while another process locks the database, and the follower catches up afterwards', async (t) => {
    const folder = temporaryFolder(t);
    const store = await serve(t, folder, '--log-level', 'warn');
    await createEvent(`http://127.0.0.1:${store.port}`, 100_000);
    await caughtUp(store);
    const somebody = new DatabaseSync(viewsIn(folder));
    somebody.exec('begin immediate');
    const load = startLoad(`http://127.0.0.1:${store.port}`, 4);
    await answeredAtLeast(load, 200);
    await until('the follower says that it waits', async () => (await detail(store)).state === 'waiting');
    const waiting = await detail(store);
    assert.ok(waiting.lag.records >= 200 && waiting.lag.ms > 0, JSON.stringify(waiting));
    assert.match(waiting.message ?? '', /held by another process/);
    somebody.exec('rollback');
    somebody.close();
    load.stop();
    await load.ended;
    await caughtUp(store);
    assert.equal(load.unknown.size, 0);
    assert.deepEqual((await reconciled(folder)).found, []);
  });

  test('serve sells beside tables of another log, and says once what to do', async (t) => {
    const [one, other] = [temporaryFolder(t), temporaryFolder(t)];
    const first = await serve(t, one);
    await caughtUp(first);
    await first.kill('SIGTERM');
    fs.cpSync(viewsIn(one), viewsIn(other));
    const store = await serve(t, other, '--log-level', 'warn');
    await until('the follower says that it stopped', async () => (await detail(store)).state === 'stopped');
    assert.match((await detail(store)).message ?? '', /another log.*reconcile --repair/);
    await createEvent(`http://127.0.0.1:${store.port}`, 10);
    assert.equal(store.logged.match(/another log/g)?.length, 1);
    await store.kill('SIGTERM');
    // Started again, it stops again, and does not say it again.
    const again = await serve(t, other, '--log-level', 'warn');
    await until('the follower stops again', async () => (await detail(again)).state === 'stopped');
    assert.doesNotMatch(again.logged, /another log/);
  });

  test('a follower beside one that was started by hand: one of them stops, and each row is there once', async (t) => {
    const folder = temporaryFolder(t);
    const store = await serve(t, folder);
    await createEvent(`http://127.0.0.1:${store.port}`, 100_000);
    const load = startLoad(`http://127.0.0.1:${store.port}`, 2);
    const other = spawn(process.execPath, ['--no-env-file', program, 'follow', '--data', folder, '--sql', 'sqlite'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    other.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    t.after(() => other.kill('SIGKILL'));
    // Either one may stop, depending on which writes first.
    await until('one of them stops', () =>
      /somebody else follows into .*Stop the other follower/.test(said + store.logged),
    );
    other.kill('SIGTERM');
    load.stop();
    await load.ended;
    await caughtUp(store);
    assert.deepEqual((await reconciled(folder)).found, []);
  });

  test('serve keeps the tables to its owner, and a reset takes them along', async (t) => {
    const folder = temporaryFolder(t);
    const store = await serve(t, folder);
    await createEvent(`http://127.0.0.1:${store.port}`, 10);
    await caughtUp(store);
    for (const name of fs.readdirSync(folder).filter((name) => name.startsWith('views.sqlite'))) {
      assert.equal(fs.statSync(path.join(folder, name)).mode & 0o777, 0o600, name);
    }
    await store.kill('SIGKILL');
    await until('the follower ends', () => !isAlive(followerPid(folder)));
    fs.writeFileSync(path.join(folder, 'mine.txt'), 'mine');
    const reset = await runToEnd(['reset', '--data', folder, '--yes']);
    assert.equal(reset.code, 0, reset.stderr);
    const left = fs.readdirSync(folder).filter((name) => /views|followers|mine/.test(name));
    assert.deepEqual(left, ['mine.txt']);
    await caughtUp(await serve(t, folder));
    assert.deepEqual((await reconciled(folder)).found, []);
  });

  test('serve with --sql none has no follower and no tables', async (t) => {
    const folder = temporaryFolder(t);
    const store = await ChildStore.start(folder, ['--sql', 'none']);
    t.after(() => store.kill('SIGKILL'));
    const response = await fetch(`http://127.0.0.1:${store.port}/readyz`, { headers: { connection: 'close' } });
    assert.equal(((await response.json()) as { followers?: unknown }).followers, undefined);
    assert.deepEqual(
      fs.readdirSync(folder).filter((name) => /views|followers/.test(name)),
      [],
    );
  });
});

describe('readiness', { timeout: 60_000 }, () => {
  test('readiness shows every follower with a record in the folder, and what cannot be read', async (t) => {
    const folder = temporaryFolder(t);
    const store = await ChildStore.start(folder, ['--sql', 'none']);
    t.after(() => store.kill('SIGKILL'));
    writeFollowerRecord(
      folder,
      recordOf('elsewhere', { position: 1, logTimeMs: 0, pid: process.pid, message: 'away' }),
    );
    writeFollowerRecord(folder, recordOf('gone', { pid: 2 ** 30 }));
    writeFollowerRecord(folder, recordOf('wrong', { state: 'diverged', pid: 2 ** 30 }));
    fs.writeFileSync(path.join(folder, 'followers', 'broken.json'), '{');
    const { followers, position } = (await store.ask('GET', '/readyz')).body as {
      followers: Record<string, Detail>;
      position: string;
    };
    assert.deepEqual(Object.fromEntries(Object.entries(followers).map(([name, { state }]) => [name, state])), {
      broken: 'unreadable',
      elsewhere: 'following',
      gone: 'stopped',
      wrong: 'diverged',
    });
    const behind = Number(position.split('.')[1]) - 1;
    assert.deepEqual([followers['elsewhere']?.position, followers['elsewhere']?.message], ['0.1', 'away']);
    assert.equal(followers['elsewhere']?.lag.records, behind);
    assert.match(followers['broken']?.message ?? '', /broken\.json is not JSON/);
  });
});

/** A stand-in for our follower that ends with a given code, and writes down each start. */
function ending(t: TestContext, code: number): { starts: () => number; folder: string; process: FollowerProcess } {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'starts');
  const script = `require('node:fs').appendFileSync(${JSON.stringify(file)}, '.'); process.exit(${code})`;
  const silent: Logger = {
    isLevelEnabled: () => false,
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: () => {},
    fatal: () => {},
  };
  const started = new FollowerProcess({
    dataFolder: folder,
    sql: { kind: 'sqlite', file: viewsIn(folder) },
    snapshotEvery: 1_000_000,
    logLevel: 'silent',
    logger: silent,
    command: [process.execPath, '-e', script],
    minRestMs: 50,
  });
  t.after(() => started.stop());
  const starts = (): number => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').length : 0);
  return { starts, folder, process: started };
}

describe('a follower that ends', { timeout: 60_000 }, () => {
  test('a follower that ends is started again after a growing rest', async (t) => {
    const { starts } = ending(t, 1);
    await until('four starts', () => starts() >= 4);
    const beganMs = performance.now();
    const before = starts();
    await until('another start', () => starts() > before);
    assert.ok(performance.now() - beganMs > 200, 'the rest has doubled three times by now');
  });

  test('a follower that needs an operator is not started again soon', async (t) => {
    const { starts, process } = ending(t, 3);
    await until('the first start', () => starts() === 1 && process.pid === null);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(starts(), 1);
  });

  test('a follower that ends is not started again after a stop', async (t) => {
    const { starts, process } = ending(t, 1);
    await until('the first start', () => starts() >= 1);
    await process.stop();
    const before = process.starts;
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(process.starts, before);
    assert.equal(process.pid, null);
  });
});
