/** The dialect's own checks, in its own words. A test compares them with the published schema. */
import { parseJson } from '../../http/body.ts';
import { invalid } from '../kit/input.ts';
import { maxQuantity } from './schemas.ts';

/** The object of a request body. @throws HttpFailure 400 */
export function asObject(body: unknown): Readonly<Record<string, unknown>> {
  if (kindOf(body) !== 'object') throw invalid(`Expected object, received ${kindOf(body)}`);
  return body as Readonly<Record<string, unknown>>;
}

/** A whole number from 1 to 10; each flaw of another value is named. @throws HttpFailure 400 */
export function readQuantity(quantity: unknown): number {
  if (quantity === undefined) throw invalid('Required');
  if (typeof quantity !== 'number') throw invalid(`Expected number, received ${kindOf(quantity)}`);
  if (Number.isInteger(quantity) && quantity >= 1 && quantity <= maxQuantity) return quantity;
  const flaws = [
    ...(Number.isInteger(quantity) ? [] : ['Quantity must be an integer']),
    ...(quantity < 1 ? ['Quantity must be at least 1'] : []),
    ...(quantity > maxQuantity ? [`Quantity cannot exceed ${maxQuantity}`] : []),
  ];
  throw invalid(flaws.join(', '));
}

/** The dialect's name for a JSON type. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const opening = new TextEncoder().encode('{"quantity":');

/**
 * The quantity in a purchase's body. Nearly every client sends `{"quantity":N}` and nothing else:
 * that is read from its bytes, which saves a decoder, a parser and an object. Other bodies are
 * parsed; an empty one counts as an object without fields.
 * @throws HttpFailure 400
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
  if (short) return readQuantity(quantity);
  return readQuantity(bytes.length === 0 ? undefined : asObject(parseJson(bytes))['quantity']);
}
