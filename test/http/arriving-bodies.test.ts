/** Bodies while they arrive: unfinished, endless, compressed, in crumbs, or none at all. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync, brotliCompressSync } from 'node:zlib';
import { BodyBudget } from '../../src/http/body-reading.ts';
import type { RawAnswer } from './support/raw.ts';
import { exchange, headerOf, RawConnection, requestText } from './support/raw.ts';
import { routesOf, withEveryRoute } from './support/samples.ts';
import { operatorKey, withStore } from './support/store.ts';

const limit = 64 * 1024;
const json = 'Content-Type: application/json';

function headOf(path: string, ...headers: readonly string[]): string {
  return requestText('POST', path, [json, 'Transfer-Encoding: chunked', ...headers]);
}

function chunk(bytes: number, text = 'x'): string {
  return `${bytes.toString(16)}\r\n${text.repeat(bytes)}\r\n`;
}

async function soon(what: string, isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !isTrue(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(isTrue(), what);
}

describe('a body that never ends', () => {
  test('a body that never ends is refused as soon as it is larger than its route takes, at every route', () =>
    withEveryRoute(async (store) => {
      for (const { method, path, maxBodyBytes = limit } of routesOf(store)) {
        if (method === 'GET') continue;
        const connection = await RawConnection.open(store.port);
        connection.send(headOf(path.replaceAll(/:\w+/g, 'x'), 'Idempotency-Key: k').replace(/^POST/, method));
        for (let sent = 0; sent <= maxBodyBytes; sent += 8192) connection.send(chunk(8192));
        const answer = await connection.answer();
        assert.equal(answer?.status, 413, `${method} ${path}`);
        connection.end();
      }
    }));

  test('a body that never ends takes no more than the budget of all bodies, and small ones are still taken', () => {
    const bodyBudget = new BodyBudget(1024 * 1024);
    return withStore(
      { environment: { HOLDFAST_OPERATOR_KEY: operatorKey }, listener: { bodyBudget, bodyTimeoutMs: 60_000 } },
      async (store) => {
        const connections = await Promise.all(Array.from({ length: 60 }, () => RawConnection.open(store.port)));
        for (const connection of connections) connection.send(headOf('/v1/customers') + chunk(40_000));
        await soon('the budget is taken', () => bodyBudget.takenBytes > 600_000);
        assert.ok(bodyBudget.takenBytes <= bodyBudget.bytes);
        const refused = await refusalAmong(connections);
        assert.equal(refused.status, 503);
        assert.match(refused.body, /NOT_TAKEN.*large bodies/);
        assert.equal(headerOf(refused.head, 'retry-after'), '1');
        // No buyer is refused, and operators have a part of the budget that strangers cannot take.
        assert.equal((await store.post('/v1/customers', { name: 'Ann' }, null)).status, 201);
        const key = { Authorization: `Bearer ${operatorKey}` };
        const large = { json: { name: 'A', kind: 'counted', capacity: 5, padding: 'x'.repeat(100_000) }, headers: key };
        assert.equal((await store.ask('POST', '/v1/sales', large)).status, 400);
        for (const connection of connections) connection.end();
        await soon('all is given back', () => bodyBudget.takenBytes === 0);
        const whole = await store.ask('POST', '/v1/customers', { body: `{}${' '.repeat(60_000)}`, chunked: true });
        assert.equal(whole.status, 201);
        assert.equal(bodyBudget.takenBytes, 0);
      },
    );
  });

  test('a body of tiny chunks costs no more than its bytes', () => {
    const bodyBudget = new BodyBudget();
    return withStore({ listener: { bodyBudget } }, async (store) => {
      const connection = await RawConnection.open(store.port);
      connection.send(headOf('/v1/customers') + chunk(1, ' ').repeat(20_000));
      await soon('it arrives', () => bodyBudget.takenBytes > 0);
      assert.ok(bodyBudget.takenBytes < limit);
      connection.send(`${chunk(2, '').replace('\r\n\r\n', '\r\n{}\r\n')}0\r\n\r\n`);
      assert.equal((await connection.answer())?.status, 201);
      connection.end();
    });
  });

  test('a body that is too late has no effect, returns its budget, and leaves the others their time', () => {
    const bodyBudget = new BodyBudget();
    return withStore({ listener: { bodyBudget, bodyTimeoutMs: 300 } }, async (store) => {
      const [first, second] = [await RawConnection.open(store.port), await RawConnection.open(store.port)];
      first.send(`${headOf('/v1/customers')}2\r\n{}\r\n${chunk(10_000, ' ')}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      second.send(`${headOf('/v1/customers')}2\r\n{}\r\n`);
      assert.equal((await first.answer())?.status, 408);
      assert.equal((await second.answer())?.status, 408);
      first.send('0\r\n\r\n');
      assert.ok(await first.closesWithin(1000));
      await soon('all is given back', () => bodyBudget.takenBytes === 0);
      assert.equal(store.node.engine.state.customers.count, 0);
    });
  });
});

async function refusalAmong(connections: readonly RawConnection[]): Promise<RawAnswer> {
  const answers = await Promise.any(
    connections.map(async (connection) => {
      const answer = await connection.answer();
      if (answer === null) throw new Error('closed');
      return answer;
    }),
  );
  for (const connection of connections) connection.answer().catch(() => undefined);
  return answers;
}

describe('a compressed body', () => {
  const customer = Buffer.from(JSON.stringify({ name: 'Ann', email: 'ann@example.org' }));
  const forms: Readonly<Record<string, readonly [string, Buffer]>> = {
    gzip: ['gzip', gzipSync(customer)],
    'gzip by its old name': ['X-GZip', gzipSync(customer)],
    deflate: ['deflate', deflateSync(customer)],
    'deflate without its header': ['deflate', deflateRawSync(customer)],
    identity: ['identity', customer],
  };

  test('a compressed body is read, whole or in chunks', () =>
    withStore({}, async (store) => {
      for (const [what, [coding, body]] of Object.entries(forms)) {
        for (const chunked of [false, true]) {
          const asked = { body, chunked, headers: { 'Content-Encoding': coding } };
          const answer = await store.ask('POST', '/v1/customers', asked);
          assert.deepEqual([answer.status, answer.body['name']], [201, 'Ann'], `${what} ${answer.text}`);
        }
      }
      await store.post('/api/v1/events', { name: 'Night', totalSeats: 10 }, null);
      const headers = { 'Content-Encoding': 'gzip', 'Idempotency-Key': 'k' };
      const body = gzipSync('{"quantity":2}');
      assert.equal((await store.ask('POST', '/api/v1/purchase', { body, headers })).status, 200);
      const again = await store.ask('POST', '/api/v1/purchase', {
        json: { quantity: 2 },
        headers: { 'Idempotency-Key': 'k' },
      });
      assert.equal(again.header('Idempotency-Replayed'), 'true');
    }));

  test('a compressed body of another coding, or of two, is 415 with the supported ones', () =>
    withStore({}, async (store) => {
      for (const coding of ['br', 'zstd', 'compress', 'gzip, gzip', 'x']) {
        for (const body of [brotliCompressSync(customer), customer]) {
          const refused = await store.ask('POST', '/v1/customers', { body, headers: { 'Content-Encoding': coding } });
          assert.deepEqual([refused.status, refused.body['code']], [415, 'UNSUPPORTED_ENCODING'], coding);
          assert.match(refused.string('detail'), /gzip or deflate/);
          assert.equal(refused.header('Accept-Encoding'), 'gzip, deflate');
        }
      }
    }));

  test('a compressed body that is not in its named coding is 400', () =>
    withStore({}, async (store) => {
      const [, gzip] = forms['gzip']!;
      for (const body of [customer, gzip.subarray(0, -9), Buffer.from([0x1f, 0x8b]), Buffer.alloc(100, 0xff)]) {
        for (const coding of ['gzip', 'deflate']) {
          const { status } = await store.ask('POST', '/v1/customers', {
            body,
            headers: { 'Content-Encoding': coding },
          });
          assert.equal(status, 400);
        }
      }
    }));

  test('a compressed body that gets large costs no more than the limit', () =>
    withStore({}, async (store) => {
      const bombs = [
        gzipSync(Buffer.alloc(60 << 20)),
        gzipSync(Buffer.alloc(limit + 1, ' ')),
        deflateSync(Buffer.alloc(60 << 20)),
      ];
      const before = process.memoryUsage().rss;
      for (let round = 0; round < 20; round += 1) {
        for (const [i, body] of bombs.entries()) {
          assert.ok(body.length < limit);
          const headers = { 'Content-Encoding': i === 2 ? 'deflate' : 'gzip' };
          const refused = await store.ask('POST', '/v1/customers', { body, headers });
          assert.deepEqual([refused.status, refused.body['code']], [413, 'BODY_TOO_LARGE']);
        }
      }
      assert.ok(process.memoryUsage().rss - before < 100 * 2 ** 20);
      const fits = gzipSync(`{}${' '.repeat(limit - 2)}`);
      const taken = await store.ask('POST', '/v1/customers', { body: fits, headers: { 'Content-Encoding': 'gzip' } });
      assert.equal(taken.status, 201);
    }));
});

describe('a call without a body', () => {
  test('a call without a body is judged without its content type', () =>
    withStore({}, async (store) => {
      await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 50 }, null);
      const types = ['application/x-www-form-urlencoded', 'text/plain;charset=UTF-8', 'multipart/form-data', 'x'];
      for (const [i, type] of types.entries()) {
        const hold = await store.post('/v1/sales/sale_0_1/holds', { quantity: 1 }, `hold ${i}`);
        const head = [
          `POST /v1/holds/${hold.string('id')}/confirm HTTP/1.1`,
          'Host: localhost',
          `Content-Type: ${type}`,
        ];
        for (const length of ['Content-Length: 0', 'X-None: 1']) {
          const request = [...head, `Idempotency-Key: buy ${i}`, 'Origin: http://localhost:3000', length, '', ''];
          const answer = await exchange(store.port, request.join('\r\n'));
          assert.equal(answer?.status, 201, `${type} ${length}: ${answer?.body}`);
        }
        const chunked = [...head, `Idempotency-Key: c ${i}`, 'Transfer-Encoding: chunked', '', '2\r\n{}\r\n0\r\n\r\n'];
        assert.equal((await exchange(store.port, chunked.join('\r\n')))?.status, 415);
        const body = { body: '{}', headers: { 'Content-Type': type, 'Idempotency-Key': `d ${i}` } };
        assert.equal((await store.ask('POST', '/v1/customers', body)).status, 415);
      }
      const foreign = [
        'POST /v1/customers HTTP/1.1',
        'Host: localhost',
        'Origin: https://evil.example',
        'Content-Length: 0',
      ];
      assert.equal((await exchange(store.port, [...foreign, '', ''].join('\r\n')))?.status, 403);
    }));
});
