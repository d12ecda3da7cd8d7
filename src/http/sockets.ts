/**
 * Long-lived connections: what a door gives the listener for them, and how several doors share a
 * listener.
 */
import type { ServerWebSocket, WebSocketHandler } from 'bun';
import type { Call } from './call.ts';

/** What every WebSocket of a listener carries: its owner. */
export interface SocketData {
  readonly sockets: Sockets;
}

export interface Sockets {
  /** Exact paths that it answers. */
  readonly paths: readonly string[];
  /** Whether clients write through it: foreign origins may not open it. */
  readonly writes?: true;
  /** The longest message accepted. */
  readonly maxMessageBytes: number;
  /**
   * A WebSocket whose reader is this far behind is cut off; the largest value in a listener holds
   * for all.
   */
  readonly maxUnsentBytes: number;
  /**
   * Answers any request to one of the paths; undefined when it became a WebSocket, with
   * `SocketData`.
   * @throws HttpFailure
   */
  handle(call: Call): Promise<Response | undefined>;
  opened(ws: ServerWebSocket<SocketData>): void;
  received(ws: ServerWebSocket<SocketData>, message: string | Buffer): void;
  drained(ws: ServerWebSocket<SocketData>): void;
  closed(ws: ServerWebSocket<SocketData>, code: number, reason: string): void;
  /** Ends every connection. */
  close(): void;
}

/** "Message too big." */
const tooBig = 1009;

/**
 * The runtime has one set of handlers for a server: each WebSocket names its owner. Undefined
 * without any.
 */
export function webSocketsOf(all: readonly Sockets[]): WebSocketHandler<SocketData> | undefined {
  if (all.length === 0) return undefined;
  return {
    maxPayloadLength: Math.max(...all.map(({ maxMessageBytes }) => maxMessageBytes)),
    backpressureLimit: Math.max(...all.map(({ maxUnsentBytes }) => maxUnsentBytes)),
    closeOnBackpressureLimit: true,
    open: (ws) => ws.data.sockets.opened(ws),
    message: (ws, message) => {
      const { sockets } = ws.data;
      if (Buffer.byteLength(message) > sockets.maxMessageBytes) ws.close(tooBig);
      else sockets.received(ws, message);
    },
    drain: (ws) => ws.data.sockets.drained(ws),
    close: (ws, code, reason) => ws.data.sockets.closed(ws, code, reason),
  };
}
