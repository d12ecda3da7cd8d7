/** The tests' own PostgreSQL keeps what they rely on. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { requirePostgres, sharedPostgres } from '../../support/postgres.ts';

const required = { ...requirePostgres(), timeout: 60_000 };
const shared = sharedPostgres();

test('what was committed is there after kill -9 and a new start, what was not is gone', required, async () => {
  const server = shared();
  const url = await server.createDatabase();
  await server.query(url, 'CREATE TABLE kept (n int)');
  await server.query(url, 'INSERT INTO kept VALUES (1)');
  await server.kill();
  assert.equal(server.running, false);
  await assert.rejects(server.query(url, 'SELECT 1'));
  await server.restart();
  assert.deepEqual(await server.query(url, 'SELECT n FROM kept'), [{ n: 1 }]);
  assert.deepEqual(await server.query(url, 'SHOW fsync'), [{ fsync: 'on' }]);
});

test('it stops as an operator stops it, and starts again', required, async () => {
  const server = shared();
  await server.stop();
  assert.equal(server.running, false);
  await server.restart();
  assert.equal((await server.query(server.url(), 'SELECT 1 AS one'))[0]?.['one'], 1);
  assert.ok(existsSync(server.folder));
});
