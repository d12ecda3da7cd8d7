/**
 * Expiry. Each applied record ends at most `sweepLimit` holds whose deadline has passed, in (deadline, hold) order: a fixed
 * number, so that every replica stops at the same hold, and a small one, so that no record takes long.
 */
import { changeKinds } from './changes.ts';
import { endHold } from './effects.ts';
import type { State } from './state.ts';
import { stockReturned } from './stock.ts';
import { holdStates } from './tables.ts';

/** Expires what is due at a log time; returns how many holds ended. `previousMs`: log time of the record before. */
export function sweep(state: State, nowMs: number, previousMs: number): number {
  const { deadlines, holds, windows } = state;
  if (windows.nextMs() <= nowMs) {
    windows.dropUntil(nowMs);
    noteWindows(state, previousMs, nowMs);
  }
  let expired = 0;
  while (deadlines.firstDueMs() <= nowMs) {
    const hold = deadlines.firstHold();
    const active = holds.state.get(hold) === holdStates.active;
    const deadlineMs = holds.deadlineMs.get(hold);
    // An entry from before an extension is put back first, due or not: it stands too early among the others.
    if (active && deadlineMs === deadlines.firstDueMs()) {
      if (expired === state.settings.sweepLimit) break;
      expired += 1;
      deadlines.pop();
      endHold(state, hold, holdStates.expired);
      state.keys.holdEnded(holds.firstKey.get(hold), Math.ceil(nowMs / 1000));
    } else {
      deadlines.pop();
      if (active) deadlines.push(deadlineMs, hold);
    }
  }
  return expired;
}

/** Says which sales opened or closed by time. One that opens has its stock to offer, before anybody can order it. */
function noteWindows(state: State, previousMs: number, nowMs: number): void {
  const { sales, changes, position } = state;
  const passed = (ms: number): boolean => ms > previousMs && ms <= nowMs;
  for (let sale = 0; sale < sales.count; sale += 1) {
    if (passed(sales.opensAtMs.get(sale))) stockReturned(state, sale);
    else if (passed(sales.closesAtMs.get(sale))) changes.add(changeKinds.sale, sale, position);
  }
}

/** Drops stale entries from the top, so that the next due time is a real one and an idle node ticks for nothing else. */
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
