/**
 * One run of load: opens the connections, paces the requests, waits for the last answers, and says what came of it.
 *
 * Closed loop: each connection sends its next request in the turn in which it got its answer.
 * Open loop: request i is due at start + i / rate. A free connection takes the earliest request that is due; while none is free
 * the due ones wait, and their latency runs from when they were due. Nothing that a stall delays is left out.
 */
import { build } from 'hdr-histogram-js';
import type { Histogram } from 'hdr-histogram-js';
import { cpuSeconds, machineCpuSeconds } from '../processes/process-stats.ts';
import { Connection } from './connection.ts';
import type { Answers } from './connection.ts';
import { KeySource } from './keys.ts';
import { RequestBytes } from './request-bytes.ts';
import type { Latency, LoadResult, LoadSpec } from './spec.ts';
import { Tally } from './tally.ts';
import type { TargetList } from './targets.ts';

const defaultDrainMs = 10_000;
const connectAtOnce = 128;
/** A run that ends with its targets is warm after this share of them at the latest. */
const warmupShare = 0.25;

/** Both ends of the measured part. */
interface Mark {
  readonly atMs: number;
  readonly answered: number;
  readonly ownCpu: number;
  readonly serverCpu: number;
  readonly machineCpu: number;
}

export class Run implements Answers {
  private readonly spec: LoadSpec;
  private readonly tally: Tally;
  private readonly keys = new KeySource();
  private readonly targets: TargetList | null;
  private readonly connections: Connection[] = [];
  private readonly idle: Connection[] = [];
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
  /** Open loop: since when there has been a free connection without a break. */
  private freeSinceMs = 0;
  private failure: Error | null = null;

  constructor(spec: LoadSpec, targets: TargetList | null, keep: TargetList | null) {
    this.spec = spec;
    this.targets = targets;
    this.tally = new Tally(spec, keep);
    const open = spec.pacing.kind === 'open';
    const perSecond = spec.pacing.kind === 'open' ? spec.pacing.perSecond : 0;
    this.intervalMs = open ? 1000 / perSecond : 0;
    this.firstMeasured = Math.round((perSecond * spec.warmupMs) / 1000);
    const due = open ? this.firstMeasured + Math.round((perSecond * spec.measureMs) / 1000) : Infinity;
    this.most = Math.min(due, spec.maxRequests ?? Infinity, targets?.count ?? Infinity);
    this.latency = open ? newHistogram() : null;
    this.lateSend = open ? newHistogram() : null;
  }

  async execute(): Promise<LoadResult> {
    const { spec } = this;
    await this.connectAll();
    this.startMs = performance.now();
    this.sending = true;
    if (spec.pacing.kind === 'open') this.sendDue();
    else for (const connection of this.idle.splice(0)) this.sendOne(connection);
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

  onAnswer(connection: Connection, status: number, bytes: Uint8Array, start: number, end: number): void {
    this.waiting -= 1;
    try {
      this.tally.add(connection, status, bytes, start, end);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.sending = false;
    }
    if (this.latency === null) {
      this.sendOne(connection);
      return;
    }
    this.recordLatency(this.latency, connection);
    this.release(connection);
    this.sendDueNow();
    this.finishIfDone();
  }

  onLost(connection: Connection, waiting: boolean): void {
    if (waiting) {
      this.waiting -= 1;
      this.unanswered += 1;
      if (this.latency !== null) this.recordLatency(this.latency, connection);
    }
    if (!this.sending) {
      this.finishIfDone();
      return;
    }
    this.reconnects += 1;
    connection.connect(this.spec.host, this.spec.port).then(
      () => (this.latency === null ? this.sendOne(connection) : this.release(connection)),
      (error: unknown) => (this.failure = new Error(`a lost connection could not be opened again: ${String(error)}`)),
    );
  }

  private async connectAll(): Promise<void> {
    const { host, port, path, body, connections } = this.spec;
    for (let first = 0; first < connections; first += connectAtOnce) {
      const some = Array.from({ length: Math.min(connectAtOnce, connections - first) }, () => {
        const connection = new Connection(new RequestBytes(`${host}:${port}`, path, body), this);
        this.connections.push(connection);
        return connection.connect(host, port);
      });
      await Promise.all(some);
    }
    this.idle.push(...this.connections);
  }

  /** Sends on this connection, unless the run is over. */
  private sendOne(connection: Connection): void {
    if (!this.sending || this.sent >= this.most) {
      this.finishIfDone();
      return;
    }
    connection.request.renew(this.keys, this.targets, this.sent);
    this.sent += 1;
    this.waiting += 1;
    connection.send();
    if (this.targets !== null && this.sent === Math.ceil(this.most * warmupShare)) this.warmedUp?.();
  }

  /** Open loop: sends all that is due and comes back in the next turn of the loop; a timer would be a millisecond late. */
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
      const connection = this.idle.pop()!;
      if (!connection.isOpen) continue;
      connection.dueMs = dueMs;
      connection.number = this.sent;
      // Waiting for a free connection is the server's doing; any other delay is ours.
      const ours = this.sent >= this.firstMeasured && dueMs >= this.freeSinceMs;
      if (ours) this.lateSend?.recordValue(microseconds(nowMs - dueMs));
      this.sendOne(connection);
    }
  }

  private release(connection: Connection): void {
    if (this.idle.length === 0) this.freeSinceMs = performance.now();
    this.idle.push(connection);
  }

  private recordLatency(latency: Histogram, connection: Connection): void {
    if (connection.number < this.firstMeasured) return;
    latency.recordValue(microseconds(performance.now() - connection.dueMs));
  }

  private finishIfDone(): void {
    if (this.waiting > 0 || (this.sending && this.sent < this.most)) return;
    this.finished?.();
  }

  /** What is still unanswered stays so; in an open loop its latency so far counts, and so does that of what was never sent. */
  private giveUp(): void {
    const nowMs = performance.now();
    for (const connection of this.connections) {
      if (connection.waiting) {
        this.unanswered += 1;
        if (this.latency !== null) this.recordLatency(this.latency, connection);
      }
      connection.close();
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
