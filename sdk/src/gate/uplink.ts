/**
 * Brings the queue to the store: one connection after another, several batches in flight on it, at
 * most `tapWindow` taps that are sent and not acknowledged.
 *
 *     connecting --open--> open --breaks--> offline --open--> open …      any --close()--> closed
 *
 * Each connection begins with the first tap that is not acknowledged: the store knows what it has
 * by gate, epoch and sequence, and answers the rest of an earlier connection from memory. After a
 * gap it goes on from the sequence that the store expects; where that is queued no more, it tells
 * the store to skip.
 */
import { HoldfastError, NetworkError } from '../errors.ts';
import type { Backoff } from '../retry.ts';
import { after, backoffMs } from '../retry.ts';
import type { TapsSkip } from '../tap-shapes.ts';
import type { WireOutcome } from './tap-bytes.ts';
import { readOutcome, tapBytes, tapWindow, writeTap } from './tap-bytes.ts';
import type { QueuedTap, TapQueue } from './tap-queue.ts';
import { wireOf } from './tap-queue.ts';
import type { BatchAnswer } from './tap-stream.ts';
import { newBatch, tapAt, TapStream } from './tap-stream.ts';

export type UplinkState = 'connecting' | 'open' | 'offline' | 'closed';

export interface UplinkOptions {
  readonly url: string;
  readonly key: string | null;
  readonly queue: TapQueue;
  /** The gate's number, asked of the store where it is not known. @throws HoldfastError */
  readonly gateNumber: () => Promise<number>;
  /** Tells the store that taps are lost. @throws HoldfastError */
  readonly skip: (skip: TapsSkip) => Promise<unknown>;
  readonly answerMs: number;
  readonly retry: Backoff;
  readonly random: () => number;
  /** Called for each tap in order, right before it leaves the queue. */
  readonly onOutcome: (tap: QueuedTap, outcome: WireOutcome) => void;
  readonly onState: (state: UplinkState) => void;
  readonly onError: (error: unknown) => void;
}

interface Batch {
  readonly from: number;
  readonly count: number;
  /** How many gaps came before it was sent: later answers "gap" say nothing new. */
  readonly gaps: number;
}

/** Taps of a batch at most; fewer on a line that breaks before a batch is answered. */
const maxBatchTaps = 256;
const maxBatches = 8;
/** Gaps in a row, without a tap that is taken in between: then a pause is due. */
const maxGaps = 3;

export class Uplink {
  stateNow: UplinkState = 'connecting';
  private readonly options: UplinkOptions;
  private readonly queue: TapQueue;
  private number: number | null = null;
  private stream: TapStream | null = null;
  /** Ordinal of the next tap to send on this connection. */
  private next = 0;
  private readonly batches: Batch[] = [];
  private gaps = 0;
  private gapsInRow = 0;
  private isSkipping = false;
  private batchTaps = maxBatchTaps;
  /** Connections in a row on which the store took nothing. */
  private failures = 0;
  private stopTimer = (): void => {};

  constructor(options: UplinkOptions) {
    this.options = options;
    this.queue = options.queue;
  }

  /** Whether a new tap would be sent at once, and the store answers within `ms`. */
  isQuick(ms: number): boolean {
    if (this.stateNow !== 'open' || this.stream === null || this.isSkipping) return false;
    return this.stream.waitedMs < ms && this.queue.length < tapWindow;
  }

  start(): void {
    void this.connect();
  }

  /** Sends what is stored, as far as the window goes. */
  pump(): void {
    const { queue, stream } = this;
    if (this.stateNow !== 'open' || stream === null || this.number === null || this.isSkipping) return;
    while (stream.inFlight < maxBatches) {
      const end = Math.min(queue.end, queue.first + tapWindow, this.next + this.batchTaps);
      let count = 0;
      while (this.next + count < end && queue.at(this.next + count)?.isStored === true) count += 1;
      if (count === 0) return;
      this.send(stream, this.number, count);
    }
  }

  close(): void {
    this.setState('closed');
    this.stopTimer();
    const { stream } = this;
    this.stream = null;
    stream?.close();
  }

  private send(stream: TapStream, number: number, count: number): void {
    const bytes = newBatch(count);
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < count; index += 1) {
      const tap = this.queue.at(this.next + index);
      if (tap === undefined) throw new Error('a batch ends before its taps');
      tap.sends += 1;
      writeTap(view, tapAt(index), wireOf(tap, number));
    }
    this.batches.push({ from: this.next, count, gaps: this.gaps });
    this.next += count;
    stream.send(bytes);
  }

  private async connect(): Promise<void> {
    try {
      this.number ??= await this.options.gateNumber();
      if (!this.isClosed()) this.open();
    } catch (error) {
      if (!(error instanceof NetworkError)) this.options.onError(error);
      this.pause();
    }
  }

  private open(): void {
    const { url, key, answerMs } = this.options;
    this.batches.length = 0;
    const stream = new TapStream({
      url,
      key,
      answerMs,
      onOpen: () => this.opened(stream),
      onAnswer: (answer) => {
        if (this.stream === stream) this.take(answer);
      },
      onClose: () => this.dropped(stream),
    });
    this.stream = stream;
  }

  private opened(stream: TapStream): void {
    if (this.stream !== stream) return;
    this.next = this.queue.first;
    this.setState('open');
    this.pump();
  }

  private dropped(stream: TapStream): void {
    if (this.stream !== stream) return;
    this.stream = null;
    if (this.batches.length > 0) this.batchTaps = Math.max(1, Math.floor(this.batchTaps / 2));
    this.pause();
  }

  /** Leaves this connection, for the next one after a pause. */
  private drop(): void {
    this.stream?.close();
  }

  private pause(): void {
    if (this.isClosed()) return;
    this.isSkipping = false;
    this.setState('offline');
    const waitMs = backoffMs(this.failures, this.options.retry, this.options.random);
    this.failures += 1;
    this.stopTimer = after(waitMs, () => void this.connect());
  }

  private take({ status, view, start, count, problem }: BatchAnswer): void {
    const batch = this.batches.shift();
    if (batch === undefined) throw new Error('an answer without a batch');
    if (status !== 0) return this.refused(status, problem ?? '');
    this.batchTaps = Math.min(maxBatchTaps, 2 * this.batchTaps);
    for (let index = 0; index < count; index += 1) {
      const ordinal = batch.from + index;
      // Sent twice on this connection, after a gap: answered already.
      if (ordinal < this.queue.first) continue;
      if (!this.takeOne(batch, ordinal, readOutcome(view, start + index * tapBytes))) break;
    }
    this.pump();
  }

  /** False: the rest of the batch says nothing. */
  private takeOne(batch: Batch, ordinal: number, outcome: WireOutcome): boolean {
    const tap = this.queue.at(ordinal);
    const { result, reason, sequence, expected } = outcome;
    if (tap === undefined || tap.sequence !== sequence) {
      return this.giveUp(`the store answered sequence ${sequence} in place of ${tap?.sequence ?? 'none'}`);
    }
    if (result === 'gap') {
      if (batch.gaps === this.gaps) this.goOn(tap.epoch, expected);
      return false;
    }
    // Such a tap does not count for the store either.
    if (reason === 'UNKNOWN_GATE' || reason === 'TOO_MANY_EPOCHS') {
      return this.giveUp(`the store took nothing: ${reason}`);
    }
    if (ordinal !== this.queue.first) return this.giveUp(`sequence ${sequence} was answered out of order`);
    this.failures = 0;
    this.gapsInRow = 0;
    this.options.onOutcome(tap, outcome);
    this.queue.acknowledge();
    return true;
  }

  private goOn(epoch: number, expected: number): void {
    this.gaps += 1;
    this.gapsInRow += 1;
    const found = this.queue.lowest(epoch, expected);
    if (this.gapsInRow > maxGaps || found === null) {
      this.giveUp(`the store expects sequence ${expected} of epoch ${epoch}`);
    } else if (found.sequence === expected) {
      this.next = found.ordinal;
      this.pump();
    } else {
      void this.skip({ epoch, from: expected, to: found.sequence - 1, reason: 'the gate has lost these taps' });
    }
  }

  private async skip(skip: TapsSkip): Promise<void> {
    const { stream } = this;
    this.isSkipping = true;
    try {
      await this.options.skip(skip);
    } catch (error) {
      // The mark has moved: what is queued is sent again, and the answers say where it is.
      if (!(error instanceof HoldfastError) || error.code !== 'MARK_MOVED') {
        this.options.onError(error);
        if (this.stream === stream) this.drop();
        return;
      }
    }
    if (this.stream !== stream || stream === null) return;
    this.isSkipping = false;
    this.next = this.queue.first;
    this.pump();
  }

  private refused(status: number, problem: string): void {
    this.giveUp(`the store refused a batch with ${status}: ${problem.slice(0, 500)}`);
  }

  private giveUp(reason: string): false {
    this.options.onError(new Error(reason));
    this.drop();
    return false;
  }

  private isClosed(): boolean {
    return this.stateNow === 'closed';
  }

  private setState(state: UplinkState): void {
    if (state === this.stateNow || this.isClosed()) return;
    this.stateNow = state;
    this.options.onState(state);
  }
}
