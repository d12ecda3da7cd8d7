/** Connections that stay: what a door hands to the listener for them. */
import type { WebSocketHandler } from 'bun';
import type { Call } from './call.ts';

export interface Sockets {
  /** Exact paths it answers. */
  readonly paths: readonly string[];
  /** Bun's handlers of the WebSockets that `handle` upgrades. */
  readonly webSockets: WebSocketHandler<unknown>;
  /** Any request to one of the paths; undefined when it became a WebSocket. @throws HttpFailure */
  handle(call: Call): Promise<Response | undefined>;
  /** Ends every connection. */
  close(): void;
}
