/** Records of followers, for tests that have something to say of a few of their fields. */
import type { FollowerRecord } from '../../../src/store/follower-records.ts';
import { noOutcomes } from '../../../src/store/follower-records.ts';

/**
 * The record of a follower whose store has nothing, or what is said of it. What is safe there is
 * all of it, unless that is said too.
 */
export function recordOf(name: string, said: Partial<FollowerRecord> = {}): FollowerRecord {
  const { position = 0 } = said;
  return {
    name,
    state: 'following',
    position,
    logTimeMs: 1_790_000_000_000,
    durablePosition: position,
    durableHash: noOutcomes,
    message: null,
    pid: 4,
    writtenAtMs: 1_790_000_000_001,
    ...said,
  };
}
