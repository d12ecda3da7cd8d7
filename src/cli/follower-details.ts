/**
 * What readiness says of each follower that the folder has a record of: its state, and how far it
 * is behind.
 */
import path from 'node:path';
import type { FollowerRecord, FollowerRecords } from '../store/follower-records.ts';
import { readFollowerRecords } from '../store/follower-records.ts';
import { writePosition } from '../doors/kit/positions.ts';
import type { Node } from '../node/node.ts';
import { reasonOf } from '../reason.ts';

/**
 * Minimum time between two reads of the log for one follower, ms, since readiness may be polled
 * often.
 */
const lookEveryMs = 1000;

/** Since when a follower is behind. */
interface Lag {
  /** The first position that the follower lacked. */
  readonly position: number;
  /** Log time of that record, ms. */
  readonly sinceMs: number;
  readonly lookedMs: number;
}

export interface FollowerDetailsOptions {
  readonly dataFolder: string;
  readonly node: Node;
  /** The follower that this process starts, if any. */
  readonly expected: string | null;
}

export class FollowerDetails {
  private readonly options: FollowerDetailsOptions;
  private readonly lags = new Map<string, Lag>();

  constructor(options: FollowerDetailsOptions) {
    this.options = options;
  }

  /**
   * Details by name. Never rejects: the store's readiness does not depend on what is known of its
   * followers.
   */
  async all(): Promise<Record<string, object>> {
    const { dataFolder, expected } = this.options;
    const nothing = { position: null, lag: null };
    let found: FollowerRecords;
    try {
      found = readFollowerRecords(dataFolder);
    } catch (error) {
      return expected === null ? {} : { [expected]: { state: 'unreadable', ...nothing, message: messageOf(error) } };
    }
    const details: Record<string, object> = {};
    if (expected !== null) details[expected] = { state: 'absent', ...nothing, message: null };
    for (const { file, reason } of found.unreadable)
      details[path.basename(file, '.json')] = { state: 'unreadable', ...nothing, message: reason };
    for (const record of found.records) details[record.name] = await this.detailOf(record);
    return details;
  }

  private async detailOf(record: FollowerRecord): Promise<object> {
    const { engine } = this.options.node;
    const records = Math.max(0, engine.position - record.position);
    return {
      state: stateOf(record),
      position: writePosition(engine.state, record.position),
      lag: { records, ms: records === 0 ? 0 : await this.behindMs(record) },
      message: record.message,
    };
  }

  /** The age of the first record that it lacks, ms; not the time since its last one. */
  private async behindMs(record: FollowerRecord): Promise<number> {
    const { node } = this.options;
    const position = record.position + 1;
    let lag = this.lags.get(record.name);
    const isDue = lag === undefined || performance.now() - lag.lookedMs >= lookEveryMs;
    if (lag === undefined || (isDue && lag.position !== position)) {
      // A trimmed record is known to be newer than the follower's last one.
      const sinceMs = (await node.timeAt(position).catch(() => null)) ?? record.logTimeMs;
      lag = { position, sinceMs, lookedMs: performance.now() };
      this.lags.set(record.name, lag);
    }
    return Math.max(0, Math.round(node.clock.nowMs() - lag.sinceMs));
  }
}

/** A follower without a process has stopped, even if its last record says otherwise. */
export function stateOf(record: FollowerRecord): FollowerRecord['state'] {
  return ['stopped', 'diverged'].includes(record.state) || isAlive(record.pid) ? record.state : 'stopped';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function messageOf(error: unknown): string {
  return reasonOf(error);
}
