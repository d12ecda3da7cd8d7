/**
 * One keep-alive connection with at most one request in flight. Written by hand: no library between
 * us and the server retries, joins or changes anything, and it is cheap enough to generate load.
 *
 *     closed -connect-> idle -send-> waiting -answer-> idle …      lost (from any) -> closed
 *
 * Of HTTP/1.1 it reads the status, the length and the body, which may be chunked. An answer with
 * neither a length nor chunks is an error that says so.
 */
import type { Socket } from 'bun';
import { chunksOf, joinChunks } from './chunks.ts';
import { Received } from './received.ts';

/** Is told the result of each request. */
export interface Answers {
  /**
   * `bytes` up to `end` are the answer, its body from `bodyStart` on. They are valid during the
   * call only.
   */
  onAnswer(status: number, bytes: Uint8Array, bodyStart: number, end: number): void;
  /**
   * The connection is gone. `waiting`: an answer was due. `fault`: what was wrong with the server's
   * bytes.
   */
  onLost(waiting: boolean, fault: Error | null): void;
}

const carriageReturn = 13;
const lineFeed = 10;
const noBytes = new Uint8Array(0);

export class Connection {
  waiting = false;
  private readonly answers: Answers;
  private socket: Socket | null = null;
  private readonly received = new Received();
  private sending: Uint8Array = noBytes;
  private unsentFrom = 0;
  private status = 0;
  private bodyStart = 0;
  private contentLength = 0;
  private isChunked = false;

  constructor(answers: Answers) {
    this.answers = answers;
  }

  /**
   * @throws when no server listens there. `silentSeconds`: a connection without traffic for this
   * long is lost.
   */
  async connect(host: string, port: number, silentSeconds = 0): Promise<void> {
    this.received.clear();
    const socket = await Bun.connect({
      hostname: host,
      port,
      socket: {
        open: (opened) => {
          this.socket = opened;
        },
        // Late events of an earlier socket do not concern this one.
        data: (from, bytes) => {
          if (from === this.socket) this.onBytes(bytes);
        },
        drain: (from) => {
          if (from === this.socket) this.flush();
        },
        close: (from) => {
          if (from === this.socket) this.lose(null);
        },
        error: (from) => {
          if (from === this.socket) this.lose(null);
        },
        timeout: (from) => {
          if (from === this.socket) this.lose(null);
        },
      },
    });
    socket.setNoDelay(true);
    if (silentSeconds > 0) socket.timeout(silentSeconds);
  }

  get isOpen(): boolean {
    return this.socket !== null;
  }

  /** Sends a request. Its bytes must stay as they are until the answer. */
  send(bytes: Uint8Array): void {
    if (this.waiting) throw new Error('one request at a time');
    this.waiting = true;
    this.sending = bytes;
    this.unsentFrom = 0;
    this.flush();
  }

  /** Closes it without telling the handler. */
  close(): void {
    const { socket } = this;
    this.socket = null;
    this.waiting = false;
    socket?.end();
  }

  private flush(): void {
    const { sending } = this;
    if (this.socket === null || !this.waiting || this.unsentFrom >= sending.length) return;
    const rest = this.unsentFrom === 0 ? sending : sending.subarray(this.unsentFrom);
    this.unsentFrom += Math.max(0, this.socket.write(rest));
  }

  private lose(fault: Error | null): void {
    const { waiting } = this;
    this.close();
    this.answers.onLost(waiting, fault);
  }

  private onBytes(received: Uint8Array): void {
    const bytes = this.received.with(received);
    let answer: Uint8Array | null;
    try {
      answer = this.wholeAnswer(bytes);
    } catch (fault) {
      // Reached only by an error that is thrown right here.
      return this.lose(fault as Error);
    }
    if (answer === null) return this.received.keep(received);
    if (!this.waiting) return this.lose(unasked());
    this.received.clear();
    this.waiting = false;
    this.answers.onAnswer(this.status, answer, this.bodyStart, answer.length);
  }

  /**
   * The received answer with its body in one piece; null while it is incomplete. @throws for a
   * malformed answer
   */
  private wholeAnswer(bytes: Uint8Array): Uint8Array | null {
    if (!this.readHead(bytes)) return null;
    if (this.isChunked) {
      const chunks = chunksOf(bytes, this.bodyStart);
      if (chunks === null) return null;
      if (chunks.at(-1)!.end + 2 < bytes.length) throw unasked();
      return joinChunks(bytes, this.bodyStart, chunks);
    }
    const end = this.bodyStart + this.contentLength;
    if (end < bytes.length) throw unasked();
    return end > bytes.length ? null : bytes;
  }

  private readHead(bytes: Uint8Array): boolean {
    const last = bytes.length - 1;
    this.contentLength = -1;
    this.isChunked = false;
    for (let i = 12; i < last; i += 1) {
      if (bytes[i] !== lineFeed) continue;
      const next = bytes[i + 1]!;
      if (next === carriageReturn) {
        if (i + 2 > last) return false;
        this.bodyStart = i + 3;
        this.status = (bytes[9]! - 48) * 100 + (bytes[10]! - 48) * 10 + bytes[11]! - 48;
        if (this.status === 204 || this.status === 304) this.contentLength = 0;
        if (this.contentLength < 0 && !this.isChunked) throw new Error('an answer names no length');
        return true;
      }
      // "Content-Length:", told from "Content-Type:" and "Connection:" by its dash and its L.
      if ((next | 32) === 0x63 && bytes[i + 8] === 0x2d && (bytes[i + 9]! | 32) === 0x6c && bytes[i + 15] === 0x3a) {
        this.contentLength = numberAt(bytes, i + 16);
      }
      // "Transfer-Encoding:", which has no other value than chunked.
      if ((next | 32) === 0x74 && bytes[i + 9] === 0x2d && (bytes[i + 10]! | 32) === 0x65 && bytes[i + 18] === 0x3a) {
        this.isChunked = true;
      }
    }
    return false;
  }
}

function unasked(): Error {
  return new Error('a server answered what it was not asked');
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
