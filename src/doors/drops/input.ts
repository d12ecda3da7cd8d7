/** What a request may hold, checked by hand and refused in the dialect's own words. */
import { minorDigits, toMinorUnits } from '../../../sdk/src/money.ts';
import type { Body } from '../kit/input.ts';
import { checkText, checkWhole, invalid, isMissing, readTime } from '../kit/input.ts';
import { composed } from '../kit/texts.ts';

export const maxUsernameCharacters = 255;
export const maxNameCharacters = 200;
/** So that an order's total in minor units stays an exact integer. */
const maxAmount = 10_000_000_000;
const maxPrice = 100_000_000;
export const maxStock = 1_000_000_000;
const maxHoldSeconds = 86_400;

/** The first of the spellings that is present. */
export function field(body: Body, ...names: readonly string[]): unknown {
  for (const name of names) if (Object.hasOwn(body, name)) return body[name];
  return undefined;
}

/**
 * What the original's check for a required field also rejects: for ids and names, 0 counts as
 * missing.
 */
export function isNothing(value: unknown): boolean {
  return isMissing(value) || value === 0 || value === false;
}

/** A number in place of a name is its digits, as the original's database made of it. */
function asText(value: unknown): unknown {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
}

/**
 * Returned as sent, since the fingerprint covers that; checked as it will be kept.
 * @throws HttpFailure 400
 */
export function readUsername(body: Body): string {
  const given = field(body, 'username', 'userName', 'Username');
  if (isNothing(given)) throw invalid('Username is required');
  const username = asText(given);
  if (typeof username !== 'string') throw invalid('Username must be a string');
  if (username.trim() === '') throw invalid('Username is required');
  checkText(composed(username), 'Username', maxUsernameCharacters);
  return username;
}

/** The same. @throws HttpFailure 400 */
export function readName(value: unknown): string {
  const name = asText(value);
  if (typeof name !== 'string' || name.trim() === '') throw invalid('Name must be a string that is not empty');
  checkText(composed(name), 'Name', maxNameCharacters);
  return name;
}

/** The highest price, and its maximum of decimals. */
export function priceLimits(currency: string): { readonly most: number; readonly decimals: number } {
  const decimals = minorDigits(currency);
  return { most: Math.min(maxPrice, maxAmount / 10 ** decimals), decimals };
}

const shortDecimal = /^\d{1,9}(\.\d{1,9})?$/;
const numerals = ['no', 'one', 'two', 'three', 'four'];

/** Minor units of a decimal price, as a number or in digits. @throws HttpFailure 400 */
export function readPrice(price: unknown, currency: string): number {
  const { most, decimals } = priceLimits(currency);
  const text = typeof price === 'number' ? String(price) : price;
  const amount = typeof text === 'string' && shortDecimal.test(text) ? toMinorUnits(text, currency) : null;
  if (amount === null || amount > most * 10 ** decimals) {
    const atMost = decimals === 0 ? 'without' : `with at most ${numerals[decimals]}`;
    throw invalid(`Price must be a number from 0 to ${most}, ${atMost} decimals`);
  }
  return amount;
}

/** Hundredths of a price: what a key has always stood for, in any currency. */
export function hundredthsOf(price: unknown): number {
  const [units = '', decimals = ''] = String(price).split('.');
  return Number(`${units}${decimals.slice(0, 2).padEnd(2, '0')}.${decimals.slice(2)}`);
}

/** @throws HttpFailure 400 */
export function readStock(value: unknown): number {
  // Leading zeros are accepted.
  const stock = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return checkWhole(stock, 'totalStock', 1, maxStock);
}

/** Seconds that a reservation lasts; null when absent. @throws HttpFailure 400 */
export function readHoldSeconds(value: unknown): number | null {
  return isMissing(value) ? null : checkWhole(value, 'holdSeconds', 1, maxHoldSeconds);
}

/**
 * Ms of a date or a time of ISO 8601, in UTC without a zone; null when absent.
 * @throws HttpFailure
 * 400
 */
export function readStart(value: unknown): number | null {
  return isMissing(value) ? null : readTime(value, 'dropStartTime');
}
