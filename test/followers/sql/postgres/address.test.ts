/** What an address of PostgreSQL means: the same as to `psql`, or it is refused. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { AddressError, readPostgresAddress } from '../../../../src/followers/sql/postgres/address.ts';

describe('an address of PostgreSQL', () => {
  test('an address of PostgreSQL names host, port, database, user and password', () => {
    const { config, place } = readPostgresAddress('postgresql://ann:s%20ecret%2F@db.example.com:6543/shop', null);
    const { host, port, database, user, password } = config;
    assert.deepEqual(
      { host, port, database, user, password },
      { host: 'db.example.com', port: 6543, database: 'shop', user: 'ann', password: 's ecret/' },
    );
    assert.equal(place, 'postgres://db.example.com:6543/shop');
  });

  test('an address of PostgreSQL may leave everything out but the protocol', () => {
    const { config } = readPostgresAddress('postgres://', null);
    const port = Number(process.env['PGPORT'] ?? 5432);
    assert.deepEqual({ host: config.host, port: config.port }, { host: process.env['PGHOST'] ?? 'localhost', port });
    assert.equal(config.database, undefined);
    assert.equal(config.user, undefined);
  });

  test('an address of PostgreSQL may be a socket in the file system, which is not encrypted', () => {
    const url = 'postgres:///shop?host=/var/run/postgresql&user=ann&sslmode=require';
    const { config, place } = readPostgresAddress(url, null);
    assert.equal(config.host, '/var/run/postgresql');
    assert.equal(config.ssl, false);
    assert.equal(place, 'postgres:///shop?host=/var/run/postgresql');
  });

  test('an address of PostgreSQL may be of IPv6', () => {
    const { config, place } = readPostgresAddress('postgres://[::1]:5433/shop', null);
    assert.deepEqual({ host: config.host, port: config.port }, { host: '::1', port: 5433 });
    assert.equal(place, 'postgres://[::1]:5433/shop');
  });

  test('an address of PostgreSQL never shows its password, in its place or in what is wrong with it', () => {
    for (const rest of [
      '',
      '?sslmode=maybe',
      '?sslrootcert=/nowhere/at/all.pem',
      '?sslpassword=1',
      '?channel_binding=require',
    ]) {
      const url = `postgres://ann:hunter2@127.0.0.1/shop${rest}`;
      try {
        assert.doesNotMatch(readPostgresAddress(url, null).place, /hunter2|ann/);
        assert.equal(rest, '');
      } catch (error) {
        assert.ok(error instanceof AddressError, String(error));
        assert.doesNotMatch(error.message, /hunter2/);
      }
    }
    assert.throws(
      () => readPostgresAddress('postgres://ann:%zz-hunter2@127.0.0.1/shop', null),
      /% that encodes nothing/,
    );
  });

  const refused: readonly (readonly [url: string, sentence: RegExp])[] = [
    ['mysql://localhost/shop', /mysql:\/\/ is not the address/],
    ['postgres://one,two/shop', /one host|is not postgres/],
    ['postgres:///shop?host=one,two', /one host/],
    ['postgres:///shop?port=0', /port/],
    ['postgres:///shop?port=x', /port/],
    ['postgres://localhost:99999/shop', /is not postgres/],
    ['postgres:///shop?sslmode=always', /it may be disable, allow, prefer/],
    ['postgres:///shop?sslmod=require', /sslmod=require/],
    ['postgres:///shop?ssl=maybe', /ssl=maybe/],
    ['postgres:///shop?sslnegotiation=direct', /sslnegotiation/],
    ['postgres:///shop?channel_binding=require', /channel_binding/],
    ['postgres:///shop?gssencmode=require', /gssencmode/],
    ['postgres:///shop?sslmode=verify-ca', /sslrootcert/],
    ['postgres:///shop?sslmode=verify-ca&sslrootcert=system', /sslrootcert/],
    ['postgres:///shop?sslcert=/nowhere/at/all.pem', /sslcert cannot be read/],
  ];
  for (const [url, sentence] of refused) {
    test(`${url} is refused with a sentence`, () => {
      assert.throws(
        () => readPostgresAddress(url, null),
        (error) => error instanceof AddressError && sentence.test(error.message),
      );
    });
  }

  test('an address of PostgreSQL may have parameters of other programs', () => {
    const url = 'postgres://localhost/shop?schema=public&connection_limit=5&channel_binding=prefer&application_name=x';
    assert.equal(readPostgresAddress(url, null).config.database, 'shop');
  });
});

describe('encryption', () => {
  const of = (mode: string | null, query = ''): { readonly ssl: unknown; readonly plainWillDo: boolean } => {
    const { config, plainWillDo } = readPostgresAddress(`postgres://localhost/shop${query}`, mode);
    return { ssl: config.ssl, plainWillDo };
  };
  const checks = (ssl: unknown): { authority: boolean; name: boolean } => {
    assert.ok(typeof ssl === 'object' && ssl !== null);
    return { authority: !('rejectUnauthorized' in ssl), name: !('checkServerIdentity' in ssl) };
  };

  test('encryption is tried by default, and left out where the server has none', () => {
    assert.equal(of(null).plainWillDo, true);
    assert.deepEqual(checks(of(null).ssl), { authority: false, name: false });
    assert.equal(of('prefer').plainWillDo, true);
    assert.deepEqual(checks(of('prefer').ssl), { authority: false, name: false });
  });

  test('encryption follows the address before PGSSLMODE', () => {
    assert.equal(of('disable').ssl, false);
    assert.equal(of('require', '?sslmode=disable').ssl, false);
    assert.notEqual(of('disable', '?sslmode=require').ssl, false);
    assert.notEqual(of('disable', '?ssl=true').ssl, false);
    assert.throws(() => of('sometimes'), /PGSSLMODE/);
  });

  test('encryption with `require` trusts any server, unless an authority is named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-address-'));
    try {
      const file = join(folder, 'ca.pem');
      writeFileSync(file, 'a certificate');
      assert.deepEqual(checks(of('require').ssl), { authority: false, name: false });
      assert.deepEqual(checks(of('no-verify').ssl), { authority: false, name: false });
      assert.deepEqual(checks(of('require', `?sslrootcert=${file}`).ssl), { authority: true, name: false });
      assert.deepEqual(checks(of('verify-ca', `?sslrootcert=${file}`).ssl), { authority: true, name: false });
      assert.deepEqual(checks(of('verify-full', `?sslrootcert=${file}`).ssl), { authority: true, name: true });
      assert.deepEqual(checks(of('verify-full').ssl), { authority: true, name: true });
      for (const mode of ['require', 'verify-full', 'no-verify']) assert.equal(of(mode).plainWillDo, false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
