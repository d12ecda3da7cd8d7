/** Commands about cards: issued, topped up, blocked, refunded, adjusted. */
import type { Ask, Command } from '../command.ts';
import { AskType } from '../command.ts';
import type { Codec } from './codec.ts';
import { refuseFlags, requireBytes } from './codec.ts';

/** Issues one card. Cold: JSON in the log. */
export interface CardDefinition {
  /** The card's id, at most 255 bytes of UTF-8. One that is a UUID is kept as its 16 bytes. */
  readonly id: string;
  readonly name: string | null;
  /** The rider category, by name; `adult` where the caller names none. */
  readonly category: string;
  /** Opening balance, minor units. */
  readonly balance: number;
  /** Currency of the opening balance; null when the balance is 0. */
  readonly currency: string | null;
}

/** Cards that one record issues. */
export const maxIssued = 10_000;

/**
 * Issues many cards. Their ids are UUIDs (version 8) that the engine derives from their numbers.
 * Cold.
 */
export interface CardsIssue {
  /** 1 to `maxIssued`. */
  readonly count: number;
  readonly category: string;
  /** Opening balance of each, minor units. */
  readonly balance: number;
  readonly currency: string | null;
}

/**
 * Balances lie in the range of a signed 32-bit number, minor units: they are kept and replayed as
 * one word.
 */
export const maxBalance = 0x7fffffff;
export const minBalance = -0x80000000;

/** Money in or out of one card: `topUp`, `refund`. The card is the command's `target`. */
export class Money implements Ask {
  /** Minor units, more than 0. */
  amount = 0;
  /** As `currencyWord` gives it; 0 for that of the store. */
  currency = 0;
  /** refund: number of the journey that it is for; 0 for none. */
  journey = 0;

  clear(): void {
    this.amount = 0;
    this.currency = 0;
    this.journey = 0;
  }
}

const moneyAsk = new AskType(() => new Money());

export function moneyOf(command: Command): Money {
  return command.ask(moneyAsk);
}

/** The three letters of a currency as one number. */
export function currencyWord(currency: string): number {
  return currency.charCodeAt(0) | (currency.charCodeAt(1) << 8) | (currency.charCodeAt(2) << 16);
}

/** The currency of a number; null for 0. */
export function currencyOf(word: number): string | null {
  return word === 0 ? null : String.fromCharCode(word & 255, (word >>> 8) & 255, (word >>> 16) & 255);
}

const moneyBytes = 24;

export const moneyCodec: Codec = {
  hasBody: false,
  flags: () => 0,
  bytes: () => moneyBytes,
  write(command, view, at) {
    const { amount, journey, currency } = moneyOf(command);
    view.setUint32(at, command.target, true);
    view.setFloat64(at + 4, amount, true);
    view.setFloat64(at + 12, journey, true);
    view.setUint32(at + 20, currency, true);
    return at + moneyBytes;
  },
  read(command, view, at, end, flags) {
    refuseFlags(command, flags);
    requireBytes(at, moneyBytes, end, 'amount');
    const money = moneyOf(command);
    command.target = view.getUint32(at, true);
    money.amount = view.getFloat64(at + 4, true);
    money.journey = view.getFloat64(at + 12, true);
    money.currency = view.getUint32(at + 20, true);
    return at + moneyBytes;
  },
  describe(command, words) {
    const { amount, journey, currency } = moneyOf(command);
    words['card'] = command.target;
    words['amount'] = amount;
    if (currency > 0) words['currency'] = currencyOf(currency);
    if (journey > 0) words['journey'] = journey;
  },
};
