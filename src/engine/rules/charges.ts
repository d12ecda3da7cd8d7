/** Fares of cards: charged, noted for caps and settlements, and written into the journal. */
import type { Ref } from '../base/ref.ts';
import { noRef, refOf, rowOf } from '../base/ref.ts';
import { minBalance } from '../commands/cards.ts';
import type { State } from '../state.ts';
import type { FareRule } from '../tap-outcomes.ts';
import { tapFlags } from '../tap-outcomes.ts';
import { noteBits } from '../tables/day-notes.ts';
import { entryKinds } from '../tables/journal.ts';
import { move } from './money.ts';

/**
 * Charges what `passage.charge` says, or as much as the balance can go down; returns how much. The
 * caller adds a fare that counts to the sums for caps.
 */
export function charge(state: State, rule: Readonly<FareRule>): number {
  const { cards, journal, passage } = state;
  const terms = passage.charge;
  const room = cards.balanceOf(terms.card) - minBalance;
  const amount = Math.min(terms.amount, room);
  if (amount < terms.amount) passage.flags |= tapFlags.BALANCE_LIMIT;
  if (amount <= 0) return 0;
  const { entries } = journal;
  const at = move(state, terms.card, entryKinds.fare, -amount);
  entries.journey[at] = terms.journey;
  entries.atMs[at] = terms.atMs;
  entries.day[at] = terms.day;
  entries.counts[at] = terms.counts ? 1 : 0;
  entries.ruleTerms[at] = rule.terms;
  entries.ruleEnds[at] = rule.ends;
  entries.cappedBy[at] = rule.cappedBy;
  if (!terms.counts) {
    const note = rowOf(noteOf(state, terms.travel, terms.day));
    state.dayNotes.uncounted.set(note, state.dayNotes.uncounted.get(note) + amount);
  }
  return amount;
}

/** The note of a card's day, added when there is none. `travel`: the card's row there. */
export function noteOf(state: State, travel: number, day: number): Ref {
  const { dayNotes } = state;
  const first = state.travel.notesOf(travel);
  const known = dayNotes.find(first, day);
  const note = known === noRef ? dayNotes.add(first, state.travel.cardOf(travel), day) : known;
  if (known === noRef) state.travel.setNotes(travel, note);
  dayNotes.changedOn.set(rowOf(note), state.travel.newestDay(travel));
  return note;
}

/** Notes that a tap of that day came out of order: its settlement will charge it. */
export function noteDisorder(state: State, travel: number, day: number): void {
  const { dayNotes } = state;
  const note = rowOf(noteOf(state, travel, day));
  if (!dayNotes.isOwed(note)) dayNotes.owed += 1;
  const bits = dayNotes.bits.get(note) & ~noteBits.settled;
  dayNotes.bits.set(note, bits | noteBits.disordered);
  dayNotes.movedAt.set(note, state.position);
}

/** The card's row in `travel`, added when it has none. `day`: of its first tap. */
export function travelOf(state: State, card: number, day: number): number {
  const { cards, travel } = state;
  const known = rowOf(cards.travel.get(card));
  if (known >= 0) return known;
  const row = travel.add(card, day);
  cards.travel.set(card, refOf(row));
  return row;
}
