/**
 * What a client of the tickets dialect finds around its calls: the front page, health, paths that
 * do not exist.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withStore } from '../../http/support/store.ts';
import { withEvent } from './support.ts';

describe('the front', () => {
  test('page is JSON for programs and HTML for browsers', () =>
    withStore({}, async (store) => {
      const greeting = { message: 'Ticket Reservation API is running', version: '1.0.0', status: 'OK' };
      for (const accept of ['*/*', 'application/json']) {
        const answer = await store.get('/', { Accept: accept });
        assert.deepEqual([answer.status, answer.json], [200, greeting]);
        assert.match(answer.header('Vary'), /Accept/);
      }
      assert.deepEqual((await store.get('/')).json, greeting);
      const page = await store.get('/', { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
      assert.equal(page.status, 200);
      assert.match(page.header('Content-Type'), /^text\/html/);
      assert.match(page.header('Content-Security-Policy'), /default-src 'none'/);
      assert.match(page.text, /^<!doctype html>/i);
    }));

  test('health says OK with its figures', () =>
    withEvent(5, async (store) => {
      const answer = await store.get('/health');
      assert.equal(answer.status, 200);
      assert.deepEqual(Object.keys(answer.body), ['status', 'message', 'timestamp', 'uptime', 'memory', 'cacheSize']);
      assert.deepEqual([answer.body['status'], answer.body['message']], ['OK', 'AtomicSeats API is running']);
      assert.ok(Math.abs(Date.parse(answer.string('timestamp')) - Date.now()) < 60_000);
      assert.equal(typeof (answer.body['memory'] as Record<string, unknown>)['rss'], 'number');
    }));

  test('tells live from ready', () =>
    withEvent(5, async (store) => {
      assert.deepEqual((await store.get('/livez')).json, { status: 'ok' });
      const { clock, ...ready } = (await store.get('/readyz')).body;
      assert.deepEqual(ready, { status: 'ok', position: store.nth(1), inFlight: 0, sales: 1 });
      assert.deepEqual(Object.keys(clock as object), ['aheadMs']);
      await store.node.close();
      const stopped = await store.get('/readyz');
      assert.deepEqual([stopped.status, stopped.body['status']], [503, 'stopped']);
      assert.equal(stopped.header('Retry-After'), '1');
      assert.equal((await store.get('/livez')).status, 200);
    }));
});

describe('a path that does not exist', () => {
  test("a path that does not exist below /api/v1 gets the dialect's error object", () =>
    withStore({}, async (store) => {
      for (const path of [
        '/api/v1',
        '/api/v1/',
        '/api/v1/nothing',
        '/api/v1/event//',
        '/api/v1/purchase/1',
        '/api/v1//event',
      ]) {
        const answer = await store.get(path);
        assert.equal(answer.status, 404);
        assert.deepEqual(answer.json, { success: false, statusCode: 404, message: 'There is nothing at this path.' });
      }
    }));

  test('a method that a path does not have is refused with the methods that it has', () =>
    withStore({}, async (store) => {
      const cases: readonly (readonly [string, string, string])[] = [
        ['GET', '/api/v1/purchase', 'POST, OPTIONS'],
        ['DELETE', '/api/v1/events', 'GET, POST, HEAD, OPTIONS'],
        ['PUT', '/api/v1/event', 'GET, HEAD, OPTIONS'],
      ];
      for (const [method, path, allow] of cases) {
        const answer = await store.ask(method, path);
        assert.deepEqual([answer.status, answer.body['error']], [405, 'METHOD_NOT_ALLOWED']);
        assert.equal(answer.header('Allow'), allow);
      }
    }));
});

test('a store that stops tells a buyer to come back with the same key', () =>
  withEvent(5, async (store) => {
    await store.node.close();
    const answer = await store.post('/api/v1/purchase', { quantity: 1 }, 'later');
    assert.equal(answer.status, 503);
    assert.deepEqual(Object.keys(answer.body), ['success', 'error', 'message']);
    assert.equal(answer.body['error'], 'NOT_TAKEN');
    assert.equal(answer.header('Retry-After'), '1');
  }));
