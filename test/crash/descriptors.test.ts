/** A server that has run out of descriptors refuses for a while and goes on. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { requireThat } from '../support/requires.ts';
import { createEvent, currentEvent, purchase } from './support/http.ts';
import { program, temporaryFolder } from './support/servers.ts';

const hasProc = requireThat(
  fs.existsSync('/proc/self/fd') && Bun.which('prlimit') !== null,
  'the descriptors of a process under /proc, and prlimit',
);
const descriptors = 256;

interface Limited {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly logFile: string;
  readonly ended: Promise<number | null>;
}

/**
 * A server with a limit of descriptors. Its event and its connections for purchases exist before
 * they run out.
 */
async function startLimited(t: TestContext, folder: string): Promise<Limited> {
  const logFile = path.join(folder, 'log');
  const log = fs.openSync(logFile, 'a');
  const flags = ['--port', '0', '--drops-port', '0', '--no-demo', '--sql', 'none', '--data', path.join(folder, 'data')];
  const shell = ['-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh'];
  const child = spawn('sh', [...shell, process.execPath, '--no-env-file', program, 'serve', ...flags], {
    stdio: ['ignore', 'pipe', log],
    env: { ...process.env, HOLDFAST_OPERATOR_KEY: '' },
  });
  fs.closeSync(log);
  t.after(() => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  assert.ok(child.stdout !== null);
  const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const [, url = '', port = ''] = /^holdfast ready (http:\/\/[^\s:]+:(\d+))/.exec(String(line.value)) ?? [];
  assert.notEqual(url, '', fs.readFileSync(logFile, 'utf8'));
  return { url, port: Number(port), pid: child.pid ?? 0, logFile, ended };
}

/** From now on the server gets no more descriptors; it keeps those that it has. */
function takeRest(server: Limited): void {
  const open = new Set(fs.readdirSync(`/proc/${server.pid}/fd`).map(Number));
  let free = 0;
  while (open.has(free)) free += 1;
  allow(server, free);
}

function allow({ pid }: Limited, count: number): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${count}:${descriptors}`]);
}

test(
  'a store out of descriptors uses up its segment, and goes on when descriptors are free again',
  hasProc,
  async (t) => {
    const folder = temporaryFolder(t);
    const server = await startLimited(t, folder);
    await createEvent(server.url, 10_000_000);
    // A long key fills the segment of 4 MiB with some 20,000 purchases.
    const key = (number: number): string => `${number}-`.padEnd(200, 'x');
    let sold = 0;
    const sell = async (count: number): Promise<number> => {
      const replies = await Promise.all(
        Array.from({ length: count }, (_, at) => purchase(server.url, key(sold + at), 1)),
      );
      assert.ok(
        replies.every(({ status }) => status === 200 || status === 503),
        'sold, or refused for now',
      );
      sold += count;
      return replies.filter(({ status }) => status === 200).length;
    };
    let answered = await sell(48);
    const files = (): string[] => fs.readdirSync(path.join(folder, 'data')).filter((name) => name.endsWith('.seg'));
    assert.deepEqual(files(), ['log-0000000001.seg']);
    // As many at once as there are connections: the server could not accept another one.
    for (let round = 0; round < 600 && answered === sold; round += 1) {
      takeRest(server);
      answered += await sell(48);
    }
    assert.ok(answered < sold, 'it came to the end of its segment and refused');
    assert.deepEqual(files(), ['log-0000000001.seg']);
    assert.equal((await currentEvent(server.url)).seatsSold, answered, 'reads go on');
    assert.match(fs.readFileSync(server.logFile, 'utf8'), /could not be prepared \(EMFILE/);

    allow(server, descriptors);
    const untilMs = performance.now() + 20_000;
    // A refused batch is larger than the rest of the segment, so it goes into the next one.
    while ((await sell(48)) < 48 || !files().includes('log-0000000002.seg')) {
      assert.ok(performance.now() < untilMs, 'it sells again');
      await pause(100);
    }
    assert.equal(await Promise.race([server.ended, pause(10, 'runs')]), 'runs');
  },
);
