/** Cards: issued, loaded, refunded, blocked. */
import { changeKinds } from '../changes.ts';
import type { Command } from '../command.ts';
import type { CardDefinition, CardsIssue } from '../commands/cards.ts';
import { currencyOf, maxBalance, maxIssued, moneyOf } from '../commands/cards.ts';
import type { Outcome } from '../outcome.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import type { State } from '../state.ts';
import { cardStates } from '../tables/cards.ts';
import { entryKinds } from '../tables/journal.ts';
import { noteDenial } from './deny-list.ts';
import type { EntryKind } from './money.ts';
import { canMove, move } from './money.ts';

const encoder = new TextEncoder();

export function refusalOfCard(state: State, made: CardDefinition): OutcomeRow | null {
  if (differs(state, made.currency)) return outcomes.CURRENCY_MISMATCH;
  const id = encoder.encode(made.id);
  if (state.findCard(id, 0, id.length) >= 0) return outcomes.CARD_EXISTS;
  return refusalOfOpening(state, made);
}

export function createCard(state: State, command: Command, outcome: Outcome): void {
  const made = command.body as CardDefinition;
  const id = encoder.encode(made.id);
  state.findCard(id, 0, id.length);
  const card = state.cards.add(id, made.name, categoryOf(state, made.category), state.civilMs);
  open(state, card, made);
  outcome.thing = card;
  outcome.remaining = state.cards.balance.get(card);
}

export function refusalOfIssue(state: State, issue: CardsIssue): OutcomeRow | null {
  const { count } = issue;
  if (!Number.isInteger(count) || count < 1 || count > maxIssued) return outcomes.INVALID_QUANTITY;
  if (differs(state, issue.currency)) return outcomes.CURRENCY_MISMATCH;
  return refusalOfOpening(state, issue);
}

export function issueCards(state: State, command: Command, outcome: Outcome): void {
  const { cards } = state;
  const issue = command.body as CardsIssue;
  const category = categoryOf(state, issue.category);
  outcome.thing = cards.count;
  outcome.remaining = issue.count;
  for (let made = 0; made < issue.count; made += 1) {
    cards.findUnused();
    open(state, cards.add(noText, null, category, state.civilMs), issue);
  }
}

export function refusalOfMoney(state: State, command: Command): OutcomeRow | null {
  const { amount, currency } = moneyOf(command);
  if (differs(state, currencyOf(currency))) return outcomes.CURRENCY_MISMATCH;
  if (command.target >= state.cards.count) return outcomes.UNKNOWN_CARD;
  if (amount > 0 && !canMove(state, command.target, amount)) return outcomes.BALANCE_LIMIT;
  return Number.isInteger(amount) && amount > 0 ? null : outcomes.INVALID_AMOUNT;
}

export function topUp(state: State, command: Command, outcome: Outcome): void {
  credit(state, command, outcome, entryKinds.topUp);
}

/** Gives money back onto the card. */
export function refund(state: State, command: Command, outcome: Outcome): void {
  const at = credit(state, command, outcome, entryKinds.refund);
  state.journal.entries.journey[at] = moneyOf(command).journey;
}

export function refusalOfTarget(state: State, command: Command): OutcomeRow | null {
  return command.target >= state.cards.count ? outcomes.UNKNOWN_CARD : null;
}

export function blockCard(state: State, command: Command, outcome: Outcome): void {
  setStatus(state, command.target, cardStates.blocked, outcome);
}

export function unblockCard(state: State, command: Command, outcome: Outcome): void {
  setStatus(state, command.target, cardStates.active, outcome);
}

const noText = new Uint8Array(0);

type Opening = Pick<CardDefinition, 'balance' | 'currency' | 'category'>;

/** What refuses the category and the opening balance of new cards. */
function refusalOfOpening(state: State, { category, balance }: Opening): OutcomeRow | null {
  if (categoryOf(state, category) < 0) return outcomes.UNKNOWN_CATEGORY;
  if (balance > maxBalance) return outcomes.BALANCE_LIMIT;
  return Number.isInteger(balance) && balance >= 0 ? null : outcomes.INVALID_AMOUNT;
}

function open(state: State, card: number, { balance, currency }: Opening): void {
  state.tariffs.currency ??= currency;
  if (balance > 0) move(state, card, entryKinds.opening, balance);
  else touch(state, card);
}

/** A change of a card that moves no money. */
function touch(state: State, card: number): void {
  state.changes.add(changeKinds.card, card, state.position);
  noteDenial(state, card);
}

function credit(state: State, command: Command, outcome: Outcome, kind: EntryKind): number {
  const { amount, currency } = moneyOf(command);
  const card = command.target;
  state.tariffs.currency ??= currencyOf(currency);
  const at = move(state, card, kind, amount);
  outcome.thing = card;
  outcome.remaining = state.cards.balance.get(card);
  return at;
}

function setStatus(state: State, card: number, status: number, outcome: Outcome): void {
  const { cards } = state;
  outcome.thing = card;
  if (cards.status.get(card) === status) {
    outcome.row = outcomes.NO_EFFECT;
    return;
  }
  cards.status.set(card, status);
  touch(state, card);
}

/** Number of a category; -1 when no tariff has it. */
function categoryOf({ tariffs }: State, name: string): number {
  return tariffs.categories.indexOf(name);
}

/** All money of a store is in one currency. */
function differs({ tariffs }: State, currency: string | null): boolean {
  return currency !== null && tariffs.currency !== null && currency !== tariffs.currency;
}
