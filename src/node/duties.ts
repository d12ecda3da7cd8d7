/**
 * Records that the node appends on its own once log time has come to them: a tick while holds,
 * openings or keys are due, and any other duty in the table of kinds.
 *
 *     at rest --its time has come--> on its way --applied, or not taken--> at rest
 */
import { Command, kinds } from '../engine/command.ts';
import type { Engine } from '../engine/engine.ts';
import type { KindDuty } from '../engine/rules/kinds.ts';
import type { Batcher } from './batcher.ts';
import type { LogClock } from './clock.ts';
import { Pending } from './pending.ts';
import { Ticker } from './ticker.ts';

export interface DutiesOptions {
  readonly engine: Engine;
  readonly clock: LogClock;
  readonly batcher: Batcher;
  readonly duties: readonly KindDuty[];
}

export class Duties {
  private readonly engine: Engine;
  private readonly clock: LogClock;
  private readonly batcher: Batcher;
  private readonly records: readonly DutyRecord[];
  private readonly ticker = new Ticker(() => this.onTime());
  private readonly nowMs = (): number => this.clock.nowMs();
  private isStopped = false;

  constructor({ engine, clock, batcher, duties }: DutiesOptions) {
    this.engine = engine;
    this.clock = clock;
    this.batcher = batcher;
    this.records = duties.map((duty) => new DutyRecord(duty));
  }

  /** Waits until the next duty is due. While one is overdue it waits only `restMs`. */
  arm(restMs = 0): void {
    if (this.isStopped) return;
    let dueMs = Infinity;
    for (const record of this.records) dueMs = Math.min(dueMs, this.dueMsOf(record));
    this.ticker.arm(dueMs, this.nowMs, restMs);
  }

  /** Appends a tick, which only carries the time, unless another record is on its way. */
  tickNow(): void {
    const tick = this.records.find(({ of }) => of.kind === kinds.tick);
    if (!this.isStopped && tick !== undefined) this.append(tick);
  }

  stop(): void {
    this.isStopped = true;
    this.ticker.stop();
  }

  private onTime(): void {
    if (this.isStopped) return;
    const nowMs = this.clock.nowMs();
    let isDue = false;
    for (const record of this.records) {
      if (this.dueMsOf(record) > nowMs) continue;
      isDue = true;
      this.append(record);
    }
    // Otherwise it is armed again when the record on its way has been applied.
    if (!isDue) this.arm();
  }

  private dueMsOf({ of, isOnItsWay }: DutyRecord): number {
    return isOnItsWay || this.engine.isEmpty ? Infinity : of.duty.dueMs(this.engine.state);
  }

  private append(record: DutyRecord): void {
    const { kind, duty } = record.of;
    if (record.isOnItsWay || (duty.byAnyRecord === true && !this.batcher.isIdle)) return;
    const { command } = record;
    command.reset(kind);
    duty.fill(this.engine.state, command);
    record.isOnItsWay = true;
    this.batcher.add(command, record.pending);
  }
}

/** The reused record of one duty. */
class DutyRecord {
  readonly of: KindDuty;
  readonly command = new Command();
  readonly pending: Pending;
  isOnItsWay = false;

  constructor(of: KindDuty) {
    this.of = of;
    const done = (): void => void (this.isOnItsWay = false);
    this.pending = new Pending(() => undefined, undefined, { resolve: done, reject: done });
  }
}
