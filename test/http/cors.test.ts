/** What pages of other origins may read, and the answer to a preflight. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from './support/client.ts';
import type { TestStore } from './support/store.ts';
import { withStore } from './support/store.ts';

const page = 'https://page.example';
const named = { environment: { CORS_ORIGIN: 'https://shop.example' } };

function preflight(store: TestStore, path: string, origin: string, headers = 'content-type'): Promise<Answer> {
  return store.ask('OPTIONS', path, {
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': headers,
    },
  });
}

function list(answer: Answer, name: string): string[] {
  return answer.header(name).split(/, */);
}

describe('by default', () => {
  test('any page may read, errors too, and see the headers that matter', () =>
    withStore({}, async (store) => {
      for (const path of ['/v1/sales', '/v1/sales/none', '/api/v1/event', '/livez', '/nothing']) {
        const answer = await store.get(path, { Origin: page });
        assert.equal(answer.header('Access-Control-Allow-Origin'), '*', path);
        const exposed = list(answer, 'Access-Control-Expose-Headers');
        for (const name of ['Holdfast-Position', 'Idempotency-Replayed', 'Location', 'Retry-After', 'Request-Id']) {
          assert.ok(exposed.includes(name), `${name} is not exposed at ${path}`);
        }
      }
    }));

  test('no page may send cookies', () =>
    withStore({}, async (store) => {
      const answer = await store.get('/v1/sales', { Origin: page });
      assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    }));

  test('what is read says so to everybody: a cache in front keeps it for the pages', async () => {
    for (const origins of ['', '*']) {
      await withStore({ environment: { CORS_ORIGIN: origins } }, async (store) => {
        for (const path of ['/', '/v1/sales', '/v1/sales/none', '/api/v1/event', '/nothing', '/openapi.json']) {
          for (const method of ['GET', 'HEAD']) {
            const answer = await store.ask(method, path);
            assert.equal(answer.headers['access-control-allow-origin'], '*', `${method} ${path}`);
            assert.ok(list(answer, 'Access-Control-Expose-Headers').includes('Holdfast-Position'));
            assert.doesNotMatch(answer.headers.vary ?? '', /Origin/);
          }
        }
      });
    }
  });

  test('a page that asks first may send any headers that it names, where it may read', () =>
    withStore({}, async (store) => {
      const asked = 'traceparent, X-Requested-With,content-type';
      const answer = await preflight(store, '/v1/sales', page, asked);
      const allowed = list(answer, 'Access-Control-Allow-Headers').map((name) => name.toLowerCase());
      for (const name of ['traceparent', 'x-requested-with', 'content-type', 'idempotency-key']) {
        assert.ok(allowed.includes(name), name);
      }
      assert.match(answer.header('Vary'), /Access-Control-Request-Headers/);
    }));

  test('what is no list of headers is not given back', () =>
    withStore({}, async (store) => {
      for (const asked of ['a b', 'a,,b', 'a:b', '"', `${'a,'.repeat(2000)}a`, `a${' '.repeat(9000)}!`]) {
        const answer = await preflight(store, '/v1/sales', page, asked);
        assert.deepEqual([answer.status, list(answer, 'Access-Control-Allow-Headers').length], [204, 6], asked);
      }
    }));

  test('a refusal may be read too, that of a body too large among them', () =>
    withStore({}, async (store) => {
      const headers = { Origin: page, 'Idempotency-Key': 'k' };
      for (const path of ['/v1/customers', '/v1/sales/sale_0_1/orders', '/api/v1/purchase', '/api/events/book']) {
        for (const chunked of [false, true]) {
          const loopback = { ...headers, Origin: 'http://localhost:5173' };
          const answer = await store.ask('POST', path, { body: 'x'.repeat(70_000), chunked, headers: loopback });
          assert.deepEqual([answer.status, answer.headers['access-control-allow-origin']], [413, '*'], path);
          assert.match(answer.text, /larger/);
        }
        const refused = await store.ask('POST', path, { json: {}, headers });
        assert.deepEqual([refused.status, refused.headers['access-control-allow-origin']], [403, '*'], path);
      }
    }));

  test('a foreign page that asks first is told that it may only read', () =>
    withStore({}, async (store) => {
      const answer = await preflight(store, '/v1/sales', page);
      assert.equal(answer.status, 204);
      assert.deepEqual(list(answer, 'Access-Control-Allow-Methods'), ['GET', 'HEAD', 'OPTIONS']);
    }));

  test('a page of loopback that asks first is told what it may send', () =>
    withStore({}, async (store) => {
      const answer = await preflight(store, '/v1/sales', 'http://localhost:5173');
      assert.equal(answer.status, 204);
      assert.equal(answer.text, '');
      assert.equal(answer.header('Access-Control-Allow-Origin'), '*');
      assert.deepEqual(list(answer, 'Access-Control-Allow-Methods').sort(), ['GET', 'HEAD', 'OPTIONS', 'POST']);
      const allowed = list(answer, 'Access-Control-Allow-Headers');
      for (const name of ['Content-Type', 'Idempotency-Key', 'Authorization', 'Holdfast-Token'])
        assert.ok(allowed.includes(name));
      assert.match(answer.header('Access-Control-Max-Age'), /^\d+$/);
    }));
});

describe('with origins named', () => {
  test('they alone may read, each by its own name', () =>
    withStore(named, async (store) => {
      for (const origin of ['https://shop.example', 'http://localhost:5173']) {
        const answer = await store.get('/v1/sales', { Origin: origin });
        assert.equal(answer.header('Access-Control-Allow-Origin'), origin);
        assert.match(answer.header('Vary'), /Origin/);
      }
      const other = await store.get('/v1/sales', { Origin: page });
      assert.deepEqual([other.status, other.headers['access-control-allow-origin']], [200, undefined]);
      assert.match(other.header('Vary'), /Origin/);
      assert.match((await store.get('/v1/sales')).header('Vary'), /Origin/);
    }));

  test('an answer that varies by more says all of it', () =>
    withStore(named, async (store) => {
      const vary = (await store.get('/', { Origin: 'https://shop.example' })).header('Vary');
      assert.deepEqual(vary.split(/, */).sort(), ['Accept', 'Origin']);
    }));

  test('they may ask first', () =>
    withStore(named, async (store) => {
      const answer = await preflight(store, '/api/v1/purchase', 'https://shop.example');
      assert.equal(answer.header('Access-Control-Allow-Origin'), 'https://shop.example');
      assert.deepEqual(list(answer, 'Access-Control-Allow-Methods').sort(), ['OPTIONS', 'POST']);
    }));

  test('they may send cookies, and no other page, of loopback or foreign', () =>
    withStore(named, async (store) => {
      for (const [origin, allowed] of [
        ['https://shop.example', 'true'],
        ['http://localhost:5173', undefined],
        [page, undefined],
      ] as const) {
        for (const answer of [
          await store.get('/v1/sales', { Origin: origin }),
          await preflight(store, '/v1/sales', origin),
        ]) {
          assert.equal(answer.headers['access-control-allow-credentials'], allowed, origin);
          assert.match(answer.header('Vary'), /Origin/);
        }
      }
    }));

  test('and all others besides, each is told what is its own, and a cache that it differs', () =>
    withStore({ environment: { CORS_ORIGIN: '*,https://shop.example' } }, async (store) => {
      for (const [headers, told, credentials] of [
        [{ Origin: 'https://shop.example' }, 'https://shop.example', 'true'],
        [{ Origin: page }, '*', undefined],
        [{}, '*', undefined],
      ] as const) {
        const answer = await store.get('/v1/sales', headers);
        assert.equal(answer.headers['access-control-allow-origin'], told);
        assert.equal(answer.headers['access-control-allow-credentials'], credentials);
        assert.match(answer.header('Vary'), /Origin/);
      }
    }));
});
