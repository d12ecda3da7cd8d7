/**
 * One WebSocket to `/v1/taps/stream`: batches of taps out, their outcomes back in the order sent.
 * It does not reconnect, and keeps nothing: whoever uses it does.
 */
import { after } from '../retry.ts';
import { tapBytes } from './tap-bytes.ts';

const protocol = 'holdfast.taps';
/** Bytes before the taps of a batch, and before the outcomes of an answer. */
const batchHead = 4;
const answerHead = 8;

/** The answer to one batch. */
export interface BatchAnswer {
  /** 0: the store has taken it; else the HTTP status of the refusal. */
  readonly status: number;
  /** Outcomes in the order of the taps: `count` of them from byte `start` on. */
  readonly view: DataView;
  readonly start: number;
  readonly count: number;
  /** The problem document of a refusal, as text. */
  readonly problem: string | null;
}

export interface TapStreamOptions {
  /** Address of the store, `http` or `https`, without a slash at the end. */
  readonly url: string;
  /** A gate's key; null for a store that needs none. */
  readonly key: string | null;
  /** How long the store may take to open the connection, or to answer a batch, ms. */
  readonly answerMs: number;
  readonly onOpen: () => void;
  readonly onAnswer: (answer: BatchAnswer) => void;
  /**
   * Called once: it broke, was refused, or fell silent. Batches without an answer may have counted.
   */
  readonly onClose: (reason: string) => void;
}

export class TapStream {
  private readonly options: TapStreamOptions;
  private readonly socket: WebSocket;
  /** Taps of the batches that have no answer yet, oldest first, and when each was sent. */
  private readonly unanswered: { readonly taps: number; readonly sentMs: number }[] = [];
  private sent = 0;
  private answered = 0;
  private isClosed = false;
  private stopWatch: () => void;

  constructor(options: TapStreamOptions) {
    this.options = options;
    const { url, key } = options;
    const address = `${url.replace(/^http/, 'ws')}/v1/taps/stream`;
    this.socket = new WebSocket(address, key === null ? [protocol] : [protocol, keyProtocol(key)]);
    this.socket.binaryType = 'arraybuffer';
    this.socket.addEventListener('open', () => this.opened());
    this.socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.take(data));
    this.socket.addEventListener('error', () => this.end('the connection broke, or was refused'));
    this.socket.addEventListener('close', ({ code, reason }) =>
      this.end(reason === '' ? `closed with ${code}` : reason),
    );
    this.stopWatch = after(options.answerMs, () => this.end(`not open within ${options.answerMs} ms`));
  }

  get inFlight(): number {
    return this.unanswered.length;
  }

  /** How long the oldest batch waits for its answer, ms; 0 if none does. */
  get waitedMs(): number {
    const oldest = this.unanswered[0];
    return oldest === undefined ? 0 : performance.now() - oldest.sentMs;
  }

  /** Bytes that wait here for the network. */
  get bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }

  /**
   * Sends a batch. `batch` begins with four bytes for its number, which are set here; the taps
   * follow.
   */
  send(batch: Uint8Array<ArrayBuffer>): void {
    const taps = (batch.byteLength - batchHead) / tapBytes;
    new DataView(batch.buffer, batch.byteOffset).setUint32(0, this.sent >>> 0, true);
    this.sent += 1;
    this.unanswered.push({ taps, sentMs: performance.now() });
    if (this.unanswered.length === 1) this.watch();
    this.socket.send(batch);
  }

  close(): void {
    this.end('closed here');
  }

  private opened(): void {
    if (this.isClosed) return;
    this.stopWatch();
    this.options.onOpen();
  }

  private take(data: unknown): void {
    if (this.isClosed) return;
    const wrong = this.flawOf(data);
    if (wrong !== null || !(data instanceof ArrayBuffer)) return this.end(`not an answer of the store: ${wrong}`);
    const view = new DataView(data);
    const status = view.getUint32(4, true);
    const batch = this.unanswered.shift();
    this.answered += 1;
    this.watch();
    this.options.onAnswer({
      status,
      view,
      start: answerHead,
      count: status === 0 ? (batch?.taps ?? 0) : 0,
      problem: status === 0 ? null : new TextDecoder().decode(new Uint8Array(data, answerHead)),
    });
  }

  /** What is wrong with a message from the other side; null for an answer that is due. */
  private flawOf(data: unknown): string | null {
    if (!(data instanceof ArrayBuffer)) return 'text';
    if (data.byteLength < answerHead) return `${data.byteLength} bytes`;
    const view = new DataView(data);
    const batch = this.unanswered[0];
    const number = view.getUint32(0, true);
    if (batch === undefined) return `an answer to batch ${number}, which was not sent`;
    if (number !== this.answered >>> 0) return `an answer to batch ${number} in place of ${this.answered >>> 0}`;
    const isTaken = view.getUint32(4, true) === 0;
    const bytes = data.byteLength - answerHead;
    return isTaken && bytes !== batch.taps * tapBytes ? `${bytes} bytes for ${batch.taps} taps` : null;
  }

  /** Ends the connection when the oldest batch has waited too long: a dead network is silent. */
  private watch(): void {
    this.stopWatch();
    const oldest = this.unanswered[0];
    if (oldest === undefined) return;
    const { answerMs } = this.options;
    const leftMs = Math.max(0, oldest.sentMs + answerMs - performance.now());
    this.stopWatch = after(leftMs, () => this.end(`no answer within ${answerMs} ms`));
  }

  private end(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.stopWatch();
    this.socket.close();
    this.options.onClose(reason);
  }
}

/** An empty batch for so many taps, with room for its number in front. */
export function newBatch(taps: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(batchHead + taps * tapBytes);
}

/** Where the n-th tap of a batch begins. */
export function tapAt(index: number): number {
  return batchHead + index * tapBytes;
}

/** The key as a subprotocol, since no browser sends a header of one's own with a WebSocket. */
export function keyProtocol(key: string): string {
  const bytes = new TextEncoder().encode(key);
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `holdfast.key.${text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}
