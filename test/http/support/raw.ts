/** One connection by hand: bytes out, answers in, in the order they come. */
import net from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** How long a test waits for what must come, ms. */
const patienceMs = 4000;

export class RawConnection {
  readonly closed: Promise<void>;
  private readonly socket: net.Socket;
  private received = Buffer.alloc(0);
  private isClosed = false;
  private wake: () => void = () => {};

  private constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.wake();
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.isClosed = true;
        this.wake();
        resolve();
      });
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = net.connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawConnection(socket);
  }

  send(bytes: string | Uint8Array): void {
    if (this.isClosed) return;
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** The next answer; null when the connection closes without one. */
  async answer(toHead = false): Promise<RawAnswer | null> {
    const untilMs = performance.now() + patienceMs;
    for (;;) {
      const found = this.take(toHead);
      if (found !== null || this.isClosed) return found;
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) throw new Error(`no answer in ${patienceMs} ms; so far: ${this.received.toString('latin1')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Whether the other side closes within a time. */
  async closesWithin(ms: number): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const waited = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([this.closed, waited]);
    clearTimeout(timer);
    return this.isClosed;
  }

  end(): void {
    this.socket.destroy();
  }

  private take(toHead: boolean): RawAnswer | null {
    const text = this.received.toString('latin1');
    const headEnd = text.indexOf('\r\n\r\n');
    if (headEnd < 0) return null;
    const head = text.slice(0, headEnd);
    const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 0);
    const length = toHead || status < 200 || status === 204 ? 0 : Number(headerOf(head, 'content-length') ?? 0);
    const end = headEnd + 4 + length;
    if (text.length < end) return null;
    this.received = this.received.subarray(end);
    return { status, head, body: Buffer.from(text.slice(headEnd + 4, end), 'latin1').toString() };
  }
}

/** A header's value in the head of an answer; null when it has none. */
export function headerOf(head: string, name: string): string | null {
  return new RegExp(`^${name}: *(.*?) *\\r?$`, 'im').exec(head)?.[1] ?? null;
}

/** The bytes of a request, with the headers it needs. */
export function requestText(method: string, path: string, headers: readonly string[] = [], body = ''): string {
  const length = body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`];
  return [`${method} ${path} HTTP/1.1`, 'Host: localhost', ...length, ...headers, '', body].join('\r\n');
}

/** One request on a connection of its own. */
export async function exchange(port: number, bytes: string | Uint8Array): Promise<RawAnswer | null> {
  const connection = await RawConnection.open(port);
  try {
    connection.send(bytes);
    return await connection.answer();
  } finally {
    connection.end();
  }
}
