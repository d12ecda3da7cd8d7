/** The terms of a sale as flags of the command line. */
import type { NewSeatedSale } from '../../../sdk/src/index.ts';
import { isCurrency, minorDigits, toDecimal, toMinorUnits } from '../../../sdk/src/money.ts';
import { maxAmount } from '../../doors/kit/native-schemas.ts';
import { maxCapacity, maxHoldSeconds } from '../../doors/v1/schemas.ts';
import { UserError } from '../../store/user-error.ts';
import { wholeNumber } from '../flags.ts';
import { parseDateOrTime } from '../times.ts';

export const termFlags = ['price', 'currency', 'opens', 'closes', 'hold-seconds', 'max-per-order'] as const;

type Given = Readonly<Partial<Record<(typeof termFlags)[number], string>>>;
type Terms = Pick<NewSeatedSale, 'price' | 'opensAt' | 'closesAt' | 'holdSeconds' | 'maxPerOrder'>;

/** Only the terms that are given. @throws UserError */
export function readTerms(given: Given): Terms {
  const { price, currency, opens, closes } = given;
  if ((price === undefined) !== (currency === undefined))
    throw new UserError('--price and --currency go together, such as --price 12.50 --currency EUR');
  const opensAt = opens === undefined ? undefined : readTime('--opens', opens);
  const closesAt = closes === undefined ? undefined : readTime('--closes', closes);
  if (opensAt !== undefined && closesAt !== undefined && closesAt <= opensAt)
    throw new UserError(`--closes is ${closes}, which is not behind --opens, ${opens}`);
  const number = (flag: 'hold-seconds' | 'max-per-order', max: number): number | undefined => {
    const text = given[flag];
    return text === undefined ? undefined : wholeNumber(`--${flag}`, text, 1, max);
  };
  const holdSeconds = number('hold-seconds', maxHoldSeconds);
  const maxPerOrder = number('max-per-order', maxCapacity);
  return {
    ...(price === undefined || currency === undefined ? {} : { price: readPrice(price, currency) }),
    ...(opensAt === undefined ? {} : { opensAt }),
    ...(closesAt === undefined ? {} : { closesAt }),
    ...(holdSeconds === undefined ? {} : { holdSeconds }),
    ...(maxPerOrder === undefined ? {} : { maxPerOrder }),
  };
}

/** A price in a currency's major unit, such as 12.50, in minor ones. @throws UserError */
function readPrice(text: string, currency: string): { amount: number; currency: string } {
  if (!isCurrency(currency))
    throw new UserError(`--currency is "${currency}"; it may be a code of ISO 4217 in capital letters, such as EUR`);
  const amount = toMinorUnits(text, currency);
  if (amount === null || amount > maxAmount) {
    const digits = minorDigits(currency);
    const example = toDecimal({ amount: digits === 0 ? 1250 : 12.5 * 10 ** digits, currency });
    throw new UserError(
      `--price is "${text}"; it may be an amount of ${currency}, such as ${example}, up to ${maxAmount / 10 ** digits}`,
    );
  }
  return { amount, currency };
}

/** RFC 3339 in UTC, as the native API takes it. @throws UserError */
function readTime(flag: string, text: string): string {
  const ms = parseDateOrTime(text);
  if (ms === null)
    throw new UserError(`${flag} is "${text}"; it may be a time such as 2026-12-31T19:30:00+01:00, or a date`);
  return new Date(ms).toISOString();
}
