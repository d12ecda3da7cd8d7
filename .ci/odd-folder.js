// Puts the repository into a folder whose name has a blank, letters beyond ASCII, `#` and `%`, and
// uses the store there as its users would: `.env` with an operator key, `npm start`, pages, live
// events, a sale, the lists behind it, `reconcile`. Ends with 0 when all of it holds, within three
// minutes.
//
// The installed modules are hard links to those of this folder: real files at real paths, as npm
// would put them, without downloading them twice. Symbolic links would lead every module back here,
// and prove nothing.
import assert from 'node:assert/strict';
import childProcess from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const maxMs = 180_000;
const operatorKey = 'operator-key-of-this-folder';
/** The store gets only PATH and the like from the environment of this script. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(HOLDFAST_|npm_|PORT$|DATABASE_URL$|PG|CORS_|FRONTEND_|LOG_)/.test(name),
  ),
);
const started = new Set();

const beside = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'holdfast-odd-'));
const folder = path.join(beside, 'Käthe’s shop #1 100%41 ü');

function end(code) {
  for (const child of started) {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
  fs.rmSync(beside, { recursive: true, force: true, maxRetries: 5 });
  process.exit(code);
}

setTimeout(() => {
  console.error(`odd folder: not done after ${maxMs / 1000} s`);
  end(1);
}, maxMs).unref();

function copyRepository() {
  const listed = childProcess.execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of listed.toString().split('\0')) {
    const from = path.join(root, file);
    if (file !== '' && fs.existsSync(from)) fs.cpSync(from, path.join(folder, file), { recursive: true });
  }
}

/**
 * Links every file. Copies it where the folder is on another disk, and where the launcher may
 * rewrite it.
 */
function linkModules(from, to) {
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) linkModules(source, target);
    else if (entry.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(source), target);
    else if (entry.name.startsWith('.')) fs.copyFileSync(source, target);
    else {
      try {
        fs.linkSync(source, target);
      } catch {
        fs.copyFileSync(source, target);
      }
    }
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** `npm start` in the folder; resolves with its address when it is ready. */
function startStore() {
  const child = childProcess.spawn('npm', ['start', '--silent'], {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.add(child);
  return new Promise((resolve, reject) => {
    let told = '';
    child.stdout.on('data', (bytes) => {
      told += bytes;
      const url = /^holdfast ready (\S+)/m.exec(told)?.[1];
      if (url !== undefined) resolve({ child, url });
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`npm start ended (${signal ?? code}): ${told}`)));
  });
}

async function until(what, condition) {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await condition();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`in vain: ${what}`);
}

async function status(url, options = {}) {
  const response = await fetch(url, { redirect: 'manual', ...options });
  return { status: response.status, text: await response.text() };
}

async function useStore(url, dropsUrl) {
  const sale = JSON.stringify({ name: 'A sale', kind: 'counted', capacity: 10 });
  const json = { 'Content-Type': 'application/json' };
  const keyed = { ...json, Authorization: `Bearer ${operatorKey}` };
  const stranger = await status(`${url}/v1/sales`, { method: 'POST', headers: json, body: sale });
  assert.equal(stranger.status, 401, 'the operator key in .env holds');
  const made = await status(`${url}/v1/sales`, { method: 'POST', headers: keyed, body: sale });
  assert.equal(made.status, 201, made.text);

  for (const at of ['/', '/drops', '/box-office']) {
    const page = await status(url + at, { headers: { Accept: 'text/html' } });
    assert.equal(page.status, 200, `page ${at}`);
    assert.match(page.text, /<div id="root">/, 'the built pages, and not what stands in for them');
    for (const [, asset] of page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
      assert.equal((await status(url + asset)).status, 200, asset);
    }
  }
  assert.equal((await status(`${dropsUrl}/socket.io/socket.io.js`)).status, 200, 'the client of the live events');

  const { id } = JSON.parse(made.text);
  const bought = await status(`${url}/v1/sales/${id}/orders`, {
    method: 'POST',
    headers: { ...keyed, 'Idempotency-Key': 'once' },
    body: '{"quantity":2}',
  });
  assert.equal(bought.status, 201, bought.text);
  await until('the follower follows', async () => {
    const { followers } = JSON.parse((await status(`${url}/readyz`)).text);
    return followers.sql.state === 'following' && followers.sql.lag.records === 0;
  });
  const orders = JSON.parse((await status(`${url}/v1/orders?sale=${id}`, { headers: keyed })).text);
  assert.equal(orders.items.length, 1, 'the list has the order');
}

async function stopStore({ child }) {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGTERM');
  await exited;
  started.delete(child);
}

function command(...args) {
  const result = childProcess.spawnSync(process.execPath, [path.join(folder, 'bin', 'holdfast'), ...args], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(result.status, 0, `${args.join(' ')}: ${result.stdout}${result.stderr}`);
}

try {
  childProcess.execFileSync(process.execPath, [path.join(root, 'bin', 'run.js'), 'bun', '--version'], {
    stdio: 'ignore',
  });
  copyRepository();
  linkModules(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const dropsPort = await freePort();
  const settings = ['PORT=0', `HOLDFAST_DROPS_PORT=${dropsPort}`, `HOLDFAST_OPERATOR_KEY=${operatorKey}`];
  fs.writeFileSync(path.join(folder, '.env'), `${settings.join('\n')}\n`);
  const store = await startStore();
  await useStore(store.url, `http://127.0.0.1:${dropsPort}`);
  await stopStore(store);
  command('migrate');
  command('reconcile');
  command('inspect');
  console.log(`odd folder: a store in "${path.basename(folder)}" reads its .env, shows its pages and follows its log`);
  end(0);
} catch (error) {
  console.error('odd folder:', error);
  end(1);
}
