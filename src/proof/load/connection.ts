/**
 * One keep-alive connection that has at most one request on its way.
 *
 *     connecting -> idle -send-> waiting -answer-> idle …      lost (from any) -> connecting again
 *
 * Only what a closed conversation with a well-behaved server needs of HTTP/1.1 is read: the status, Content-Length, and the
 * body. Chunked answers are refused by name, since every server measured here names its lengths.
 */
import type { Socket } from 'bun';
import type { RequestBytes } from './request-bytes.ts';

/** Gets each answer, as a range of bytes that is only valid during the call. */
export interface Answers {
  onAnswer(connection: Connection, status: number, bytes: Uint8Array, bodyStart: number, bodyEnd: number): void;
  /** The connection was lost; `waiting` when an answer was due. */
  onLost(connection: Connection, waiting: boolean): void;
}

const carriageReturn = 13;
const lineFeed = 10;

export class Connection {
  readonly request: RequestBytes;
  waiting = false;
  /** Open loop: when the request on its way was due, ms; and its number. */
  dueMs = 0;
  number = 0;
  private readonly answers: Answers;
  private socket: Socket | null = null;
  private rest: Uint8Array | null = null;
  private unsentFrom = 0;
  private headersEnd = 0;
  private contentLength = 0;

  constructor(request: RequestBytes, answers: Answers) {
    this.request = request;
    this.answers = answers;
  }

  async connect(host: string, port: number): Promise<void> {
    this.rest = null;
    this.socket = await Bun.connect({
      hostname: host,
      port,
      socket: {
        data: (_, bytes) => this.onBytes(bytes),
        drain: () => this.flush(),
        close: () => this.onClosed(),
        error: () => this.onClosed(),
      },
    });
    this.socket.setNoDelay(true);
  }

  get isOpen(): boolean {
    return this.socket !== null;
  }

  /** Sends the bytes that `request` has now; they must stay as they are until the answer. */
  send(): void {
    this.waiting = true;
    this.unsentFrom = 0;
    this.flush();
  }

  close(): void {
    const { socket } = this;
    this.socket = null;
    socket?.end();
  }

  private flush(): void {
    const { bytes } = this.request;
    if (this.socket === null || !this.waiting || this.unsentFrom >= bytes.length) return;
    const rest = this.unsentFrom === 0 ? bytes : bytes.subarray(this.unsentFrom);
    this.unsentFrom += Math.max(0, this.socket.write(rest));
  }

  private onClosed(): void {
    if (this.socket === null) return;
    this.socket = null;
    const { waiting } = this;
    this.waiting = false;
    this.answers.onLost(this, waiting);
  }

  private onBytes(received: Uint8Array): void {
    const bytes = this.rest === null ? received : joined(this.rest, received);
    this.rest = null;
    if (!this.readHeaders(bytes) || this.headersEnd + this.contentLength > bytes.length) {
      this.rest = bytes.slice();
      return;
    }
    const end = this.headersEnd + this.contentLength;
    if (end < bytes.length || !this.waiting) throw new Error('a server answered what it was not asked');
    const status = (bytes[9]! - 48) * 100 + (bytes[10]! - 48) * 10 + bytes[11]! - 48;
    this.waiting = false;
    this.answers.onAnswer(this, status, bytes, this.headersEnd, end);
  }

  /** Finds the end of the headers and the length of the body; false while they are not all there. */
  private readHeaders(bytes: Uint8Array): boolean {
    const last = bytes.length - 1;
    this.contentLength = -1;
    for (let i = 12; i < last; i += 1) {
      if (bytes[i] !== lineFeed) continue;
      const next = bytes[i + 1]!;
      if (next === carriageReturn) {
        if (i + 2 > last) return false;
        if (this.contentLength < 0) throw new Error('an answer names no Content-Length');
        this.headersEnd = i + 3;
        return true;
      }
      // "Content-Length:", told from "Content-Type:" and "Connection:" by its dash and its L.
      if ((next | 32) === 0x63 && bytes[i + 8] === 0x2d && (bytes[i + 9]! | 32) === 0x6c && bytes[i + 15] === 0x3a) {
        this.contentLength = numberAt(bytes, i + 16);
      }
    }
    return false;
  }
}

function numberAt(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === 0x20) at += 1;
  let value = 0;
  for (let digit = bytes[at]! - 48; digit >= 0 && digit <= 9; digit = bytes[at]! - 48) {
    value = value * 10 + digit;
    at += 1;
  }
  return value;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
