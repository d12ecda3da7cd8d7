/**
 * The command line's programs on PostgreSQL: a sale with its views, and a database that dies under
 * it.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ChildStore, withDataFolder } from '../../../http/support/child.ts';
import { requirePostgres, sharedPostgres } from '../../support/postgres.ts';

const required = { ...requirePostgres(), timeout: 120_000 };
const shared = sharedPostgres({ access: ['host all with_password 127.0.0.1/32 scram-sha-256'] });
const main = fileURLToPath(new URL('../../../../src/cli/main.ts', import.meta.url));

interface Finished {
  readonly code: number;
  readonly output: string;
}

/** Runs a command with an address in its environment, where others do not see it. */
function run(command: string, folder: string, url: string, ...flags: readonly string[]): Promise<Finished> {
  const args = ['--no-env-file', main, command, '--data', folder, ...flags];
  const env = { PATH: process.env['PATH'], HOLDFAST_SQL: url };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: `${stdout}${stderr}` });
    });
  });
}

async function buy(store: ChildStore, key: string): Promise<void> {
  const answer = await store.ask('POST', '/api/v1/purchase', {
    headers: { 'idempotency-key': key },
    json: { quantity: 1 },
  });
  assert.equal(answer.status, 200, answer.text);
}

async function until(sentence: string, holds: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 60_000;
  while (!(await holds())) {
    assert.ok(performance.now() < endMs, `still not: ${sentence}`);
    await sleep(50);
  }
}

test(
  'a sale with its views in PostgreSQL goes on while the server is dead, and the views catch up',
  required,
  async () => {
    const server = shared();
    const url = await server.createDatabase();
    await withDataFolder(async (folder) => {
      const store = await ChildStore.start(folder, [], { HOLDFAST_SQL: url });
      try {
        await store.ask('POST', '/api/v1/events', { json: { name: 'Concert', totalSeats: 500 } });
        const shown = async (): Promise<number> => {
          const rows = await server.query(url, 'SELECT "seatsSold" AS sold FROM tickets.events').catch(() => []);
          return Number(rows[0]?.['sold'] ?? -1);
        };
        for (let seat = 1; seat <= 20; seat += 1) await buy(store, `seat ${seat}`);
        await until('the views show 20 seats', async () => (await shown()) === 20);
        await server.kill();
        for (let seat = 21; seat <= 60; seat += 1) await buy(store, `seat ${seat}`);
        await until('readiness tells that the views wait', async () => {
          const { text } = await store.ask('GET', '/readyz');
          return /"state":"waiting"/.test(text) && text.includes('does not listen');
        });
        assert.equal((await store.ask('GET', '/readyz')).status, 200, 'the sale is as ready as before');
        await server.restart();
        await until('the views show 60 seats', async () => (await shown()) === 60);
        const compared = await run('reconcile', folder, url);
        assert.deepEqual(compared, { code: 0, output: compared.output });
        assert.match(compared.output, /no difference in \d+ rows/);
        const purchases = await server.query(url, 'SELECT "idempotencyKey" AS key FROM tickets.purchases');
        assert.deepEqual(
          new Set(purchases.map(({ key }) => key)),
          new Set(Array.from({ length: 60 }, (_, at) => `seat ${at + 1}`)),
        );
        assert.equal(purchases.length, 60);
        assert.equal(await store.kill('SIGTERM'), 0);
      } finally {
        await store.kill('SIGKILL');
      }
    });
  },
);

test('a wrong password stops nothing, is said once, and is not shown', required, async () => {
  const server = shared();
  await server.query(server.url(), `CREATE ROLE with_password LOGIN PASSWORD 'correct horse'`);
  const url = server.url('postgres', 'with_password', 'battery-staple');
  await withDataFolder(async (folder) => {
    const store = await ChildStore.start(folder, [], { HOLDFAST_SQL: url });
    try {
      await store.ask('POST', '/api/v1/events', { json: { name: 'Concert', totalSeats: 500 } });
      await buy(store, 'a seat');
      await until('the password is said to be wrong', async () => store.logged.includes('refuses the password'));
      await sleep(1_000);
      assert.equal(store.logged.split('refuses the password').length, 2, store.logged);
      await buy(store, 'another seat');
      const { text } = await store.ask('GET', '/readyz');
      assert.match(text, /refuses the password/);
      assert.doesNotMatch(`${store.logged}${text}`, /battery|staple/);
    } finally {
      await store.kill('SIGKILL');
    }
  });
});

test('migrate makes the schema, once; what is wrong with an address is one sentence', required, async () => {
  const url = await shared().createDatabase();
  await withDataFolder(async (folder) => {
    const made = await run('migrate', folder, url);
    assert.match(made.output, /0001_tables\n.*0002_dialects\n.*0003_currencies/);
    assert.equal(made.code, 0);
    assert.match((await run('migrate', folder, url)).output, /is up to date/);
    const refused = await run('migrate', folder, `${url}?sslmode=always`);
    assert.match(refused.output, /sslmode/);
    assert.notEqual(refused.code, 0);
    const missing = await run('migrate', folder, shared().url('no_such_shop'));
    assert.match(missing.output, /has no such database/);
    assert.doesNotMatch(missing.output, /\n\s+at /, 'no stack');
    assert.notEqual(missing.code, 0);
  });
});
