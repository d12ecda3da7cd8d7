/** The load process against servers whose behaviour is known. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { after, describe, test } from 'node:test';
import { LoadGenerator } from '../../../src/proof/load/load-generator.ts';
import type { LoadSpec } from '../../../src/proof/load/spec.ts';

const generator = new LoadGenerator();
after(() => generator.close());

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function specFor(port: number): LoadSpec {
  return {
    host: '127.0.0.1',
    port,
    connections: 16,
    path: '/buy',
    body: '{"quantity":1}',
    pacing: { kind: 'closed' },
    warmupMs: 0,
    measureMs: 10_000,
    drainMs: 300,
  };
}

/** Serves until the test ends; `answer` gets the key and the path of each request. */
function serve(answer: (key: string, path: string, body: unknown) => Response | Promise<Response>): {
  port: number;
  stop: () => Promise<void>;
} {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request) => {
      const body: unknown = await request.json();
      return answer(request.headers.get('idempotency-key') ?? '', new URL(request.url).pathname, body);
    },
  });
  return { port: server.port ?? 0, stop: () => server.stop(true) };
}

describe('a closed loop', () => {
  test('a closed loop sends a fresh key with every request and counts every answer', async () => {
    const keys = new Set<string>();
    const server = serve((key, path, body) => {
      assert.match(key, uuid);
      assert.equal(path, '/buy');
      assert.deepEqual(body, { quantity: 1 });
      keys.add(key);
      return Response.json(
        { success: true, seatsRemaining: 5000 - keys.size },
        { status: keys.size % 10 === 0 ? 409 : 200 },
      );
    });
    const result = await generator.run({
      ...specFor(server.port),
      maxRequests: 1000,
      distinct: 'seatsRemaining',
      sampleEvery: 100,
    });
    await server.stop();
    assert.equal(keys.size, 1000);
    assert.deepEqual(result.statuses, { '200': 900, '409': 100 });
    assert.deepEqual(result.distinct, { answers: 900, different: 900, lowest: 4001, highest: 4999 });
    assert.equal(result.unanswered, 0);
    assert.equal(result.samples.length, 10);
    assert.ok(result.samples.every(({ key, body }) => keys.has(key) && body.includes('seatsRemaining')));
  });

  test('a closed loop notices two answers that are the same', async () => {
    let asked = 0;
    const server = serve(() => Response.json({ id: `order_${Math.floor((asked += 1) / 2)}` }));
    const result = await generator.run({ ...specFor(server.port), maxRequests: 100, distinct: 'id' });
    await server.stop();
    assert.deepEqual(result.distinct, { answers: 100, different: 51, lowest: null, highest: null });
  });

  test('a closed loop acts upon each thing of an earlier run once', async () => {
    let made = 0;
    const confirmed: string[] = [];
    const server = serve((_, path) => {
      if (path !== '/buy') confirmed.push(path);
      return Response.json({ id: `hold_${(made += 1)}` }, { status: 201 });
    });
    await generator.run({ ...specFor(server.port), maxRequests: 120, distinct: 'id', keepAs: 'holds' });
    const result = await generator.run({ ...specFor(server.port), path: '/holds/{id}/confirm', things: 'holds' });
    await server.stop();
    assert.deepEqual(result.statuses, { '201': 120 });
    assert.deepEqual(
      new Set(confirmed),
      new Set(Array.from({ length: 120 }, (_, i) => `/holds/hold_${i + 1}/confirm`)),
    );
  });

  test('a closed loop presents the token of each thing with its id, however long the ids are', async () => {
    let made = 0;
    const tokenOf = (id: string): string => `${id}-${'x'.repeat(20)}`;
    const presented: [string, string | null][] = [];
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: (request) => {
        const [, , confirmed] = new URL(request.url).pathname.split('/');
        if (confirmed !== undefined) presented.push([confirmed, request.headers.get('holdfast-token')]);
        const id = `hold_${(made += 1)}`;
        return Response.json({ id, token: tokenOf(id) }, { status: 201 });
      },
    });
    const spec = specFor(server.port ?? 0);
    await generator.run({ ...spec, maxRequests: 120, distinct: 'id', keepAs: 'opened', keepTokens: true });
    const confirm = { path: '/holds/{id}/confirm', things: 'opened', sampleEvery: 1 };
    const { samples, unanswered } = await generator.run({ ...spec, ...confirm });
    await server.stop(true);
    assert.equal(unanswered, 0);
    assert.equal(new Set(presented.map(([id]) => id)).size, 120);
    for (const [id, token] of presented) assert.equal(token, tokenOf(id));
    for (const { path, token } of samples) assert.equal(path, `/holds/${token?.split('-')[0]}/confirm`);
  });

  test('a closed loop fails if an answer lacks its token', async () => {
    const server = serve(() => Response.json({ id: 'hold_1' }, { status: 201 }));
    const spec = { ...specFor(server.port), maxRequests: 4, distinct: 'id', keepAs: 'none', keepTokens: true };
    await assert.rejects(generator.run(spec), /an answer has no token for what it gave/);
    await server.stop();
  });

  for (const [what, answer, fault] of [
    ['without its length', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}', /an answer names no length/],
    ['to what was not asked', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}{}', /answered what it was not asked/],
  ] as const) {
    test(`a closed loop fails by name where a server answers ${what}`, async () => {
      const server = createServer((socket) => socket.on('data', () => socket.write(answer)).on('error', () => {}));
      const port = await new Promise<number>((resolve) => {
        server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
      });
      await assert.rejects(generator.run({ ...specFor(port), maxRequests: 4 }), fault);
      server.close();
    });
  }

  test('a closed loop reads an answer that comes byte by byte', async () => {
    const answer = 'HTTP/1.1 201 Created\r\ncontent-type: text/plain\r\nCONTENT-LENGTH:  9\r\n\r\n{"id":42}';
    const server = createServer((socket) => socket.on('data', () => void drip(socket, answer)));
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const result = await generator.run({
      ...specFor(port),
      connections: 2,
      maxRequests: 4,
      distinct: 'id',
      drainMs: 3000,
    });
    server.close();
    assert.deepEqual(result.statuses, { '201': 4 });
    assert.deepEqual(result.distinct, { answers: 4, different: 1, lowest: 42, highest: 42 });
  });

  test('a closed loop says how many requests were never answered', async () => {
    let asked = 0;
    const server = serve(() => ((asked += 1) > 50 ? new Promise<Response>(() => {}) : Response.json({})));
    const result = await generator.run({ ...specFor(server.port), measureMs: 300 });
    await server.stop();
    assert.equal(result.statuses['200'], 50);
    assert.equal(result.unanswered, 16);
  });
});

describe('an open loop', () => {
  test("an open loop counts a server's stall for every request that was due in it", async () => {
    const server = serve(() => Response.json({ success: true }));
    // This process is the server: for a second it does nothing at all.
    const stall = setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000), 700);
    const result = await generator.run({
      ...specFor(server.port),
      connections: 8,
      pacing: { kind: 'open', perSecond: 1000 },
      measureMs: 2000,
      drainMs: 3000,
    });
    clearTimeout(stall);
    await server.stop();
    const { latency } = result;
    assert.ok(latency !== null);
    assert.equal(latency.count, 2000);
    assert.deepEqual(result.statuses, { '200': 2000 });
    // Half of the requests were due in that second, and waited for the rest of it.
    assert.ok(latency.max >= 900 && latency.max < 3000, `longest ${latency.max} ms`);
    assert.ok(latency.p90 >= 600, `90 % within ${latency.p90} ms: most of the stall is hidden`);
  });

  test('an open loop counts requests that were due but never sent as waiting until the end', async () => {
    const server = serve(() => new Promise<Response>(() => {}));
    const result = await generator.run({
      ...specFor(server.port),
      connections: 8,
      pacing: { kind: 'open', perSecond: 1000 },
      measureMs: 200,
    });
    await server.stop();
    assert.equal(result.unanswered, 8);
    assert.equal(result.unsent, 192);
    assert.equal(result.latency?.count, 200);
    assert.ok(result.latency.p50 >= 300, `half within ${result.latency.p50} ms`);
  });
});

/** Writes a text in single bytes, each in a packet of its own where the system lets it. */
async function drip(socket: Socket, text: string): Promise<void> {
  socket.setNoDelay(true);
  for (const letter of text) {
    socket.write(letter);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
