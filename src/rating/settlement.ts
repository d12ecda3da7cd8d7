/**
 * Settlements: the days of cards on which taps came out of order are computed anew once they are
 * closed, and the difference is booked. Such a day also moves later ones: an exit after midnight
 * that came before its entry, a cap of a week. So at each closing all closed days behind it are
 * compared again, as far as a cap reaches, and those that differ are booked too.
 */
import type { State } from '../engine/state.ts';
import { noteBits } from '../engine/tables/day-notes.ts';
import { lookedBackDays } from '../engine/tables/days.ts';
import { ringDays } from '../engine/tables/travel.ts';
import { firstRerating } from './log-story.ts';
import type { Period, Rating } from './rating.ts';
import { maxDays } from './rating.ts';

/** What an `adjust` says. */
export interface Settlement {
  /** Row of the card. */
  readonly card: number;
  readonly day: number;
  /** What is given back; negative for what is charged. */
  readonly amount: number;
  readonly replaces: number;
  readonly run: number;
}

/** What is to be looked at. */
export interface SettlementTerms extends Period {
  /** The first day to look at, by row of the card. */
  readonly since: ReadonlyMap<number, number>;
  /**
   * Days that wait for their settlement, by row of the card: all others are booked if they differ.
   */
  readonly owed: ReadonlyMap<number, ReadonlySet<number>>;
}

/** Cards that one round looks at, at most; the next one goes on. */
const maxCards = 200_000;

/** What the state has to settle; null for nothing. */
export function settlementTerms({ dayNotes, days }: State): SettlementTerms | null {
  const { closed } = days;
  if (closed === null) return null;
  const since = new Map<number, number>();
  const owed = new Map<number, Set<number>>();
  for (let note = 0; note < dayNotes.rows; note += 1) {
    if (!dayNotes.isUsed(note)) continue;
    const day = dayNotes.dayOf(note);
    const isOwed = dayNotes.isOwed(note);
    if (day > closed || !(isOwed || (day >= closed - ringDays && wasSettled(note)))) continue;
    const card = dayNotes.card.get(note);
    if (!since.has(card) && since.size >= maxCards) continue;
    // A journey that it belongs to may have begun before it.
    since.set(card, Math.min(day - lookedBackDays, since.get(card) ?? day));
    if (!isOwed) continue;
    const ofCard = owed.get(card);
    if (ofCard === undefined) owed.set(card, new Set([day]));
    else ofCard.add(day);
  }
  if (since.size === 0) return null;
  let from = closed;
  for (const day of since.values()) from = Math.min(from, day);
  return { from, to: Math.min(closed, from + maxDays - 1), since, owed };

  /** Whether it was disordered, or moved by such a day. */
  function wasSettled(note: number): boolean {
    const bits = dayNotes.bits.get(note);
    if ((bits & (noteBits.disordered | noteBits.settled)) !== 0) return true;
    return (bits & noteBits.adjusted) !== 0 && dayNotes.run.get(note) < firstRerating;
  }
}

/** What a rating of these terms, under the tariffs that held, comes to. */
export function settlementsOf(rating: Rating, { from, to, since, owed }: SettlementTerms): Settlement[] {
  const settlements: Settlement[] = [];
  for (const [card, daysOwed] of owed) {
    for (const day of daysOwed) {
      if (day < from || day > to || rating.isUnderWay({ card, day })) continue;
      settlements.push(settlementOf(rating, card, day, 0));
    }
  }
  const run = runOfClosing(to);
  for (const { card, day } of rating.rows()) {
    if (day < (since.get(card) ?? Infinity) || owed.get(card)?.has(day) === true) continue;
    const settlement = settlementOf(rating, card, day, run);
    if (settlement.amount !== 0) settlements.push(settlement);
  }
  return settlements;
}

/** A re-rating stays as it is: what it gave back is no part of what is settled. */
function settlementOf(rating: Rating, card: number, day: number, run: number): Settlement {
  const { booked, rerated, due } = rating.of(card, day);
  return { card, day, amount: booked + rerated - due, replaces: booked, run };
}

/** The run of days that were not noted, but moved: one at each closing of a day. */
function runOfClosing(closed: number): number {
  const runs = firstRerating - 1;
  return 1 + (((closed % runs) + runs) % runs);
}
