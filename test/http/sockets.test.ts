/** Doors with WebSockets beside each other on one listener. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Server, ServerWebSocket } from 'bun';
import { problemAnswer } from '../../src/doors/kit/native-errors.ts';
import { AccessControl } from '../../src/http/access.ts';
import type { Call } from '../../src/http/call.ts';
import type { Door } from '../../src/http/door.ts';
import { Listener } from '../../src/http/listener.ts';
import { createLogger } from '../../src/http/logging.ts';
import type { SocketData, Sockets } from '../../src/http/sockets.ts';

/** Sends back what it is sent, with its own name in front. */
class Echo implements Sockets {
  readonly paths: readonly string[];
  readonly maxMessageBytes: number;
  readonly maxUnsentBytes = 1024;
  readonly closes: number[] = [];
  private readonly name: string;

  constructor(name: string, maxMessageBytes: number) {
    this.name = name;
    this.paths = [`/${name}`];
    this.maxMessageBytes = maxMessageBytes;
  }

  handle({ request, server }: Call): Promise<Response | undefined> {
    const data: SocketData = { sockets: this };
    const upgraded = (server as unknown as Server<SocketData>).upgrade(request, { data });
    return Promise.resolve(upgraded ? undefined : new Response(this.name, { status: 400 }));
  }

  opened(ws: ServerWebSocket<SocketData>): void {
    ws.send(`${this.name}: hello`);
  }

  received(ws: ServerWebSocket<SocketData>, message: string | Buffer): void {
    ws.send(`${this.name}: ${message.length}`);
  }

  drained(): void {}

  closed(_: ServerWebSocket<SocketData>, code: number): void {
    this.closes.push(code);
  }

  close(): void {}
}

function doorOf(sockets: Echo): Door {
  const [path = ''] = sockets.paths;
  return { name: path, prefixes: [path], routes: [], sockets, failed: ({ row, detail }) => problemAnswer(row, detail) };
}

function listen(...echoes: readonly Echo[]): Listener {
  return new Listener({
    port: 0,
    host: '127.0.0.1',
    doors: echoes.map(doorOf),
    access: new AccessControl({ operatorKey: null, open: false, origins: [] }),
    logger: createLogger('silent'),
  });
}

/**
 * What a client hears that sends each message once it has heard of the one before; its end is
 * heard, too.
 */
function converse(url: string, messages: readonly string[]): Promise<string[]> {
  const heard: string[] = [];
  const rest = [...messages];
  const socket = new WebSocket(url.replace('http', 'ws'));
  return new Promise((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      heard.push(String(data));
      const next = rest.shift();
      if (next === undefined) socket.close(1000);
      else socket.send(next);
    });
    socket.addEventListener('close', ({ code }) => resolve([...heard, `closed ${code}`]));
  });
}

test('each door gets the WebSockets of its own paths, with its own longest message', async () => {
  const [gates, shop] = [new Echo('gates', 8), new Echo('shop', 64)];
  const listener = listen(gates, shop);
  try {
    const [short, long] = ['12345678', 'x'.repeat(64)];
    const heard = await Promise.all([
      converse(`${listener.url}/gates`, [short]),
      converse(`${listener.url}/shop`, [short, long]),
      converse(`${listener.url}/gates`, [long]),
    ]);
    assert.deepEqual(heard, [
      ['gates: hello', 'gates: 8', 'closed 1000'],
      ['shop: hello', 'shop: 8', 'shop: 64', 'closed 1000'],
      ['gates: hello', 'closed 1009'],
    ]);
    assert.equal(await (await fetch(`${listener.url}/gates`)).text(), 'gates');
    assert.equal((await fetch(`${listener.url}/elsewhere`)).status, 404);
    assert.deepEqual([gates.closes.length, shop.closes.length], [2, 1]);
  } finally {
    await listener.close(0);
  }
});

test('two doors cannot have one path', () => {
  assert.throws(() => listen(new Echo('gates', 8), new Echo('gates', 8)), /two doors claim \/gates/);
});
