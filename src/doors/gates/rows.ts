/** The rows of the cards and gates that a path names; 404 for those that do not exist. */
import { outcomes } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import { HttpFailure } from '../../http/problems.ts';

const encoder = new TextEncoder();

/** @throws HttpFailure 404 */
export function cardOf(state: State, id: string): number {
  const bytes = encoder.encode(id);
  const row = state.findCard(bytes, 0, bytes.length);
  if (row < 0) throw new HttpFailure(outcomes.UNKNOWN_CARD);
  return row;
}
