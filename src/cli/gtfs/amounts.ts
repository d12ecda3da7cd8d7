/** Prices of a feed, in minor units. */
import { isCurrency, toMinorUnits } from '../../../sdk/src/money.ts';
import { UserError } from '../../store/user-error.ts';
import type { Row } from './feed.ts';
import type { Notes } from './notes.ts';
import { named } from './notes.ts';

/** The currency that most of the rows have. @throws UserError */
export function currencyIn(rows: readonly Row[], column: string, notes: Notes): string {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row(column), (counts.get(row(column)) ?? 0) + 1);
  const [first, ...others] = [...counts].toSorted(([, one], [, other]) => other - one).map(([currency]) => currency);
  if (first === undefined) throw new UserError('the feed has no prices');
  if (!isCurrency(first)) throw new UserError(`the feed's prices are in "${first}", which ISO 4217 does not have`);
  if (others.length > 0) notes.add(`prices in other currencies than ${first}: ${named(others)}`);
  return first;
}

/** Null for what is no price of this currency, such as a discount below zero. */
export function amountOf(text: string, currency: string): number | null {
  // Feeds write more digits than a currency has: 2.5000.
  const trimmed = text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  return toMinorUnits(trimmed, currency);
}
