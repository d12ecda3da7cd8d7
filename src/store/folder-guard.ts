/**
 * Guards a folder while its store runs: checks that the files of its log are in place, and writes
 * the heartbeat.
 */
import type { FileLog } from '../log/file/file-log.ts';
import type { TimeSource } from '../node/clock.ts';
import type { Node } from '../node/node.ts';
import { leftWithoutLog } from './folder.ts';
import { Heartbeat } from './heartbeat.ts';
import { UserError } from './user-error.ts';

/** How often it checks, ms: writes meanwhile into a file that was removed are lost. */
const everyMs = 1000;

/**
 * A store is begun only in an empty folder: tokens, snapshots and followers' records without a log
 * belong to a log that is lost.
 * @throws UserError when the folder has such files and no log
 */
export function requireNothingLost(folder: string): void {
  const left = leftWithoutLog(folder);
  if (left.length === 0) return;
  throw new UserError(
    `${folder} has ${left.join(', ')} of a store, but no log: that is lost, or elsewhere. Nothing was changed. Put the log back, or restore a ` +
      'backup in another folder; to begin anew, empty this one with `holdfast reset`',
  );
}

export class FolderGuard {
  readonly folder: string;
  private readonly heartbeat: Heartbeat;
  private readonly timer: ReturnType<typeof setInterval>;

  private constructor(folder: string, heartbeat: Heartbeat, look: () => void) {
    this.folder = folder;
    this.heartbeat = heartbeat;
    this.timer = setInterval(look, everyMs);
    this.timer.unref();
  }

  /** From now on the node fails as soon as a file of its log is gone, even without requests. */
  static async begin(folder: string, log: FileLog, node: Node, time: TimeSource): Promise<FolderGuard> {
    const heartbeat = await Heartbeat.begin(folder, () => time.wallMs());
    return new FolderGuard(folder, heartbeat, () => {
      try {
        log.check();
      } catch (error) {
        node.fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** The store has stopped. `isClean`: it was asked to, and nothing had failed. */
  async end(isClean: boolean): Promise<void> {
    clearInterval(this.timer);
    await (isClean ? this.heartbeat.stop() : this.heartbeat.halt());
  }
}
