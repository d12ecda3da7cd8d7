/** Commands about cards, made from the words of a row. */
import type { Command } from '../../src/engine/command.ts';
import { kinds } from '../../src/engine/command.ts';
import { currencyWord, moneyOf } from '../../src/engine/commands/cards.ts';

/** What of the words these commands take. */
export interface Words {
  take(name: string): string | undefined;
  numberOf(name: string): number | undefined;
  number(): number;
  word(): string | undefined;
}

/** Fills the command where it is about cards; false where it is not. */
export function fillOfCards(command: Command, words: Words): boolean {
  switch (command.kind) {
    case kinds.createCard:
      command.body = { id: words.word() ?? '', name: words.take('name') ?? null, ...openingOf(words) };
      return true;
    case kinds.issueCards:
      command.body = { count: words.numberOf('count') ?? 1, ...openingOf(words) };
      return true;
    case kinds.topUp:
    case kinds.refund: {
      command.target = words.number();
      const money = moneyOf(command);
      const [amount = 0, currency] = moneyIn(words.word());
      money.amount = amount;
      money.currency = currency === undefined ? 0 : currencyWord(currency);
      money.journey = words.numberOf('journey') ?? 0;
      return true;
    }
    case kinds.blockCard:
    case kinds.unblockCard:
      command.target = words.number();
      return true;
    case kinds.addKey: {
      const hash = words.word() ?? '';
      const gates = (words.take('gates') ?? '').split(',').filter((id) => id !== '');
      command.body = { hash, right: 'tap', gates, label: words.take('label') ?? null };
      return true;
    }
    case kinds.removeKey:
      command.body = { key: words.number() };
      return true;
    default:
      return false;
  }
}

function openingOf(words: Words): { category: string; balance: number; currency: string | null } {
  const [balance = 0, currency = null] = moneyIn(words.take('balance'));
  return { category: words.take('category') ?? 'adult', balance, currency };
}

/** "100", "100EUR", "-1.5". */
function moneyIn(word = '0'): [amount?: number, currency?: string] {
  const [, amount, currency] = /^(-?[\d.]+)([A-Z]{3})?$/.exec(word) ?? [];
  if (amount === undefined) throw new Error(`${word} is no money`);
  return currency === undefined ? [Number(amount)] : [Number(amount), currency];
}
