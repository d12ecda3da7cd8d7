/**
 * A crowd of commuters that taps from this page: batches over one WebSocket, several in flight.
 *
 *     still --start--> asking --the gates' counters--> walking --stop--> leaving --all out--> still
 *                        ^                                |
 *                        +------- a pause, after a cut ---+
 */
import type { KnownGate } from '../../../sdk/src/index.ts';
import type { BatchAnswer } from '../../../sdk/src/gate/index.ts';
import { newBatch, readOutcome, tapAt, tapBytes, TapStream, writeTap } from '../../../sdk/src/gate/index.ts';
import { Signal } from '../shared/signal.ts';
import { Commuters } from './commuters.ts';
import { Latencies } from './latencies.ts';

type CrowdState = 'still' | 'asking' | 'walking' | 'leaving';

export interface CrowdNumbers {
  readonly state: CrowdState;
  /** Taps a second, and the time below which 99 of 100 stay, ms. */
  readonly rate: number;
  readonly p99Ms: number | null;
  /** Since the crowd first walked. */
  readonly taps: number;
  readonly open: number;
  readonly denied: number;
  readonly inFlight: number;
  /** The rate of the last minute, oldest first, two a second. */
  readonly history: readonly number[];
  readonly isCut: boolean;
}

export interface CrowdOptions {
  readonly url: string;
  readonly key: string | null;
  readonly epoch: number;
  readonly gates: readonly KnownGate[];
  /** Numbers of the cards that tap. */
  readonly cards: readonly number[];
  readonly now: () => number;
}

interface Batch {
  readonly sentMs: number;
  readonly gates: Uint16Array;
  readonly riders: Int32Array;
  readonly isAsking: boolean;
}

const tickMs = 20;
const showMs = 250;
const pauseMs = 700;
const maxBatches = 16;
const maxBatchTaps = 2000;
/** A backlog longer than this is let go: the slider asks for more than this machine does. */
const patienceMs = 200;
const historyLength = 120;
const farAhead = 0xffffffff;
const noRider = -1;

export class Crowd {
  readonly numbers = new Signal<CrowdNumbers>(still);
  /** Taps a second that are asked for. */
  target = 500;
  private readonly options: CrowdOptions;
  private readonly commuters: Commuters;
  private readonly latencies = new Latencies();
  /** Next sequence of each gate. */
  private readonly next: Uint32Array;
  private readonly batches: Batch[] = [];
  private state: CrowdState = 'still';
  private stream: TapStream | null = null;
  private isCut = false;
  private taps = 0;
  private open = 0;
  private denied = 0;
  private due = 0;
  private tickedMs = 0;
  private beganMs = 0;
  private shownMs = 0;
  private shows = 0;
  private history: number[] = [];
  private timer: ReturnType<typeof setInterval> | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private turn = 0;

  constructor(options: CrowdOptions) {
    this.options = options;
    this.commuters = new Commuters(options.cards);
    this.next = new Uint32Array(options.gates.length);
  }

  start(): void {
    if (this.state === 'leaving' && this.stream !== null) this.state = 'walking';
    if (this.state !== 'still') return;
    this.beganMs = performance.now();
    this.connect();
    this.timer ??= setInterval(() => this.tick(), tickMs);
    this.show();
  }

  /** Everybody who is inside goes out; then it stands still. */
  stop(): void {
    if (this.state === 'walking') this.state = 'leaving';
    else if (this.state === 'asking') this.end();
    this.show();
  }

  /** Stops at once. */
  end(): void {
    this.state = 'still';
    if (this.timer !== null) clearInterval(this.timer);
    if (this.retry !== null) clearTimeout(this.retry);
    this.timer = this.retry = null;
    const { stream } = this;
    this.stream = null;
    stream?.close();
    this.batches.length = 0;
    this.commuters.release();
    this.show();
  }

  private connect(): void {
    const { url, key } = this.options;
    this.state = 'asking';
    this.batches.length = 0;
    this.commuters.release();
    const stream = new TapStream({
      url,
      key,
      answerMs: 8000,
      onOpen: () => this.ask(),
      onAnswer: (answer) => {
        if (this.stream === stream) this.take(answer);
      },
      onClose: () => {
        if (this.stream === stream) this.cut();
      },
    });
    this.stream = stream;
  }

  private cut(): void {
    this.stream = null;
    this.isCut = true;
    if (this.state === 'leaving') {
      this.end();
      return;
    }
    this.state = 'asking';
    this.retry = setTimeout(() => this.connect(), pauseMs);
    this.show();
  }

  /** Asks where each gate's counter stands, by a tap far ahead, which applies nothing. */
  private ask(): void {
    const gates = this.options.gates.map((_, gate) => gate);
    this.send(
      gates.map((gate) => ({ gate, rider: noRider, sequence: farAhead })),
      true,
    );
  }

  private tick(): void {
    const nowMs = performance.now();
    const sinceMs = Math.min(patienceMs, nowMs - this.tickedMs);
    this.tickedMs = nowMs;
    if (this.state === 'walking') {
      this.due = Math.min(this.due + (this.target * sinceMs) / 1000, (this.target * patienceMs) / 1000);
    } else this.due = this.state === 'leaving' ? maxBatchTaps : 0;
    this.walk();
    if (this.state === 'leaving' && this.batches.length === 0) this.end();
    if (nowMs - this.shownMs >= showMs) this.show();
  }

  private walk(): void {
    const isLeaving = this.state === 'leaving';
    if (this.state !== 'walking' && !isLeaving) return;
    while (this.due >= 1 && this.batches.length < maxBatches) {
      const taps: { gate: number; rider: number; sequence: number }[] = [];
      const most = Math.min(Math.floor(this.due), maxBatchTaps);
      while (taps.length < most) {
        const rider = this.commuters.next(isLeaving);
        if (rider < 0) break;
        const gate = this.nextGate();
        taps.push({ gate, rider, sequence: this.next[gate]! });
        this.next[gate]! += 1;
      }
      if (taps.length === 0) return;
      this.due -= taps.length;
      this.send(taps, false);
    }
  }

  /** Each in turn, so that a batch has about as many taps of every gate. */
  private nextGate(): number {
    this.turn = (this.turn + 1) % this.next.length;
    return this.turn;
  }

  private send(taps: readonly { gate: number; rider: number; sequence: number }[], isAsking: boolean): void {
    const { stream } = this;
    if (stream === null || taps.length === 0) return;
    const { gates, epoch, now } = this.options;
    const bytes = newBatch(taps.length);
    const view = new DataView(bytes.buffer);
    const atMs = now();
    for (const [index, { gate, rider, sequence }] of taps.entries()) {
      writeTap(view, tapAt(index), {
        gate: gates[gate]!.number,
        epoch,
        sequence,
        card: this.commuters.cards[Math.max(0, rider)]!,
        station: 0,
        direction: rider >= 0 && this.commuters.goesOut(rider) ? 'out' : 'in',
        decided: 'none',
        atMs,
      });
    }
    this.batches.push({
      sentMs: performance.now(),
      gates: Uint16Array.from(taps, ({ gate }) => gate),
      riders: Int32Array.from(taps, ({ rider }) => rider),
      isAsking,
    });
    stream.send(bytes);
  }

  private take({ status, view, start, count }: BatchAnswer): void {
    const batch = this.batches.shift();
    if (batch === undefined || status !== 0) {
      this.stream?.close();
      return;
    }
    const nowMs = performance.now();
    for (let index = 0; index < count; index += 1) {
      const gate = batch.gates[index]!;
      const { result, expected } = readOutcome(view, start + index * tapBytes);
      if (result === 'gap') this.next[gate] = expected;
      const rider = batch.riders[index]!;
      if (rider !== noRider) this.settle(rider, result);
    }
    if (batch.isAsking) {
      this.state = 'walking';
      this.isCut = false;
      this.tickedMs = nowMs;
    } else this.latencies.add({ atMs: nowMs, tookMs: nowMs - batch.sentMs, taps: count });
  }

  private settle(rider: number, result: 'open' | 'deny' | 'gap' | 'unknown'): void {
    const wentOut = this.commuters.goesOut(rider);
    this.commuters.settle(rider, result === 'open' ? !wentOut : result === 'deny' && wentOut ? false : null);
    if (result === 'gap' || result === 'unknown') return;
    this.taps += 1;
    if (result === 'open') this.open += 1;
    else {
      this.denied += 1;
      this.commuters.rest(rider);
    }
  }

  private show(): void {
    const nowMs = performance.now();
    this.shownMs = nowMs;
    const isWalking = this.state !== 'still';
    const rate = isWalking ? this.latencies.rate(nowMs, this.beganMs) : 0;
    this.shows += 1;
    if (isWalking && this.shows % 2 === 0) this.history = [...this.history, rate].slice(-historyLength);
    this.numbers.set({
      state: this.state,
      rate,
      p99Ms: this.latencies.p99(nowMs),
      taps: this.taps,
      open: this.open,
      denied: this.denied,
      inFlight: this.batches.reduce((sum, { riders }) => sum + riders.length, 0),
      history: this.history,
      isCut: this.isCut,
    });
  }
}

const still: CrowdNumbers = {
  state: 'still',
  rate: 0,
  p99Ms: null,
  taps: 0,
  open: 0,
  denied: 0,
  inFlight: 0,
  history: [],
  isCut: false,
};
