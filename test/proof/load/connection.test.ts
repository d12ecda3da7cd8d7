/** The raw connection, through its plain client: valid answers of servers, and malformed ones. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { call, CallError, HttpClient, NoAnswerError } from '../../../src/proof/load/http-client.ts';

/**
 * A server that passes each received piece, with its connection, to `onData`; returns its address.
 */
async function serve(
  t: TestContext,
  onData: (socket: Socket, request: string) => void | Promise<void>,
): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('data', (bytes) => void onData(socket, bytes.toString('latin1')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const asked = { method: 'GET', path: '/a', body: null, key: null, token: null, byOperator: false } as const;

function clientAt(t: TestContext, url: string, operatorKey: string | null = null): HttpClient {
  const client = new HttpClient({ url, operatorKey });
  t.after(() => client.close());
  return client;
}

describe('an answer', () => {
  const body = 'ä'.repeat(40_000);
  const bytes = Buffer.from(body);
  const head = 'HTTP/1.1 200 OK\r\nHoldfast-Position:  0.7 \r\n';
  const chunked = [bytes.subarray(0, 1), bytes.subarray(1, 50_001), bytes.subarray(50_001)].flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ]);
  const forms: readonly (readonly [string, Buffer])[] = [
    ['of a length', Buffer.concat([Buffer.from(`${head}Content-Length: ${bytes.length}\r\n\r\n`), bytes])],
    [
      'in chunks',
      Buffer.concat([Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`), ...chunked, Buffer.from('0\r\n\r\n')]),
    ],
  ];
  for (const [what, answer] of forms) {
    test(`${what} is the same in one piece and in many, on one connection`, async (t) => {
      let pieces = 1;
      let connections = 0;
      const url = await serve(t, async (socket) => {
        const size = Math.ceil(answer.length / pieces);
        for (let from = 0; from < answer.length; from += size) {
          socket.write(answer.subarray(from, from + size));
          if (pieces > 1) await pause(1);
        }
      });
      const client = clientAt(t, url);
      for (pieces of [1, 2, 30]) {
        const got = await client.request(asked);
        assert.equal(got.status, 200);
        assert.equal(got.body, body, `${pieces} pieces`);
        assert.equal(got.header('holdfast-position'), '0.7');
        assert.equal(got.header('holdfast'), null);
        connections += 1;
      }
      assert.equal(connections, 3);
    });
  }

  test('an answer without a body needs no length', async (t) => {
    const url = await serve(t, (socket) => void socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
    const { status, body: none } = await clientAt(t, url).request(asked);
    assert.deepEqual([status, none], [204, '']);
  });
});

describe('a malformed answer', () => {
  const faults: readonly (readonly [string, string, RegExp])[] = [
    ['names no length', 'HTTP/1.1 200 OK\r\n\r\n{}', /an answer names no length/],
    ['goes on behind its end', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n12', /what it was not asked/],
    [
      'has a chunk of no length',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n',
      /a chunk without a length/,
    ],
    [
      'goes on behind its last chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP',
      /what it was not asked/,
    ],
  ];
  for (const [what, answer, fault] of faults) {
    test(`an answer that ${what} is a fault`, async (t) => {
      const url = await serve(t, (socket) => void socket.write(answer));
      await assert.rejects(clientAt(t, url).request(asked), fault);
    });
  }

  for (const [what, end] of [
    ['a connection that is reset', (socket: Socket) => socket.resetAndDestroy()],
    ['a connection that ends in the midst of it', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')],
  ] as const) {
    test(`${what}: the outcome of the request is unknown, and the next one gets a connection of its own`, async (t) => {
      let requests = 0;
      const url = await serve(t, (socket) => {
        requests += 1;
        if (requests === 1) end(socket);
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
      });
      const client = clientAt(t, url);
      await assert.rejects(client.request(asked), NoAnswerError);
      assert.equal((await client.request(asked)).body, '{}');
    });
  }

  test('a server that was restarted elsewhere is asked there, despite late bytes of the old connection', async (t) => {
    const old: Socket[] = [];
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n';
    const first = await serve(t, (socket) => {
      old.push(socket);
      socket.write(`${answer}[]`);
    });
    const second = await serve(t, async (socket) => {
      for (const each of old) each.destroy();
      await pause(20);
      socket.write(`${answer}{}`);
    });
    const address = { url: first, operatorKey: null };
    const client = new HttpClient(address);
    t.after(() => client.close());
    assert.equal((await client.request(asked)).body, '[]');
    address.url = second;
    for (let i = 0; i < 3; i += 1) assert.equal((await client.request(asked)).body, '{}');
  });

  test('a call without a server to answer names its request', async () => {
    const address = { url: 'http://127.0.0.1:9', operatorKey: null };
    await assert.rejects(new HttpClient(address).request(asked), NoAnswerError);
    await assert.rejects(
      call(address, { method: 'GET', path: '/a' }),
      (error) => error instanceof CallError && error.message.startsWith('GET http://127.0.0.1:9/a was not answered: '),
    );
  });

  test('a client that is closed while it waits ends its call', async (t) => {
    const url = await serve(t, () => {});
    const client = new HttpClient({ url, operatorKey: null });
    const waiting = client.request(asked);
    await pause(50);
    client.close();
    await assert.rejects(waiting, NoAnswerError);
  });
});

describe('a request', () => {
  test('a request carries its key and its token, and the operator key by the operator alone', async (t) => {
    const requests: string[] = [];
    const url = await serve(t, (socket, request) => {
      requests.push(request);
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    });
    const client = clientAt(t, url, 'secret-of-the-operator');
    await client.request({ ...asked, method: 'POST', body: '{"ä":1}', key: 'k-1', token: 't-1' });
    await client.request({ ...asked, byOperator: true });
    const [byBuyer = '', byOperator = ''] = requests;
    assert.match(byBuyer, /^POST \/a HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/);
    for (const line of ['Idempotency-Key: k-1', 'Holdfast-Token: t-1', 'Content-Length: 8']) {
      assert.ok(byBuyer.includes(`\r\n${line}\r\n`), line);
    }
    assert.doesNotMatch(byBuyer, /Authorization/);
    assert.match(byOperator, /\r\nAuthorization: Bearer secret-of-the-operator\r\n/);
    assert.doesNotMatch(byOperator, /Content-Length|Idempotency-Key|Holdfast-Token/);
  });

  test('a connection takes one request at a time', async (t) => {
    const url = await serve(t, () => {});
    const client = clientAt(t, url);
    const first = client.request(asked);
    await assert.rejects(client.request(asked), /one request at a time/);
    client.close();
    await assert.rejects(first, NoAnswerError);
  });
});
