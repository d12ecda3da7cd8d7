/** What pages of other origins may read, and what a browser is told before it asks. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from './support/client.ts';
import type { TestStore } from './support/store.ts';
import { withStore } from './support/store.ts';

const page = 'https://page.example';
const named = { environment: { CORS_ORIGIN: 'https://shop.example' } };

function preflight(store: TestStore, path: string, origin: string): Promise<Answer> {
  return store.ask('OPTIONS', path, {
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
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

  test('no page may send cookies, and who is no page is told nothing', () =>
    withStore({}, async (store) => {
      const answer = await store.get('/v1/sales', { Origin: page });
      assert.equal(answer.headers['access-control-allow-credentials'], undefined);
      assert.equal((await store.get('/v1/sales')).headers['access-control-allow-origin'], undefined);
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
});
