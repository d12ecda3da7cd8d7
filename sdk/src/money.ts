/**
 * Converts prices to decimal text and back, by ISO 4217. `Intl` would not do: runtimes differ in
 * how many digits they show for a currency, while the minor unit is fixed.
 */
import { currencies } from './currencies.ts';
import type { Price } from './shapes.ts';

const digitsOf = new Map(currencies.map(([code, digits]) => [code, digits]));
const nameOf = new Map(currencies.map(([code, , name]) => [code, name]));
/** Digits of a currency that is not, or no longer, in the list: the most common number. */
const usualDigits = 2;

/** Whether the list has a currency, with a minor unit. A code is three capital letters. */
export function isCurrency(code: string): boolean {
  return digitsOf.has(code);
}

/** A currency's name in English, such as `Forint`; null for a currency that is not in the list. */
export function currencyName(code: string): string | null {
  return nameOf.get(code) ?? null;
}

/**
 * Digits of a currency's minor unit: 2 for `HUF`, 0 for `JPY`, 3 for `KWD`; 2 for a currency that
 * is not in the list.
 */
export function minorDigits(code: string): number {
  return digitsOf.get(code) ?? usualDigits;
}

/**
 * The exact minor units of a decimal amount such as `12.50`. Null if the text is no amount, or has
 * more digits than the currency. `12.5` is `12.50`; `2500.00` is null in a currency without a minor
 * unit.
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

/** A price for people, in the format of their language; a whole amount has no fraction. */
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
