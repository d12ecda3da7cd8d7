/** A real client of the live events, which keeps what it receives. */
import { io } from 'socket.io-client';

export interface StockUpdate {
  readonly dropId: number;
  readonly availableStock: number;
}

export interface Purchase {
  readonly dropId: number;
  readonly userId: number | null;
  readonly username: string | null;
  readonly timestamp: string;
}

export type Transport = 'websocket' | 'polling';

export class EventListener {
  /** The stock of each drop as received before `connected`. */
  readonly present: StockUpdate[] = [];
  /** Every event from `connected` on, in order, as [name, ...what it said]. */
  readonly heard: (readonly [string, ...unknown[]])[] = [];
  readonly updates: StockUpdate[] = [];
  /** performance.now() at each update. */
  readonly updatedAtMs: number[] = [];
  readonly purchases: Purchase[] = [];
  private readonly socket: ReturnType<typeof io>;

  /** Without transports: the settings that the client has by itself. */
  private constructor(port: number, transports: readonly Transport[]) {
    this.socket = io(`http://localhost:${port}`, {
      ...(transports.length > 0 ? { transports: [...transports] } : {}),
      forceNew: true,
      reconnection: false,
    });
    this.socket.onAny((name: string, ...said: unknown[]) => this.heard.push([name, ...said]));
    this.socket.on('stockUpdate', (update: StockUpdate) => {
      this.updates.push(update);
      this.updatedAtMs.push(performance.now());
    });
    this.socket.on('newPurchase', (purchase: Purchase) => this.purchases.push(purchase));
  }

  /** Resolves once the server has said `connected`. */
  static async connect(port: number, ...transports: readonly Transport[]): Promise<EventListener> {
    const listener = new EventListener(port, transports);
    await new Promise<void>((resolve, reject) => {
      listener.socket.once('connected', (said: unknown) => {
        listener.present.push(...listener.updates.splice(0));
        listener.updatedAtMs.length = 0;
        listener.heard.splice(0, listener.heard.length, ['connected', said]);
        resolve();
      });
      listener.socket.once('connect_error', reject);
    });
    return listener;
  }

  /** What this client speaks over now. */
  get transport(): string {
    return this.socket.io.engine.transport.name;
  }

  get isConnected(): boolean {
    return this.socket.connected;
  }

  /** The last received stock of a drop; undefined before the first. */
  latest(dropId: number): number | undefined {
    return this.updates.findLast((update) => update.dropId === dropId)?.availableStock;
  }

  send(name: string, ...said: unknown[]): void {
    this.socket.emit(name, ...said);
  }

  close(): void {
    this.socket.disconnect();
  }
}
