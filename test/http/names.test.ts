/**
 * The names under which a store answers and its own pages buy: its own, by an address, behind a
 * proxy, and foreign ones.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asOperator, makeSale } from '../doors/v1/support.ts';
import { ChildStore, withDataFolder } from './support/child.ts';
import type { Answer } from './support/client.ts';
import { exchange, RawConnection } from './support/raw.ts';
import type { Options, TestStore } from './support/store.ts';
import { operatorKey, withStore } from './support/store.ts';

type Headers = Readonly<Record<string, string>>;

/** `trusted`: the proxies that are believed. */
function keyed(trusted = ''): Options {
  return { environment: { HOLDFAST_OPERATOR_KEY: operatorKey, HOLDFAST_TRUSTED_PROXIES: trusted } };
}

let keys = 0;

/**
 * A purchase through every door that sells, as a page of an origin would send it: whether all went
 * through.
 */
async function buys(store: TestStore, headers: Headers): Promise<boolean> {
  const statuses: number[] = [];
  for (const [path, body] of [
    ['/v1/sales/sale_0_1/orders', { quantity: 1 }],
    ['/v1/orders', { lines: [{ sale: 'sale_0_1', quantity: 1 }] }],
    ['/api/v1/purchase', { quantity: 1 }],
    ['/v1/customers', {}],
  ] as const) {
    keys += 1;
    const answer = await store.post(path, body, `names-${keys}`, headers);
    if (answer.status === 403) assert.match(answer.text, /FOREIGN_ORIGIN/);
    statuses.push(answer.status);
  }
  assert.equal(new Set(statuses.map((status) => status < 300)).size, 1, String(statuses));
  return statuses[0]! < 300;
}

const events = { name: 'Night', totalSeats: 100 };

async function withStock(options: Options, use: (store: TestStore) => Promise<void>): Promise<void> {
  await withStore(options, async (store) => {
    await makeSale(store, 1000);
    const made = await store.post('/api/v1/events', events, null, asOperator);
    assert.equal(made.status, 201, made.text);
    await use(store);
  });
}

describe('with an operator key, a page', () => {
  test('buys under the name that it was got by, whatever the scheme', () =>
    withStock(keyed(), async (store) => {
      for (const [host, origin] of [
        ['shop.example', 'http://shop.example'],
        ['shop.example', 'https://shop.example'],
        ['Shop.Example', 'https://shop.example'],
        ['shop.example:3000', 'http://shop.example:3000'],
        ['shop.example:443', 'https://shop.example'],
        ['shop.example:80', 'http://shop.example'],
        ['192.168.1.5:3000', 'http://192.168.1.5:3000'],
        ['[fd00::5]:3000', 'http://[fd00::5]:3000'],
        ['holdfast_1:3000', 'http://holdfast_1:3000'],
      ] as const) {
        assert.ok(await buys(store, { Host: host, Origin: origin }), `${origin} at ${host}`);
      }
    }));

  test('does not buy under the name of another', () =>
    withStock(keyed(), async (store) => {
      for (const [host, origin] of [
        ['shop.example', 'https://evil.example'],
        ['shop.example', 'https://shop.example.evil.example'],
        ['shop.example', 'https://evil.shop.example'],
        ['shop.example:3000', 'http://shop.example:4000'],
        ['shop.example', 'https://shop.example:8443'],
        ['shop.example', 'null'],
        ['shop.example', 'shop.example'],
        ['127.0.0.1:3000', 'https://shop.example'],
      ] as const) {
        assert.ok(!(await buys(store, { Host: host, Origin: origin })), `${origin} at ${host}`);
      }
    }));

  test('is no operator for that', () =>
    withStock(keyed(), async (store) => {
      const own = { Host: 'shop.example', Origin: 'https://shop.example' };
      assert.equal((await store.post('/v1/sales', {}, null, own)).status, 401);
      assert.equal((await store.get('/api/v1/purchases', own)).status, 401);
    }));

  test('buys behind a proxy that says its name, and only when that is trusted', async () => {
    const host = '127.0.0.1:3000';
    const origin = 'https://shop.example';
    const said: readonly Headers[] = [
      { 'X-Forwarded-Host': 'shop.example' },
      { 'X-Forwarded-Host': 'evil.example, shop.example', 'X-Forwarded-Proto': 'https' },
      { Forwarded: 'for=192.0.2.1;host=shop.example;proto=https' },
      { Forwarded: 'for=192.0.2.1;host="shop.example:443"' },
    ];
    for (const trusted of ['', '127.0.0.1', '10.0.0.0/8']) {
      await withStock(keyed(trusted), async (store) => {
        for (const headers of said) {
          const bought = await buys(store, { Host: host, Origin: origin, ...headers });
          assert.equal(bought, trusted === '127.0.0.1', `${trusted} ${JSON.stringify(headers)}`);
        }
        assert.ok(!(await buys(store, { Host: host, Origin: origin, 'X-Forwarded-Host': 'evil.example' })));
        assert.ok(!(await buys(store, { Host: host, Origin: origin, 'X-Forwarded-Host': 'shop.example, evil' })));
      });
    }
  });
});

describe('without an operator key', () => {
  const named = { environment: { HOLDFAST_PUBLIC_HOSTS: 'shop.example, 192.168.1.5:3000' } };
  const ask = (store: TestStore, host: string): Promise<Answer> => store.get('/v1/sales', { Host: host });

  test('the store answers to named hosts as to loopback, and their pages write', () =>
    withStock(named, async (store) => {
      for (const host of ['shop.example', 'SHOP.example:3000', '192.168.1.5:3000', 'localhost:3000']) {
        assert.equal((await ask(store, host)).status, 200, host);
        assert.ok(await buys(store, { Host: host, Origin: `http://${host}` }), host);
        const made = await store.post('/api/v1/events', events, null, { Host: host, Origin: `http://${host}` });
        assert.equal(made.status, 201, 'who sits at this machine is the operator');
      }
      for (const host of ['evil.example', 'evil.shop.example', '192.168.1.5', '192.168.1.5:3001', '10.0.0.1']) {
        const refused = await ask(store, host);
        assert.deepEqual([refused.status, refused.text.includes('FOREIGN_HOST')], [403, true], host);
      }
    }));

  test('a page that rebinds its own name buys nothing, though the store is open', () =>
    withStock({ args: ['--open'] }, async (store) => {
      const own = { Host: 'evil.example', Origin: 'http://evil.example' };
      assert.ok(!(await buys(store, own)));
      assert.equal((await ask(store, 'evil.example')).status, 200, 'an open store takes any host');
      assert.equal((await store.get('/api/v1/purchases', own)).status, 401);
      assert.equal((await store.post('/api/v1/events', events, null, { Host: 'shop.example' })).status, 201);
    }));

  test('a page of a named host buys on an open store', () =>
    withStock({ args: ['--open'], ...named }, async (store) => {
      assert.ok(await buys(store, { Host: 'shop.example', Origin: 'https://shop.example' }));
      assert.ok(!(await buys(store, { Host: 'evil.example', Origin: 'https://evil.example' })));
    }));

  const forwarding: readonly Headers[] = [
    { 'X-Forwarded-For': '192.0.2.1' },
    { 'X-Forwarded-Proto': 'https' },
    { 'X-Forwarded-Host': 'shop.example' },
    { 'X-Forwarded-Port': '443' },
    { Forwarded: 'for=192.0.2.1' },
    { 'X-Real-IP': '192.0.2.1' },
    { Via: '1.1 proxy' },
  ];

  test('who comes through a proxy is no operator, trusted or not, and is warned of once', async () => {
    for (const trusted of ['', '127.0.0.1']) {
      await withStock({ environment: { HOLDFAST_TRUSTED_PROXIES: trusted } }, async (store) => {
        for (const headers of forwarding) {
          const said = JSON.stringify(headers);
          const refused = await store.post('/v1/sales', {}, null, headers);
          assert.deepEqual([refused.status, refused.body['code']], [401, 'UNAUTHORIZED'], said);
          assert.match(refused.string('detail'), /proxy.*HOLDFAST_OPERATOR_KEY/);
          assert.equal((await store.get('/api/v1/purchases', headers)).status, 401, said);
          assert.equal((await store.get('/v1/orders/order_0_1', headers)).status, 403, said);
          const bought = await store.post(
            '/v1/sales/sale_0_1/orders',
            { quantity: 1 },
            `proxy-${(keys += 1)}`,
            headers,
          );
          assert.equal(bought.status, 201, said);
          assert.equal(typeof bought.body['token'], 'string', 'it gets a token, as strangers do');
        }
        const warnings = store.logged.filter(({ level }) => level === 'warn');
        assert.equal(warnings.length, 1);
        assert.match(warnings[0]!.message, /proxy.*no operator key/);
      });
    }
  });

  test('on an open store everybody is an operator, forwarded or not', () =>
    withStock({ args: ['--open'] }, async (store) => {
      for (const headers of forwarding) {
        assert.equal((await store.post('/api/v1/events', events, null, headers)).status, 201);
      }
    }));
});

test('a start that lets pages of any origin buy says what that is not', () =>
  withDataFolder(async (folder) => {
    for (const [environment, warned] of [
      [{ CORS_ORIGIN: '*' }, true],
      [{ CORS_ORIGIN: '*', HOLDFAST_OPEN: '1' }, false],
      [{ CORS_ORIGIN: '*', HOLDFAST_OPERATOR_KEY: operatorKey }, false],
    ] as const) {
      const store = await ChildStore.start(folder, ['--log', 'memory'], environment);
      await store.kill('SIGTERM');
      assert.equal(store.logged.includes('makes none an operator'), warned, JSON.stringify(environment));
    }
  }));

describe('a health check', () => {
  const paths = ['/livez', '/readyz', '/health'];

  test('a health check is answered without a Host and under any, with a key, without and open', async () => {
    for (const options of [{}, keyed(), { args: ['--open'] }]) {
      await withStore(options, async (store) => {
        for (const path of paths) {
          for (const method of ['GET', 'HEAD']) {
            for (const request of [
              `${method} ${path} HTTP/1.0\r\n\r\n`,
              `${method} ${path} HTTP/1.0\r\nHost: shop.example\r\n\r\n`,
              `${method} ${path} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n`,
              `${method} ${path} HTTP/1.1\r\nHost: 10.0.0.1:3000\r\n\r\n`,
            ]) {
              const connection = await RawConnection.open(store.port);
              connection.send(request);
              assert.equal((await connection.answer(method === 'HEAD'))?.status, 200, request);
              connection.end();
            }
          }
        }
      });
    }
  });

  test('the exemption of health checks opens nothing else', () =>
    withStore({}, async (store) => {
      for (const path of ['/', '/v1/sales', '/livezz']) {
        assert.equal((await exchange(store.port, `GET ${path} HTTP/1.0\r\n\r\n`))?.status, 403, path);
      }
      assert.equal((await store.get('/livez', { Host: 'a,b' })).status, 400);
    }));

  test('a health check of the drops door, on a port of its own, is answered as well', () =>
    withStore({ settings: { dropsPort: 4000 } }, async (store) => {
      for (const request of [
        'GET /api/health HTTP/1.0\r\n\r\n',
        'GET /api/health HTTP/1.1\r\nHost: a.example\r\n\r\n',
      ]) {
        assert.equal((await exchange(store.drops!.port, request))?.status, 200, request);
      }
      assert.equal((await exchange(store.drops!.port, 'GET /api/drops HTTP/1.0\r\n\r\n'))?.status, 403);
    }));
});
