/**
 * WebSockets whose clients write in binary messages, and get an answer to each.
 *
 *     request -> right -> open <--message, answer--> closing --all is answered--> closed
 *
 * A browser can send no header with a WebSocket: it gives the key as a subprotocol beside that of
 * the messages. The runtime cannot pause reading, so a client that sends more than it may is closed
 * instead, and one that takes no answers is cut off.
 */
import type { Server, ServerWebSocket } from 'bun';
import { needsKey } from './access.ts';
import type { Call } from './call.ts';
import { HttpFailure, problems } from './problems.ts';
import type { Right } from './rights.ts';
import type { SocketData, Sockets } from './sockets.ts';

/** Codes of RFC 6455 that a connection is closed with. */
const closeCodes = { goingAway: 1001, unsupportedData: 1003, policy: 1008 } as const;

/** What a door does with one connection. */
export interface BatchReader {
  received(message: Uint8Array): void;
  /** All that was sent has been taken. */
  drained(): void;
  closed(): void;
  /** The listener closes: answers what came, and then ends the connection. */
  finish(): void;
}

interface BatchSocketsOptions {
  readonly path: string;
  /** Subprotocol of the messages. Behind `keyPrefix` stands a key, in base64url. */
  readonly protocol: string;
  readonly keyPrefix: string;
  /** What a client must have the right to. */
  readonly needs: Right;
  readonly maxMessageBytes: number;
  readonly maxUnsentBytes: number;
  readonly maxConnections: number;
  open(call: Call, socket: BatchSocket): BatchReader;
}

interface BatchData extends SocketData {
  readonly socket: BatchSocket;
}

/** The outgoing side of a connection. */
export class BatchSocket {
  reader: BatchReader | null = null;
  private ws: ServerWebSocket<SocketData> | null = null;

  opened(ws: ServerWebSocket<SocketData>): void {
    this.ws = ws;
  }

  get unsentBytes(): number {
    return this.ws?.getBufferedAmount() ?? 0;
  }

  send(message: Uint8Array<ArrayBuffer>): void {
    this.ws?.sendBinary(message);
  }

  /** The client has sent what it may not; the reason tells it what. */
  refuse(reason: string): void {
    // A client that takes nothing would never get a close frame.
    if (this.unsentBytes > 0) this.cut();
    else this.ws?.close(closeCodes.policy, reason);
  }

  leave(): void {
    this.ws?.close(closeCodes.goingAway, 'the store is shutting down');
  }

  /** Ends it at once, and drops what was not taken. */
  cut(): void {
    this.ws?.terminate();
  }
}

export class BatchSockets implements Sockets {
  readonly paths: readonly string[];
  readonly writes = true;
  readonly maxMessageBytes: number;
  readonly maxUnsentBytes: number;
  private readonly options: BatchSocketsOptions;
  private readonly open = new Set<BatchSocket>();
  private isClosing = false;

  constructor(options: BatchSocketsOptions) {
    this.options = options;
    this.paths = [options.path];
    this.maxMessageBytes = options.maxMessageBytes;
    this.maxUnsentBytes = options.maxUnsentBytes;
  }

  get connections(): number {
    return this.open.size;
  }

  async handle(call: Call): Promise<Response | undefined> {
    const { request, server } = call;
    const { protocol, needs, maxConnections } = this.options;
    if (request.method !== 'GET') throw new HttpFailure(problems.METHOD_NOT_ALLOWED, undefined, [], { Allow: 'GET' });
    if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') throw noUpgrade();
    const offered = (call.header('sec-websocket-protocol') ?? '').split(',').map((one) => one.trim());
    call.offeredKey = this.keyIn(offered);
    if (!call.may(needs)) throw needsKey(needs);
    const speaks = offered.includes(protocol);
    if (!speaks && offered.some((one) => one !== '')) {
      throw new HttpFailure(problems.INVALID_REQUEST, `The subprotocol of this WebSocket is ${protocol}.`);
    }
    if (this.isClosing || this.open.size >= maxConnections) {
      throw new HttpFailure(
        problems.NOT_TAKEN,
        'Too many are connected already, or the store shuts down. Retry later.',
      );
    }
    const socket = new BatchSocket();
    const data: BatchData = { sockets: this, socket };
    const headers: Record<string, string> = speaks ? { 'Sec-WebSocket-Protocol': protocol } : {};
    // Before the upgrade, which may deliver a first message at once.
    socket.reader = this.options.open(call, socket);
    if (!(server as unknown as Server<SocketData>).upgrade(request, { data, headers })) throw noUpgrade();
    return undefined;
  }

  opened(ws: ServerWebSocket<SocketData>): void {
    const socket = socketOf(ws);
    socket.opened(ws);
    this.open.add(socket);
    if (this.isClosing) socket.leave();
  }

  received(ws: ServerWebSocket<SocketData>, message: string | Buffer): void {
    if (typeof message === 'string') ws.close(closeCodes.unsupportedData, 'messages are binary');
    else socketOf(ws).reader?.received(message);
  }

  drained(ws: ServerWebSocket<SocketData>): void {
    socketOf(ws).reader?.drained();
  }

  closed(ws: ServerWebSocket<SocketData>): void {
    const socket = socketOf(ws);
    this.open.delete(socket);
    socket.reader?.closed();
    socket.reader = null;
  }

  close(): void {
    this.isClosing = true;
    for (const socket of this.open) socket.reader?.finish();
  }

  private keyIn(offered: readonly string[]): string | null {
    const { keyPrefix } = this.options;
    const named = offered.find((one) => one.startsWith(keyPrefix));
    return named === undefined ? null : Buffer.from(named.slice(keyPrefix.length), 'base64url').toString();
  }
}

function noUpgrade(): HttpFailure {
  return new HttpFailure(problems.INVALID_REQUEST, 'This path takes WebSockets: ask for an upgrade to one.');
}

function socketOf(ws: ServerWebSocket<SocketData>): BatchSocket {
  return (ws.data as BatchData).socket;
}
