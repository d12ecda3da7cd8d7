/** The dialect's own checks, in its own words. A test holds them against the published schema. */
import { parseJson } from '../../http/body.ts';
import { hasControlCharacter } from '../texts.ts';
import { validationFailure } from './errors.ts';
import { maxQuantity } from './schemas.ts';

/** The object of a request body. @throws HttpFailure 400 */
export function asObject(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw validationFailure('Body must be a JSON object');
  return body as Readonly<Record<string, unknown>>;
}

/** A whole number from 1 to 10. @throws HttpFailure 400 */
export function readQuantity(quantity: unknown): number {
  if (quantity === undefined) throw validationFailure('Required');
  if (typeof quantity !== 'number' || !Number.isInteger(quantity))
    throw validationFailure('Quantity must be an integer');
  if (quantity < 1) throw validationFailure('Quantity must be at least 1');
  if (quantity > maxQuantity) throw validationFailure(`Quantity cannot exceed ${maxQuantity}`);
  return quantity;
}

const opening = new TextEncoder().encode('{"quantity":');

/**
 * The quantity of a purchase's body. Nearly every client sends `{"quantity":N}` and nothing else: that is read from its bytes, which
 * saves a decoder, a parser and an object; anything else goes the long way. @throws HttpFailure 400
 */
export function quantityOf(bytes: Uint8Array): number {
  const end = bytes.length - 1;
  let short = end > opening.length && end <= opening.length + 3 && bytes[end] === 0x7d;
  for (let i = 0; short && i < opening.length; i += 1) short = bytes[i] === opening[i];
  let quantity = 0;
  let at = opening.length;
  if (short && bytes[at] === 0x20) at += 1;
  // No leading zero, at least one digit, at most two.
  short &&= at < end && end - at <= 2 && bytes[at] !== 0x30;
  for (; short && at < end; at += 1) {
    const digit = bytes[at]! - 0x30;
    short = digit >= 0 && digit <= 9;
    quantity = 10 * quantity + digit;
  }
  return readQuantity(short ? quantity : asObject(parseJson(bytes))['quantity']);
}

/** A text field of a body. @throws HttpFailure 400 naming it */
export function readText(value: unknown, name: string, maxLength: number): string {
  if (value === undefined || value === null) throw validationFailure(`${name} is required`);
  if (typeof value !== 'string') throw validationFailure(`${name} must be a string`);
  if (value === '') throw validationFailure(`${name} must not be empty`);
  if (value.length > maxLength) throw validationFailure(`${name} must have at most ${maxLength} characters`);
  return value;
}

/** The name of an event. @throws HttpFailure 400 */
export function readName(value: unknown): string {
  const name = readText(value, 'name', 200);
  if (hasControlCharacter(name)) throw validationFailure('name must not have control characters');
  return name;
}

/** `?limit=`, 1 to 100. @throws HttpFailure 400 */
export function readLimit(text: string | null): number {
  if (text === null) return 100;
  if (!/^[1-9]\d?$|^100$/.test(text)) throw validationFailure('limit must be a whole number from 1 to 100');
  return Number(text);
}

export function readSeats(value: unknown): number {
  if (value === undefined) return 5000;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 1_000_000_000) {
    throw validationFailure('totalSeats must be a whole number from 1 to 1000000000');
  }
  return value;
}
