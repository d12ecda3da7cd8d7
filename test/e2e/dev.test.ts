/**
 * `npm run dev`, on a checkout whose files can be changed: the pages on 5173, with what changes
 * shown in the open page.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkoutIn, folderOfCheckouts, here, installedHere, node, withoutNpm } from '../bin/support/checkout.ts';
import { ask } from '../http/support/client.ts';
import { requireThat } from '../support/requires.ts';
import { root } from '../support/sources.ts';
import { aBrowser, launch } from './support/browser.ts';

const pagesPort = 5173;
const folder = folderOfCheckouts();
/** Why it cannot run here, or false. */
const { skip } =
  [here, aBrowser].find((need) => need.skip !== false) ?? requireThat(await isFree(pagesPort), 'port 5173 is taken');

function isFree(port: number): Promise<boolean> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Replaces a text in a file, which must have it. */
function change(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  assert.ok(text.includes(from), `${file} has no ${from}`);
  writeFileSync(file, text.replace(from, to));
}

async function until(so: () => Promise<boolean>, what: string): Promise<void> {
  const untilMs = performance.now() + 20_000;
  while (!(await so().catch(() => false))) {
    assert.ok(performance.now() < untilMs, `not in 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test(
  '`npm run dev` serves the pages on 5173, shows a change without loading anew, and restarts the store',
  { skip, timeout: 90_000 },
  async () => {
    const place = checkoutIn(folder, '', installedHere());
    for (const name of ['src', 'sdk', 'web', 'tsconfig.json'])
      cpSync(join(root, name), join(place, name), { recursive: true });
    const port = await freePort();
    const flags = ['--port', String(port), '--drops-port', '0', '--log', 'memory', '--demo'];
    const child = spawn(node, [join(place, 'bin/dev.js'), ...flags], {
      cwd: place,
      env: withoutNpm(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const browser = await launch();
    try {
      await until(async () => (await ask(pagesPort, 'GET', '/livez')).status === 200, `the pages: ${said}`);
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(`http://127.0.0.1:${pagesPort}/drops`);
      // What is on sale comes from the store, through the stream.
      await page.getByText('Air Jordan 1 High OG').first().waitFor();
      await page.evaluate('loadedOnce = true');
      await page.getByText('Reserving holds one for you').waitFor();
      change(join(place, 'web/src/pages/shop.tsx'), 'Reserving holds one', 'Reserving keeps one');
      await page.getByText('Reserving keeps one for you').waitFor();
      assert.equal(await page.evaluate('loadedOnce'), true, 'the page was loaded anew');

      change(join(place, 'src/doors/system/door.ts'), "version: '1.0.0'", "version: '1.0.1'");
      await until(async () => (await ask(port, 'GET', '/')).body['version'] === '1.0.1', `the new store: ${said}`);
      await page.locator('[data-connection="live"]').waitFor();
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
      child.kill('SIGTERM');
      await ended;
    }
    assert.ok((await isFree(pagesPort)) && (await isFree(port)), 'both have ended');
  },
);
