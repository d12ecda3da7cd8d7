/**
 * A data folder that the first released state wrote opens and goes on: see
 * test/fixtures/folder-0.1/README.md.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { root } from '../support/sources.ts';
import { program, runToEnd, temporaryFolder } from './support/servers.ts';

interface Call {
  readonly name: string;
  readonly port: 'main' | 'drops';
  readonly method: string;
  readonly path: string;
  readonly operator: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
  readonly answer: string;
  readonly answerHeaders: Readonly<Record<string, string>>;
}

const fixture = path.join(root, 'test', 'fixtures', 'folder-0.1');
const calls = JSON.parse(fs.readFileSync(path.join(fixture, 'calls.json'), 'utf8')) as readonly Call[];
const operatorKey = 'fixture-operator-key-0123456789abcdef';
const snapshot = 54;

function unpacked(t: TestContext): string {
  const folder = path.join(temporaryFolder(t), 'data');
  const packed = path.join(fixture, 'data');
  for (const name of fs.readdirSync(packed, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.gz')) continue;
    const file = path.join(folder, name.slice(0, -'.gz'.length));
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fs.writeFileSync(file, gunzipSync(fs.readFileSync(path.join(packed, name))), { mode: 0o600 });
  }
  return folder;
}

interface Served {
  readonly main: string;
  readonly drops: string;
  readonly log: () => string;
  stop(): Promise<void>;
}

async function serve(t: TestContext, folder: string): Promise<Served> {
  const args = ['serve', '--port', '0', '--drops-port', '0', '--data', folder, '--log-level', 'info'];
  const ports = args.toSpliced(args.indexOf('--drops-port'), 2);
  const child = Bun.spawn([process.execPath, '--no-env-file', program, ...ports, '--drops-port', String(freePort())], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOLDFAST_OPERATOR_KEY: operatorKey, HOLDFAST_SECRET: '', DATABASE_URL: '', PORT: '' },
  });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  const ready = Promise.withResolvers<RegExpMatchArray>();
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const chunk of stream) {
      text += new TextDecoder().decode(chunk);
      const found = /^holdfast ready (\S+) drops=(\S+)/m.exec(text);
      if (found !== null) ready.resolve(found);
    }
    ready.reject(new Error(`it ended: ${text}`));
  };
  ready.promise.catch(() => {});
  void read(child.stdout);
  void read(child.stderr);
  const [, main = '', drops = ''] = await ready.promise;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    assert.equal(await child.exited, 0);
  };
  return { main, drops, log: () => text, stop };
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const { port } = server;
  void server.stop(true);
  return port!;
}

async function again(served: Served, { port, method, path: asked, operator, headers, body }: Call): Promise<Response> {
  return fetch((port === 'main' ? served.main : served.drops) + asked, {
    method,
    headers: {
      ...headers,
      ...(operator ? { authorization: `Bearer ${operatorKey}` } : {}),
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
}

function isKeyed({ headers, body }: Call): boolean {
  return 'idempotency-key' in headers || (body !== null && typeof body === 'object' && 'idempotencyKey' in body);
}

async function audit(served: Served): Promise<void> {
  const accepted = calls.filter((call) => isKeyed(call) && call.status < 300);
  assert.ok(accepted.length >= 30, `${accepted.length} keyed calls`);
  for (const call of accepted) {
    const response = await again(served, call);
    const text = await response.text();
    const what = `${call.name}: ${call.method} ${call.path} answered ${text}`;
    assert.equal(response.status, call.path === '/api/v1/purchases' ? 200 : call.status, what);
    // `isNewPurchase` is the only field that differs in a replayed answer.
    assert.equal(text, call.answer.replace('"isNewPurchase":true', '"isNewPurchase":false'), what);
    assert.equal(response.headers.get('holdfast-position'), call.answerHeaders['holdfast-position'] ?? null, what);
  }
  const pinned = calls.find(({ name }) => name === 'pinned refusal')!;
  const refused = await again(served, pinned);
  assert.deepEqual([refused.status, await refused.text()], [409, pinned.answer]);
  const opened = calls.filter(({ name }) => name.startsWith('read with token'));
  assert.equal(opened.length, 9);
  for (const call of opened) {
    const response = await again(served, call);
    assert.equal(response.status, 200, `${call.name}: its token opens it`);
    const without = await again(served, { ...call, headers: {} });
    assert.equal(without.status, 403, `${call.name}: nothing else does`);
  }
}

test('a folder of 0.1 opens from its snapshot and goes on, with its keys, its tokens and its tables', async (t) => {
  const folder = unpacked(t);
  const served = await serve(t, folder);
  while (!served.log().includes('"msg":"ready"')) await Bun.sleep(20);
  assert.match(served.log(), new RegExp(`"snapshot":${snapshot}\\b`));
  await audit(served);
  const post = async (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const bought = await post(`${served.main}/api/v1/purchase`, { quantity: 2 }, { 'idempotency-key': 'f1c2-goes-on' });
  assert.equal(bought.status, 200);
  const sales = await fetch(`${served.main}/v1/sales?limit=100`);
  const { items } = (await sales.json()) as { items: { name: string; closesAt: string | null }[] };
  assert.ok(items.some(({ name }) => name === 'For ever') && items.some(({ name }) => name === 'Old coin'));
  await served.stop();

  const next = await serve(t, folder);
  await audit(next);
  const repeated = await post(`${next.main}/api/v1/purchase`, { quantity: 2 }, { 'idempotency-key': 'f1c2-goes-on' });
  assert.deepEqual([repeated.status, repeated.headers.get('idempotency-replayed')], [200, 'true']);
  assert.equal(await repeated.text(), await bought.text());
  // The tables continue where they were, with the later records.
  const until = performance.now() + 20_000;
  for (let behind = true; behind;) {
    const body = (await (await fetch(`${next.main}/readyz`)).json()) as {
      followers?: { sql?: { lag?: { records: number } } };
    };
    behind = (body.followers?.sql?.lag?.records ?? 1) > 0;
    assert.ok(performance.now() < until, JSON.stringify(body));
    if (behind) await Bun.sleep(100);
  }
  await next.stop();
  const database = new DatabaseSync(path.join(folder, 'views.sqlite'), { readOnly: true });
  const orders = database.prepare('select count(*) as n from orders').get() as { n: number };
  database.close();
  assert.ok(orders.n >= 14, `${orders.n} orders`);
});

test('a folder of 0.1 replays to the same state without its snapshot', async (t) => {
  const folder = unpacked(t);
  const whole = await runToEnd(['inspect', '--data', folder]);
  assert.equal(whole.code, 0, whole.stderr);
  fs.rmSync(path.join(folder, `snapshot-${String(snapshot).padStart(16, '0')}.bin`));
  const replayed = await runToEnd(['inspect', '--data', folder]);
  const hashes = ({ stdout }: { stdout: string }): string[] =>
    [...stdout.matchAll(/hash (\w+)/g)].map(([, hash]) => hash!);
  assert.equal(hashes(whole).length, 2);
  assert.deepEqual(hashes(replayed), hashes(whole));
  // The same as in the program that wrote the folder.
  assert.equal(hashes(whole)[0], '0484f377c8922727');
});
