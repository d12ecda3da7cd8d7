/** The JSON of cards: what they hold, where they went, and what that cost. */

import type { Price } from './shapes.ts';

/** An amount in whole minor units; below 0 for a balance in debt. */
export interface Money {
  readonly amount: number;
  /** ISO 4217. All cards share one; null before the store's first balance or tariff names it. */
  readonly currency: string | null;
}

export type CardStatus = 'active' | 'blocked';

export interface Card {
  readonly id: string;
  /** In binary taps, for a card whose id is not a UUID; from 1. */
  readonly number: number;
  readonly name: string | null;
  readonly status: CardStatus;
  /** The rider category, such as `adult`. */
  readonly category: string;
  readonly balance: Money;
  readonly createdAt: string;
  readonly position: string;
}

export interface NewCard {
  /** By default the store makes a UUID. */
  readonly id?: string | undefined;
  readonly name?: string | null | undefined;
  /** By default `adult`. */
  readonly category?: string | undefined;
  /** What is on it from the start; by default nothing. */
  readonly balance?: Price | undefined;
}

export interface TopUp {
  /** More than 0. */
  readonly amount: Price;
}

export interface Refund {
  /** More than 0. */
  readonly amount: Price;
  /** Id of the journey that it is for. */
  readonly journey?: string | undefined;
}

/** The answer to a top-up, and to each retry of it. */
export interface TopUpMade {
  readonly card: string;
  readonly amount: Money;
  /** Right after it. */
  readonly balance: Money;
  readonly position: string;
}

/** The answer to a refund, and to each retry of it. */
export interface RefundMade extends TopUpMade {
  /** The journey that it is for. */
  readonly journey: string | null;
}

/** The state of a card, in the answer to blocking or unblocking it. */
export interface CardState {
  readonly id: string;
  readonly status: CardStatus;
  readonly position: string;
}

/** One end of a journey. */
export interface JourneyEnd {
  readonly gate: string;
  readonly station: string;
  readonly at: string;
}

export type JourneyStatus = 'open' | 'complete' | 'incomplete' | 'adjusted';

export interface Journey {
  readonly id: string;
  readonly card: string;
  readonly category: string;
  /** Null for an exit without an entry. */
  readonly entry: JourneyEnd | null;
  /** Null while it is open, and for an entry without an exit. */
  readonly exit: JourneyEnd | null;
  readonly fare: Money;
  /** What made the fare, such as `zones 1-3, peak, capped by 1.20`; null while it is open. */
  readonly rule: string | null;
  /** What a cap took off; null if none did. */
  readonly capped: Money | null;
  /** The first journey of its chain; null if it goes on with none. */
  readonly chain: string | null;
  readonly status: JourneyStatus;
}

export type EntryKind = 'opening' | 'topUp' | 'fare' | 'refund' | 'adjustment';

/** A line of a card's statement. The amounts of all lines add up to its balance. */
export interface StatementEntry {
  readonly id: string;
  readonly kind: EntryKind;
  /** Added to the balance: below 0 for a fare. */
  readonly amount: Money;
  /** Right after it. */
  readonly balance: Money;
  /** When it was booked. */
  readonly bookedAt: string;
  /** Of a fare: when the card was tapped, by the gate's clock. */
  readonly at: string | null;
  /** Of a fare or refund: the journey. */
  readonly journey: string | null;
  /** Of a fare: what made it. */
  readonly rule: string | null;
}

/** A page of a card's statement, newest entry first. */
export interface Statement {
  readonly card: string;
  /**
   * Before the oldest entry of the page, and after the newest: the amounts are what lies between.
   */
  readonly opening: Money;
  readonly entries: readonly StatementEntry[];
  readonly balance: Money;
  /** Cursor of the next page, of older entries; null on the last one. */
  readonly next: string | null;
  /** The log position at which it is true. */
  readonly position: string;
}

export type DenyReason = 'CARD_BLOCKED' | 'LOW_BALANCE';

/** News of one card in the deny list. */
export interface DenyListItem {
  readonly card: string;
  /** Of the card, in binary taps. */
  readonly number: number;
  /** Of the change; later ones are greater. */
  readonly change: number;
  /** Null: it is off the list again. */
  readonly reason: DenyReason | null;
}

export interface DenyListFeed {
  /** The latest news of each card that changed since then; of one card once. */
  readonly items: readonly DenyListItem[];
  /** The whole list begins here: forget what you have. */
  readonly whole: boolean;
  /** Where to go on. */
  readonly next: string;
  /** There is more already: ask again at once. */
  readonly more: boolean;
  readonly position: string;
}
