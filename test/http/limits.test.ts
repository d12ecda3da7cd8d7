/** Limits of size and time, each in the words of the door, and the connection after it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exchange, headerOf, RawConnection, requestText } from './support/raw.ts';
import { routesOf, withEveryRoute } from './support/samples.ts';
import { withStore } from './support/store.ts';

const limit = 64 * 1024;

/** A customer whose JSON has exactly this many bytes. */
function customerOf(bytes: number): string {
  const text = JSON.stringify({ name: 'Ann' });
  return text + ' '.repeat(bytes - text.length);
}

describe('a body', () => {
  test('a body of 64 KiB is taken, of one byte more is 413, by its length and in chunks', () =>
    withStore({}, async (store) => {
      for (const chunked of [false, true]) {
        const fits = await store.ask('POST', '/v1/customers', { body: customerOf(limit), chunked });
        assert.equal(fits.status, 201);
        const over = await store.ask('POST', '/v1/customers', { body: customerOf(limit + 1), chunked });
        assert.deepEqual([over.status, over.body['code']], [413, 'BODY_TOO_LARGE']);
        assert.match(over.string('detail'), /65536 bytes/);
      }
      const tickets = await store.ask('POST', '/api/v1/purchases', { body: customerOf(limit + 1) });
      assert.deepEqual([tickets.status, tickets.body['error']], [413, 'BODY_TOO_LARGE']);
    }));

  test('a body that is too large is too large for every call that takes one', () =>
    withEveryRoute(async (store) => {
      const routes = routesOf(store).filter((route) => route.method !== 'GET');
      for (const { method, path, maxBodyBytes = limit } of routes) {
        for (const chunked of [false, true]) {
          const asked = { body: 'x'.repeat(maxBodyBytes + 1), chunked, headers: { 'Idempotency-Key': 'k' } };
          const { status } = await store.ask(method, path.replaceAll(/:\w+/g, 'x'), asked);
          assert.equal(status, 413, `${method} ${path}`);
        }
      }
    }));

  test('a body of any size is refused in the words of the door, and pages may read it', () =>
    withStore({}, async (store) => {
      for (const [path, code] of [
        ['/v1/customers', /"code":"BODY_TOO_LARGE"/],
        ['/v1/sales', /"code":"BODY_TOO_LARGE"/],
        ['/api/v1/purchases', /"error":"BODY_TOO_LARGE"/],
        ['/api/users', /"success":false/],
      ] as const) {
        const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: application/json\r\n`;
        const chunk = `${(2 ** 19).toString(16)}\r\n${' '.repeat(2 ** 19)}\r\n`;
        for (const request of [
          `${head}Content-Length: ${2 ** 21}\r\n\r\n`,
          `${head}Content-Length: ${2 ** 21}\r\n\r\n${' '.repeat(2 ** 21)}`,
          `${head}Content-Length: ${2 ** 50}\r\n\r\n`,
          `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}0\r\n\r\n`,
        ]) {
          const connection = await RawConnection.open(store.port);
          connection.send(request);
          const answer = await connection.answer();
          assert.equal(answer?.status, 413, `${path}: ${request.slice(0, 200)}`);
          assert.match(answer.body, code);
          assert.match(answer.body, /larger than \d+ bytes/);
          assert.equal(headerOf(answer.head, 'access-control-allow-origin'), '*');
          assert.equal(headerOf(answer.head, 'connection'), 'close', 'nobody reads over what is left');
          assert.ok(await connection.closesWithin(2000));
        }
      }
      assert.equal((await store.get('/livez')).status, 200);
    }));

  test('a long body that is not read ends its connection at every door', () =>
    withStore({}, async (store) => {
      for (const line of ['GET /livez', 'GET /nothing', 'POST /nothing', 'PUT /v1/sales', 'GET /v1/sales']) {
        for (const length of ['Transfer-Encoding: chunked', `Content-Length: ${2 ** 40}`]) {
          const connection = await RawConnection.open(store.port);
          const before = process.memoryUsage.rss();
          connection.send(`${line} HTTP/1.1\r\nHost: localhost\r\n${length}\r\n\r\n`);
          const answer = await connection.answer();
          assert.ok(answer !== null, line);
          assert.ok(await connection.closesWithin(2000), `${line} ${length}`);
          assert.ok(process.memoryUsage.rss() - before < 64 * 2 ** 20);
        }
      }
    }));

  test('a body that was too large leaves the connection usable', () =>
    withStore({}, async (store) => {
      const connection = await RawConnection.open(store.port);
      connection.send(requestText('POST', '/v1/customers', [], ' '.repeat(limit + 1)));
      assert.equal((await connection.answer())?.status, 413);
      connection.send(requestText('GET', '/livez'));
      assert.equal((await connection.answer())?.status, 200);
      connection.end();
    }));

  test('a body that does not arrive in time is 408, without effect, and the connection closes', () =>
    withStore({ listener: { bodyTimeoutMs: 100 } }, async (store) => {
      const connection = await RawConnection.open(store.port);
      const body = '{"name":"Ann"}';
      const text = requestText('POST', '/v1/customers', [], body);
      connection.send(text.slice(0, -4));
      const answer = await connection.answer();
      assert.equal(answer?.status, 408);
      assert.match(answer.body, /BODY_TIMEOUT/);
      assert.equal(headerOf(answer.head, 'connection'), 'close');
      connection.send(text.slice(-4));
      assert.ok(await connection.closesWithin(1000));
      assert.equal(store.node.engine.state.customers.count, 0);
    }));

  test('a body that arrives slowly but in time is taken', () =>
    withStore({ listener: { bodyTimeoutMs: 2000 } }, async (store) => {
      const connection = await RawConnection.open(store.port);
      const text = requestText('POST', '/v1/customers', [], '{"name":"Ann"}');
      for (let at = text.length - 14; at <= text.length; at += 1) {
        connection.send(at === text.length - 14 ? text.slice(0, at) : text.slice(at - 1, at));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      assert.equal((await connection.answer())?.status, 201);
      connection.end();
    }));

  test('a body that breaks off has no effect and harms nobody', () =>
    withStore({}, async (store) => {
      for (const headers of [['Content-Length: 20'], ['Transfer-Encoding: chunked']]) {
        const connection = await RawConnection.open(store.port);
        connection.send(`${requestText('POST', '/v1/customers', ['Content-Type: application/json', ...headers])}{"na`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        connection.end();
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal((await store.get('/livez')).status, 200);
      assert.equal(store.node.engine.state.customers.count, 0);
      assert.deepEqual(store.logged, []);
    }));

  test('a body of a slow client does not hold up others', () =>
    withStore({}, async (store) => {
      const slow = await Promise.all(Array.from({ length: 30 }, () => RawConnection.open(store.port)));
      for (const connection of slow)
        connection.send(requestText('POST', '/v1/customers', [], '{"name":"Ann"}').slice(0, -1));
      const startedMs = performance.now();
      assert.equal((await store.post('/v1/customers', {}, null)).status, 201);
      assert.ok(performance.now() - startedMs < 1000);
      for (const connection of slow) connection.end();
    }));
});

test('headers of a reasonable size are taken, unreasonable ones refused, and the server goes on', () =>
  withStore({}, async (store) => {
    assert.equal((await store.get('/livez', { 'X-Some': 'x'.repeat(4000) })).status, 200);
    for (const request of [
      requestText('GET', '/livez', [`X-Large: ${'x'.repeat(100_000)}`]),
      requestText(
        'GET',
        '/livez',
        Array.from({ length: 1000 }, (_, i) => `X-${i}: x`),
      ),
      requestText('GET', `/${'x'.repeat(50_000)}`),
    ]) {
      const answer = await exchange(store.port, request);
      assert.ok(answer === null || (answer.status >= 400 && answer.status < 500), answer?.head ?? '');
    }
    assert.equal((await store.get('/livez')).status, 200);
  }));
