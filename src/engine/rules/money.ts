/** Where balances are moved: nowhere else. */
import { changeKinds } from '../changes.ts';
import { maxBalance, minBalance } from '../commands/cards.ts';
import type { State } from '../state.ts';
import type { CardTotals } from '../tables/cards.ts';
import { entryKinds, noNumber } from '../tables/journal.ts';
import { noteDenial } from './deny-list.ts';

export type EntryKind = (typeof entryKinds)[keyof typeof entryKinds];

/**
 * Adds an amount to a balance, minor units, with all that follows from it; returns where its entry
 * is in the columns of the journal. The caller may set there what it knows: the journey, the day,
 * the rule.
 */
export function move(state: State, card: number, kind: EntryKind, amount: number): number {
  const { cards, journal } = state;
  const { entries } = journal;
  const balance = cards.balanceOf(card) + amount;
  if (!Number.isInteger(amount) || balance < minBalance || balance > maxBalance) {
    throw new Error(`card ${card} would have a balance of ${balance}`);
  }
  cards.balance.set(card, balance);
  count(cards.totals, kind, amount);
  const at = entries.add();
  entries.kind[at] = kind;
  entries.card[at] = card;
  entries.amount[at] = amount;
  entries.balance[at] = balance;
  entries.position[at] = state.position;
  entries.bookedAtMs[at] = state.civilMs;
  entries.journey[at] = noNumber;
  entries.atMs[at] = 0;
  entries.day[at] = 0;
  entries.counts[at] = 0;
  entries.run[at] = 0;
  entries.ruleTerms[at] = 0;
  entries.ruleEnds[at] = 0;
  entries.cappedBy[at] = 0;
  state.changes.add(changeKinds.card, card, state.position);
  noteDenial(state, card);
  return at;
}

/** Whether a balance can take an amount. */
export function canMove(state: State, card: number, amount: number): boolean {
  const balance = state.cards.balanceOf(card) + amount;
  return balance >= minBalance && balance <= maxBalance;
}

function count(totals: CardTotals, kind: EntryKind, amount: number): void {
  if (kind === entryKinds.opening) totals.opened += amount;
  else if (kind === entryKinds.topUp) totals.toppedUp += amount;
  else if (kind === entryKinds.fare) totals.fares -= amount;
  else if (kind === entryKinds.refund) totals.refunded += amount;
  else totals.adjusted += amount;
}
