/**
 * What a follower writes down of itself while it runs: changes of its state at once, positions now
 * and then.
 */
import type { FollowerRecord, FollowerView } from '../store/follower-records.ts';
import {
  noOutcomes,
  readFollowerRecord,
  removeFollowerRecord,
  removeUnfinishedRecords,
  writeFollowerRecord,
} from '../store/follower-records.ts';

/** Positions are written at most so often, ms. */
const betweenMs = 250;

export interface FollowerNotesOptions {
  readonly folder: string;
  /** Of the follower. */
  readonly name: string;
  /**
   * Told when nothing could be written: somebody reads an older record for a while, which is safe.
   */
  readonly onTrouble: (reason: string) => void;
}

export class FollowerNotes {
  private readonly options: FollowerNotesOptions;
  /** What the one before left: it holds while this one does not know yet how far its store is. */
  private readonly previous: FollowerRecord | null;
  /** The one before came to other outcomes, and this one has not shown yet that it does not. */
  private isDoubted: boolean;
  private latest: FollowerView = {
    state: 'starting',
    position: 0,
    logTimeMs: 0,
    durablePosition: 0,
    durableHash: noOutcomes,
    message: null,
  };
  private writtenState: FollowerView['state'] | null = null;
  private writtenMs = -Infinity;
  /** The file says what `latest` says. */
  private isWritten = false;

  constructor(options: FollowerNotesOptions) {
    this.options = options;
    removeUnfinishedRecords(options.folder, options.name);
    this.previous = this.readPrevious();
    this.isDoubted = this.previous?.state === 'diverged';
  }

  take(view: FollowerView): void {
    const { latest } = this;
    const same =
      view.state === latest.state &&
      view.position === latest.position &&
      view.durablePosition === latest.durablePosition &&
      view.message === latest.message;
    this.latest = view;
    // At the log's end it has agreed with all that the one before did not agree with.
    if (view.state === 'following' && view.position > (this.previous?.position ?? 0)) this.isDoubted = false;
    if (same && this.isWritten) return;
    this.isWritten = false;
    if (view.state !== this.writtenState || performance.now() - this.writtenMs >= betweenMs) this.write();
  }

  /**
   * It ends: as it was asked to, when `message` is null, or because it cannot go on. Returns
   * whether the one before it ended for the same reason.
   */
  end(state: 'stopped' | 'diverged', message: string | null): boolean {
    this.latest = { ...this.latest, state, message };
    this.write();
    return this.previous?.state === state && this.previous.message === message;
  }

  /**
   * Nobody is to keep anything for this follower any more, unless one has differed: that has to be
   * seen.
   */
  forget(): void {
    if (!this.isDoubted) removeFollowerRecord(this.options.folder, this.options.name);
  }

  private write(): void {
    const { latest, previous, options } = this;
    const { position, logTimeMs, durablePosition, durableHash } =
      latest.position > 0 || previous === null ? latest : previous;
    const state = this.isDoubted ? 'diverged' : latest.state;
    const message = latest.message ?? (this.isDoubted ? (previous?.message ?? null) : null);
    this.writtenState = latest.state;
    this.isWritten = true;
    this.writtenMs = performance.now();
    const known = { state, position, logTimeMs, durablePosition, durableHash, message };
    try {
      writeFollowerRecord(options.folder, {
        ...known,
        name: options.name,
        pid: process.pid,
        writtenAtMs: Date.now(),
      });
    } catch (error) {
      options.onTrouble(String(error));
    }
  }

  private readPrevious(): FollowerRecord | null {
    const { folder, name, onTrouble } = this.options;
    try {
      return readFollowerRecord(folder, name);
    } catch (error) {
      // It will be replaced; what it said is not known.
      onTrouble(String(error));
      return null;
    }
  }
}
