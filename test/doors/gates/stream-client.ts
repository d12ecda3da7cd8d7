/** A client of the taps' WebSocket, by the runtime's own, which sends what a test says. */
import assert from 'node:assert/strict';
import { readOutcomes } from './binary-tap.ts';

export interface Reply {
  readonly batch: number;
  readonly status: number;
  /** Where the batch was taken. */
  readonly outcomes: readonly Record<string, number>[];
  /** Where it was not. */
  readonly problem: Readonly<Record<string, unknown>> | null;
}

const patienceMs = 10_000;

export class StreamClient {
  readonly replies: Reply[] = [];
  /** Its code, once the connection has ended. */
  closed: number | null = null;
  private readonly socket: WebSocket;
  private wake: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => {
      this.replies.push(replyIn(Buffer.from(data as ArrayBuffer)));
      this.wake();
    });
    socket.addEventListener('close', ({ code }) => {
      this.closed = code;
      this.wake();
    });
  }

  /** @throws when the upgrade is refused */
  static async open(port: number, options: StreamOptions = {}): Promise<StreamClient> {
    // The runtime's own client takes headers, which the standard's has not.
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/taps/stream`, options as unknown as string[]);
    const client = new StreamClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('close', ({ code }) => reject(new Error(`closed with ${code}`)));
    });
    return client;
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  send(batch: number, taps: Uint8Array): void {
    const message = Buffer.alloc(4 + taps.length);
    message.writeUInt32LE(batch, 0);
    message.set(taps, 4);
    this.socket.send(message);
  }

  sendRaw(message: string | Uint8Array<ArrayBuffer>): void {
    this.socket.send(message);
  }

  /** The answers, once there are so many. */
  async heard(count: number): Promise<readonly Reply[]> {
    await this.until(() => this.replies.length >= count);
    return this.replies;
  }

  /** The code that it was closed with. */
  async ended(): Promise<number> {
    await this.until(() => this.closed !== null);
    return this.closed!;
  }

  close(): void {
    this.socket.close();
  }

  private async until(isDone: () => boolean): Promise<void> {
    const untilMs = performance.now() + patienceMs;
    while (!isDone()) {
      const leftMs = untilMs - performance.now();
      assert.ok(leftMs > 0, `heard ${this.replies.length} answers, closed: ${this.closed}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

export interface StreamOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

function replyIn(message: Buffer): Reply {
  const status = message.readUInt32LE(4);
  const rest = message.subarray(8);
  return {
    batch: message.readUInt32LE(0),
    status,
    outcomes: status === 0 ? readOutcomes(rest) : [],
    problem: status === 0 ? null : (JSON.parse(rest.toString()) as Record<string, unknown>),
  };
}
