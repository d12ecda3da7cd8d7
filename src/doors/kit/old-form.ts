/** Which answers keep the form that they had when they were given first. */
import type { State } from '../../engine/state.ts';

/**
 * Whether what was done at a position was answered by a store from before starts had a record: a
 * key's first answer had fewer fields then, and is repeated as it was.
 */
export function keepsOldForm(state: State, position: number): boolean {
  return state.epochs.at(position) === null;
}
