/**
 * Follows the log for its snapshots alone, when there is no database. It resumes from the newest
 * snapshot.
 *
 *     starting --from the newest snapshot--> catching-up --at the log's end--> following
 *                                                 ^------the log runs ahead--------'
 *     any of them --outcomes differ, the log is damaged or was replaced--> it throws, and is done
 */
import type { LogReader } from '../../log/log.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine } from '../../engine/engine.ts';
import { outcomeHash, Replay } from '../../replica/replay.ts';
import { loadNewestSnapshot } from '../../store/snapshot-files.ts';
import type { FollowerView } from '../../store/follower-records.ts';
import { noOutcomes } from '../../store/follower-records.ts';
import { isConfirmed, pursue } from '../pursuit.ts';
import type { Pursuer } from '../pursuit.ts';
import type { SnapshotWriter } from './snapshot-writer.ts';

/** How long it reads before it checks whether a snapshot is due, ms. */
const stretchMs = 200;

export interface SnapshotFollowerOptions {
  /** The data folder, where snapshots are. */
  readonly folder: string;
  readonly log: LogReader;
  readonly snapshots: SnapshotWriter;
  readonly onNotice: (message: string) => void;
  /** Told after every change of what `view` gives. */
  readonly onProgress?: (view: FollowerView) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

export class SnapshotFollower implements Pursuer {
  private readonly options: SnapshotFollowerOptions;
  private readonly replay: Replay;
  /** The snapshot from which a restart would begin. */
  private kept: { readonly position: number; readonly hash: string };
  private state: FollowerView['state'] = 'starting';

  constructor(options: SnapshotFollowerOptions) {
    this.options = options;
    this.replay = new Replay(loadNewestSnapshot(options.folder, options.onNotice));
    const { engine } = this;
    this.kept = { position: engine.position, hash: engine.isEmpty ? noOutcomes : outcomeHash(engine) };
  }

  /** Follows until the signal. @throws DivergedError, LogDamagedError, LogTrimmedError */
  run(): Promise<void> {
    return pursue(this, this.options.signal);
  }

  get engine(): Engine {
    return this.replay.engine;
  }

  async step(): Promise<boolean> {
    const { engine, replay } = this;
    const untilMs = performance.now() + stretchMs;
    const reading = await this.options.log.read(
      engine.position + 1,
      (batch) => replay.apply(batch),
      () => performance.now() >= untilMs,
    );
    if (reading.end <= engine.position) {
      throw new Error(
        `the log ends at position ${reading.end - 1} and ended behind ${engine.position} before: it was replaced under its follower`,
      );
    }
    await nextTurn();
    return reading.next < reading.end;
  }

  /**
   * Writes a snapshot when one is due. Servers start from it, so the log's writer must have
   * confirmed its position.
   */
  async snapshot(): Promise<void> {
    const { engine, replay } = this;
    const { snapshots, log, signal } = this.options;
    const isWritten = await snapshots.writeIfDue(engine, performance.now(), signal, () => isConfirmed(log, replay));
    if (isWritten) this.kept = { position: engine.position, hash: outcomeHash(engine) };
  }

  async enter(state: 'catching-up' | 'following'): Promise<void> {
    this.state = state;
    this.options.onProgress?.(this.view());
  }

  view(): FollowerView {
    const { engine, kept } = this;
    return {
      state: this.state,
      position: engine.position,
      logTimeMs: engine.nowMs,
      durablePosition: kept.position,
      durableHash: kept.hash,
      message: null,
    };
  }
}
