/**
 * Prices as people write them, and back, by ISO 4217. How many digits a runtime's `Intl` shows for
 * a currency is a matter of taste that runtimes differ about; what a minor unit is, is not.
 */
import { currencies } from './currencies.ts';
import type { Price } from './shapes.ts';

const digitsOf = new Map(currencies.map(([code, digits]) => [code, digits]));
const nameOf = new Map(currencies.map(([code, , name]) => [code, name]));
/** Of a currency that the list does not have (any more): what most have. */
const usualDigits = 2;

/** Whether the list has a currency, with a minor unit. Codes are of three capital letters. */
export function isCurrency(code: string): boolean {
  return digitsOf.has(code);
}

/** A currency's name in English, such as `Forint`; null for one that the list does not have. */
export function currencyName(code: string): string | null {
  return nameOf.get(code) ?? null;
}

/**
 * How many digits the minor unit of a currency has: 2 for `HUF`, 0 for `JPY`, 3 for `KWD`; 2 where
 * the list does not say.
 */
export function minorDigits(code: string): number {
  return digitsOf.get(code) ?? usualDigits;
}

/**
 * Minor units of a decimal amount such as `12.50`, exactly; null when it is none, or has more
 * digits than the currency. `12.5` is `12.50`; `2500.00` is refused where there is no minor unit.
 */
export function toMinorUnits(decimal: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const [, whole = '', fraction = ''] = /^(\d{1,16})(?:\.(\d{1,15}))?$/.exec(decimal) ?? [];
  if (whole === '' || fraction.length > digits) return null;
  // Not by a product: 12.29 × 100 would be 1228.9999999999998.
  const amount = Number(whole + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(amount) ? amount : null;
}

/** A price as a decimal number, with all digits of its minor unit: `12.50`, `1250`, `12.500`. */
export function toDecimal({ amount, currency }: Price): string {
  const digits = minorDigits(currency);
  if (digits === 0) return String(amount);
  const text = String(amount).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * A price for people, in the words of their language; without a fraction where it is a whole
 * amount.
 */
export function formatPrice(price: Price, locale?: string): string {
  const digits = minorDigits(price.currency);
  const isWhole = price.amount % 10 ** digits === 0;
  const shown = isWhole ? 0 : digits;
  const options = { style: 'currency', currency: price.currency } as const;
  return new Intl.NumberFormat(locale, {
    ...options,
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  }).format(price.amount / 10 ** digits);
}
