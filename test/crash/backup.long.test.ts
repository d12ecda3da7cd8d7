/** Backups of a store that sells, and commands that are killed in the middle of a copy. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LogDamagedError, LogLockedError } from '../../src/log/log.ts';
import { snapshotPositions } from '../../src/store/snapshot-files.ts';
import { accountOf, replayTo } from '../support/replay.ts';
import { SmallStore } from '../support/small-store.ts';
import { contentOf } from './support/folders.ts';
import { createEvent, currentEvent, purchase, remainingIn } from './support/http.ts';
import { answeredAtLeast, startLoad } from './support/load.ts';
import type { Load } from './support/load.ts';
import { program, runToEnd, startServer, temporaryFolder } from './support/servers.ts';

const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
});

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['--no-env-file', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const closed = once(child, 'close');
  child.kill(signal);
  const [code] = (await closed) as [number | null];
  return code;
}

/** Polls as often as it can. */
async function until(condition: () => boolean, what: string): Promise<void> {
  const untilMs = performance.now() + 30_000;
  while (!condition()) {
    assert.ok(performance.now() < untilMs, what);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a backup while a sale runs', () => {
  const seats = 1_000_000;

  /**
   * Asserts that a store restored from a backup has exactly the sales of `before`, each with its
   * first answer.
   */
  async function assertHas(url: string, load: Load, before: readonly string[]): Promise<void> {
    const { seatsSold } = await currentEvent(url);
    const isIn = (key: string): boolean => seats - remainingIn(load.answered.get(key)!) <= seatsSold;
    assert.ok(before.every(isIn), 'all that was answered before the command began is in the backup');
    const inside = [...load.answered.keys()].filter(isIn);
    assert.ok(inside.length <= seatsSold && inside.length + load.unknown.size >= seatsSold);
    for (let at = 0; at < inside.length; at += 64) {
      await Promise.all(
        inside.slice(at, at + 64).map(async (key) => {
          const { status, body, headers } = await purchase(url, key, 1);
          const first = load.answered.get(key)!;
          assert.deepEqual([status, body], [first.status, first.body]);
          assert.equal(headers['idempotency-replayed'], 'true');
        }),
      );
    }
    assert.equal((await currentEvent(url)).seatsSold, seatsSold, 'replays sell nothing');
  }

  test('the backup has every yes up to its position, byte for byte, while a follower writes snapshots', async (t) => {
    const folder = temporaryFolder(t);
    const data = path.join(folder, 'data');
    const { url, process: server } = await startServer(t, folder);
    await createEvent(url, seats);
    const follower = start(
      fileURLToPath(new URL('../followers/snapshots/support/follow.ts', import.meta.url)),
      data,
      '500',
    );
    const load = startLoad(url, 32);
    const backups: { to: string; before: string[] }[] = [];
    for (const count of [600, 2500, 5000]) {
      await answeredAtLeast(load, count);
      const before = [...load.answered.keys()];
      const to = path.join(folder, `backup-${count}`);
      const { code, stdout, stderr } = await runToEnd(['backup', '--data', data, '--to', to]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^ {2}up to position \d+, /m);
      backups.push({ to, before });
    }
    assert.ok(snapshotPositions(backups[2]!.to).length > 0, 'the follower was at work');
    await end(follower, 'SIGTERM');
    load.stop();
    await load.ended;
    await server.stop();
    for (const [number, { to, before }] of backups.entries()) {
      const home = path.join(folder, `home-${number}`);
      fs.mkdirSync(home);
      const { code, stderr } = await runToEnd(['restore', '--from', to, '--data', path.join(home, 'data')]);
      assert.equal(code, 0, stderr);
      const restored = await startServer(t, home);
      await assertHas(restored.url, load, before);
      await restored.process.stop();
    }
  });
});

/**
 * Runs a command until the folder that it fills has a segment, and returns it; starts again when
 * the command was too quick.
 */
async function inTheMiddle(to: string, segment: number, args: readonly string[]): Promise<ChildProcess> {
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    const child = start(program, ...args);
    await until(() => fs.existsSync(segmentOf(to, segment)), 'no copy was begun');
    child.kill('SIGSTOP');
    if (!fs.existsSync(path.join(to, 'watermark'))) return child;
    await end(child, 'SIGKILL');
    fs.rmSync(to, { recursive: true });
  }
  throw new Error('the copy was done each time before it could be stopped');
}

/** A store on `folder/data` whose copy takes a while. */
async function largeStore(folder: string): Promise<string> {
  const data = path.join(folder, 'data');
  const store = await SmallStore.open(data);
  await store.sell(40_000);
  await store.close();
  return data;
}

const segmentOf = (folder: string, number: number): string =>
  path.join(folder, `log-${String(number).padStart(10, '0')}.seg`);

describe('a backup that is cut short', () => {
  test('a backup cut short by kill -9 is neither store nor backup, and the original sells on', async (t) => {
    const folder = temporaryFolder(t);
    const data = await largeStore(folder);
    const before = contentOf(data);
    for (const segment of [1, 2, 9]) {
      const to = path.join(folder, `backup-${segment}`);
      await end(await inTheMiddle(to, segment, ['backup', '--data', data, '--to', to]), 'SIGKILL');
      const made = path.join(folder, 'made');
      const restored = await runToEnd(['restore', '--from', to, '--data', made]);
      assert.equal(restored.code, 1);
      assert.match(restored.stderr, /^holdfast: .* holds no whole backup: it was cut short[^\n]*\n$/);
      assert.equal(fs.existsSync(made), false);
      await assert.rejects(SmallStore.open(to), LogDamagedError);
      const served = await runToEnd([
        'serve',
        '--port',
        '0',
        '--drops-port',
        '0',
        '--data',
        to,
        '--log-level',
        'fatal',
      ]);
      assert.equal(served.code, 1);
      assert.match(served.stderr, /^holdfast: [^\n]*the watermark is missing, though segments are there[^\n]*\n$/);
      const again = await runToEnd(['backup', '--data', data, '--to', to]);
      assert.equal(again.code, 1);
      assert.match(again.stderr, /holds a copy that was cut short: remove it/);
      fs.rmSync(to, { recursive: true });
    }
    assert.deepEqual(contentOf(data), before);
    const to = path.join(folder, 'backup');
    assert.equal((await runToEnd(['backup', '--data', data, '--to', to])).code, 0);
    assert.deepEqual(accountOf(await replayTo(to)), accountOf(await replayTo(data)));
  });

  test('a backup cut short by a signal says so and leaves nothing', async (t) => {
    const folder = temporaryFolder(t);
    const data = await largeStore(folder);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const to = path.join(folder, 'some', 'backup');
      const backup = await inTheMiddle(to, 2, ['backup', '--data', data, '--to', to]);
      let said = '';
      backup.stderr?.on('data', (text: Buffer) => (said += text.toString()));
      const ended = end(backup, signal);
      backup.kill('SIGCONT');
      assert.equal(await ended, 1);
      assert.match(said, new RegExp(`^holdfast: no copy was made: ended by ${signal}. Nothing is left in `));
      assert.equal(fs.existsSync(path.join(folder, 'some')), false);
    }
  });
});

describe('a restore that is cut short', () => {
  test('a running restore lets no other process in, and one cut short by kill -9 is no store', async (t) => {
    const folder = temporaryFolder(t);
    const data = await largeStore(folder);
    for (const segment of [1, 2, 9]) {
      const made = path.join(folder, `made-${segment}`);
      const restore = await inTheMiddle(made, segment, ['restore', '--from', data, '--data', made]);
      await assert.rejects(SmallStore.open(made), LogLockedError);
      await end(restore, 'SIGKILL');
      await assert.rejects(SmallStore.open(made), LogDamagedError);
      const again = await runToEnd(['restore', '--from', data, '--data', made]);
      assert.match(again.stderr, /holds a copy that was cut short: remove it/);
      fs.rmSync(made, { recursive: true });
      assert.equal((await runToEnd(['restore', '--from', data, '--data', made])).code, 0);
      assert.deepEqual(accountOf(await replayTo(made)), accountOf(await replayTo(data)));
    }
  });
});
