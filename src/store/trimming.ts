/** Runs rounds of trimming on a slow timer while a store runs. */
import { FileLogReader } from '../log/file/reader.ts';
import type { Store } from './open.ts';
import { Trimmer } from './trimmer.ts';

const firstAfterMs = 5000;
const everyMs = 60_000;
/**
 * A difference between replicas is reported again after this many rounds, as long as the process
 * lives.
 */
const roundsBetweenAlarms = 10;

/** Callbacks for what an operator should know. */
export interface TrimEvents {
  /** The log begins at `start` now. */
  trimmed(start: number): void;
  /** Something must be repaired before the log can be trimmed. */
  held(reason: string): void;
  /** Replicas differ: trimming has stopped. */
  stopped(reason: string): void;
  /** A round failed; the next one tries again. */
  failed(error: unknown): void;
}

export class Trimming {
  private readonly trimmer: Trimmer;
  private readonly events: TrimEvents;
  private timer: ReturnType<typeof setTimeout>;
  private isStopped = false;
  private rounds = 0;
  /** The last reason that was reported: a reason is reported when it is new. */
  private lastReason = '';

  constructor({ log, node }: Pick<Store, 'log' | 'node'>, folder: string, events: TrimEvents) {
    this.trimmer = new Trimmer({ folder, log, reader: new FileLogReader({ folder }), engine: node.engine });
    this.events = events;
    this.timer = setTimeout(() => void this.round(), firstAfterMs);
  }

  /** Begins no more rounds. A round that is under way ends when the log is closed. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async round(): Promise<void> {
    this.rounds += 1;
    try {
      await this.trim();
    } catch (error) {
      // A log that was closed during the round is no error.
      if (!this.isStopped) this.events.failed(error);
    }
    if (!this.isStopped) this.timer = setTimeout(() => void this.round(), everyMs);
  }

  private async trim(): Promise<void> {
    const verdict = await this.trimmer.round();
    if (verdict.kind === 'trimmed') this.events.trimmed(verdict.start);
    const reason = 'reason' in verdict ? verdict.reason : '';
    const isNews = reason !== this.lastReason;
    this.lastReason = reason;
    if (verdict.kind === 'held' && isNews) this.events.held(reason);
    if (verdict.kind === 'stopped' && (isNews || this.rounds % roundsBetweenAlarms === 0)) this.events.stopped(reason);
  }
}
