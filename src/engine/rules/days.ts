/**
 * Days end: 26 hours after a day its open journeys end without an exit, and what is known of cards
 * that travelled long ago is dropped. Each record looks at a fixed number of cards, so that none
 * takes long.
 */
import { noRef, rowOf } from '../base/ref.ts';
import type { State } from '../state.ts';
import { closedAfterMs, contextDays, lookedBackDays } from '../tables/days.ts';
import { ringDays } from '../tables/travel.ts';
import { endUnfinished } from './journeys.ts';

/** Rows of `travel` that one record looks at. */
export const lookedAtPerRecord = 4096;

/** When the next day is to be closed, log time, ms; Infinity while no card travels. */
export function closingDueMs(state: State): number {
  const { days, travel, civil, tariffs, civilMs } = state;
  if (travel.live === 0) return Infinity;
  if (days.closing !== null) return state.nowMs;
  const version = tariffs.current(civilMs);
  if (version === null) return Infinity;
  const closed = days.closed ?? closedBy(state, civilMs)!;
  return version.endOfDay(closed + 1) + closedAfterMs - civil.offsetMs;
}

/** The last day that is to be closed at a civil time; null without a tariff. */
function closedBy({ tariffs }: State, civilMs: number): number | null {
  const version = tariffs.current(civilMs);
  return version === null ? null : version.dayOf(civilMs - closedAfterMs) - 1;
}

/** Called by each record: begins days, and closes those that are due. Returns how much it ended. */
export function turnDays(state: State): number {
  const { days, tariffs, civilMs, travel } = state;
  if (tariffs.versions.length === 0) return 0;
  if (civilMs >= days.nextMs) {
    const version = tariffs.current(civilMs)!;
    const today = version.dayOf(civilMs);
    days.begin(today, state.position);
    days.nextMs = version.endOfDay(today);
  }
  if (days.closing === null) {
    const due = closedBy(state, civilMs)!;
    if (days.closed !== null && due <= days.closed) return 0;
    if (travel.live === 0) {
      days.closed = due;
      return 0;
    }
    days.closing = due;
    days.cursor = 0;
  }
  return close(state, days.closing);
}

function close(state: State, day: number): number {
  const { days, travel } = state;
  const end = Math.min(travel.rows, days.cursor + lookedAtPerRecord);
  let ended = 0;
  for (; days.cursor < end; days.cursor += 1) {
    const row = days.cursor;
    if (!travel.isLive(row)) continue;
    if (travel.isOpen(row) && dayOfOpen(state, row) <= day) {
      endUnfinished(state, row, travel.openAtMs(row));
      ended += 1;
    }
    forget(state, row, day);
  }
  if (days.cursor >= travel.rows) {
    days.closed = day;
    days.closing = null;
  }
  return ended;
}

function dayOfOpen({ travel, tariffs }: State, row: number): number {
  const atMs = travel.openAtMs(row);
  return tariffs.at(atMs)!.dayOf(atMs);
}

/** Drops what is known of a card's travel, as far as nothing will ask for it. */
function forget(state: State, row: number, closedDay: number): void {
  const { travel, dayNotes, cards } = state;
  const oldest = closedDay - ringDays;
  if (travel.notesOf(row) !== noRef) {
    const isDone = (note: number): boolean =>
      dayNotes.changedOn.get(note) < oldest && dayNotes.dayOf(note) < oldest && !dayNotes.isOwed(note);
    travel.setNotes(row, dayNotes.prune(travel.notesOf(row), isDone));
  }
  if (travel.newestDay(row) >= oldest || travel.isOpen(row) || travel.notesOf(row) !== noRef) return;
  cards.travel.set(travel.cardOf(row), noRef);
  travel.remove(row);
}

/** Cards and days that wait for their settlement, and are closed; at most `limit`. */
export function dueSettlements(state: State, limit: number): { readonly card: number; readonly day: number }[] {
  const { dayNotes, days } = state;
  const due: { card: number; day: number }[] = [];
  if (dayNotes.owed === 0 || days.closed === null) return due;
  for (let note = 0; note < dayNotes.rows && due.length < limit; note += 1) {
    if (!dayNotes.isUsed(note) || !dayNotes.isOwed(note) || dayNotes.dayOf(note) > days.closed) continue;
    due.push({ card: dayNotes.card.get(note), day: dayNotes.dayOf(note) });
  }
  return due;
}

/**
 * The first day of which the log is needed for settlements: those that wait, and those that taps of
 * the last eight days may bring. Null while there were no taps.
 */
function settlementFloor({ days, dayNotes, journal }: State): number | null {
  if (journal.taps.total === 0) return null;
  const closed = days.closed ?? days.starts[0]?.[0] ?? 0;
  let oldest = closed - ringDays;
  for (let note = 0; note < dayNotes.rows; note += 1) {
    if (dayNotes.isUsed(note) && dayNotes.isOwed(note)) oldest = Math.min(oldest, dayNotes.dayOf(note));
  }
  return oldest - lookedBackDays - contextDays;
}

/** A replay for settlements may begin so many days early: so few snapshots have to be kept. */
const daysBetweenStarts = 4;

/**
 * Positions from which on settlements will read the log, the lowest first, now and in the days to
 * come: before each a snapshot should be kept, and nothing behind the first one dropped.
 */
export function settlementStarts(state: State): number[] {
  const floor = settlementFloor(state);
  if (floor === null) return [];
  const { days } = state;
  const later = days.starts.filter(([day]) => day > floor && day % daysBetweenStarts === 0);
  return [days.startOf(floor), ...later.map(([, position]) => position)];
}

/**
 * The sum that a card paid for a day, less what adjustments gave back; null when it is not kept.
 */
export function sumOfDay(state: State, card: number, day: number): number | null {
  const { cards, travel, dayNotes, days } = state;
  const row = rowOf(cards.travel.get(card));
  if (row < 0 || !travel.keepsDay(row, day)) return null;
  // Notes of earlier days may be dropped, though the sums of a card that rests are kept.
  const closed = days.closing ?? days.closed;
  if (closed !== null && day < closed - ringDays) return null;
  const note = rowOf(dayNotes.find(travel.notesOf(row), day));
  const counted = travel.countedBetween(row, 0, day, day);
  return note < 0 ? counted : counted + dayNotes.uncounted.get(note) - dayNotes.adjusted.get(note);
}
