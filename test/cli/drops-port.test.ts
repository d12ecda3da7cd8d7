/**
 * The port of the drops dialect: its setting, its listener beside the main one, and the messages
 * about both.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readSettings } from '../../src/cli/settings.ts';
import type { Door } from '../../src/http/door.ts';
import { Wire } from '../doors/drops/protocol/support.ts';
import { withDataFolder } from '../http/support/child.ts';
import { ask } from '../http/support/client.ts';
import { withStore } from '../http/support/store.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

function dropsPort(args: readonly string[], environment: Record<string, string> = {}): number {
  return readSettings(args, environment).dropsPort;
}

interface Description {
  readonly info: { readonly description: string };
  readonly paths: Readonly<Record<string, object>>;
}

interface Run {
  readonly printed: () => string;
  readonly ended: Promise<{ code: number | null; errors: string }>;
  stop(): void;
}

function serve(...flags: readonly string[]): Run {
  const env = { PATH: process.env['PATH'], HOLDFAST_SQL: 'none' };
  const child = spawn(process.execPath, [main, 'serve', '--no-demo', ...flags], { env, stdio: 'pipe' });
  let printed = '';
  let errors = '';
  child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, errors }));
  });
  return { printed: () => printed, ended, stop: () => child.kill('SIGTERM') };
}

async function listening(): Promise<{ port: number; close: () => void }> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as net.AddressInfo).port, close: () => void server.close() };
}

async function freePort(): Promise<number> {
  const { port, close } = await listening();
  close();
  return port;
}

describe('the drops port', () => {
  test('the drops port is 4000, or what the flag or the environment says', () => {
    assert.equal(dropsPort([]), 4000);
    assert.equal(dropsPort(['--drops-port', '4001']), 4001);
    assert.equal(dropsPort([], { HOLDFAST_DROPS_PORT: '4002' }), 4002);
    assert.equal(dropsPort(['--drops-port=0'], { HOLDFAST_DROPS_PORT: '4002' }), 0);
    assert.throws(() => dropsPort(['--drops-port', '65536']), /--drops-port \(HOLDFAST_DROPS_PORT\) is "65536"/);
    assert.throws(() => dropsPort(['--drops-port', 'x']), /it may be a whole number from 0 to 65535/);
  });

  test('a drops port that is the main port is refused, with what to do instead, if both are needed', () => {
    const advice = /--drops-port 0, or open it alone on --port with --doors drops$/;
    assert.throws(() => dropsPort(['--port', '4000']), advice);
    assert.throws(() => dropsPort(['--doors', 'v1,drops'], { PORT: '4000' }), advice);
    assert.equal(dropsPort(['--port', '4000', '--doors', 'drops']), 4000);
    assert.equal(dropsPort(['--port', '4000', '--doors', 'v1,tickets']), 4000);
    assert.equal(dropsPort(['--port', '0', '--drops-port', '0']), 0);
  });
});

describe('the drops listener', () => {
  test('the drops listener has the dialect, which the main port lacks, and nothing else', () =>
    withStore({ args: ['--drops-port', '4000'] }, async ({ port, drops }) => {
      const status = async (at: number, path: string): Promise<number> => (await ask(at, 'GET', path)).status;
      assert.ok(drops !== null);
      assert.equal(await status(drops.port, '/api/drops'), 200);
      assert.equal(await status(port, '/api/drops'), 404);
      assert.equal(await status(port, '/socket.io/?EIO=4&transport=polling'), 404);
      assert.equal(await status(port, '/v1/sales'), 200);
      for (const path of ['/v1/sales', '/api/v1/event', '/livez']) {
        const answer = await ask(drops.port, 'GET', path);
        assert.deepEqual([answer.status, answer.json], [404, { error: 'Route not found' }]);
      }
    }));

  test('the drops listener describes its own routes, and the main port those of its doors', () =>
    withStore({ args: ['--drops-port', '4000'] }, async ({ port, listener, drops }) => {
      const described = async (at: number, doors: readonly Door[]): Promise<string> => {
        const { info, paths } = (await ask(at, 'GET', '/openapi.json')).body as unknown as Description;
        const routes = doors.filter(({ name }) => name !== 'pages').flatMap((door) => door.routes);
        const listed = Object.entries(paths).flatMap(([path, item]) =>
          Object.keys(item).map((verb) => `${verb} ${path}`),
        );
        const had = routes.map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
        assert.deepEqual(listed.sort(), had.sort());
        return info.description;
      };
      assert.ok(drops !== null);
      assert.match(await described(drops.port, drops.doors), /^Limited drops/);
      assert.match(await described(port, listener.doors), /drops dialect has a port of its own/);
      const at = (path: string): string[] =>
        [listener, drops]
          .filter(({ doors }) => doors.some(({ routes }) => routes.some((route) => route.path === path)))
          .map(({ url }) => url);
      assert.deepEqual(['/v1/sales', '/api/reserve/:dropId', '/openapi.json'].map(at), [
        [listener.url],
        [drops.url],
        [listener.url, drops.url],
      ]);
      for (const [method, path] of [
        ['POST', '/openapi.json'],
        ['GET', '/openapi.json/'],
        ['GET', '/openapi'],
      ] as const) {
        const answer = await ask(drops.port, method, path);
        assert.deepEqual([answer.status, answer.json], [404, { error: 'Route not found' }], `${method} ${path}`);
      }
    }));

  test('each port shows what was done at the other', () =>
    withStore({ args: ['--drops-port', '4000'] }, async ({ port, drops }) => {
      const json = { name: 'A pair', price: 200, totalStock: 5 };
      assert.equal((await ask(drops!.port, 'POST', '/api/drops', { json })).status, 201);
      const [sale] = (await ask(port, 'GET', '/v1/sales')).body['items'] as Record<string, unknown>[];
      assert.deepEqual([sale?.['name'], sale?.['door'], sale?.['holdSeconds']], ['A pair', 'drops', 60]);
      assert.deepEqual(sale?.['price'], { amount: 20_000, currency: 'USD' });
      const change = { json: { capacity: 9 } };
      assert.equal((await ask(port, 'PATCH', `/v1/sales/${String(sale?.['id'])}`, change)).status, 200);
      assert.equal((await ask(drops!.port, 'GET', '/api/drops/1')).body['availableStock'], 9);
    }));

  test('the drops listener is not opened with port 0, and is the main one if drops is the only door', async () => {
    await withStore({ args: ['--drops-port', '0'] }, async ({ drops }) => assert.equal(drops, null));
    await withStore({ args: ['--doors', 'v1'] }, async ({ drops }) => assert.equal(drops, null));
    await withStore({ args: ['--doors', 'drops'] }, async ({ port, drops }) => {
      assert.equal(drops, null);
      assert.equal((await ask(port, 'GET', '/api/health')).status, 200);
      assert.equal((await ask(port, 'GET', '/livez')).status, 200);
      const described = (await ask(port, 'GET', '/openapi.json')).body['paths'] as object;
      assert.ok('/api/reserve/{dropId}' in described);
    });
  });
});

describe('a server', () => {
  test('a server names both addresses when it is ready, and ends with a listener still connected', () =>
    withDataFolder(async (folder) => {
      const port = await freePort();
      const run = serve('--port', '0', '--drops-port', String(port), '--data', folder);
      while (!run.printed().includes('\n')) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.match(
        run.printed(),
        /^holdfast ready http:\/\/127\.0\.0\.1:\d+ drops=http:\/\/127\.0\.0\.1:\d+ data=.+\n$/,
      );
      assert.ok(run.printed().includes(`drops=http://127.0.0.1:${port} `));
      const polling = '/socket.io/?EIO=4&transport=polling';
      const { sid } = JSON.parse((await ask(port, 'GET', polling)).text.slice(1)) as { sid: string };
      const poll = ask(port, 'GET', `${polling}&sid=${sid}`);
      const wire = new Wire(`ws://localhost:${port}/socket.io/?EIO=4&transport=websocket`);
      await wire.next();
      // The poll has been taken by then, and waits.
      await new Promise((resolve) => setTimeout(resolve, 200));
      const beganMs = performance.now();
      run.stop();
      assert.equal((await run.ended).code, 0);
      await wire.closed;
      assert.equal((await poll).status, 200);
      assert.ok(performance.now() - beganMs < 4000);
    }));

  test('a server whose drops port is taken says so in one sentence and touches nothing', () =>
    withDataFolder(async (folder) => {
      const taken = await listening();
      try {
        const data = path.join(folder, 'data');
        const { code, errors } = await serve('--port', '0', '--drops-port', String(taken.port), '--data', data).ended;
        assert.equal(code, 1);
        assert.equal(
          errors,
          `holdfast: port ${taken.port} on 127.0.0.1 is in use: stop what listens there, ` +
            'or choose another with --drops-port (0 closes that door)\n',
        );
        assert.equal(fs.existsSync(data), false);
      } finally {
        taken.close();
      }
    }));
});
