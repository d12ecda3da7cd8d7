/** Connections as clients use them: kept, closed, chunked, expectant, pipelined. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeSale, stock } from '../doors/v1/support.ts';
import { exchange, headerOf, RawConnection, requestText } from './support/raw.ts';
import { withStore } from './support/store.ts';

describe('a connection', () => {
  test('a connection serves one request after another', () =>
    withStore({}, async (store) => {
      const connection = await RawConnection.open(store.port);
      for (let i = 0; i < 20; i += 1) {
        connection.send(requestText('GET', '/livez'));
        assert.equal((await connection.answer())?.status, 200);
        connection.send(requestText('POST', '/v1/customers', [], '{}'));
        assert.equal((await connection.answer())?.status, 201);
        connection.send(requestText('GET', '/v1/sales/none'));
        assert.equal((await connection.answer())?.status, 404);
      }
      connection.end();
    }));

  test('a connection that the client wants closed is closed, and the answer says so', () =>
    withStore({}, async (store) => {
      const requests = [
        'GET /livez',
        'GET /nothing',
        'GET /v1/sales',
        'PUT /v1/sales',
        'OPTIONS /v1/sales',
        'POST /v1/customers',
      ];
      for (const line of requests) {
        const [method = '', path = ''] = line.split(' ');
        for (const header of ['Connection: close', 'connection: Close', 'Connection: close, TE']) {
          const connection = await RawConnection.open(store.port);
          connection.send(requestText(method, path, [header], method === 'POST' ? '{}' : ''));
          const answer = await connection.answer();
          assert.ok(answer !== null, line);
          assert.equal(headerOf(answer.head, 'connection'), 'close', `${line} ${header}`);
          assert.ok(await connection.closesWithin(1000), line);
        }
      }
    }));

  test('a connection that the client wants kept says nothing of closing', () =>
    withStore({}, async (store) => {
      for (const headers of [[], ['Connection: keep-alive'], ['Connection: TE'], ['Connection: closely']]) {
        const answer = await exchange(store.port, requestText('GET', '/livez', headers));
        assert.ok(answer !== null);
        assert.notEqual(headerOf(answer.head, 'connection'), 'close');
      }
    }));

  test('a connection is kept for 75 s by default, at either port', () =>
    withStore({ settings: { dropsPort: 4000 } }, async (store) => {
      for (const port of [store.port, store.drops!.port]) {
        const answer = await exchange(port, requestText('GET', '/openapi.json'));
        assert.equal(headerOf(answer?.head ?? '', 'keep-alive'), 'timeout=75');
      }
    }));

  test('a connection of HTTP/1.0 is answered and closed', () =>
    withStore({}, async (store) => {
      const connection = await RawConnection.open(store.port);
      connection.send('GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n');
      assert.equal((await connection.answer())?.status, 200);
      assert.ok(await connection.closesWithin(1000));
    }));
});

describe('a body', () => {
  test('a body comes in chunks of any size', () =>
    withStore({}, async (store) => {
      const head =
        'POST /v1/customers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
      const body = '{"name":"Ann"}';
      const whole = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      const bytewise = `${body
        .split('')
        .map((byte) => `1\r\n${byte}\r\n`)
        .join('')}0\r\n\r\n`;
      const extended = `${body.length.toString(16)};a=b\r\n${body}\r\n0\r\n\r\n`;
      for (const chunks of [whole, bytewise, extended]) {
        const answer = await exchange(store.port, head + chunks);
        assert.equal(answer?.status, 201);
        assert.match(answer.body, /"name":"Ann"/);
      }
    }));

  test('a body comes in pieces of the network', () =>
    withStore({}, async (store) => {
      const connection = await RawConnection.open(store.port);
      for (const byte of requestText('POST', '/v1/customers', [], '{}')) {
        connection.send(byte);
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal((await connection.answer())?.status, 201);
      connection.end();
    }));

  test('a body is asked for when the client expects to be asked', () =>
    withStore({}, async (store) => {
      const connection = await RawConnection.open(store.port);
      const text = requestText('POST', '/v1/customers', ['Expect: 100-continue'], '{}');
      connection.send(text.slice(0, -2));
      assert.equal((await connection.answer())?.status, 100);
      connection.send('{}');
      assert.equal((await connection.answer())?.status, 201);
      connection.end();
    }));

  test('a body of a request with an effect is read once', () =>
    withStore({}, async (store) => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          exchange(store.port, requestText('POST', '/v1/customers', [], `{"id":"c${i}"}`)),
        ),
      );
      assert.ok(answers.every((answer) => answer?.status === 201));
      assert.equal(store.node.engine.state.customers.count, 20);
    }));
});

describe('pipelining', () => {
  test('pipelining of reads, which are answered at once, works in order', () =>
    withStore({}, async (store) => {
      const connection = await RawConnection.open(store.port);
      connection.send(requestText('GET', '/livez') + requestText('GET', '/v1/sales/none'));
      assert.equal((await connection.answer())?.status, 200);
      assert.equal((await connection.answer())?.status, 404);
      connection.end();
    }));

  test('pipelining while an answer is pending closes the connection; only the first may have been done, and its key tells', () =>
    withStore({}, async (store) => {
      const sale = await makeSale(store, 100);
      const path = `/v1/sales/${sale}/orders`;
      let done = 0;
      for (let round = 0; round < 10; round += 1) {
        const first = requestText('POST', path, [`Idempotency-Key: first-${round}`], '{"quantity":1}');
        const second = requestText('POST', path, [`Idempotency-Key: second-${round}`], '{"quantity":7}');
        const connection = await RawConnection.open(store.port);
        connection.send(first + second);
        assert.ok(await connection.closesWithin(3000), 'the connection stays open');
        const retried = await store.post(path, { quantity: 1 }, `first-${round}`);
        assert.equal(retried.status, 201);
        const other = await store.post(path, { quantity: 7 }, `second-${round}`);
        assert.equal(other.headers['idempotency-replayed'], undefined, 'the second request had an effect');
        done += 8;
        assert.equal((await stock(store, sale)).sold, done);
      }
    }));

  test('a connection closed for pipelining leaves the store in order', () =>
    withStore({}, async (store) => {
      const body = '{"name":"Ann"}';
      const connection = await RawConnection.open(store.port);
      connection.send(requestText('POST', '/v1/customers', [], body).repeat(5));
      assert.ok(await connection.closesWithin(3000));
      await store.post('/v1/customers', {}, null);
      assert.ok(store.node.engine.state.customers.count <= 2);
      assert.equal(store.node.pendingCommands, 0);
      assert.deepEqual(store.logged, []);
    }));
});
