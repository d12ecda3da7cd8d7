/** Cards of a shop: issued, loaded, blocked. */
import { Command, kinds } from '../../../src/engine/command.ts';
import { currencyWord, moneyOf } from '../../../src/engine/commands/cards.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { outcomeOf } from '../../crash/support/commands.ts';
import type { Shop } from './shop.ts';

export const currency = 'EUR';

/** Returns the card's row. */
export async function createCard(shop: Shop, id: string, balance = 0, name: string | null = null): Promise<number> {
  return (
    await done(shop, new Command().reset(kinds.createCard), (command) => {
      command.body = { id, name, category: 'adult', balance, currency };
    })
  ).thing;
}

/** Many at once; returns the first one's row. */
export async function issueCards(shop: Shop, count: number, balance = 0): Promise<number> {
  return (
    await done(shop, new Command().reset(kinds.issueCards), (command) => {
      command.body = { count, category: 'adult', balance, currency };
    })
  ).thing;
}

/** Returns the balance after it. */
export async function topUp(shop: Shop, card: number, amount: number): Promise<number> {
  return await money(shop, kinds.topUp, card, amount);
}

export async function refund(shop: Shop, card: number, amount: number, journey = 0): Promise<number> {
  return await money(shop, kinds.refund, card, amount, journey);
}

export async function setBlocked(shop: Shop, card: number, blocked: boolean): Promise<void> {
  await done(shop, new Command().reset(blocked ? kinds.blockCard : kinds.unblockCard), (command) => {
    command.target = card;
  });
}

async function money(
  shop: Shop,
  kind: typeof kinds.topUp | typeof kinds.refund,
  card: number,
  amount: number,
  journey = 0,
): Promise<number> {
  const outcome = await done(shop, new Command().reset(kind), (command) => {
    command.target = card;
    Object.assign(moneyOf(command), { amount, journey, currency: currencyWord(currency) });
  });
  return outcome.remaining | 0;
}

async function done(shop: Shop, command: Command, fill: (command: Command) => void): Promise<Outcome> {
  fill(command);
  const outcome = await outcomeOf(shop.node, command);
  if (!outcome.ok) throw new Error(`it was refused: ${outcome.row.code}`);
  return outcome;
}
