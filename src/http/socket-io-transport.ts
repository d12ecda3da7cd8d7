/**
 * Engine.IO on this listener: Bun's engine for it, with limits around it and three corrections in
 * front of it.
 *
 *     request -> limits -> engine -> session:  polling --upgrade--> WebSocket --> closed
 *
 * The engine sets no limits on the number of sessions, the size and duration of a body, or the
 * bytes that wait for a reader; this file does. It corrects three answers. A second WebSocket for a
 * session is accepted and closed, as the protocol wants (the engine answers 400). A malformed
 * upgrade gets 400 (the engine: 500). A poll that only claims to be a WebSocket gets 400 too (the
 * engine takes it for a poll, which drains the session's messages).
 */
import type { Server, ServerWebSocket } from 'bun';
import { Server as Engine } from '@socket.io/bun-engine';
import type { Call } from './call.ts';
import { HttpFailure, problems, retryAfterSeconds } from './problems.ts';
import type { SocketData, Sockets } from './sockets.ts';

/** The runtime cuts off a WebSocket whose reader is this far behind, bytes. */
const maxUnsentBytes = 256 * 1024;
/**
 * A poll is answered after one ping interval at the latest; the listener's own idle limit must not
 * come first, s.
 */
const pollSeconds = 120;
/**
 * How long a client's close packet waits for the poll that it ends, ms: they come on two
 * connections, in either order.
 */
const goodbyeMs = 10;
const closePacket = '1'.charCodeAt(0);
/** "Try again later", for sessions that already have a WebSocket. */
const alreadyUpgraded = 1013;

interface SocketIoOptions {
  /** With a trailing slash, as clients send it. */
  readonly path: string;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  /** Largest message or body accepted. */
  readonly maxMessageBytes: number;
  readonly maxSessions: number;
  /** Limit for one client address. */
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
 * What a WebSocket carries besides its owner; absent for those that are closed right after opening.
 */
interface TransportData extends SocketData {
  readonly transport: object | null;
}

type AnyServer = Parameters<Engine['handleRequest']>[1];
type AnyWebSocket = Parameters<Engine['onWebSocketOpen']>[0];
type Socket = ServerWebSocket<SocketData>;

/** The outgoing side of a session. */
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

  /** Bytes sent to it and not yet taken, as far as this process knows. */
  get unsentBytes(): number {
    return this.waitingBytes + (this.sockets.webSocketOf(this.session)?.getBufferedAmount() ?? 0);
  }

  /** Subscribes it to a topic; false while it polls, since only WebSockets can. */
  subscribe(topic: string): boolean {
    const webSocket = this.sockets.webSocketOf(this.session);
    webSocket?.subscribe(topic);
    return webSocket !== undefined;
  }

  unsubscribe(topic: string): void {
    this.sockets.webSocketOf(this.session)?.unsubscribe(topic);
  }

  /** Ends the session and drops its pending messages. */
  cut(): void {
    this.sockets.webSocketOf(this.session)?.terminate();
    // Its `close` would wait until the reader has taken the pending messages.
    this.session.onClose('cut off');
  }

  /** Calls back when a polling session has its WebSocket. */
  onUpgraded(then: () => void): void {
    this.whenUpgraded = then;
  }

  /** Calls back once, when the pending messages were taken. */
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
 * The status for an upgrade without its headers, as a proxy that does not pass upgrades on sends
 * it: the client then falls back to polling.
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
  /** By transport: its WebSocket while open, and the session behind it. */
  private readonly open = new Map<object, Socket>();
  private readonly carried = new Map<object, SessionOutput>();
  /** Whose request is opening a session, and how many sessions each address has. */
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

  /** The outgoing side of a session; Socket.IO has it as a socket's `conn`. */
  output(session: object): SessionOutput | undefined {
    return this.outputs.get(session);
  }

  /**
   * Sends one message to every subscribed WebSocket. It is encoded once, by the runtime, at a
   * fraction of the cost of one call for each.
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
    // The engine trusts the headers alone and would handle the request as a poll: the session's
    // pending messages would be lost.
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
      // The engine's status for an upgrade that the runtime refuses, such as one without a key or
      // with odd characters.
      if (answer.status === 500) throw noUpgrade();
      return answer.status === 200 ? undefined : answer;
    }
    const data: TransportData = { sockets: this, transport: null };
    if (!(server as unknown as Server<SocketData>).upgrade(request, { data })) throw noUpgrade();
    return undefined;
  }

  /**
   * The body is read here, within its limits, and handed on whole. Breaking a limit ends the
   * session.
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
   * The engine upgrades by itself and names no owner of the WebSocket; that is added on the way.
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
   * Notes the client whose session this may become.
   * @throws HttpFailure 503 when the address has reached its limit
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
