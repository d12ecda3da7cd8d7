/**
 * Snapshots written by a follower from its own replica, so the store never pauses for one. The
 * follow loop offers its engine between two batches. When enough has happened since the newest
 * snapshot and the follower vouches for its replica, a snapshot is written piece by piece.
 *
 * A failed snapshot does not stop following: it is reported and retried later.
 */
import type { Engine } from '../../engine/engine.ts';
import { saveSnapshotGently, snapshotPositions } from '../../store/snapshot-files.ts';
import { lowestStartingPosition, readFollowerRecords } from '../../store/follower-records.ts';
import { reasonOf } from '../../reason.ts';

/** Records from one snapshot to the next. */
export const defaultSnapshotEvery = 1_000_000;

export interface SnapshotWriterOptions {
  readonly dataFolder: string;
  /** Takes messages for the operator. */
  readonly onNotice: (message: string) => void;
  /** A snapshot is due after this many records… Default 1,000,000. */
  readonly everyRecords?: number;
  /**
   * …or after this time, ms, when at least `minRecords` came. Defaults: 5 minutes, and 10,000 or
   * `everyRecords`, whichever is less.
   */
  readonly everyMs?: number;
  readonly minRecords?: number;
  /** Delay after a failed snapshot, ms. Default a minute. */
  readonly retryMs?: number;
}

/**
 * Delay after the follower could not vouch for its replica, ms. Often only the next batch is
 * missing.
 */
const notReadyMs = 500;

export class SnapshotWriter {
  private readonly dataFolder: string;
  private readonly onNotice: (message: string) => void;
  private readonly everyRecords: number;
  private readonly everyMs: number;
  private readonly minRecords: number;
  private readonly retryMs: number;
  /** Position of the newest known snapshot, by any writer, and when it was noticed. */
  private newest: number;
  private sinceMs: number | null = null;
  private notBeforeMs = -Infinity;

  constructor(options: SnapshotWriterOptions) {
    this.dataFolder = options.dataFolder;
    this.onNotice = options.onNotice;
    this.everyRecords = options.everyRecords ?? defaultSnapshotEvery;
    this.everyMs = options.everyMs ?? 5 * 60_000;
    this.minRecords = options.minRecords ?? Math.min(10_000, this.everyRecords);
    this.retryMs = options.retryMs ?? 60_000;
    this.newest = snapshotPositions(this.dataFolder)[0] ?? 0;
  }

  /**
   * Writes a snapshot when one is due; resolves with whether it did. Call it between two batches
   * and await it before the next: the engine must stand still. `nowMs`: any clock that does not go
   * back. An abort ends it soon and leaves no file. `isReady` is asked when a snapshot is due: may
   * the engine's present state be relied on?
   */
  async writeIfDue(
    engine: Engine,
    nowMs: number,
    signal: AbortSignal,
    isReady: () => Promise<boolean> = async () => true,
  ): Promise<boolean> {
    if (signal.aborted || !this.isDue(engine, nowMs)) return false;
    // The store writes one when it closes, and another follower may have been quicker.
    const [newest = 0] = snapshotPositions(this.dataFolder);
    if (newest > this.newest) {
      this.note(newest, nowMs);
      if (!this.isDue(engine, nowMs)) return false;
    }
    if (!(await isReady())) {
      this.notBeforeMs = nowMs + notReadyMs;
      return false;
    }
    try {
      const lowest = lowestStartingPosition(readFollowerRecords(this.dataFolder));
      await saveSnapshotGently(this.dataFolder, engine, lowest, signal);
    } catch (error) {
      if (signal.aborted) return false;
      const reason = reasonOf(error);
      this.notBeforeMs = nowMs + this.retryMs;
      this.onNotice(
        `no snapshot could be written at position ${engine.position} (${reason}); the log has everything, and it is tried again`,
      );
      return false;
    }
    this.note(engine.position, nowMs);
    return true;
  }

  private isDue(engine: Engine, nowMs: number): boolean {
    this.sinceMs ??= nowMs;
    if (engine.isEmpty || nowMs < this.notBeforeMs) return false;
    const records = engine.position - this.newest;
    return records >= this.everyRecords || (records >= this.minRecords && nowMs - this.sinceMs >= this.everyMs);
  }

  private note(position: number, nowMs: number): void {
    this.newest = position;
    this.sinceMs = nowMs;
  }
}
