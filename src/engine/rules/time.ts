/**
 * What happens by itself: when something is due, and what each record does before and behind its
 * own command.
 */
import type { State } from '../state.ts';
import { dropStale, sweep } from './expiry.ts';
import { makeOffers } from './offers.ts';

/** The earliest log time at which something happens by itself, ms; Infinity when nothing will. */
export function nextDueMs(state: State): number {
  if (state.owedOffers.length > 0) return state.nowMs;
  const { deadlines, windows, civil } = state;
  const dueMs = Math.min(deadlines.firstDueMs(), windows.nextMs() - civil.offsetMs);
  return state.keysAreFull(false) || state.keysAreFull(true) ? Math.min(dueMs, keysDueMs(state)) : dueMs;
}

/**
 * Log time at which a record frees a key. While they are full new ones are refused from memory, and
 * no record might come.
 */
function keysDueMs({ keys, settings, idleMs }: State): number {
  return keys.reclaimDueMs(settings.orderKeyRetentionMs, settings.holdKeyRetentionMs) + idleMs;
}

/**
 * Brings the state to the time of a record; returns how many holds ended. `previousMs`: log time of
 * the record before.
 */
export function beforeCommand(state: State, previousMs: number): number {
  const expired = sweep(state, previousMs);
  // Before the command: what came back belongs to the line first.
  makeOffers(state);
  state.keys.reclaim(state.keyTimeMs, state.settings.orderKeyRetentionMs, state.settings.holdKeyRetentionMs);
  return expired;
}

/** What a command gave back goes to the line in its own record: nobody can step in between. */
export function afterCommand(state: State): void {
  makeOffers(state);
  dropStale(state);
}
