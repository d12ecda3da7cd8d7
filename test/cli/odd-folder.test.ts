/** The program in a folder whose name is written otherwise in an address than on the disk. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { ChildStore } from '../http/support/child.ts';
import { root } from '../support/sources.ts';

const operatorKey = 'operator-key-of-this-folder';

/**
 * A copy of the program that links to the modules installed here; with `.env`, and a page where
 * pages are built.
 */
function programIn(t: TestContext, name: string): string {
  const beside = mkdtempSync(path.join(realpathSync(tmpdir()), 'holdfast-odd-'));
  t.after(() => rmSync(beside, { recursive: true, force: true, maxRetries: 5 }));
  const folder = path.join(beside, name);
  for (const part of ['src', 'sdk', 'package.json', 'bunfig.toml']) {
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  mkdirSync(path.join(folder, 'dist', 'web'), { recursive: true });
  writeFileSync(path.join(folder, 'dist', 'web', 'index.html'), '<p>built</p>');
  writeFileSync(path.join(folder, '.env'), `HOLDFAST_OPERATOR_KEY=${operatorKey}\n`);
  return folder;
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries += 1) {
    if (tries === 400) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The uses of a store that depend on the program's folder. */
async function use(store: ChildStore): Promise<void> {
  const url = `http://127.0.0.1:${store.port}`;
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ name: 'A sale', kind: 'counted', capacity: 1 });
  const make = (more: object): Promise<Response> =>
    fetch(`${url}/v1/sales`, { method: 'POST', headers: { ...headers, ...more }, body });
  assert.equal((await make({})).status, 401);
  const keyed = { Authorization: `Bearer ${operatorKey}` };
  const made = await make(keyed);
  assert.equal(made.status, 201);
  const { id } = (await made.json()) as { id: string };

  const page = await fetch(`${url}/box-office`, { headers: { Accept: 'text/html' } });
  assert.equal(await page.text(), '<p>built</p>');

  const at = made.headers.get('Holdfast-Position') ?? '';
  await until('the follower reaches the sale', async () => {
    const list = await fetch(`${url}/v1/orders?sale=${id}&at=${at}`, { headers: keyed });
    await list.arrayBuffer();
    return list.status === 200;
  });
}

describe('a program in a folder named', () => {
  for (const name of ['two words', 'Käthe', 'shop #1', '100%', 'a%20b #1 ü']) {
    test(`"${name}" reads its .env, has its pages, and follows its log`, async (t) => {
      const folder = programIn(t, name);
      const program = path.join(folder, 'src', 'cli', 'main.ts');
      const store = await ChildStore.start(path.join(folder, 'data'), ['--sql', 'sqlite'], {}, program);
      try {
        await use(store);
      } finally {
        // With its follower, which would go on writing into the folder for a moment.
        await store.kill('SIGTERM');
      }
    });
  }
});
