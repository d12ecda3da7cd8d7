import type { StateDump } from '../../src/engine/dump.ts';

/** How far civil time is from log time in a state, ms. */
export function offsetOf({ offsets }: StateDump): number {
  return offsets.at(-1)?.[1] ?? 0;
}

/** How far civil time was from log time at a position, ms. */
export function offsetAt({ offsets }: StateDump, position: number): number {
  return offsets.findLast(([from]) => from <= position)?.[1] ?? 0;
}

/** Civil time of a state, ms. */
export function civilMsOf(state: StateDump): number {
  return state.nowMs + offsetOf(state);
}
