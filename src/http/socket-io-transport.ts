/**
 * Engine.IO on this listener: Bun's engine for it, with limits around it and three corrections in
 * front of it.
 *
 *     request -> limits -> engine -> session:  polling --upgrade--> WebSocket --> closed
 *
 * What the engine leaves open is closed here: how many sessions there are, how large a body is and
 * how long it may take, how many bytes wait for a reader. Corrected: a WebSocket that names a
 * session which has one already is accepted and closed, as the protocol wants (the engine answers
 * 400), what only looks like an upgrade is a 400 (there a 500), and so is what only claims to be
 * one (there a poll, which takes what waits for the session).
 */
import type { Server, ServerWebSocket } from 'bun';
import { Server as Engine } from '@socket.io/bun-engine';
import type { Call } from './call.ts';
import { HttpFailure, problems, retryAfterSeconds } from './problems.ts';
import type { SocketData, Sockets } from './sockets.ts';

/** A WebSocket whose reader is so far behind is cut off by the runtime, bytes. */
const maxUnsentBytes = 256 * 1024;
/**
 * A poll is answered after a ping interval at the latest; the listener's own idle limit must not
 * come first, s.
 */
const pollSeconds = 120;
/**
 * How long a client's goodbye waits for the poll that it ends, ms: they come on two connections, in
 * either order.
 */
const goodbyeMs = 10;
const closePacket = '1'.charCodeAt(0);
/** "Try again later", for sessions that have their WebSocket already. */
const alreadyUpgraded = 1013;

interface SocketIoOptions {
  /** With a slash at its end, as clients ask for it. */
  readonly path: string;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  /** Largest message or body that is taken. */
  readonly maxMessageBytes: number;
  readonly maxSessions: number;
  /** Of one client address. */
  readonly maxSessionsPerAddress: number;
}

/** The part of the engine's socket that is used. */
interface EngineSession {
  readonly id: string;
  readonly transport: { readonly name: string; readonly writable: boolean };
  on(event: 'packetCreate', listener: (packet: { data?: unknown }) => void): unknown;
  on(event: 'flush' | 'drain' | 'close' | 'upgrade', listener: () => void): unknown;
  close(): void;
  onClose(reason: string): void;
}

/**
 * Beside whose a WebSocket is, what it carries; nothing for those that are closed as soon as they
 * are open.
 */
interface TransportData extends SocketData {
  readonly transport: object | null;
}

type AnyServer = Parameters<Engine['handleRequest']>[1];
type AnyWebSocket = Parameters<Engine['onWebSocketOpen']>[0];
type Socket = ServerWebSocket<SocketData>;

/** One session's outgoing side. */
export class SessionOutput {
  private readonly sockets: SocketIoTransport;
  private readonly session: EngineSession;
  /** Bytes in the engine's own buffer, which grows between two polls. */
  private waitingBytes = 0;
  private whenDrained: (() => void) | null = null;
  private whenUpgraded: (() => void) | null = null;

  constructor(sockets: SocketIoTransport, session: EngineSession) {
    this.sockets = sockets;
    this.session = session;
    session.on('packetCreate', ({ data }) => (this.waitingBytes += sizeOf(data)));
    session.on('flush', () => (this.waitingBytes = 0));
    session.on('drain', () => this.drained());
    session.on('upgrade', () => this.whenUpgraded?.());
  }

  /** Bytes that were sent to it and not taken yet, as far as this process knows. */
  get unsentBytes(): number {
    return this.waitingBytes + (this.sockets.webSocketOf(this.session)?.getBufferedAmount() ?? 0);
  }

  /**
   * From now on it gets what is published to a topic; false while it polls, since only WebSockets
   * can.
   */
  subscribe(topic: string): boolean {
    const webSocket = this.sockets.webSocketOf(this.session);
    webSocket?.subscribe(topic);
    return webSocket !== undefined;
  }

  unsubscribe(topic: string): void {
    this.sockets.webSocketOf(this.session)?.unsubscribe(topic);
  }

  /** Ends the session, and lets go what waits for it. */
  cut(): void {
    this.sockets.webSocketOf(this.session)?.terminate();
    // Its `close` would wait until the reader has taken what waits.
    this.session.onClose('cut off');
  }

  /** Calls when a session that polls has its WebSocket. */
  onUpgraded(then: () => void): void {
    this.whenUpgraded = then;
  }

  /** Calls once, when it has taken what waits. */
  onceDrained(then: () => void): void {
    this.whenDrained = then;
  }

  drained(): void {
    const then = this.whenDrained;
    if (then === null || this.unsentBytes > 0) return;
    this.whenDrained = null;
    then();
  }
}

function sizeOf(sent: unknown): number {
  if (typeof sent === 'string') return sent.length + 2;
  return ArrayBuffer.isView(sent) || sent instanceof ArrayBuffer ? sent.byteLength : 2;
}

function noUpgrade(): HttpFailure {
  return new HttpFailure(problems.INVALID_REQUEST, 'This is no upgrade to a WebSocket.');
}

/**
 * What a proxy makes of an upgrade that it does not pass on: the client falls back to polling when
 * it hears of it.
 */
function upgradeLost(): HttpFailure {
  const words = 'The transport websocket needs an upgrade, which did not arrive here. Use the transport polling.';
  return new HttpFailure(problems.INVALID_REQUEST, words);
}

export class SocketIoTransport implements Sockets {
  readonly paths: readonly string[];
  readonly maxMessageBytes: number;
  readonly maxUnsentBytes = maxUnsentBytes;
  /** For Socket.IO's `bind`. */
  readonly engine: Engine;
  private readonly options: SocketIoOptions;
  private readonly sessions = new Map<string, EngineSession>();
  private readonly outputs = new WeakMap<object, SessionOutput>();
  /** By transport: its WebSocket while it is open, and whom it carries to. */
  private readonly open = new Map<object, Socket>();
  private readonly carried = new Map<object, SessionOutput>();
  /** Whose request is opening a session, and how many each address has. */
  private readonly addresses = new WeakMap<Request, string>();
  private readonly sessionsOf = new Map<string, number>();
  private server: Server<undefined> | null = null;

  constructor(options: SocketIoOptions) {
    this.options = options;
    const { path, pingIntervalMs, pingTimeoutMs, maxMessageBytes } = options;
    this.paths = [path, path.slice(0, -1)];
    this.maxMessageBytes = maxMessageBytes;
    this.engine = new Engine({
      path,
      pingInterval: pingIntervalMs,
      pingTimeout: pingTimeoutMs,
      maxHttpBufferSize: maxMessageBytes,
    });
    this.engine.on('connection', (session, request) =>
      this.sessionOpened(session as unknown as EngineSession, this.addresses.get(request)),
    );
  }

  get sessionCount(): number {
    return this.sessions.size;
  }

  /** The outgoing side of a session, which is what Socket.IO has as a socket's `conn`. */
  output(session: object): SessionOutput | undefined {
    return this.outputs.get(session);
  }

  /**
   * Sends one message to every WebSocket that is subscribed: encoded once, and by the runtime,
   * which takes a fraction of what a call for each costs.
   */
  publish(topic: string, message: string): void {
    this.server?.publish(topic, message);
  }

  webSocketOf(session: { readonly transport: object }): Socket | undefined {
    return this.open.get(session.transport);
  }

  async handle(call: Call): Promise<Response | undefined> {
    const { request, server } = call;
    this.server = server;
    if (!URL.canParse(request.url)) throw new HttpFailure(problems.INVALID_REQUEST, 'The Host header is no host.');
    const isUpgrade = request.headers.has('upgrade');
    const { searchParams } = call.url;
    // The engine goes by the headers alone, and would take the claim for a poll: what waits for the
    // session would be lost.
    if (!isUpgrade && searchParams.get('transport') === 'websocket') throw upgradeLost();
    if (isUpgrade && searchParams.get('transport') === 'polling') throw noUpgrade();
    const id = searchParams.get('sid');
    const session = id === null ? undefined : this.sessions.get(id);
    if (id === null && this.sessions.size >= this.options.maxSessions) {
      throw new HttpFailure(problems.NOT_TAKEN, 'Too many listen already. Retry later.');
    }
    if (id === null) this.noteAddress(call);
    if (isUpgrade) return this.upgrade(request, server, session);
    if (request.method === 'GET') server.timeout(request, pollSeconds);
    if (request.method !== 'POST' || session === undefined) return this.ask(request, server);
    return this.post(call, session);
  }

  close(): void {
    this.engine.close();
  }

  private async upgrade(
    request: Request,
    server: Server<undefined>,
    session: EngineSession | undefined,
  ): Promise<Response | undefined> {
    const isMeant = request.method === 'GET' && request.headers.get('upgrade')?.toLowerCase() === 'websocket';
    if (!isMeant) throw noUpgrade();
    if (session?.transport.name !== 'websocket') {
      const answer = await this.ask(request, server);
      // Its word for what the runtime does not take as an upgrade, such as one with no key, or one
      // of odd characters.
      if (answer.status === 500) throw noUpgrade();
      return answer.status === 200 ? undefined : answer;
    }
    const data: TransportData = { sockets: this, transport: null };
    if (!(server as unknown as Server<SocketData>).upgrade(request, { data })) throw noUpgrade();
    return undefined;
  }

  /**
   * The body is read here, within its limits, and handed on whole. A body that breaks a limit ends
   * its session.
   */
  private async post(call: Call, session: EngineSession): Promise<Response> {
    const { request, server } = call;
    try {
      const body = await call.readBytes(this.options.maxMessageBytes);
      const isGoodbye = body.length === 1 && body[0] === closePacket;
      if (isGoodbye && !session.transport.writable) await new Promise((resolve) => setTimeout(resolve, goodbyeMs));
      return await this.ask(new Request(request.url, { method: 'POST', headers: request.headers, body }), server);
    } catch (error) {
      if (error instanceof HttpFailure) session.close();
      throw error;
    }
  }

  /**
   * The engine upgrades by itself, and says nothing of whose the WebSocket is: that is added on the
   * way.
   */
  private ask(request: Request, server: Server<undefined>): Promise<Response> {
    const upgrade = (asked: Request, options: { headers: Headers; data: { transport: object } }): boolean =>
      (server as unknown as Server<SocketData>).upgrade(asked, {
        ...options,
        data: { ...options.data, sockets: this },
      });
    return this.engine.handleRequest(request, { upgrade } as unknown as AnyServer);
  }

  /**
   * Notes whose session this may become.
   * @throws HttpFailure 503 when the address has as many as it
   * may
   */
  private noteAddress(call: Call): void {
    const { address } = call.client;
    if (address === null) return;
    if ((this.sessionsOf.get(address) ?? 0) >= this.options.maxSessionsPerAddress) {
      throw new HttpFailure(problems.TOO_MANY_CALLS, 'Too many listen from this address already. Retry later.', [], {
        'Retry-After': String(retryAfterSeconds),
      });
    }
    this.addresses.set(call.request, address);
  }

  private count(address: string | undefined, change: 1 | -1): void {
    if (address === undefined) return;
    const sessions = (this.sessionsOf.get(address) ?? 0) + change;
    if (sessions > 0) this.sessionsOf.set(address, sessions);
    else this.sessionsOf.delete(address);
  }

  private sessionOpened(session: EngineSession, address: string | undefined): void {
    this.count(address, 1);
    this.sessions.set(session.id, session);
    const output = new SessionOutput(this, session);
    this.outputs.set(session, output);
    if (this.open.has(session.transport)) this.carried.set(session.transport, output);
    session.on('upgrade', () => this.carried.set(session.transport, output));
    session.on('close', () => {
      if (this.sessions.has(session.id)) this.count(address, -1);
      this.sessions.delete(session.id);
      this.carried.delete(session.transport);
    });
  }

  opened(ws: Socket): void {
    const transport = transportOf(ws);
    if (transport === null) {
      ws.close(alreadyUpgraded, 'this session has a WebSocket');
      return;
    }
    this.open.set(transport, ws);
    this.engine.onWebSocketOpen(ws as unknown as AnyWebSocket);
  }

  received(ws: Socket, message: string | Buffer): void {
    if (transportOf(ws) !== null) this.engine.onWebSocketMessage(ws as unknown as AnyWebSocket, message);
  }

  drained(ws: Socket): void {
    const transport = transportOf(ws);
    if (transport !== null) this.carried.get(transport)?.drained();
  }

  closed(ws: Socket, code: number, reason: string): void {
    const transport = transportOf(ws);
    if (transport === null) return;
    this.open.delete(transport);
    this.engine.onWebSocketClose(ws as unknown as AnyWebSocket, code, reason);
  }
}

function transportOf(ws: Socket): object | null {
  return (ws.data as TransportData).transport;
}
