/**
 * The npm scripts of the gates dialect with DATABASE_URL: the same, with the views in PostgreSQL.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { requirePostgres, sharedPostgres } from '../followers/support/postgres.ts';
import { withFolder } from '../log/support/folders.ts';
import { root } from '../support/sources.ts';

const required = { ...requirePostgres(), timeout: 120_000 };
const shared = sharedPostgres();

interface Finished {
  readonly code: number;
  readonly output: string;
}

function script(name: string, data: string, url: string, ...flags: readonly string[]): Promise<Finished> {
  const own = { HOLDFAST_DATA: data, DATABASE_URL: url, HOLDFAST_OPERATOR_KEY: '', HOLDFAST_SQL: '', PORT: '' };
  return new Promise((resolve) => {
    execFile(
      'npm',
      ['run', '--silent', name, '--', ...flags],
      { cwd: root, env: { ...process.env, ...own } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: `${stdout}${stderr}` });
      },
    );
  });
}

async function sound(name: string, data: string, url: string, ...flags: readonly string[]): Promise<string> {
  const { code, output } = await script(name, data, url, ...flags);
  assert.equal(code, 0, output);
  return output;
}

test('make-db, migrate, seed-db, try-card and kill-db keep the views in PostgreSQL beside the folder', required, () =>
  withFolder(async (folder) => {
    const server = shared();
    const url = await server.createDatabase();
    const data = path.join(folder, 'data with a blank');
    assert.match(await sound('make-db', data, url), /: 0001_tables\n.*: 0006_cards\n/s);
    assert.match(await sound('migrate', data, url), / is up to date\n$/);
    const seeded = await sound('seed-db', data, url);
    assert.match(seeded, /: 100000 accounts made in .* s; and 6544ecbf-.*\n.*\/.* has all of it\n$/);
    const [row] = await server.query(url, 'SELECT count(*) AS accounts, sum(balance) AS money FROM gates.accounts');
    assert.deepEqual([Number(row?.['accounts']), Number(row?.['money'])], [100_001, 100_000 * 5000 + 10_000]);
    const known = await server.query(
      url,
      `SELECT * FROM gates.accounts WHERE uuid = '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1'`,
    );
    assert.deepEqual([Number(known[0]?.['balance']), known[0]?.['active']], [10_000, true]);
    const tried = await sound('try-card', data, url);
    assert.match(tried, /has a balance of \$100\.00\n.* ms, in process\nPostgreSQL has it with \$100\.00; /);
    assert.match(await sound('seed-db', data, url), /nothing changed\n/);
    assert.equal(await sound('kill-db', data, url), `${data} is gone\n`);
    assert.equal(fs.existsSync(data), false);
    const schemas = await server.query(url, `SELECT 1 FROM pg_namespace WHERE nspname = 'holdfast'`);
    assert.deepEqual(schemas, []);
    assert.match(await sound('make-db', data, url), /: 0001_tables\n/, 'and all over again');
  }),
);

test('the views of another store stay, and so does the folder', required, () =>
  withFolder(async (folder) => {
    const server = shared();
    const url = await server.createDatabase();
    const [one, other] = [path.join(folder, 'one'), path.join(folder, 'other')];
    await sound('seed-db', one, url, '--count', '10');
    const refused = await script('seed-db', other, url, '--count', '10');
    assert.equal(refused.code, 1);
    assert.match(refused.output, /was written from another log than the one in this data folder/);
    const kept = await script('kill-db', other, url);
    assert.equal(kept.code, 1);
    assert.match(kept.output, /has the views of another store .*: it stays as it is/);
    assert.ok(fs.readdirSync(other).includes('watermark'));
    const [row] = await server.query(url, 'SELECT count(*) AS accounts FROM gates.accounts');
    assert.equal(Number(row?.['accounts']), 11);
  }),
);

test('a database that is away is told before anything is made', required, () =>
  withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    const { code, output } = await script('seed-db', data, 'postgres://nobody@127.0.0.1:9/none');
    assert.equal(code, 1);
    assert.match(output, /^holdfast: .*127\.0\.0\.1:9/m);
    assert.ok(!fs.existsSync(data));
  }),
);
