/** Methods and paths: 405 with Allow, HEAD, OPTIONS, and 404 in the words of the path's door. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertProblem } from '../doors/v1/support.ts';
import { withEveryRoute } from './support/samples.ts';
import { withStore } from './support/store.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

test('every path refuses the methods that it does not take, and names those it takes', () =>
  withEveryRoute(async (store) => {
    /** Where an unknown method counts as an unknown path, and the answer. */
    const notThere = new Map<string, RegExp>();
    const byPath = new Map<string, string[]>();
    for (const { name, routes } of store.listener.doors) {
      for (const { method, path } of routes) byPath.set(path, [...(byPath.get(path) ?? []), method]);
      const said = name === 'drops' ? /Route not found/ : name === 'seats' ? /"error":"Not Found"/ : null;
      if (said !== null) for (const { path } of routes) notThere.set(path, said);
    }
    for (const [path, own] of byPath) {
      const taken = [...own, ...(own.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
      for (const method of methods.filter((one) => !taken.includes(one))) {
        const answer = await store.ask(method, path.replaceAll(/:\w+/g, 'x'));
        const said = notThere.get(path);
        const [status, text] = said === undefined ? [405, /METHOD_NOT_ALLOWED/] : [404, said];
        assert.equal(answer.status, status, `${method} ${path}`);
        assert.deepEqual(answer.header('Allow').split(', ').sort(), taken.toSorted(), path);
        if (method !== 'HEAD') assert.match(answer.text, text);
      }
    }
  }));

describe('HEAD', () => {
  test('HEAD answers like GET without the body', () =>
    withStore({}, async (store) => {
      await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 1 }, null);
      for (const path of [
        '/',
        '/livez',
        '/v1/sales',
        '/v1/sales/sale_0_1',
        '/v1/sales/none',
        '/api/v1/event',
        '/openapi.json',
      ]) {
        const get = await store.get(path);
        const head = await store.ask('HEAD', path);
        assert.deepEqual([head.status, head.text], [get.status, ''], path);
        assert.equal(head.headers['content-type'], get.headers['content-type']);
        assert.equal(head.headers['content-length'], get.headers['content-length'], path);
      }
    }));

  test('HEAD has no effect', () =>
    withStore({}, async (store) => {
      const { position } = store.node.engine;
      assert.equal((await store.ask('HEAD', '/v1/customers')).status, 405);
      assert.equal(store.node.engine.position, position);
    }));
});

test('OPTIONS names the methods of a path, to anybody', () =>
  withStore({}, async (store) => {
    const answer = await store.ask('OPTIONS', '/v1/holds/hold_0_1');
    assert.deepEqual([answer.status, answer.text, answer.header('Allow')], [204, '', 'GET, DELETE, HEAD, OPTIONS']);
  }));

describe('a path that nobody claims', () => {
  const system = (path: string): object => ({
    error: 'Not Found',
    message: 'The requested resource was not found',
    path,
  });

  test('an unclaimed path below /v1 is a problem', () =>
    withStore({}, async (store) => {
      for (const path of ['/v1', '/v1/', '/v1/nothing', '/v1/sales//', '/v1/sales/sale_0_1/places', '/v1//sales']) {
        assertProblem(await store.get(path), 'NOT_FOUND');
      }
    }));

  test('an unclaimed path elsewhere is named, with any method', () =>
    withStore({}, async (store) => {
      assert.equal((await store.get('/api')).status, 200);
      for (const path of [
        '/nothing',
        '/api//',
        '/api/nothing',
        '/api/users/1/x',
        '/v10/sales',
        '/api/v1x',
        '/V1/sales',
        '/livez//',
      ]) {
        for (const method of ['GET', 'POST', 'DELETE']) {
          const answer = await store.ask(method, path);
          assert.deepEqual([answer.status, answer.json], [404, system(path)], `${method} ${path}`);
        }
      }
    }));

  test('an unclaimed path is a page for a browser, except below /v1 and /api/v1', () =>
    withStore({}, async (store) => {
      const browser = { Accept: 'text/html,*/*' };
      const page = await store.get('/elsewhere?a=b', browser);
      assert.equal(page.status, 404);
      assert.match(page.header('Content-Type'), /^text\/html/);
      assert.match(page.header('Content-Security-Policy'), /default-src 'none'/);
      assert.doesNotMatch(page.text, /elsewhere/);
      assertProblem(await store.get('/v1/nothing', browser), 'NOT_FOUND');
      assert.equal((await store.get('/api/v1/nothing', browser)).body['statusCode'], 404);
    }));

  test('an unclaimed path goes to an open door when its own is closed', () =>
    withStore({ args: ['--doors', 'v1'] }, async (store) => {
      const answer = await store.get('/api/v1/event');
      assert.deepEqual([answer.status, answer.json], [404, system('/api/v1/event')]);
      assert.equal((await store.get('/v1/sales')).status, 200);
    }));
});
