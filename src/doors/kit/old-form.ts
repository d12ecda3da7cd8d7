/** Which answers keep the form in which they were first given. */
import type { State } from '../../engine/state.ts';

/**
 * Whether a store from before starts had a record answered the request at this position. A key's
 * first answer had fewer fields then, and is repeated unchanged.
 */
export function keepsOldForm(state: State, position: number): boolean {
  return state.epochs.at(position) === null;
}
