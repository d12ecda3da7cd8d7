/**
 * A data folder from outside: its permissions, what is refused in it, and what happens to a store
 * whose files are removed.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { readFileLog } from '../../src/log/file/reader.ts';
import { contentOf } from './support/folders.ts';
import { createEvent, purchase, send } from './support/http.ts';
import { program, runToEnd, spawnServer, startServer, temporaryFolder } from './support/servers.ts';
import { end, serve } from './support/trimming.ts';

const oneSentence = /^holdfast: [^\n]+\n$/;

async function refusal(args: readonly string[], prefix: readonly string[] = []): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(args, prefix);
  assert.equal(code, 1, stderr);
  assert.equal(stdout, '');
  assert.match(stderr, oneSentence);
  return stderr;
}

function serving(data: string): string[] {
  return [
    'serve',
    '--port',
    '0',
    '--drops-port',
    '0',
    '--no-demo',
    '--sql',
    'none',
    '--log-level',
    'fatal',
    '--data',
    data,
  ];
}

describe('a data folder', () => {
  const makers: readonly (readonly [string, (data: string) => string[]])[] = [
    ['serve', serving],
    ['migrate', (data) => ['migrate', '--data', data]],
    ['seed', (data) => ['seed', '--data', data]],
  ];
  for (const [name, args] of makers) {
    test(`a folder that ${name} makes is its owner's alone from the first moment, for any umask`, async (t) => {
      const data = path.join(temporaryFolder(t), 'above', 'data');
      const modes = new Set<string>();
      const child = Bun.spawn(
        ['sh', '-c', 'umask 000; exec "$@"', 'sh', process.execPath, '--no-env-file', program, ...args(data)],
        { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, HOLDFAST_OPERATOR_KEY: '', PORT: '' } },
      );
      const look = (): void => {
        if (fs.existsSync(data)) modes.add((fs.statSync(data).mode & 0o777).toString(8));
      };
      const { signal } = { signal: new AbortController() };
      void child.exited.then(() => signal.abort());
      const untilMs = performance.now() + 20_000;
      const isDone = (): boolean =>
        signal.signal.aborted || (name === 'serve' && fs.existsSync(path.join(data, 'secret')));
      while (!isDone() && performance.now() < untilMs) {
        look();
        await new Promise((resolve) => setImmediate(resolve));
      }
      look();
      child.kill('SIGKILL');
      await child.exited;
      assert.deepEqual([...modes], ['700']);
    });
  }

  const lost: readonly (readonly [string, (data: string) => void])[] = [
    ['secret', (data) => fs.writeFileSync(path.join(data, 'secret'), 'x'.repeat(43))],
    ['heartbeat', (data) => fs.writeFileSync(path.join(data, 'heartbeat'), new Date().toISOString())],
    ['followers', (data) => fs.mkdirSync(path.join(data, 'followers'))],
    [
      'snapshot-0000000000000007.bin',
      (data) => fs.writeFileSync(path.join(data, 'snapshot-0000000000000007.bin'), 'x'),
    ],
  ];
  for (const [name, put] of lost) {
    test(`a folder with a ${name} and no log is refused and stays unchanged`, async (t) => {
      const data = temporaryFolder(t);
      put(data);
      const before = [fs.readdirSync(data), contentOf(data)];
      for (const args of [serving(data), ['seed', '--data', data]]) {
        const sentence = await refusal(args);
        assert.ok(
          sentence.includes(name) && sentence.includes('no log') && sentence.includes('holdfast reset'),
          sentence,
        );
      }
      assert.deepEqual([fs.readdirSync(data), contentOf(data)], before);
    });
  }

  test('a folder whose secret is short or no file is refused before its log is touched', async (t) => {
    const folder = temporaryFolder(t);
    const data = path.join(folder, 'data');
    const { process: server } = await startServer(t, folder);
    await server.stop();
    const secret = path.join(data, 'secret');
    for (const put of [
      () => fs.writeFileSync(secret, 'short'),
      () => fs.writeFileSync(secret, ''),
      () => fs.mkdirSync(secret),
    ]) {
      fs.rmSync(secret, { recursive: true });
      put();
      const before = contentOf(data);
      assert.match(await refusal(serving(data)), /secret.*(32 characters|cannot be read).*restore it/);
      assert.deepEqual(contentOf(data), before);
    }
  });

  test('a folder whose lock file is no lock is refused, and the sentence says what to do', async (t) => {
    const folder = temporaryFolder(t);
    const data = path.join(folder, 'data');
    const { process: server } = await startServer(t, folder);
    await server.stop();
    fs.writeFileSync(
      path.join(data, 'lock.sqlite'),
      'no database at all, and longer than its header would be. '.repeat(30),
    );
    const before = contentOf(data);
    assert.match(await refusal(serving(data)), /lock\.sqlite is no lock.*remove it/);
    assert.deepEqual(contentOf(data), before);
    fs.rmSync(path.join(data, 'lock.sqlite'));
    await startServer(t, folder);
  });

  test('a folder that lost its secret says so once old tokens are refused', async (t) => {
    const folder = temporaryFolder(t);
    const data = path.join(folder, 'data');
    const logFile = path.join(folder, 'log');
    const flags = ['--sql', 'none'];
    const lose = async (): Promise<string> => {
      fs.rmSync(path.join(data, 'secret'));
      fs.writeFileSync(logFile, '');
      const again = await serve(t, data, logFile, ...flags);
      assert.ok(fs.existsSync(path.join(data, 'secret')), 'a new one is made');
      await end(again, 'SIGTERM');
      return fs.readFileSync(logFile, 'utf8');
    };
    const first = await serve(t, data, logFile, ...flags);
    await createEvent(first.url, 10);
    await end(first, 'SIGTERM');
    assert.doesNotMatch(await lose(), /no secret/, 'nobody has a token');
    const second = await serve(t, data, logFile, ...flags);
    assert.equal((await purchase(second.url, 'key', 1)).status, 200);
    await end(second, 'SIGTERM');
    assert.match(await lose(), /the folder has no secret any more.*open nothing/);
  });
});

describe('a store whose files are taken away while nobody calls', () => {
  const removals: readonly (readonly [string, RegExp, (data: string) => void])[] = [
    ['a segment', /log-0000000001\.seg was removed/, (data) => fs.rmSync(path.join(data, 'log-0000000001.seg'))],
    ['the lock', /the lock in .* was removed/, (data) => fs.rmSync(path.join(data, 'lock.sqlite'))],
    ['the folder', /data was removed/, (data) => fs.rmSync(data, { recursive: true, force: true, maxRetries: 5 })],
    ['the folder, moved,', /data was removed/, (data) => fs.renameSync(data, `${data}-moved`)],
  ];
  for (const [what, sentence, take] of removals) {
    test(`the store ends with a sentence: ${what} removed`, async (t) => {
      const folder = temporaryFolder(t);
      const server = spawnServer(t, folder);
      await createEvent(await server.ready(), 10);
      take(path.join(folder, 'data'));
      const ended = await Promise.race([server.ended, pause(15_000)]);
      assert.deepEqual(ended, { code: 1, signal: null }, 'it ended by itself');
      assert.match(fs.readFileSync(path.join(folder, 'server.log'), 'utf8'), sentence);
    });
  }

  test('the store goes on beside a backup and renames of files that are not its own', async (t) => {
    const folder = temporaryFolder(t);
    const data = path.join(folder, 'data');
    const { url, process: server } = await startServer(t, folder);
    await createEvent(url, 10);
    fs.writeFileSync(path.join(data, 'notes.txt'), 'mine');
    fs.rmSync(path.join(data, 'notes.txt'));
    assert.equal((await runToEnd(['backup', '--data', data, '--to', path.join(folder, 'copy')])).code, 0);
    await pause(2500);
    assert.equal(server.end, null);
    assert.equal((await purchase(url, 'key', 1)).status, 200);
    assert.equal((await send('GET', `${url}/readyz`)).status, 200);
    assert.ok((await readFileLog({ folder: data })).end > 2);
  });
});
