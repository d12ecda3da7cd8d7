/**
 * The node in its world: one process on one failing disk, which dies and is started again; a wall
 * clock that is set; clients whose requests and answers get lost.
 *
 *     down -start-> serving -power cut, failure of the disk, kill-> down
 *                      +----clean stop, with a snapshot----------> down
 */
import assert from 'node:assert/strict';
import { Command } from '../../src/engine/command.ts';
import { Engine } from '../../src/engine/engine.ts';
import { restoreSnapshot, writeSnapshot } from '../../src/engine/snapshot.ts';
import { openFileLog } from '../../src/log/file/file-log.ts';
import { errorCode } from '../../src/log/disk.ts';
import type { Disk } from '../../src/log/disk.ts';
import { LogFailedError, LogFullError } from '../../src/log/log.ts';
import type { Log } from '../../src/log/log.ts';
import { MemoryDisk, PowerCutError } from '../../src/log/memory/memory-disk.ts';
import type { DiskOperation, Fault } from '../../src/log/memory/memory-disk.ts';
import type { TimeSource } from '../../src/node/clock.ts';
import { NotTakenError, UnknownResultError } from '../../src/node/errors.ts';
import { Node } from '../../src/node/node.ts';
import { genesis, makeSale } from '../crash/support/commands.ts';
import { makeSeatedSale } from './hall.ts';
import { Loop } from './loop.ts';
import { SimulatedFollower } from './follower.ts';
import { fill, render } from './request.ts';
import type { Asked, Told } from './request.ts';

export const folder = '/data';
const startWallMs = Date.UTC(2026, 0, 1);
/** How long keys are kept: less than clocks are set ahead. */
const retentionMs = 3_600_000;

/** What stands in for the real parts, to see what the simulation finds. */
export interface Parts {
  readonly wrapDisk?: (disk: MemoryDisk) => Disk;
  readonly wrapLog?: (log: Log) => Log;
  readonly makeEngine?: () => Engine;
  /** The node is told the wall clock for the one that never goes back. */
  readonly monotonicIsWall?: boolean;
}

/** Null: the result of the request is unknown. */
export type Reply = Told | 'not taken' | null;

export class World implements TimeSource {
  readonly loop: Loop;
  readonly random: () => number;
  readonly disk: MemoryDisk;
  /** Of all sales; the last of them has seats. */
  readonly capacities: readonly number[];
  /** What happened, for people and for the comparison of two runs. */
  readonly counts = { crashes: 0, stops: 0, faults: 0, unknown: 0, untaken: 0, jumps: 0 };
  /** Off: nothing fails any more. */
  troubled = true;
  node: Node | null = null;
  private log: Log | null = null;
  private readonly command = new Command();
  private readonly waiting = new Set<(reply: null) => void>();
  private wallOffsetMs = startWallMs;
  private snapshot: Uint8Array | null = null;
  private nonces = 0;
  /** When the process began to serve, by both clocks. */
  private begunAt = { logMs: 0, loopMs: 0 };
  private starting: Promise<void> | null = null;
  private dying: Promise<void> | null = null;
  private readonly parts: Parts;
  private readonly follower: SimulatedFollower;

  constructor(random: () => number, capacities: readonly number[], parts: Parts = {}) {
    this.random = random;
    this.capacities = capacities;
    this.parts = parts;
    this.loop = new Loop(random);
    this.disk = new MemoryDisk({ sleep: (ms) => (this.loop.nowMs += ms) });
    this.disk.onOperation = (operation) => this.faultIn(operation);
    this.follower = new SimulatedFollower(folder, this.disk, parts.makeEngine?.());
  }

  get seatedSale(): number {
    return this.capacities.length - 1;
  }

  wallMs(): number {
    return this.loop.nowMs + this.wallOffsetMs;
  }

  monotonicMs(): number {
    return this.loop.nowMs;
  }

  /** Starts the process, as often as it takes, where it is not serving. */
  start(): Promise<void> {
    this.starting ??= this.startAgain().finally(() => (this.starting = null));
    return this.starting;
  }

  private async startAgain(): Promise<void> {
    while (this.node === null) {
      // A process that still dies would take the timers of the next one along.
      if (this.dying !== null) await this.dying;
      // The clock of a machine that was off may be any when it comes back.
      if (this.troubled && this.random() < 0.2) this.setClock();
      try {
        await this.open();
      } catch (error) {
        // None of this disk's faults may damage the log or change what it says.
        if (!isOfDisk(error)) throw error;
        await this.die();
        await this.loop.sleep(50 * this.random());
      }
    }
  }

  private async open(): Promise<void> {
    const nonce = (): { low: number; high: number } => ({ low: (this.nonces += 1), high: 77 });
    const sizes = { firstSegmentBytes: 8192, maxSegmentBytes: 32_768 };
    const disk = this.parts.wrapDisk?.(this.disk) ?? this.disk;
    const opened = await openFileLog({ folder, disk, monotonicMs: () => this.monotonicMs(), nonce, ...sizes });
    const log = this.parts.wrapLog?.(opened) ?? opened;
    this.log = log;
    const { life } = this.loop;
    const node = await Node.start({
      log,
      engine: this.engine(),
      time:
        this.parts.monotonicIsWall === true ? { wallMs: () => this.wallMs(), monotonicMs: () => this.wallMs() } : this,
      maxWaitMs: 3000,
      onFailure: (error) => {
        if (!isOfDisk(error)) this.fail(error);
        this.loop.after(5 * this.random(), () => void (this.loop.life === life && this.crash()));
      },
    });
    const retention = { orderKeyRetentionMs: retentionMs, holdKeyRetentionMs: retentionMs };
    if (node.engine.isEmpty) await node.begin({ ...genesis, ...retention });
    await node.announceStart(
      Math.floor(this.random() * 2 ** 48)
        .toString(16)
        .padStart(12, '0'),
    );
    this.begunAt = { logMs: node.clock.nowMs(), loopMs: this.loop.nowMs };
    const { sales } = node.engine.state;
    while (sales.count < this.capacities.length) {
      if (sales.count === this.seatedSale) await makeSeatedSale(node);
      else await makeSale(node, this.capacities[sales.count]!);
    }
    this.node = node;
  }

  /** From the snapshot of the last clean stop, or from nothing. */
  private engine(): Engine {
    const engine = this.parts.makeEngine?.() ?? new Engine();
    const bytes = this.snapshot;
    if (bytes === null || this.random() < 0.3) return engine;
    let at = 0;
    restoreSnapshot(engine, (length) => bytes.subarray(at, (at += length)));
    return engine;
  }

  /** The process dies, now or by the power of its machine, and is started again. */
  crash(): void {
    if (this.node === null) return;
    this.counts.crashes += 1;
    void this.die().then(() => this.restart());
  }

  /** The operator stops it, and starts it again. */
  stop(): void {
    const { node, log } = this;
    if (node === null || log === null) return;
    this.counts.stops += 1;
    const { life } = this.loop;
    void this.close(node, log)
      .catch(() => {})
      .then(async () => {
        if (this.loop.life !== life) return;
        await this.die();
        this.restart();
      });
  }

  private async close(node: Node, log: Log): Promise<void> {
    await node.close();
    if (node.failureReason === null)
      this.snapshot = Buffer.concat([...writeSnapshot(node.engine)].map((chunk) => chunk.slice()));
    await log.close();
  }

  private restart(): void {
    this.loop.after(100 * this.random(), () => void this.start().catch((error: unknown) => this.fail(error)));
  }

  /** From now on nothing fails, and there is room on the disk. */
  calm(): void {
    this.troubled = false;
    this.disk.capacityBytes = Infinity;
  }

  /** Ends the run: what was found. */
  fail: (error: unknown) => void = (error) => {
    throw error;
  };

  private async die(): Promise<void> {
    this.dying = this.end();
    await this.dying;
    this.dying = null;
  }

  private async end(): Promise<void> {
    // Another process has seen all that was acknowledged when this one dies. After a power cut the
    // watermark may be behind until a start has recovered.
    const recovered = this.node !== null;
    this.node = null;
    this.log = null;
    if (recovered) await this.follow();
    this.disk.cutPower();
    for (const lose of this.waiting) lose(null);
    this.waiting.clear();
    await this.loop.nextLife();
    const dice = this.random();
    this.disk.restart(dice < 0.4 ? 'nothing' : dice < 0.8 ? 'some' : 'everything', Math.floor(this.random() * 2 ** 32));
    this.disk.capacityBytes = Infinity;
  }

  /** The follower reads on, unless the power is gone; nothing fails for it. */
  private async follow(): Promise<void> {
    const { onOperation } = this.disk;
    this.disk.onOperation = null;
    try {
      await this.follower.look(this.random() < 0.3);
    } catch (error) {
      if (!isOfDisk(error)) this.fail(error);
    } finally {
      this.disk.onOperation = onOperation;
    }
  }

  /** @throws where the follower's rows are not those of the engine */
  async auditFollower(): Promise<void> {
    await this.follow();
    assert.ok(this.node !== null, 'the process serves');
    this.follower.audit(this.node.engine);
  }

  /** Sends a request and waits; either way may be lost. */
  async request(asked: Asked): Promise<Reply> {
    await this.loop.sleep(2 * this.random());
    const { node } = this;
    if (node === null) return null;
    const reply = await new Promise<Reply>((resolve) => {
      this.waiting.add(resolve);
      this.submit(node, asked).then(resolve, (error: unknown) => {
        if (error instanceof NotTakenError) resolve('not taken');
        else if (error instanceof UnknownResultError) resolve(null);
        else this.fail(error);
      });
      void this.loop.sleep(20_000).then(() => resolve(null));
    });
    await this.loop.sleep(this.random());
    const lost = this.troubled && this.random() < 0.02;
    if (lost || reply === null) this.counts.unknown += 1;
    if (reply === 'not taken') this.counts.untaken += 1;
    return lost ? null : reply;
  }

  private async submit(node: Node, asked: Asked): Promise<Told> {
    const { state } = node.engine;
    return await node.submit(fill(this.command, asked, state.civil.offsetMs), render, state);
  }

  /** Sets the clock of the machine, by hours or by days. */
  setClock(): void {
    this.counts.jumps += 1;
    const hours = (2 * this.random() - 1) * (this.random() < 0.3 ? 72 : 1);
    this.wallOffsetMs = startWallMs + hours * 3_600_000;
    this.auditClock();
  }

  /**
   * Asserts that log time goes on like real time while a process runs, whatever the wall clock
   * does.
   */
  auditClock(): void {
    if (this.node === null) return;
    const { logMs, loopMs } = this.begunAt;
    const apartMs = this.node.clock.nowMs() - logMs - (this.loop.nowMs - loopMs);
    assert.ok(Math.abs(apartMs) < 1, `log time is ${apartMs} ms from the time that went by`);
  }

  /** Fills the disk, or makes room. */
  fillDisk(): void {
    const used = [...this.disk.files().values()].reduce((sum, { length }) => sum + length, 0);
    this.disk.capacityBytes = Number.isFinite(this.disk.capacityBytes) ? Infinity : used;
  }

  private faultIn({ kind, bytes }: DiskOperation): Fault | undefined {
    if (!this.troubled) return undefined;
    const dice = this.random();
    if (dice > 0.02) return undefined;
    this.counts.faults += 1;
    const written = Math.floor(this.random() * bytes);
    if (dice < 0.0015) return { kind: 'power', written };
    if (dice < 0.0025 && (kind === 'write' || kind === 'sync')) return { kind: 'error', code: 'EIO', written };
    if (dice < 0.006 && kind === 'write') return { kind: 'error', code: 'ENOSPC', written };
    return { kind: 'slow', ms: this.random() < 0.1 ? 4000 * this.random() : 30 * this.random() };
  }

  /** An engine that replays what is on the disk. */
  async replayed(): Promise<Engine> {
    const { log } = this;
    assert.ok(log !== null, 'the process serves');
    const replica = await Node.start({ log, time: this });
    await replica.close();
    return replica.engine;
  }
}

/** What this disk does to a process; anything else that ends one is a finding. */
function isOfDisk(error: unknown): boolean {
  const expected = [PowerCutError, LogFailedError, LogFullError, UnknownResultError, NotTakenError];
  return expected.some((type) => error instanceof type) || ['EIO', 'ENOSPC'].includes(errorCode(error));
}
