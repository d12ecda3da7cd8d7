/**
 * Expiry. Each applied record ends at most `sweepLimit` holds whose deadline has passed, in
 * (deadline, hold) order. The number is fixed: every replica stops at the same hold. It is small:
 * no record takes long.
 */
import { changeKinds } from '../changes.ts';
import { endHold } from './holds.ts';
import type { State } from '../state.ts';
import { stockReturned, touch } from './stock.ts';
import { holdStates } from '../tables/holds.ts';

/**
 * Expires the holds that are due now; returns how many ended. `previousMs`: log time of the record
 * before.
 */
export function sweep(state: State, previousMs: number): number {
  const { deadlines, holds, windows, nowMs } = state;
  if (windows.nextMs() <= state.civilMs) {
    windows.dropUntil(state.civilMs);
    noteWindows(state, previousMs + state.civil.offsetMs);
  }
  let expired = 0;
  while (deadlines.firstDueMs() <= nowMs) {
    const hold = deadlines.firstHold();
    const active = holds.state.get(hold) === holdStates.active;
    const deadlineMs = holds.deadlineMs.get(hold);
    // An entry from before an extension is put back first, due or not: its place in the heap is too
    // early.
    if (active && deadlineMs === deadlines.firstDueMs()) {
      if (expired === state.settings.sweepLimit) break;
      expired += 1;
      deadlines.pop();
      endHold(state, hold, holdStates.expired);
    } else {
      deadlines.pop();
      if (active) deadlines.push(deadlineMs, hold);
    }
  }
  return expired;
}

/**
 * Opens the sales whose time has come, and notes those that closed since civil time was
 * `previousMs`. A sale that opens offers its stock to the waitlist before any order. So does a sale
 * that is open again because the clock was set back to before its end.
 */
function noteWindows(state: State, previousMs: number): void {
  const { sales, civilMs } = state;
  for (let sale = 0; sale < sales.count; sale += 1) {
    if (sales.removed.get(sale) === 1) continue;
    const closesAtMs = sales.closesAtMs.get(sale);
    const isClosed = civilMs >= closesAtMs;
    const wasClosed = previousMs >= closesAtMs;
    if (sales.opened.get(sale) === 0 && sales.opensAtMs.get(sale) <= civilMs) {
      sales.opened.set(sale, 1);
      stockReturned(state, sale);
    } else if (wasClosed && !isClosed) {
      stockReturned(state, sale);
    } else if (isClosed && !wasClosed) {
      touch(state, sale);
    }
  }
}

/**
 * From this record on, civil time is log time plus `offsetMs`. Dates that are in the future again
 * are due again. Each active hold counts as changed: its deadline is another date now.
 */
export function changeClock(state: State, offsetMs: number): void {
  const { holds, windows, deadlines, changes, position } = state;
  const previousMs = state.civilMs;
  state.civil.set(position, offsetMs);
  windows.rebuild(state);
  noteWindows(state, previousMs);
  for (const hold of deadlines.holdsOfAll()) {
    if (holds.state.get(hold) === holdStates.active) changes.add(changeKinds.hold, hold, position);
  }
}

/**
 * Drops stale entries from the top of the heap. Then the next due time is a real one, and an idle
 * node does not tick in vain.
 */
export function dropStale(state: State): void {
  const { deadlines, holds } = state;
  while (deadlines.length > 0) {
    const hold = deadlines.firstHold();
    const active = holds.state.get(hold) === holdStates.active;
    const deadlineMs = holds.deadlineMs.get(hold);
    if (active && deadlineMs === deadlines.firstDueMs()) return;
    deadlines.pop();
    if (active) deadlines.push(deadlineMs, hold);
  }
}
