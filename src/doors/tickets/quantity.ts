/** The dialect's own checks, in its own words. A test holds them against the published schema. */
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

/** A text field of a body. @throws HttpFailure 400 naming it */
export function readText(value: unknown, name: string, maxLength: number): string {
  if (value === undefined || value === null) throw validationFailure(`${name} is required`);
  if (typeof value !== 'string') throw validationFailure(`${name} must be a string`);
  if (value === '') throw validationFailure(`${name} must not be empty`);
  if (value.length > maxLength) throw validationFailure(`${name} must have at most ${maxLength} characters`);
  return value;
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
