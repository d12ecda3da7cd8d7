/**
 * The record that a follower keeps of itself: changes of its state at once, positions at intervals.
 */
import type { FollowerRecord, FollowerView } from '../store/follower-records.ts';
import {
  noOutcomes,
  readFollowerRecord,
  removeFollowerRecord,
  removeUnfinishedRecords,
  writeFollowerRecord,
} from '../store/follower-records.ts';

/** Minimum time between two writes of the position, ms. */
const betweenMs = 250;

export interface FollowerNotesOptions {
  readonly folder: string;
  /** The follower's name. */
  readonly name: string;
  /**
   * Called when the record could not be written. Readers then see an older one for a while, which
   * is safe.
   */
  readonly onTrouble: (reason: string) => void;
}

export class FollowerNotes {
  private readonly options: FollowerNotesOptions;
  /**
   * The record of the previous follower. It holds until this one knows how far its own database is.
   */
  private readonly previous: FollowerRecord | null;
  /** The previous follower diverged, and this one has not yet shown that it agrees. */
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
  /** Whether the file equals `latest`. */
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
    // At the log's end it has agreed with every record on which the previous one diverged.
    if (view.state === 'following' && view.position > (this.previous?.position ?? 0)) this.isDoubted = false;
    if (same && this.isWritten) return;
    this.isWritten = false;
    if (view.state !== this.writtenState || performance.now() - this.writtenMs >= betweenMs) this.write();
  }

  /**
   * The follower ends: when asked to (`message` is null), or because it cannot go on. Returns
   * whether the previous one ended for the same reason.
   */
  end(state: 'stopped' | 'diverged', message: string | null): boolean {
    this.latest = { ...this.latest, state, message };
    this.write();
    return this.previous?.state === state && this.previous.message === message;
  }

  /**
   * Removes the record, and with it the need to keep log for this follower. A record of a
   * divergence stays, to be seen.
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
      // It will be replaced; its content is unknown.
      onTrouble(String(error));
      return null;
    }
  }
}
