/**
 * What happens without a command: when it is due, and what each record does before and after its
 * own command.
 */
import type { State } from '../state.ts';
import { closingDueMs, turnDays } from './days.ts';
import { denyListDueMs, sweepDenyList } from './deny-list.ts';
import { dropStale, sweep } from './expiry.ts';
import { makeOffers } from './offers.ts';

/** The earliest log time at which something is due without a command, ms; Infinity for none. */
export function nextDueMs(state: State): number {
  if (state.owedOffers.length > 0) return state.nowMs;
  const { deadlines, windows, civil } = state;
  const dueMs = Math.min(
    deadlines.firstDueMs(),
    windows.nextMs() - civil.offsetMs,
    denyListDueMs(state),
    closingDueMs(state),
  );
  return state.keysAreFull(false) || state.keysAreFull(true) ? Math.min(dueMs, keysDueMs(state)) : dueMs;
}

/**
 * Log time at which a record would free a key, ms. Matters while keys are full: new ones are
 * refused from memory, so no record might come otherwise.
 */
function keysDueMs({ keys, settings, idleMs }: State): number {
  return keys.reclaimDueMs(settings.orderKeyRetentionMs, settings.holdKeyRetentionMs) + idleMs;
}

/**
 * Advances the state to the time of a record; returns how many holds and journeys ended.
 * `previousMs`: log time of the record before.
 */
export function beforeCommand(state: State, previousMs: number): number {
  state.journal.begin();
  const expired = sweep(state, previousMs) + turnDays(state);
  sweepDenyList(state);
  // Before the command: returned stock belongs to the waitlist first.
  makeOffers(state);
  state.keys.reclaim(state.keyTimeMs, state.settings.orderKeyRetentionMs, state.settings.holdKeyRetentionMs);
  return expired;
}

/** Offers what a command gave back, within the same record: no other command can come between. */
export function afterCommand(state: State): void {
  makeOffers(state);
  dropStale(state);
}
