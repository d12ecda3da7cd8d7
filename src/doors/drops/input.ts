/** What a request may hold, checked by hand and said in the dialect's own words. */
import { parseJson } from '../../http/body.ts';
import type { Call } from '../../http/call.ts';
import { invalid } from './errors.ts';

export type Body = Readonly<Record<string, unknown>>;

/** Counted in UTF-16 units, as the log has room for them; half of a character is refused with the JSON that it came in. */
export const maxUsernameCharacters = 255;
export const maxNameCharacters = 200;
/** Such that an order's total stays an exact integer, minor units. */
const maxAmount = 10_000_000_000;
export const maxStock = 1_000_000_000;
const maxHoldSeconds = 86_400;
/** Larger ones would not fit the columns of the engine, and none is ever given. */
const maxId = 0xffffffff;

/** The object of a request; none at all is an empty one, so that the dialect can name what it lacks. @throws HttpFailure 400 */
export async function readBody(call: Call): Promise<Body> {
  const bytes = await call.readBytes();
  if (bytes.length === 0) return {};
  const body = parseJson(bytes);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('Body must be a JSON object');
  return body as Body;
}

/** The first of the spellings that is there. */
export function field(body: Body, ...names: readonly string[]): unknown {
  for (const name of names) if (Object.hasOwn(body, name)) return body[name];
  return undefined;
}

export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** A small id, as a number or in digits; 0 for what is none. */
export function readId(value: unknown): number {
  const id = typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isInteger(id) && id >= 1 && id <= maxId ? id : 0;
}

/** @throws HttpFailure 400 */
export function readUsername(body: Body): string {
  const username = field(body, 'username', 'userName', 'Username');
  if (isMissing(username)) throw invalid('Username is required');
  if (typeof username !== 'string') throw invalid('Username must be a string');
  if (username.trim() === '') throw invalid('Username is required');
  return checkText(username, 'Username', maxUsernameCharacters);
}

/** @throws HttpFailure 400 */
export function readName(name: unknown): string {
  if (typeof name !== 'string' || name.trim() === '') throw invalid('Name must be a string that is not empty');
  return checkText(name, 'Name', maxNameCharacters);
}

function checkText(text: string, name: string, maxCharacters: number): string {
  if (text.length > maxCharacters) throw invalid(`${name} must have at most ${maxCharacters} characters`);
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f) throw invalid(`${name} must not have control characters`);
  }
  return text;
}

/** Minor units of a decimal price, as a number or in digits. @throws HttpFailure 400 */
export function readPrice(price: unknown): number {
  const text = typeof price === 'number' ? String(price) : price;
  if (typeof text !== 'string' || !/^\d{1,9}(\.\d{1,2})?$/.test(text)) {
    throw invalid('Price must be a number from 0 to 100000000, with at most two decimals');
  }
  const [units = '', cents = ''] = text.split('.');
  const amount = Number(units) * 100 + Number(cents.padEnd(2, '0'));
  if (amount > maxAmount) throw invalid('Price must be a number from 0 to 100000000, with at most two decimals');
  return amount;
}

/** @throws HttpFailure 400 */
export function readStock(value: unknown): number {
  const stock = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof stock !== 'number' || !Number.isInteger(stock) || stock < 1 || stock > maxStock) {
    throw invalid(`totalStock must be a whole number from 1 to ${maxStock}`);
  }
  return stock;
}

/** Seconds that a reservation lasts; null when not named. @throws HttpFailure 400 */
export function readHoldSeconds(value: unknown): number | null {
  if (isMissing(value)) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > maxHoldSeconds) {
    throw invalid(`holdSeconds must be a whole number from 1 to ${maxHoldSeconds}`);
  }
  return value;
}

export const timePattern =
  '^(\\d{4})-(\\d\\d)-(\\d\\d)(?:[Tt ](\\d\\d):(\\d\\d)(?::(\\d\\d)(\\.\\d{1,9})?)?([Zz]|[+-]\\d\\d:\\d\\d)?)?$';
const time = new RegExp(timePattern);

/** Ms of a date or a time of ISO 8601, in UTC where it names no zone; null when there is none. @throws HttpFailure 400 */
export function readStart(value: unknown): number | null {
  if (isMissing(value)) return null;
  const parts = typeof value === 'string' ? time.exec(value) : null;
  if (parts === null) throw invalid('dropStartTime must be a time such as 2026-01-11T09:00:00.000Z');
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone.toUpperCase()}`);
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (!Number.isFinite(ms) || Number(day) > lastDay) throw invalid('dropStartTime is no time that exists');
  return ms;
}
