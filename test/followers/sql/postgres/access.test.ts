/** Access to PostgreSQL, and the messages for what is refused. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { migrationsOf } from '../../../../src/followers/sql/migrations.ts';
import { openPostgresDatabase } from '../../../../src/followers/sql/postgres/database.ts';
import { SchemaError, DatabaseUnavailableError } from '../../../../src/followers/sql/database.ts';
import type { SqlDatabase } from '../../../../src/followers/sql/database.ts';
import { findProgram, requireProgram } from '../../../support/requires.ts';
import type { Requirement } from '../../../support/requires.ts';
import { requirePostgres, sharedPostgres } from '../../support/postgres.ts';
import type { PostgresServer } from '../../support/postgres.ts';
import { oneSale, positionAt } from '../../support/sql-rows.ts';

const postgres = requirePostgres();
const required: Requirement = postgres.skip === false ? requireProgram('openssl') : postgres;

const shared = sharedPostgres({
  access: [
    'host all with_password 127.0.0.1/32 scram-sha-256',
    'hostssl all encrypted 127.0.0.1/32 trust',
    'host all encrypted 127.0.0.1/32 reject',
    'hostnossl all plain 127.0.0.1/32 trust',
    'host all turned_away 127.0.0.1/32 reject',
  ],
});
/** The server's certificate, which is its own authority. */
let authority = '';

before(async () => {
  if (required.skip !== false) return;
  const server = shared();
  for (const role of ['with_password', 'encrypted', 'plain', 'turned_away', 'limited']) {
    await server.query(server.url(), `CREATE ROLE ${role} LOGIN PASSWORD 'correct horse'`);
  }
});

/** From here on the server encrypts; it is for `127.0.0.1` alone. */
async function withEncryption(server: PostgresServer): Promise<void> {
  const key = join(server.folder, 'key.pem');
  authority = join(server.folder, 'certificate.pem');
  const name = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const openssl = findProgram('openssl') ?? '';
  execFileSync(openssl, ['req', '-x509', ...kind, ...name, '-keyout', key, '-out', authority], { stdio: 'ignore' });
  const { uid, gid } = statSync(server.folder);
  chownSync(key, uid, gid);
  await server.query(server.url(), `ALTER SYSTEM SET ssl_cert_file = '${authority}'`);
  await server.query(server.url(), `ALTER SYSTEM SET ssl_key_file = '${key}'`);
  await server.query(server.url(), `ALTER SYSTEM SET ssl = on`);
  await server.stop();
  await server.restart();
}

async function using<Result>(
  url: string,
  sslMode: string | null,
  use: (database: SqlDatabase) => Promise<Result>,
): Promise<Result> {
  const database = openPostgresDatabase({ url, sslMode });
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

/** What the database says when it cannot get in. */
async function refusal(url: string, sslMode: string | null = null): Promise<string> {
  const error = await using(url, sslMode, (database) => database.migrate()).then(
    () => assert.fail('it got in'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DatabaseUnavailableError, String(error));
  assert.doesNotMatch(error.message, /correct|wrong|horse/);
  return error.message;
}

test('a password is used, and a wrong one, or none, is said to be so', required, async () => {
  const url = (password: string): string => shared().url('postgres', 'with_password', password);
  assert.match(await refusal(url('wrong')), /refuses the password: .*"with_password" \(28P01\)/);
  assert.match(await refusal(url('')), /password/);
  await using(url('correct%20horse'), null, async (database) => {
    await assert.rejects(database.position(0), SchemaError);
  });
});

test('a database, a role and a host that are not there are named', required, async () => {
  assert.match(await refusal(shared().url('no_such_shop')), /has no such database.*"no_such_shop".*3D000/);
  assert.match(await refusal(shared().url('postgres', 'nobody_here')), /role "nobody_here" does not exist/);
  assert.match(await refusal(shared().url('postgres', 'turned_away')), /does not admit.*pg_hba\.conf/);
  assert.match(await refusal('postgres://holdfast.invalid/shop'), /host that (nobody knows|cannot be looked up)/);
  assert.match(await refusal('postgres://127.0.0.1:1/shop'), /does not listen/);
});

test('a role that may not make schemas is told so, and may be given them', required, async () => {
  const server = shared();
  const url = await server.createDatabase();
  const limited = url.replace('holdfast@', 'limited@');
  assert.match(await refusal(limited), /does not permit.*permission denied for database.*42501/);
  for (const schema of ['holdfast', 'tickets', 'drops', 'seats', 'gates']) {
    await server.query(url, `CREATE SCHEMA ${schema} AUTHORIZATION limited`);
  }
  await using(limited, null, async (database) => {
    assert.ok((await database.migrate()).length > 0);
    await database.write([oneSale], null, positionAt(2));
  });
});

test('a database that cannot hold every character is refused', required, async () => {
  const server = shared();
  await server.query(server.url(), `CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
  await using(server.url('latin'), null, async (database) => {
    await assert.rejects(
      database.migrate(),
      (error) => error instanceof SchemaError && /LATIN1.*UTF8/.test(error.message),
    );
  });
});

test("somebody else's tables are not touched", required, async () => {
  const server = shared();
  const url = await server.createDatabase();
  await server.query(url, 'CREATE SCHEMA tickets');
  await server.query(url, 'CREATE TABLE tickets.events (theirs int)');
  await using(url, null, async (database) => {
    await assert.rejects(
      database.migrate(),
      (error) => error instanceof SchemaError && /events.*already exists/.test(error.message),
    );
  });
  assert.deepEqual(await server.query(url, `SELECT to_regclass('tickets.purchases')::text AS made`), [{ made: null }]);
});

test('two programs that migrate at once do it once', required, async () => {
  const url = await shared().createDatabase();
  const databases = Array.from({ length: 4 }, () => openPostgresDatabase({ url, sslMode: null }));
  const names = (await Promise.all(databases.map((database) => database.migrate()))).flat();
  assert.deepEqual(
    names.toSorted(),
    migrationsOf('postgres').map(({ name }) => name),
  );
  await Promise.all(databases.map((database) => database.close()));
});

test('a server without encryption will do unless it is required', required, async () => {
  const url = await shared().createDatabase();
  for (const mode of [null, 'prefer', 'allow', 'disable']) {
    await using(url, mode, (database) => database.migrate());
  }
  for (const mode of ['require', 'verify-full', 'no-verify']) assert.match(await refusal(url, mode), /SSL/);
  assert.match(await refusal(shared().url('postgres', 'encrypted')), /does not admit/);
});

test('a server with encryption is met as PGSSLMODE says', required, async () => {
  const server = shared();
  const url = await server.createDatabase();
  await withEncryption(server);
  const encrypted = (url: string, mode: string | null): Promise<unknown> =>
    using(url, mode, async (database) => {
      await database.migrate();
      const [row] = await server.query(
        server.url(),
        `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'holdfast follower'`,
      );
      return row?.['ssl'];
    });
  const root = `sslrootcert=${authority}`;
  assert.equal(await encrypted(url, null), true);
  assert.equal(await encrypted(url, 'prefer'), true);
  assert.equal(await encrypted(url, 'require'), true);
  assert.equal(await encrypted(url, 'no-verify'), true);
  assert.equal(await encrypted(url, 'disable'), false);
  assert.equal(await encrypted(`${url}?sslmode=disable`, 'require'), false);
  assert.equal(await encrypted(`${url}?${root}`, 'verify-full'), true);
  assert.equal(await encrypted(`${url}?${root}`, 'verify-ca'), true);
  // The certificate is for the number, and not for the name.
  const byName = `${url.replace('127.0.0.1', 'localhost')}?${root}`;
  assert.equal(await encrypted(byName, 'verify-ca'), true);
  assert.match(await refusal(byName, 'verify-full'), /certificate|altnames|hostname/i);
  assert.match(await refusal(url, 'verify-full'), /certificate/);
  assert.match(await refusal(server.url('postgres', 'encrypted'), 'disable'), /does not admit/);
});
