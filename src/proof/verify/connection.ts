/**
 * A keep-alive connection with at most one request on its way. Written by hand so that nothing between us and the server repeats, joins
 * or changes anything: what comes back are the server's bytes, or nothing.
 *
 *     closed -request-> connecting -> waiting -answer-> open -request-> waiting …      lost (from any) -> closed
 */
import net from 'node:net';
import type { Answer, Request } from '../audit/operation.ts';
import { positionNumber } from '../audit/json.ts';

/** Where the server listens now: it changes with each start. */
export interface Target {
  port: number;
  readonly operatorKey: string;
}

/** No whole answer came. Whether the request was taken is unknown. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** Longer than the server lets anything wait, ms. */
const patienceMs = 20_000;
const headersEnd = Buffer.from('\r\n\r\n');

export class Connection {
  private readonly target: Target;
  private socket: net.Socket | null = null;
  private port = 0;
  private received: Buffer = Buffer.alloc(0);
  private waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null;

  constructor(target: Target) {
    this.target = target;
  }

  /** Sends one request and waits for its answer. @throws NoAnswerError */
  request(asked: Request): Promise<Answer> {
    if (this.waiting !== null) throw new Error('one request at a time');
    const bytes = encode(asked, this.target);
    const socket = this.connected();
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      socket.write(bytes);
    });
  }

  close(): void {
    this.socket?.destroy();
  }

  private connected(): net.Socket {
    if (this.socket !== null && this.port === this.target.port) return this.socket;
    this.socket?.destroy();
    const socket = net.connect(this.target.port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer in time')));
    socket.on('data', (chunk: Buffer) => this.socket === socket && this.onData(chunk));
    socket.on('error', () => this.onLost(socket));
    socket.on('close', () => this.onLost(socket));
    this.port = this.target.port;
    this.received = Buffer.alloc(0);
    this.socket = socket;
    return socket;
  }

  private onLost(socket: net.Socket): void {
    if (this.socket !== socket) return;
    this.socket = null;
    const { waiting } = this;
    this.waiting = null;
    waiting?.reject(new NoAnswerError('the connection was lost before the answer'));
  }

  private onData(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf(headersEnd);
    if (end < 0) return;
    const head = this.received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const bodyStart = end + headersEnd.length;
    if (this.received.length < bodyStart + length) return;
    const body = this.received.toString('utf8', bodyStart, bodyStart + length);
    this.received = this.received.subarray(bodyStart + length);
    const { waiting } = this;
    this.waiting = null;
    waiting?.resolve(decode(head, body));
  }
}

function encode(asked: Request, target: Target): string {
  const body = asked.body ?? '';
  let head = `${asked.method} ${asked.path} HTTP/1.1\r\nHost: 127.0.0.1:${target.port}\r\n`;
  if (asked.body !== null) head += 'Content-Type: application/json\r\n';
  if (asked.method !== 'GET') head += `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  if (asked.key !== null) head += `Idempotency-Key: ${asked.key}\r\n`;
  if (asked.token !== null) head += `Holdfast-Token: ${asked.token}\r\n`;
  if (asked.byOperator) head += `Authorization: Bearer ${target.operatorKey}\r\n`;
  return `${head}\r\n${body}`;
}

function decode(head: string, body: string): Answer {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  const position = /\r\nholdfast-position: *(\S+)/i.exec(head)?.[1];
  return {
    status,
    body,
    position: position === undefined ? null : positionNumber(position),
    replayed: /\r\nidempotency-replayed: *true/i.test(head),
  };
}
