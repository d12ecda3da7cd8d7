/** Who may do what: the operator key, loopback, hosts and origins. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from './support/client.ts';
import { exchange } from './support/raw.ts';
import type { TestStore } from './support/store.ts';
import { operatorKey, withStore } from './support/store.ts';

const withKey = { environment: { HOLDFAST_OPERATOR_KEY: operatorKey } };
const sale = { name: 'A sale', kind: 'counted', capacity: 5 };

function createSale(store: TestStore, headers: Record<string, string> = {}): Promise<Answer> {
  return store.post('/v1/sales', sale, null, headers);
}

describe('with an operator key', () => {
  test("it is needed by what creates, changes or lists what is others'", () =>
    withStore(withKey, async (store) => {
      const calls: readonly (readonly [string, string, unknown])[] = [
        ['POST', '/v1/sales', sale],
        ['PATCH', '/v1/sales/sale_0_1', { capacity: 6 }],
        ['GET', '/v1/customers/ann', undefined],
        ['POST', '/api/v1/events', { name: 'Night' }],
        ['GET', '/api/v1/purchases', undefined],
        ['GET', '/api/v1/purchases/order_0_1', undefined],
        ['GET', '/api/v1/purchases/event/sale_0_1', undefined],
      ];
      for (const [method, path, json] of calls) {
        const refused = await store.ask(method, path, { json });
        assert.equal(refused.status, 401, `${method} ${path}`);
        assert.equal(refused.header('WWW-Authenticate'), 'Bearer');
        assert.match(refused.text, /UNAUTHORIZED/);
        const admitted = await store.ask(method, path, { json, headers: { Authorization: `Bearer ${operatorKey}` } });
        assert.notEqual(admitted.status, 401, `${method} ${path}`);
      }
    }));

  test('it opens nothing to any other word', () =>
    withStore(withKey, async (store) => {
      const wrong = [
        'Bearer',
        'Bearer ',
        `Bearer ${operatorKey}x`,
        `Bearer ${operatorKey.slice(0, -1)}`,
        `Bearer ${operatorKey.toUpperCase()}`,
        `Bearer ${operatorKey} ${operatorKey}`,
        `Basic ${operatorKey}`,
        `Basic ${Buffer.from(`operator:${operatorKey}`).toString('base64')}`,
        operatorKey,
        'Bearer null',
        'Bearer undefined',
      ];
      for (const authorization of wrong) {
        assert.equal((await createSale(store, { Authorization: authorization })).status, 401, authorization);
      }
      assert.equal((await createSale(store, { Authorization: `bearer  ${operatorKey}` })).status, 201);
    }));

  test('anybody may read sales, buy and hold', () =>
    withStore(withKey, async (store) => {
      await createSale(store, { Authorization: `Bearer ${operatorKey}` });
      assert.equal((await store.get('/v1/sales/sale_0_1')).status, 200);
      assert.equal((await store.post('/v1/sales/sale_0_1/orders', { quantity: 1 }, 'a')).status, 201);
      assert.equal((await store.post('/v1/sales/sale_0_1/holds', { quantity: 1 }, 'b')).status, 201);
      assert.equal((await store.post('/v1/customers', {}, null)).status, 201);
    }));

  test('any host name will do', () =>
    withStore(withKey, async (store) => {
      assert.equal((await store.get('/v1/sales', { Host: 'shop.example' })).status, 200);
    }));
});

describe('without an operator key', () => {
  test('callers are operators, whatever they present', () =>
    withStore({}, async (store) => {
      assert.equal((await createSale(store)).status, 201);
      assert.equal((await createSale(store, { Authorization: 'Bearer nonsense' })).status, 201);
    }));

  test('the host must be a loopback name, so that no page reaches the store by its own', () =>
    withStore({}, async (store) => {
      for (const host of ['localhost', 'LOCALHOST:3000', '127.0.0.1', '127.9.9.9:80', '[::1]', '[::1]:3000']) {
        assert.equal((await store.get('/v1/sales', { Host: host })).status, 200, host);
      }
      const foreign = [
        'evil.example',
        'localhost.evil.example',
        '127.0.0.1.evil.example',
        'evil.example:3000',
        '10.0.0.1',
        '0.0.0.0',
        'localhost@evil',
      ];
      for (const host of foreign) {
        for (const path of ['/v1/sales', '/api/v1/event', '/', '/nothing']) {
          const refused = await store.get(path, { Host: host });
          assert.deepEqual([refused.status, refused.text.includes('FOREIGN_HOST')], [403, true], `${host} ${path}`);
        }
      }
      assert.equal((await exchange(store.port, 'GET /v1/sales HTTP/1.0\r\n\r\n'))?.status, 403);
    }));
});

test('an open store takes any host, and callers are operators, key or not', () =>
  withStore({ args: ['--open'], ...withKey }, async (store) => {
    assert.equal((await createSale(store, { Host: 'shop.example' })).status, 201);
  }));

describe('a page of a foreign origin', () => {
  const foreign = [
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'https://shop.example:8443',
    'file://',
    'x',
  ];

  test('a page of a foreign origin may not write, with or without the key', async () => {
    for (const options of [{}, withKey]) {
      await withStore(options, async (store) => {
        const key = { Authorization: `Bearer ${operatorKey}` };
        for (const origin of foreign) {
          const refused = await createSale(store, { ...key, Origin: origin });
          assert.deepEqual([refused.status, refused.body['code']], [403, 'FOREIGN_ORIGIN'], origin);
          const removed = await store.ask('DELETE', '/v1/holds/hold_0_1', { headers: { ...key, Origin: origin } });
          assert.equal(removed.status, 403);
        }
        assert.deepEqual((await store.get('/v1/sales')).body['items'], []);
      });
    }
  });

  test('a page of a foreign origin reads only what is public, though it runs on this machine', () =>
    withStore({}, async (store) => {
      await createSale(store);
      const headers = { Origin: 'https://evil.example' };
      assert.equal((await store.get('/v1/sales', headers)).status, 200);
      for (const path of ['/api/v1/purchases', '/v1/customers/ann']) {
        assert.equal((await store.get(path, headers)).status, 401, path);
      }
      for (const path of ['/v1/orders/order_0_1', '/v1/holds/hold_0_1']) {
        assert.equal((await store.get(path, headers)).status, 403, path);
      }
    }));

  test('a page of a loopback origin may write', () =>
    withStore({}, async (store) => {
      for (const origin of ['http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]', 'https://localhost']) {
        assert.equal((await createSale(store, { Origin: origin })).status, 201, origin);
      }
    }));

  test('a page of a foreign origin may write when its origin is listed', () =>
    withStore({ environment: { CORS_ORIGIN: 'https://shop.example, https://other.example/' } }, async (store) => {
      assert.equal((await createSale(store, { Origin: 'https://shop.example' })).status, 201);
      assert.equal((await createSale(store, { Origin: 'https://other.example' })).status, 201);
      assert.equal((await createSale(store, { Origin: 'https://third.example' })).status, 403);
    }));

  test('a page of a foreign origin may buy when all origins are listed, but is no operator', () =>
    withStore({ environment: { FRONTEND_URL: '*' } }, async (store) => {
      await createSale(store);
      const any = { Origin: 'https://any.example' };
      assert.equal((await store.post('/v1/sales/sale_0_1/orders', { quantity: 1 }, 'a', any)).status, 201);
      assert.equal((await createSale(store, any)).status, 401);
      assert.equal((await store.get('/api/v1/purchases', any)).status, 401);
      assert.equal((await createSale(store, { Origin: 'http://localhost:5173' })).status, 201);
    }));

  test('a page of a foreign origin is an operator when the store is open and all origins are listed', () =>
    withStore({ environment: { HOLDFAST_OPEN: '1', CORS_ORIGIN: '*' } }, async (store) => {
      const any = { Origin: 'https://any.example', Host: 'shop.example' };
      assert.equal((await createSale(store, any)).status, 201);
      assert.equal((await store.get('/api/v1/purchases', any)).status, 200);
    }));
});

describe('a body', () => {
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'json',
    'text/json',
  ];

  test('a body of a type that is not JSON, which a page can send without a preflight, is 415', () =>
    withStore({}, async (store) => {
      for (const type of types) {
        for (const path of ['/v1/sales', '/api/v1/purchase', '/api/v1/events']) {
          const body = JSON.stringify(sale);
          const refused = await store.ask('POST', path, {
            body,
            headers: { 'Content-Type': type, 'Idempotency-Key': 'k' },
          });
          assert.deepEqual([refused.status, refused.text.includes('UNSUPPORTED_TYPE')], [415, true], `${type} ${path}`);
        }
      }
    }));

  test('a body of any JSON type, or of none when no page sends it, is taken', () =>
    withStore({}, async (store) => {
      for (const type of [
        'application/json',
        'application/json; charset=utf-8',
        'APPLICATION/JSON',
        'application/merge-patch+json',
      ]) {
        const answer = await store.ask('POST', '/v1/sales', { json: sale, headers: { 'Content-Type': type } });
        assert.equal(answer.status, 201, type);
      }
      const body = JSON.stringify(sale);
      const bare = `POST /v1/sales HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n`;
      assert.equal((await exchange(store.port, `${bare}\r\n${body}`))?.status, 201);
      assert.equal((await exchange(store.port, `${bare}Origin: http://localhost\r\n\r\n${body}`))?.status, 415);
    }));
});
