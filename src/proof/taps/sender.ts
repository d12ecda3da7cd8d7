/**
 * Sends the taps of a city's gates over one WebSocket, several batches in flight. A batch stays
 * with the sender until it is answered. When the connection is lost, all that was not answered goes
 * again, in order, over the next one.
 */
import { build } from 'hdr-histogram-js';
import type { Histogram } from 'hdr-histogram-js';
import { TapAnswers } from './answers.ts';
import type { Batch, GateBatches } from './gate-batches.ts';
import { batchHead, tapSize } from './wire.ts';

/** A gate has at most so many taps on their way. */
const mostUnanswered = 1024;
const silentMs = 60_000;

interface Sent {
  readonly batch: Batch;
  sentMs: number;
  /** It went over an earlier connection too. */
  isResent: boolean;
}

export class TapSender {
  readonly answers = new TapAnswers();
  /** Taps of answered batches, repeated ones not counted. */
  answered = 0;
  batches = 0;
  /** From the sending of a batch to its answer, µs; those that went once. */
  readonly latency: Histogram = build({ highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 });
  private readonly source: GateBatches;
  private readonly inFlight: number;
  private readonly onWay: Sent[] = [];
  /** By gate: taps on their way. */
  private readonly unanswered: Uint32Array;
  private held: Batch | null = null;
  private socket: WebSocket | null = null;
  private over = false;
  private stopping = false;
  private answeredMs = performance.now();
  /** An answer was wrong: nothing can be sent any more. */
  private failure: Error | null = null;
  private until = Infinity;
  private waiting: PromiseWithResolvers<void> | null = null;

  /** `inFlight`: batches on their way at most. */
  constructor(source: GateBatches, inFlight: number) {
    this.source = source;
    this.inFlight = inFlight;
    this.unanswered = new Uint32Array(source.sequences.length + 1);
  }

  /** Whether every tap of the day is answered. */
  get isDone(): boolean {
    return this.over && this.onWay.length === 0;
  }

  /**
   * Sends over a new connection. Resolves when so many taps are answered, or all, or those on their
   * way after `stop`; what can be sent is sent on meanwhile and after.
   * @throws when an answer is wrong, the connection is lost, or nothing is answered for a minute
   */
  async run(url: string, headers: Readonly<Record<string, string>>, until: number): Promise<void> {
    if (this.failure !== null) throw this.failure;
    this.until = until;
    const waiting = Promise.withResolvers<void>();
    // A connection that cannot be opened is thrown below, and not twice.
    waiting.promise.catch(() => undefined);
    this.waiting = waiting;
    this.answeredMs = performance.now();
    const silence = setInterval(() => this.lookForSilence(), silentMs / 4);
    try {
      await this.connect(url, headers);
      for (const sent of this.onWay) this.send(sent, true);
      this.pump();
      this.settleIfReached();
      await waiting.promise;
    } finally {
      clearInterval(silence);
      this.waiting = null;
    }
  }

  /** Nothing more is sent, once what is on its way is answered. */
  stop(): void {
    this.stopping = true;
    this.settleIfReached();
  }

  close(): void {
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }

  private async connect(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
    this.close();
    // The runtime's own, which takes headers.
    const socket = new WebSocket(url, { headers });
    socket.binaryType = 'arraybuffer';
    const opened = Promise.withResolvers<void>();
    socket.addEventListener('open', () => opened.resolve());
    socket.addEventListener('message', ({ data }) => this.attempt(() => this.take(data)));
    socket.addEventListener('close', ({ code, reason }) => {
      opened.reject(new Error(`${url} refused the connection`));
      if (this.socket === socket) this.lose(`the connection was closed with ${code} ${reason}`);
    });
    this.socket = socket;
    await opened.promise;
  }

  /** Fills the connection. */
  private pump(): void {
    while (this.socket !== null && !this.over && !this.stopping && this.onWay.length < this.inFlight) {
      const batch = this.held ?? this.source.next();
      this.held = batch;
      if (batch === null) {
        this.over = true;
        return;
      }
      if (!this.count(batch)) return;
      this.held = null;
      const sent = { batch, sentMs: 0, isResent: false };
      this.onWay.push(sent);
      this.send(sent, false);
    }
  }

  /** Adds a batch to what its gates have on their way; false when one of them has too much. */
  private count(batch: Batch): boolean {
    const { unanswered } = this;
    let fits = true;
    forGates(batch, (gate) => {
      unanswered[gate]! += 1;
      if (unanswered[gate]! > mostUnanswered) fits = false;
    });
    if (!fits) this.uncount(batch);
    return fits;
  }

  private uncount(batch: Batch): void {
    forGates(batch, (gate) => (this.unanswered[gate]! -= 1));
  }

  private send(sent: Sent, isResent: boolean): void {
    sent.isResent = isResent;
    sent.sentMs = performance.now();
    this.socket?.send(sent.batch.bytes);
  }

  private take(data: unknown): void {
    const sent = this.onWay.shift();
    if (sent === undefined || !(data instanceof ArrayBuffer))
      throw new Error(`an answer that nothing asked for: ${String(data).slice(0, 300)}`);
    const { batch, isResent, sentMs } = sent;
    this.answers.take(batch, data, isResent);
    if (!isResent) this.latency.recordValue(Math.max(1, Math.round((performance.now() - sentMs) * 1000)));
    this.uncount(batch);
    this.answered += batch.taps - batch.repeated;
    this.batches += 1;
    this.answeredMs = performance.now();
    this.pump();
    this.settleIfReached();
  }

  private settleIfReached(): void {
    if (this.answered >= this.until || this.isDone || (this.stopping && this.onWay.length === 0))
      this.waiting?.resolve();
  }

  private lookForSilence(): void {
    if (performance.now() - this.answeredMs > silentMs) this.lose(`nothing was answered for ${silentMs / 1000} s`);
  }

  private attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.lose(this.failure.message);
    }
  }

  private lose(why: string): void {
    this.close();
    this.waiting?.reject(new Error(why));
  }
}

function forGates({ bytes, taps }: Batch, each: (gate: number) => void): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let place = 0; place < taps; place += 1) each(view.getUint32(batchHead + place * tapSize, true));
}
