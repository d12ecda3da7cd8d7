/**
 * Snapshots by a follower: from its own replica, so that the store never pauses for one. The follow
 * loop offers its engine between two batches; when enough has happened since the newest snapshot,
 * and the follower vouches for its replica, a snapshot is written, piece by piece.
 *
 * A snapshot that cannot be written is no reason to stop following: it is said, and tried again
 * later.
 */
import type { Engine } from '../../engine/engine.ts';
import { saveSnapshotGently, snapshotPositions } from '../../store/snapshot-files.ts';
import { lowestStartingPosition, readFollowerRecords } from '../../store/follower-records.ts';
import { reasonOf } from '../../reason.ts';

/** Records from one snapshot to the next. */
export const defaultSnapshotEvery = 1_000_000;

export interface SnapshotWriterOptions {
  readonly dataFolder: string;
  /** Takes sentences for the operator. */
  readonly onNotice: (message: string) => void;
  /** A snapshot is due after so many records… Default 1,000,000. */
  readonly everyRecords?: number;
  /**
   * …or after so long, ms, when at least `leastRecords` came. Defaults 5 minutes and 10,000, or
   * `everyRecords` where that is less.
   */
  readonly everyMs?: number;
  readonly leastRecords?: number;
  /** How long to wait after one that could not be written, ms. Default a minute. */
  readonly retryMs?: number;
}

/**
 * How long to wait after the follower could not vouch for its replica, ms: the next batch may be
 * all that is missing.
 */
const notReadyMs = 500;

export class SnapshotWriter {
  private readonly dataFolder: string;
  private readonly onNotice: (message: string) => void;
  private readonly everyRecords: number;
  private readonly everyMs: number;
  private readonly leastRecords: number;
  private readonly retryMs: number;
  /**
   * Position of the newest snapshot that is known of, whoever wrote it, and when it was learned of.
   */
  private newest: number;
  private sinceMs: number | null = null;
  private notBeforeMs = -Infinity;

  constructor(options: SnapshotWriterOptions) {
    this.dataFolder = options.dataFolder;
    this.onNotice = options.onNotice;
    this.everyRecords = options.everyRecords ?? defaultSnapshotEvery;
    this.everyMs = options.everyMs ?? 5 * 60_000;
    this.leastRecords = options.leastRecords ?? Math.min(10_000, this.everyRecords);
    this.retryMs = options.retryMs ?? 60_000;
    this.newest = snapshotPositions(this.dataFolder)[0] ?? 0;
  }

  /**
   * Writes a snapshot when one is due; resolves with whether it did. To be called between two
   * batches, and awaited before the next: the engine must stand still. `nowMs`: any clock that does
   * not go back. An abort ends it soon, and nothing is left. `isReady`: asked when one is due
   * whether a snapshot of the engine as it stands may be relied on.
   */
  async writeIfDue(
    engine: Engine,
    nowMs: number,
    signal: AbortSignal,
    isReady: () => Promise<boolean> = async () => true,
  ): Promise<boolean> {
    if (signal.aborted || !this.isDue(engine, nowMs)) return false;
    // The store writes one when it closes, and a second follower may have been quicker.
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
    return records >= this.everyRecords || (records >= this.leastRecords && nowMs - this.sinceMs >= this.everyMs);
  }

  private note(position: number, nowMs: number): void {
    this.newest = position;
    this.sinceMs = nowMs;
  }
}
