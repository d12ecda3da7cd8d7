/**
 * How any follower runs: it reads the log stretch by stretch, then polls its end until it is
 * stopped.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import type { Batch, LogReader } from '../log/log.ts';
import type { Replay } from '../replica/replay.ts';

/** Delay before the end of the log is polled again, ms. It doubles while nothing new has come. */
const shortestWaitMs = 25;
const longestWaitMs = 250;

export interface Pursuer {
  /** Its replica. */
  readonly engine: Engine;
  /** Reads a stretch of the log. Resolves with whether there is more to read at once. */
  step(): Promise<boolean>;
  /** Writes a snapshot, when one is due. */
  snapshot(): Promise<void>;
  /** There is more to read, or it is at the log's end. */
  enter(state: 'catching-up' | 'following'): Promise<void>;
}

/** Follows until the signal. @throws what the follower throws */
export async function pursue(pursuer: Pursuer, signal: AbortSignal): Promise<void> {
  let waitMs = shortestWaitMs;
  while (!signal.aborted) {
    const before = pursuer.engine.position;
    const more = await pursuer.step();
    await pursuer.snapshot();
    await pursuer.enter(more ? 'catching-up' : 'following');
    if (more) continue;
    waitMs = pursuer.engine.position > before ? shortestWaitMs : Math.min(2 * waitMs, longestWaitMs);
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Whether the log's writer had the same outcomes as this replica up to its position. The next batch
 * carries the writer's hash; until that batch exists, the answer is false.
 * @throws DivergedError when the outcomes differ; what reading the log throws
 */
export async function isConfirmed(log: LogReader, replay: Replay): Promise<boolean> {
  let confirmed = false;
  let isRead = false;
  const look = (batch: Batch): void => {
    isRead = true;
    confirmed = replay.isConfirmedBy(batch);
  };
  await log.read(replay.engine.position + 1, look, () => isRead);
  return confirmed;
}
