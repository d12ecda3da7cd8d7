/** Settings: the sources of each, their precedence, and the message for a wrong one. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parseEnv } from 'node:util';
import {
  environmentOf,
  isLoopback,
  readFollowSettings,
  readSettings,
  readSqlSettings,
} from '../../src/cli/settings.ts';
import { UserError } from '../../src/store/user-error.ts';
import { parseNetwork } from '../../src/http/ip.ts';
import { defaultMaxKeys } from '../../src/store/genesis.ts';
import { withFolder } from '../log/support/folders.ts';

const example = fs.readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const key = 'sixteen-letters!';
const secret = 'a-secret-of-at-least-32-characters';

/**
 * Wrong flags or environment, and the sentence for each: the setting's name and its valid values.
 */
const wrong: readonly (readonly [readonly string[], Readonly<Record<string, string>>, RegExp])[] = [
  [['--port', 'x'], {}, /^--port \(PORT\) is "x"; it may be a whole number from 0 to 65535$/],
  [['--port', '65536'], {}, /--port \(PORT\) is "65536"/],
  [['--port=-1'], {}, /--port \(PORT\) is "-1"/],
  [['--port', '3e3'], {}, /--port \(PORT\) is "3e3"/],
  [[], { PORT: '80 ' }, /--port \(PORT\) is "80 "/],
  [['--sql', 'mysql'], {}, /^--sql \(HOLDFAST_SQL\) is "mysql"; it may be sqlite, none, file:PATH, or postgres:\/\/…$/],
  [[], { HOLDFAST_SQL: 'mysql://a:hush@b/c' }, /^--sql \(HOLDFAST_SQL\) is "mysql:\/\/…"; it may be sqlite/],
  [[], { DATABASE_URL: 'mysql://a:hush@b/c' }, /^DATABASE_URL is "mysql:\/\/…"; it may be sqlite/],
  [[], { DATABASE_URL: 'postgres://a:b@c/d?sslmode=maybe' }, /^DATABASE_URL: sslmode \(PGSSLMODE\) is "maybe"/],
  [
    ['--sql', 'postgres://a:b@c/d'],
    { PGSSLMODE: 'maybe' },
    /^--sql \(HOLDFAST_SQL\): sslmode \(PGSSLMODE\) is "maybe"/,
  ],
  [['--sql', 'sqlite', '--log', 'memory'], {}, /^--sql \(HOLDFAST_SQL\) needs --log file/],
  [['--log', 'disk'], {}, /^--log \(HOLDFAST_LOG\) is "disk"; it may be file, memory$/],
  [[], { HOLDFAST_LOG: 'File' }, /--log \(HOLDFAST_LOG\) is "File"/],
  [
    ['--drops-port', 'x'],
    {},
    /^--drops-port \(HOLDFAST_DROPS_PORT\) is "x"; it may be a whole number from 0 to 65535$/,
  ],
  [[], { HOLDFAST_DROPS_PORT: '65536' }, /--drops-port \(HOLDFAST_DROPS_PORT\) is "65536"/],
  [['--port', '5000', '--drops-port', '5000'], {}, /^--port and --drops-port are both 5000: give one of them another/],
  [['--doors', 'v1,drop'], {}, /^--doors \(HOLDFAST_DOORS\) is "drop"; it may be v1, tickets, drops, seats, gates$/],
  [['--doors', 'v1,seat'], {}, /^--doors \(HOLDFAST_DOORS\) is "seat"; it may be v1, tickets, drops, seats, gates$/],
  [[], { HOLDFAST_DOORS: ',' }, /--doors \(HOLDFAST_DOORS\) is ""; it may be v1, tickets, drops, seats, gates$/],
  [['--currency', 'usd'], {}, /^--currency \(HOLDFAST_CURRENCY\) is "usd"; it may be a code of ISO 4217 in capital/],
  [[], { HOLDFAST_CURRENCY: 'XYZ' }, /^--currency \(HOLDFAST_CURRENCY\) is "XYZ"; it may be a code of ISO 4217/],
  [[], { HOLDFAST_CURRENCY: 'XAU' }, /^--currency \(HOLDFAST_CURRENCY\) is "XAU"/],
  [[], { HOLDFAST_OPEN: 'maybe' }, /^HOLDFAST_OPEN is "maybe"; it may be 1 or 0$/],
  [[], { HOLDFAST_TRIM: 'often' }, /^HOLDFAST_TRIM is "often"; it may be 1 or 0$/],
  [['--trim', '--log', 'memory'], {}, /^--trim \(HOLDFAST_TRIM\) and --log memory/],
  [
    ['--snapshot-every', '0'],
    {},
    /^--snapshot-every \(HOLDFAST_SNAPSHOT_EVERY\) is "0"; it may be a whole number from 1 to 1000000000$/,
  ],
  [[], { HOLDFAST_SNAPSHOT_EVERY: 'often' }, /^--snapshot-every \(HOLDFAST_SNAPSHOT_EVERY\) is "often"/],
  [[], { HOLDFAST_DEMO: '2' }, /^HOLDFAST_DEMO is "2"; it may be 1 or 0$/],
  [['--max-keys', '0'], {}, /^--max-keys \(HOLDFAST_MAX_KEYS\) is "0"; it may be a whole number from 1 to \d+$/],
  [[], { HOLDFAST_MAX_KEYS: '1e6' }, /--max-keys \(HOLDFAST_MAX_KEYS\) is "1e6"/],
  [[], { HOLDFAST_MAX_KEYS: '99999999999' }, /--max-keys \(HOLDFAST_MAX_KEYS\)/],
  [
    ['--log-level', 'loud'],
    {},
    /^--log-level \(LOG_LEVEL\) is "loud"; it may be trace, debug, info, warn, error, fatal, silent$/,
  ],
  [[], { HOLDFAST_OPERATOR_KEY: 'short' }, /^HOLDFAST_OPERATOR_KEY has 5 characters; it must have at least 16$/],
  [[], { HOLDFAST_OPERATOR_KEY: 'has a space in it, see' }, /^HOLDFAST_OPERATOR_KEY has a space in it/],
  [[], { HOLDFAST_SECRET: 'x'.repeat(31) }, /^HOLDFAST_SECRET has 31 characters; it must have at least 32$/],
  [[], { HOLDFAST_SECRET_PREVIOUS: 'x' }, /^HOLDFAST_SECRET_PREVIOUS has 1 characters/],
  [
    [],
    { CORS_ORIGIN: 'shop.example' },
    /^CORS_ORIGIN \(FRONTEND_URL\) has "shop\.example"; it may be \* or origins such as/,
  ],
  [[], { CORS_ORIGIN: 'https://a.example,https://b.example/path' }, /has "https:\/\/b\.example\/path"/],
  [[], { FRONTEND_URL: 'https://a.example?x' }, /^CORS_ORIGIN \(FRONTEND_URL\) has/],
  [
    [],
    { HOLDFAST_TRUSTED_PROXIES: '10.0.0.1, proxy.example' },
    /^HOLDFAST_TRUSTED_PROXIES has "proxy\.example"; it may be addresses and networks such as/,
  ],
  [[], { HOLDFAST_TRUSTED_PROXIES: '10.0.0.0/33' }, /^HOLDFAST_TRUSTED_PROXIES has "10\.0\.0\.0\/33"/],
  ...['http://shop.example', 'shop.example/path', 'a b', 'u@shop.example', '*', 'shop.example:x'].map(
    (host) =>
      [[], { HOLDFAST_PUBLIC_HOSTS: host }, /^HOLDFAST_PUBLIC_HOSTS has ".*"; it may be hosts such as/] as const,
  ),
  [
    ['--idle-seconds', '4'],
    {},
    /^--idle-seconds \(HOLDFAST_IDLE_SECONDS\) is "4"; it may be a whole number from 5 to 250$/,
  ],
  [[], { HOLDFAST_IDLE_SECONDS: '251' }, /^--idle-seconds/],
  [['--host', '0.0.0.0'], {}, /^--host 0\.0\.0\.0 would open the store.*HOLDFAST_OPERATOR_KEY.*--open/],
  [[], { HOLDFAST_HOST: '::' }, /^--host :: would open the store/],
  [['--colour', 'red'], {}, /'--colour'.*; the flags are --port, .*--log-level, --no-demo$/],
  [['--port'], {}, /--port.*the flags are/],
  [['--open=1'], {}, /--open.*the flags are/],
  [['extra'], {}, /extra.*the flags are/],
];

describe('a wrong setting', () => {
  for (const [args, environment, sentence] of wrong) {
    const given = [...args, ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)].join(' ');
    test(`${given} stops the start with its name and what it may be`, () => {
      assert.throws(
        () => readSettings(args, environment),
        (error) => error instanceof UserError && sentence.test(error.message) && !error.message.includes('\n'),
      );
    });
  }

  test('a wrong setting never shows a secret', () => {
    for (const name of ['HOLDFAST_OPERATOR_KEY', 'HOLDFAST_SECRET', 'HOLDFAST_SECRET_PREVIOUS']) {
      for (const value of ['hush', 'hush hush hush hush hush hush hush']) {
        assert.throws(
          () => readSettings([], { [name]: value }),
          (error) => error instanceof Error && !error.message.includes('hush'),
        );
      }
    }
  });
});

describe('a setting', () => {
  test('a setting has a default', () => {
    assert.deepEqual(readSettings([], {}), {
      port: 3000,
      dropsPort: 4000,
      host: '127.0.0.1',
      log: { kind: 'file', folder: path.resolve('data') },
      sql: { kind: 'sqlite', file: path.resolve('data', 'views.sqlite') },
      snapshotEvery: 1_000_000,
      trim: false,
      doors: ['v1', 'tickets', 'drops', 'seats', 'gates'],
      currency: 'USD',
      open: false,
      demo: 'fresh',
      maxKeys: defaultMaxKeys,
      acceptClock: false,
      freeCalls: { perSecond: 200, burst: 2000 },
      holdShares: { ofCustomer: null, ofAddress: null },
      logLevel: 'info',
      operatorKey: null,
      secret: null,
      previousSecret: null,
      corsOrigins: [],
      trustedProxies: [],
      publicHosts: [],
      idleSeconds: 75,
    });
  });

  test('a setting comes from its flag', () => {
    const flags =
      '--port 1 --drops-port 2 --host localhost --data /some/folder --log file --snapshot-every 9 --trim --doors tickets --currency HUF --open --no-demo --max-keys 7 --accept-clock --idle-seconds 6 --free-rate 8 --free-burst 9 --held-by-customer 5 --held-by-address 50% --log-level warn';
    const {
      secret: _,
      previousSecret: __,
      corsOrigins: ___,
      trustedProxies: _____,
      publicHosts: ______,
      operatorKey: ____,
      ...rest
    } = readSettings(flags.split(' '), {});
    assert.deepEqual(rest, {
      port: 1,
      dropsPort: 2,
      host: 'localhost',
      log: { kind: 'file', folder: '/some/folder' },
      sql: { kind: 'sqlite', file: '/some/folder/views.sqlite' },
      snapshotEvery: 9,
      trim: true,
      doors: ['tickets'],
      currency: 'HUF',
      open: true,
      demo: 'no',
      maxKeys: 7,
      acceptClock: true,
      idleSeconds: 6,
      freeCalls: { perSecond: 8, burst: 9 },
      holdShares: { ofCustomer: 5, ofAddress: 50 },
      logLevel: 'warn',
    });
    assert.deepEqual(readSettings(['--log', 'memory'], {}).log, { kind: 'memory' });
    assert.equal(readSettings(['--demo'], {}).demo, 'yes');
    assert.equal(readSettings(['--no-trim'], { HOLDFAST_TRIM: '1' }).trim, false);
    assert.equal(readSettings(['--no-open'], { HOLDFAST_OPEN: '1' }).open, false);
  });

  test('a setting comes from its environment name', () => {
    const settings = readSettings([], {
      PORT: '1',
      HOLDFAST_DROPS_PORT: '2',
      HOLDFAST_HOST: '0.0.0.0',
      HOLDFAST_DATA: '/some/folder',
      HOLDFAST_LOG: 'memory',
      HOLDFAST_SNAPSHOT_EVERY: '8',
      HOLDFAST_TRIM: '0',
      HOLDFAST_DOORS: 'tickets, v1,drops',
      HOLDFAST_CURRENCY: 'KWD',
      HOLDFAST_OPEN: 'True',
      HOLDFAST_DEMO: 'no',
      HOLDFAST_MAX_KEYS: '7',
      HOLDFAST_ACCEPT_CLOCK: '1',
      HOLDFAST_IDLE_SECONDS: '8',
      HOLDFAST_FREE_RATE: '8',
      HOLDFAST_FREE_BURST: '9',
      HOLDFAST_HELD_BY_CUSTOMER: '5',
      HOLDFAST_HELD_BY_ADDRESS: '50%',
      LOG_LEVEL: 'debug',
      HOLDFAST_OPERATOR_KEY: key,
      HOLDFAST_SECRET: secret,
      HOLDFAST_SECRET_PREVIOUS: `${secret}-before`,
      CORS_ORIGIN: ' https://a.example/ ,http://b.example:8080,',
      HOLDFAST_TRUSTED_PROXIES: ' 10.0.0.0/8, ::1 ,',
      HOLDFAST_PUBLIC_HOSTS: 'Shop.example, [FD00::5]:3000,m\u00fcnchen.example',
    });
    assert.deepEqual(settings, {
      port: 1,
      dropsPort: 2,
      host: '0.0.0.0',
      log: { kind: 'memory' },
      sql: null,
      snapshotEvery: 8,
      trim: false,
      doors: ['tickets', 'v1', 'drops'],
      currency: 'KWD',
      open: true,
      demo: 'no',
      maxKeys: 7,
      acceptClock: true,
      idleSeconds: 8,
      freeCalls: { perSecond: 8, burst: 9 },
      holdShares: { ofCustomer: 5, ofAddress: 50 },
      logLevel: 'debug',
      operatorKey: key,
      secret,
      previousSecret: `${secret}-before`,
      corsOrigins: ['https://a.example', 'http://b.example:8080'],
      trustedProxies: [parseNetwork('10.0.0.0/8'), parseNetwork('::1')],
      publicHosts: ['shop.example', '[fd00::5]:3000', 'xn--mnchen-3ya.example'],
    });
  });

  test('a setting that is empty is not set', () => {
    const names = [...example.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => [name, '']);
    assert.deepEqual(readSettings([], Object.fromEntries(names) as Record<string, string>), readSettings([], {}));
    assert.deepEqual(readSettings([], { CORS_ORIGIN: '', FRONTEND_URL: 'https://a.example' }).corsOrigins, [
      'https://a.example',
    ]);
  });

  test('a setting of a flag wins over the environment, that over .env, and that over the default', () =>
    withFolder(async (folder) => {
      fs.writeFileSync(
        path.join(folder, '.env'),
        '# a comment\nPORT=1\nHOLDFAST_LOG="memory"\nLOG_LEVEL=warn\nCORS_ORIGIN=*\n',
      );
      const real = { PORT: '2', LOG_LEVEL: 'error' };
      const settings = readSettings(['--port', '3'], environmentOf(folder, real));
      assert.deepEqual(
        [settings.port, settings.logLevel, settings.log.kind, settings.host],
        [3, 'error', 'memory', '127.0.0.1'],
      );
      assert.equal(readSettings([], environmentOf(folder, real)).port, 2);
      assert.equal(readSettings([], environmentOf(folder, {})).port, 1);
      assert.deepEqual(environmentOf(path.join(folder, 'absent'), real), real);
    }));

  test('a setting of the SQL views names a file, an address or nothing, by either name', () => {
    const place = (args: string[], environment: Record<string, string> = {}): unknown =>
      readSettings(args, environment).sql;
    const file = { kind: 'sqlite', file: path.resolve('some', 'views.sqlite') };
    const address = 'postgresql://ann:secret@db.example/shop';
    assert.deepEqual(place(['--sql', 'sqlite', '--data', 'some']), file);
    assert.equal(place([], { HOLDFAST_SQL: 'none', DATABASE_URL: address }), null);
    assert.deepEqual(place([], { DATABASE_URL: 'file:some/views.sqlite' }), file);
    assert.deepEqual(place([], { DATABASE_URL: 'file:./some/views.sqlite?mode=rw' }), file);
    assert.deepEqual(place([], { DATABASE_URL: pathToFileURL(file.file).href }), file);
    for (const name of ['a blank', 'ü', '50%', '#1', 'what?']) {
      const odd = { kind: 'sqlite', file: path.resolve(name, 'views.sqlite') };
      assert.deepEqual(place([], { DATABASE_URL: pathToFileURL(odd.file).href }), odd);
      if (name !== 'what?') assert.deepEqual(place([], { DATABASE_URL: `file:${name}/views.sqlite` }), odd);
    }
    assert.deepEqual(place([], { DATABASE_URL: address }), { kind: 'postgres', url: address, sslMode: null });
    assert.deepEqual(place(['--sql', address], { DATABASE_URL: 'file:x', PGSSLMODE: 'require' }), {
      kind: 'postgres',
      url: address,
      sslMode: 'require',
    });
    assert.equal(place(['--log', 'memory'], { DATABASE_URL: address }), null);
  });

  test('a setting of a command that works on the SQL views comes from the same places', () => {
    const { dataFolder, sql, logLevel, flags } = readSqlSettings(
      ['--repair', '--data', 'some'],
      { LOG_LEVEL: 'warn', HOLDFAST_SQL: 'file:x' },
      ['repair', 'json'],
    );
    assert.deepEqual([dataFolder, logLevel, flags], [path.resolve('some'), 'warn', { repair: true, json: false }]);
    assert.deepEqual(sql, { kind: 'sqlite', file: path.resolve('x') });
    assert.throws(() => readSqlSettings(['--sql', 'none'], {}), /^UserError: --sql \(HOLDFAST_SQL\) is none/);
    assert.throws(() => readSqlSettings(['--port', '1'], {}), /'--port'.*; the flags are --data, --sql, --log-level$/);
  });

  test('a setting of a follower comes from the same places, and it may have no database', () => {
    const settings = readFollowSettings(['--sql', 'none', '--snapshot-every', '5', '--until-stdin-ends'], {});
    assert.deepEqual([settings.sql, settings.snapshotEvery, settings.flags], [null, 5, { 'until-stdin-ends': true }]);
    const other = readFollowSettings([], { HOLDFAST_SQL: 'none', HOLDFAST_SNAPSHOT_EVERY: '6' });
    assert.deepEqual([other.sql, other.snapshotEvery], [null, 6]);
    assert.equal(readFollowSettings([], {}).sql?.kind, 'sqlite');
    assert.throws(() => readFollowSettings(['--snapshot-every', '-1'], {}), /^UserError: /);
  });

  test('another address is allowed by a key or by --open', () => {
    assert.equal(readSettings(['--host', '0.0.0.0'], { HOLDFAST_OPERATOR_KEY: key }).host, '0.0.0.0');
    assert.equal(readSettings(['--host', '192.168.1.5', '--open'], {}).host, '192.168.1.5');
    for (const host of ['localhost', '::1', '127.0.0.1', '127.8.8.8']) assert.ok(isLoopback(host), host);
    for (const host of ['0.0.0.0', '::', '128.0.0.1', 'localhost.example', '127.0.0.1.example', ''])
      assert.ok(!isLoopback(host), host);
  });
});

describe('.env.example', () => {
  test('.env.example lists exactly the names that are read', () => {
    const read = new Set<string>();
    const watched = new Proxy<Record<string, string>>(
      {},
      {
        get: (_, name) => {
          read.add(String(name));
          return undefined;
        },
      },
    );
    readSettings([], watched);
    const listed = [...example.matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name);
    assert.deepEqual(new Set(listed), read);
    assert.equal(listed.length, read.size);
  });

  test('.env.example changes nothing when all of it is uncommented', () => {
    const uncommented = example.replaceAll(/^# ([A-Z_]+=)/gm, '$1');
    const environment = parseEnv(uncommented);
    assert.ok(Object.keys(environment).length > 10);
    assert.deepEqual(readSettings([], environment), readSettings([], {}));
  });

  test('.env.example describes each setting', () => {
    for (const block of example.trim().split('\n\n').slice(1)) {
      const lines = block.split('\n');
      assert.ok(lines.length >= 2 && /^# [A-Z_]+=/.test(lines.at(-1) ?? ''), block);
      assert.ok(
        lines.every((line) => line.startsWith('# ')),
        block,
      );
    }
  });
});
