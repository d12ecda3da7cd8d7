/**
 * One run of load: opens the connections, paces the requests, waits for the last answers, and
 * reports the results.
 *
 * Closed loop: each connection sends its next request in the turn in which it got its answer. Open
 * loop: request i is due at start + i / rate. A free connection takes the earliest request that is
 * due; while none is free the due ones wait, and their latency runs from when they were due. A
 * stall thus counts for every request that it delays.
 */
import { build } from 'hdr-histogram-js';
import type { Histogram } from 'hdr-histogram-js';
import { cpuSeconds, machineCpuSeconds } from '../processes/process-stats.ts';
import { KeySource } from './keys.ts';
import type { LaneOwner } from './lane.ts';
import { Lane } from './lane.ts';
import type { MadeThings } from './made-things.ts';
import { RequestBytes } from './request-bytes.ts';
import type { Latency, LoadResult, LoadSpec } from './spec.ts';
import { Tally } from './tally.ts';

const defaultDrainMs = 10_000;
const connectAtOnce = 128;
/** A run that consumes things ends its warm-up after this share of them at the latest. */
const warmupShare = 0.25;

/** Both ends of the measured part. */
interface Mark {
  readonly atMs: number;
  readonly answered: number;
  readonly ownCpu: number;
  readonly serverCpu: number;
  readonly machineCpu: number;
}

export class Run implements LaneOwner {
  private readonly spec: LoadSpec;
  private readonly tally: Tally;
  private readonly keys = new KeySource();
  private readonly things: MadeThings | null;
  private readonly lanes: Lane[] = [];
  private readonly idle: Lane[] = [];
  private readonly latency: Histogram | null;
  private readonly lateSend: Histogram | null;
  private readonly intervalMs: number;
  private readonly most: number;
  private readonly firstMeasured: number;
  private startMs = 0;
  private sent = 0;
  private waiting = 0;
  private unanswered = 0;
  private reconnects = 0;
  private sending = false;
  private finished: (() => void) | null = null;
  private warmedUp: (() => void) | null = null;
  /** Open loop: since when at least one connection has been free. */
  private freeSinceMs = 0;
  private failure: Error | null = null;

  constructor(spec: LoadSpec, things: MadeThings | null, keep: MadeThings | null) {
    this.spec = spec;
    this.things = things;
    this.tally = new Tally(spec, keep);
    const open = spec.pacing.kind === 'open';
    const perSecond = spec.pacing.kind === 'open' ? spec.pacing.perSecond : 0;
    this.intervalMs = open ? 1000 / perSecond : 0;
    this.firstMeasured = Math.round((perSecond * spec.warmupMs) / 1000);
    const due = open ? this.firstMeasured + Math.round((perSecond * spec.measureMs) / 1000) : Infinity;
    this.most = Math.min(due, spec.maxRequests ?? Infinity, things?.ids.count ?? Infinity);
    this.latency = open ? newHistogram() : null;
    this.lateSend = open ? newHistogram() : null;
  }

  async execute(): Promise<LoadResult> {
    const { spec } = this;
    await this.connectAll();
    this.startMs = performance.now();
    this.sending = true;
    if (spec.pacing.kind === 'open') this.sendDue();
    else for (const lane of this.idle.splice(0)) this.sendOne(lane);
    const over = new Promise<void>((resolve) => (this.finished = resolve));
    const warm = new Promise<void>((resolve) => (this.warmedUp = resolve));
    await Promise.race([over, warm, Bun.sleep(spec.warmupMs)]);
    const begin = this.mark();
    const limitMs = spec.measureMs + (spec.pacing.kind === 'open' ? (spec.drainMs ?? defaultDrainMs) : 0);
    await Promise.race([over, Bun.sleep(limitMs)]);
    const end = this.mark();
    this.sending = false;
    const unsent = spec.pacing.kind === 'open' ? this.most - this.sent : 0;
    if (this.waiting > 0) await Promise.race([over, Bun.sleep(spec.drainMs ?? defaultDrainMs)]);
    this.giveUp();
    if (this.failure !== null) throw this.failure;
    if (end.atMs - begin.atMs < 1) throw new Error('the run ended within its warm-up');
    return this.result(begin, end, unsent);
  }

  onAnswer(lane: Lane, status: number, bytes: Uint8Array, start: number, end: number): void {
    this.waiting -= 1;
    try {
      this.tally.add(lane.request, status, bytes, start, end);
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
    if (this.latency === null) {
      this.sendOne(lane);
      return;
    }
    this.recordLatency(this.latency, lane);
    this.release(lane);
    this.sendDueNow();
    this.finishIfDone();
  }

  onLost(lane: Lane, waiting: boolean, fault: Error | null): void {
    if (waiting) {
      this.waiting -= 1;
      this.unanswered += 1;
      if (this.latency !== null) this.recordLatency(this.latency, lane);
    }
    if (fault !== null) this.fail(fault);
    if (!this.sending) {
      this.finishIfDone();
      return;
    }
    this.reconnects += 1;
    lane.connection.connect(this.spec.host, this.spec.port).then(
      () => (this.latency === null ? this.sendOne(lane) : this.release(lane)),
      (error: unknown) => (this.failure = new Error(`a lost connection could not be opened again: ${String(error)}`)),
    );
  }

  /** An answer that cannot be counted ends the run: nothing more is sent. */
  private fail(why: Error): void {
    this.failure = why;
    this.sending = false;
  }

  private async connectAll(): Promise<void> {
    const { host, port, path, body, connections } = this.spec;
    const form = { path, body, withToken: this.things?.tokens != null };
    for (let first = 0; first < connections; first += connectAtOnce) {
      const some = Array.from({ length: Math.min(connectAtOnce, connections - first) }, () => {
        const request = new RequestBytes(`${host}:${port}`, { ...form, lane: this.lanes.length + 1 });
        const lane = new Lane(request, this);
        this.lanes.push(lane);
        return lane.connection.connect(host, port);
      });
      await Promise.all(some);
    }
    this.idle.push(...this.lanes);
  }

  /** Sends on this connection, unless the run is over. */
  private sendOne(lane: Lane): void {
    if (!this.sending || this.sent >= this.most) {
      this.finishIfDone();
      return;
    }
    lane.request.renew(this.keys, this.things, this.sent);
    this.sent += 1;
    this.waiting += 1;
    lane.connection.send(lane.request.bytes);
    if (this.things !== null && this.sent === Math.ceil(this.most * warmupShare)) this.warmedUp?.();
  }

  /**
   * Open loop: sends all that is due, and again in the next turn of the event loop. A timer would
   * be a millisecond late.
   */
  private sendDue(): void {
    this.sendDueNow();
    if (this.sending && this.sent < this.most) setImmediate(() => this.sendDue());
  }

  private sendDueNow(): void {
    if (this.idle.length === 0 || !this.sending) return;
    const nowMs = performance.now();
    while (this.sent < this.most && this.idle.length > 0) {
      const dueMs = this.startMs + this.sent * this.intervalMs;
      if (dueMs > nowMs) return;
      const lane = this.idle.pop()!;
      if (!lane.connection.isOpen) continue;
      lane.dueMs = dueMs;
      lane.number = this.sent;
      // Waiting for a free connection is the server's delay; any other delay is ours.
      const ours = this.sent >= this.firstMeasured && dueMs >= this.freeSinceMs;
      if (ours) this.lateSend?.recordValue(microseconds(nowMs - dueMs));
      this.sendOne(lane);
    }
  }

  private release(lane: Lane): void {
    if (this.idle.length === 0) this.freeSinceMs = performance.now();
    this.idle.push(lane);
  }

  private recordLatency(latency: Histogram, lane: Lane): void {
    if (lane.number < this.firstMeasured) return;
    latency.recordValue(microseconds(performance.now() - lane.dueMs));
  }

  private finishIfDone(): void {
    if (this.waiting > 0 || (this.sending && this.sent < this.most)) return;
    this.finished?.();
  }

  /**
   * Requests without an answer stay unanswered. In an open loop their latency so far counts, and so
   * does that of requests that were never sent.
   */
  private giveUp(): void {
    const nowMs = performance.now();
    for (const lane of this.lanes) {
      if (lane.connection.waiting) {
        this.unanswered += 1;
        if (this.latency !== null) this.recordLatency(this.latency, lane);
      }
      lane.connection.close();
    }
    if (this.latency === null) return;
    for (let number = Math.max(this.sent, this.firstMeasured); number < this.most; number += 1) {
      this.latency.recordValue(microseconds(nowMs - this.startMs - number * this.intervalMs));
    }
  }

  private mark(): Mark {
    const own = process.cpuUsage();
    let serverCpu = 0;
    for (const pid of this.spec.cpuOf ?? []) serverCpu += cpuSeconds(pid);
    return {
      atMs: performance.now(),
      answered: this.tally.answered,
      ownCpu: (own.user + own.system) / 1e6,
      serverCpu,
      machineCpu: machineCpuSeconds(),
    };
  }

  private result(begin: Mark, end: Mark, unsent: number): LoadResult {
    const elapsedMs = end.atMs - begin.atMs;
    const answeredInWindow = end.answered - begin.answered;
    const { latency, lateSend } = this;
    const share = (from: number, to: number): number => ((to - from) * 1000) / elapsedMs;
    const generatorCpu = share(begin.ownCpu, end.ownCpu);
    const serverCpu = share(begin.serverCpu, end.serverCpu);
    return {
      elapsedMs,
      answeredInWindow,
      perSecond: (answeredInWindow * 1000) / elapsedMs,
      statuses: this.tally.statuses(),
      unanswered: this.unanswered,
      unsent,
      reconnects: this.reconnects,
      generatorCpu,
      serverCpu,
      othersCpu: Math.max(0, share(begin.machineCpu, end.machineCpu) - generatorCpu - serverCpu),
      distinct: this.tally.distinct(),
      samples: this.tally.samples,
      latency: latency === null || lateSend === null ? null : latencyOf(latency, lateSend),
    };
  }
}

/** Microseconds from 1 to an hour, to three digits. */
function newHistogram(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 });
}

function microseconds(ms: number): number {
  return Math.max(1, Math.round(ms * 1000));
}

function latencyOf(latency: Histogram, lateSend: Histogram): Latency {
  const at = (histogram: Histogram, percentile: number): number => histogram.getValueAtPercentile(percentile) / 1000;
  return {
    count: latency.totalCount,
    p50: at(latency, 50),
    p90: at(latency, 90),
    p99: at(latency, 99),
    p999: at(latency, 99.9),
    max: latency.maxValue / 1000,
    lateSendP50: at(lateSend, 50),
    lateSendP99: at(lateSend, 99),
  };
}
