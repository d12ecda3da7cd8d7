/**
 * A server that answers what it is told, as the protocols' own suites ask for, and a client that
 * speaks bytes: so that what is tested is what goes over the wire. The cases are those of the
 * suites of Engine.IO 4 and Socket.IO 5, in words of our own.
 */
import assert from 'node:assert/strict';
import { Server as SocketServer } from 'socket.io';
import { AccessControl } from '../../../../src/http/access.ts';
import { SocketIoTransport } from '../../../../src/http/socket-io-transport.ts';
import { Listener } from '../../../../src/http/listener.ts';
import { createLogger } from '../../../../src/http/logging.ts';
import { jsonAnswer } from '../../../../src/doors/kit/answers.ts';
import type { Door } from '../../../../src/http/door.ts';

export const pingIntervalMs = 300;
export const pingTimeoutMs = 200;
export const maxPayload = 1_000_000;

export class EchoServer {
  readonly path: string;
  readonly sockets: SocketIoTransport;
  private readonly listener: Listener;

  constructor(path: string, limits: { readonly maxSessions?: number; readonly maxMessageBytes?: number } = {}) {
    this.path = path;
    this.sockets = new SocketIoTransport({
      path,
      pingIntervalMs,
      pingTimeoutMs,
      maxMessageBytes: maxPayload,
      maxSessions: 1000,
      maxSessionsPerAddress: 1000,
      ...limits,
    });
    const door: Door = {
      name: 'echo',
      routes: [],
      prefixes: [],
      sockets: this.sockets,
      failed: ({ row, detail }) => jsonAnswer({ error: detail }, row.status),
    };
    const access = new AccessControl({ operatorKey: null, open: false, origins: [] });
    this.listener = new Listener({
      port: 0,
      host: '127.0.0.1',
      doors: [door],
      access,
      logger: createLogger('silent'),
    });
  }

  /** Sends every message back, as the suite of Engine.IO wants. */
  static engine(): EchoServer {
    const server = new EchoServer('/engine.io/');
    server.sockets.engine.on('connection', (session) => session.on('data', (data) => session.write(data)));
    return server;
  }

  /**
   * Sends what it got in the handshake, and echoes every event, as the suite of Socket.IO wants.
   */
  static socketIo(): EchoServer {
    const server = new EchoServer('/socket.io/');
    const io = new SocketServer({ connectTimeout: 1000, serveClient: false });
    io.bind(server.sockets.engine);
    io.on('connection', (socket) => {
      socket.emit('auth', socket.handshake.auth);
      socket.on('message', (...args: unknown[]) => socket.emit('message-back', ...args));
      socket.on('message-with-ack', (...args: unknown[]) => {
        const acknowledge = args.pop() as (...said: unknown[]) => void;
        acknowledge(...args);
      });
    });
    io.of('/custom').on('connection', (socket) => socket.emit('auth', socket.handshake.auth));
    return server;
  }

  get port(): number {
    return this.listener.port;
  }

  url(query: string): string {
    return `http://localhost:${this.port}${this.path}?${query}`;
  }

  poll(sid: string, more = ''): Promise<Response> {
    return fetch(this.url(`EIO=4&transport=polling&sid=${sid}${more}`));
  }

  push(sid: string, body: string): Promise<Response> {
    return fetch(this.url(`EIO=4&transport=polling&sid=${sid}`), { method: 'POST', body });
  }

  /** A session by polling; returns its id. */
  async session(): Promise<string> {
    const response = await fetch(this.url('EIO=4&transport=polling'));
    return readOpening(await response.text()).sid;
  }

  wire(query = 'EIO=4&transport=websocket'): Wire {
    return new Wire(this.url(query).replace('http:', 'ws:'));
  }

  /** A WebSocket whose session is open. */
  async opened(): Promise<Wire> {
    const wire = this.wire();
    readOpening(String(await wire.next()));
    return wire;
  }

  close(): Promise<void> {
    return this.listener.close(0);
  }
}

export interface Opening {
  readonly sid: string;
  readonly upgrades: readonly string[];
}

/** The first packet of a session, with what it must say. */
export function readOpening(packet: string): Opening {
  assert.equal(packet.charAt(0), '0');
  const opening = JSON.parse(packet.slice(1)) as Record<string, unknown> & Opening;
  assert.deepEqual(Object.keys(opening).sort(), ['maxPayload', 'pingInterval', 'pingTimeout', 'sid', 'upgrades']);
  assert.equal(typeof opening.sid, 'string');
  assert.deepEqual(
    [opening['pingInterval'], opening['pingTimeout'], opening['maxPayload']],
    [pingIntervalMs, pingTimeoutMs, maxPayload],
  );
  return opening;
}

/** A WebSocket that keeps what it receives until it is asked for. */
export class Wire {
  readonly opened: Promise<void>;
  readonly closed: Promise<void>;
  private readonly socket: WebSocket;
  private readonly received: (string | Uint8Array)[] = [];
  private wake: () => void = () => {};

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.binaryType = 'arraybuffer';
    this.opened = new Promise((resolve) => this.socket.addEventListener('open', () => resolve()));
    this.closed = new Promise((resolve) => this.socket.addEventListener('close', () => resolve()));
    this.socket.addEventListener('error', () => {});
    this.socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      this.received.push(typeof data === 'string' ? data : new Uint8Array(data));
      this.wake();
    });
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.socket.send(data);
  }

  /** The next message, pings included. */
  async next(): Promise<string | Uint8Array> {
    for (;;) {
      const message = this.received.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** The next message that is no ping. */
  async nextSaid(): Promise<string | Uint8Array> {
    for (;;) {
      const message = await this.next();
      if (message !== '2') return message;
    }
  }

  close(): void {
    this.socket.close();
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
