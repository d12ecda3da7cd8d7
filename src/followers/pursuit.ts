/**
 * How any follower runs: stretch after stretch of the log, a look at its end now and then, until it
 * is told to end.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import type { Batch, LogReader } from '../log/log.ts';
import type { Replay } from '../replica/replay.ts';

/**
 * How long it waits at the log's end before it looks again, ms; longer each time that nothing has
 * come.
 */
const shortestWaitMs = 25;
const longestWaitMs = 250;

export interface Pursuer {
  /** Its replica. */
  readonly engine: Engine;
  /** Reads a stretch of the log; whether there is more to read at once. */
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
 * Whether the log tells that its writer had a replica's outcomes up to where the replica stands:
 * the batch behind that says so. While there is none yet, nobody can know.
 * @throws DivergedError when it had others; what reading the log throws
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
