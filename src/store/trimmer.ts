/**
 * Drops the beginning of the log that is no longer needed. Each round checks the present state and
 * either trims or says why not.
 *
 * Conditions for a trim:
 * 1. Two snapshots are kept, both whole: each replaces all records before it. Nothing after the
 *    older one is dropped.
 * 2. No follower needs it: nothing is dropped after the lowest position that is durable in a
 *    follower's database, nor after the newest snapshot at or before that position, from which that
 *    follower's replica would have to start.
 * 3. No day of a card needs it that is or may come to be settled, nor the newest snapshot before
 *    that, from which its replay starts.
 * 4. All replicas agree: the outcome hash that each follower recorded, and the one in each of these
 *    snapshots, is the one that the log's writer had at that position. A difference means that a
 *    replica is wrong, and only the log tells which one. Then nothing is trimmed until the process
 *    is restarted.
 *
 *     trimming --a difference--> stopped
 */
import type { Engine } from '../engine/engine.ts';
import type { Log, LogReader } from '../log/log.ts';
import { settlementStarts } from '../engine/rules/days.ts';
import { outcomeHash } from '../replica/replay.ts';
import { reasonOf } from '../reason.ts';
import { snapshotPositions } from './snapshot-files.ts';
import { checkSnapshot } from './snapshot-reader.ts';
import { lowestDurablePosition, readFollowerRecords } from './follower-records.ts';
import type { FollowerRecords } from './follower-records.ts';

export interface TrimmerOptions {
  readonly folder: string;
  /** The log of that folder, which this process writes. */
  readonly log: Pick<Log, 'start' | 'trim'>;
  /** The same log, read like another process's. */
  readonly reader: LogReader;
  /** This process's replica. */
  readonly engine: Pick<Engine, 'position' | 'hashLow' | 'hashHigh' | 'state' | 'isEmpty'>;
}

/**
 * - `trimmed`: the log begins at `start` now.
 * - `idle`: nothing can be trimmed yet.
 * - `held`: something must be repaired first; the next round checks again.
 * - `stopped`: replicas differ.
 */
export type TrimVerdict =
  | { readonly kind: 'trimmed'; readonly start: number }
  | { readonly kind: 'idle' }
  | { readonly kind: 'held' | 'stopped'; readonly reason: string };

/** A replica's claim about its outcomes. */
interface Claim {
  /** The name of the replica, for people. */
  readonly of: string;
  readonly position: number;
  readonly hash: string;
}

/** Ends a round. */
class Halt extends Error {
  readonly verdict: TrimVerdict;

  constructor(kind: 'held' | 'stopped', reason: string) {
    super(reason);
    this.verdict = { kind, reason };
  }
}

const snapshotsNeeded = 2;

export class Trimmer {
  private readonly folder: string;
  private readonly log: TrimmerOptions['log'];
  private readonly engine: TrimmerOptions['engine'];
  private readonly reader: LogReader;
  /** Positions of snapshots that were read to the end and agreed. */
  private readonly checked = new Set<number>();
  private stopped: TrimVerdict | null = null;

  constructor(options: TrimmerOptions) {
    this.folder = options.folder;
    this.log = options.log;
    this.engine = options.engine;
    this.reader = options.reader;
  }

  /**
   * One round at a time: wait for the promise.
   * @throws what the disk or the log throws
   */
  async round(): Promise<TrimVerdict> {
    if (this.stopped !== null) return this.stopped;
    try {
      return await this.trim();
    } catch (error) {
      if (!(error instanceof Halt)) throw error;
      if (error.verdict.kind === 'stopped') this.stopped = error.verdict;
      return error.verdict;
    }
  }

  private async trim(): Promise<TrimVerdict> {
    const followers = readFollowerRecords(this.folder);
    await this.checkFollowers(followers);
    const positions = snapshotPositions(this.folder);
    const relied = reliedOn(positions, followers, this.neededFrom());
    if (relied === null) return { kind: 'idle' };
    const before = Math.min(...relied) + 1;
    const start = this.log.start();
    if (before <= start) return { kind: 'idle' };
    for (const position of relied) await this.checkSnapshot(position);
    await this.log.trim(before);
    const now = this.log.start();
    return now > start ? { kind: 'trimmed', start: now } : { kind: 'idle' };
  }

  /** The first position of which days of cards are settled yet; Infinity for none. */
  private neededFrom(): number {
    const { engine } = this;
    return engine.isEmpty ? Infinity : (settlementStarts(engine.state)[0] ?? Infinity);
  }

  /** @throws Halt */
  private async checkFollowers({ records, unreadable }: FollowerRecords): Promise<void> {
    for (const { name, position, state, durablePosition, durableHash, message } of records) {
      const of = `follower ${name}`;
      if (state === 'diverged') {
        const why = message === null ? '' : `: ${message}`;
        throw new Halt(
          'stopped',
          `${of} has recorded that it came to other outcomes behind position ${position}${why}`,
        );
      }
      await this.compare({ of, position: durablePosition, hash: durableHash });
    }
    const [first] = unreadable;
    if (first !== undefined) {
      throw new Halt(
        'held',
        `nobody knows what a follower needs: ${first.reason}. Start that follower, or remove the file if it is no more`,
      );
    }
  }

  /** @throws Halt */
  private async checkSnapshot(position: number): Promise<void> {
    if (this.checked.has(position)) return;
    let head;
    try {
      head = await checkSnapshot(this.folder, position);
    } catch (error) {
      const reason = reasonOf(error);
      throw new Halt('held', `the snapshot at position ${position} is not usable (${reason}), and the log still is`);
    }
    await this.compare({ of: `the snapshot at position ${position}`, position, hash: outcomeHash(head) });
    this.checked.add(position);
  }

  /**
   * Compares a claim with the outcomes of the log's writer at that position.
   * @throws Halt
   */
  private async compare(claim: Claim): Promise<void> {
    const { of, position } = claim;
    const { engine } = this;
    if (position === 0) return;
    if (position > engine.position)
      throw new Halt('stopped', `${of} is at position ${position}, ahead of the log, which ends at ${engine.position}`);
    const writer = position === engine.position ? outcomeHash(engine) : await this.writerAt(claim);
    if (writer === claim.hash) return;
    throw new Halt('stopped', `${of} came to other outcomes than the log's writer, up to position ${position}`);
  }

  /**
   * The writer's hash at a position: the batch after it carries it. Reads the log from the disk.
   * @throws Halt
   */
  private async writerAt({ of, position }: Claim): Promise<string> {
    if (position + 1 < this.log.start())
      throw new Halt('held', `${of} is at position ${position}, and the log begins at ${this.log.start()}`);
    let found: string | null = null;
    let isRead = false;
    await this.reader.read(
      position + 1,
      ({ first, checkPosition, checkLow, checkHigh }) => {
        isRead = true;
        if (first === position + 1 && checkPosition === position)
          found = outcomeHash({ hashLow: checkLow, hashHigh: checkHigh });
      },
      () => isRead,
    );
    if (found !== null) return found;
    throw new Halt('held', `${of} is at position ${position}, which ends no batch: it cannot be compared`);
  }
}

/**
 * Positions of the snapshots that have to replace the trimmed records; null when there are too few.
 */
function reliedOn(positions: readonly number[], followers: FollowerRecords, neededFrom: number): number[] | null {
  const newest = positions.slice(0, snapshotsNeeded);
  if (newest.length < snapshotsNeeded) return null;
  const lowest = Math.min(lowestDurablePosition(followers) ?? 0, neededFrom - 1);
  if (lowest === Infinity) return newest;
  const forSlowest = positions.find((position) => position <= lowest);
  return forSlowest === undefined ? null : [...new Set([...newest, forSlowest])];
}
