/** Adjustments: what the settlement or a re-rating of a card's day comes to, booked once a run. */
import { rowOf } from '../base/ref.ts';
import type { Command } from '../command.ts';
import { adjustmentOf } from '../commands/adjustments.ts';
import type { Outcome } from '../outcome.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import type { State } from '../state.ts';
import { noteBits } from '../tables/day-notes.ts';
import { entryKinds } from '../tables/journal.ts';
import { noteOf, travelOf } from './charges.ts';
import { sumOfDay } from './days.ts';
import { canMove, move } from './money.ts';

export function refusalOfAdjustment(state: State, command: Command): OutcomeRow | null {
  const { cards, travel, dayNotes } = state;
  const card = command.target;
  if (card >= cards.count) return outcomes.UNKNOWN_CARD;
  const { day, amount, replaces, run, upTo } = adjustmentOf(command);
  if (!canMove(state, card, amount)) return outcomes.BALANCE_LIMIT;
  const row = rowOf(cards.travel.get(card));
  const note = row < 0 ? -1 : rowOf(dayNotes.find(travel.notesOf(row), day));
  if (note >= 0 && isBooked(state, note, run)) return outcomes.ADJUSTED_ALREADY;
  if (note >= 0 && dayNotes.movedAt.get(note) > upTo) return outcomes.SUM_MOVED;
  const sum = sumOfDay(state, card, day);
  return sum !== null && sum !== replaces ? outcomes.SUM_MOVED : null;
}

/** Whether the run has booked the day. Run 0 settles it, as often as it is disordered anew. */
function isBooked({ dayNotes }: State, note: number, run: number): boolean {
  const bits = dayNotes.bits.get(note);
  if (run === 0) return (bits & noteBits.settled) !== 0;
  return (bits & noteBits.adjusted) !== 0 && dayNotes.run.get(note) === run;
}

export function adjust(state: State, command: Command, outcome: Outcome): void {
  const { dayNotes, journal, cards } = state;
  const card = command.target;
  const { day, amount, run } = adjustmentOf(command);
  // A card that rested paid nothing in the days that a new row keeps, up to today.
  const today = state.tariffs.current(state.civilMs)?.dayOf(state.civilMs) ?? day;
  const travel = travelOf(state, card, Math.max(day, today));
  const note = rowOf(noteOf(state, travel, day));
  if (run === 0) {
    if (dayNotes.isOwed(note)) dayNotes.owed -= 1;
    dayNotes.bits.set(note, dayNotes.bits.get(note) | noteBits.settled);
  } else {
    dayNotes.bits.set(note, dayNotes.bits.get(note) | noteBits.adjusted);
    dayNotes.run.set(note, run);
  }
  dayNotes.adjusted.set(note, dayNotes.adjusted.get(note) + amount);
  dayNotes.changedOn.set(note, Math.max(day, today));
  dayNotes.movedAt.set(note, state.position);
  if (amount !== 0) {
    const at = move(state, card, entryKinds.adjustment, amount);
    journal.entries.day[at] = day;
    journal.entries.run[at] = run;
  }
  outcome.thing = card;
  outcome.remaining = cards.balance.get(card);
}
