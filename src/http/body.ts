/** Bodies: within limits of size, and JSON that means one thing only. */
import { HttpFailure, problems } from './problems.ts';

/** What a body may have where the route says no more (`Route.maxBodyBytes`). */
export const maxBodyBytes = 64 * 1024;
/** Deeper than any documented request by far. */
const maxNesting = 32;

/** A byte order mark is kept, and then is no JSON: RFC 8259 forbids to send one. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function tooLarge(limit: number = maxBodyBytes): HttpFailure {
  return new HttpFailure(problems.BODY_TOO_LARGE, `The body is larger than ${limit} bytes.`);
}

/**
 * The value of a JSON text. Refused beside what is no JSON: too deep nesting, a name that stands
 * twice in one object, which two readers of the same request may take differently, and half
 * characters. `limit`: most bytes.
 * @throws HttpFailure 400, 413
 */
export function parseJson(bytes: Uint8Array, limit: number = maxBodyBytes): unknown {
  if (bytes.length > limit) throw tooLarge(limit);
  const names = countNames(bytes);
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    throw new HttpFailure(problems.INVALID_JSON);
  }
  // What was parsed has fewer names than the text when a later one took the place of an earlier
  // one.
  if (countFields(value) !== names) throw new HttpFailure(problems.INVALID_JSON, 'The body names a field twice.');
  // UTF-8 has no half characters; an escape can make one.
  if (bytes.includes(backslash) && !isWellFormed(value)) {
    throw new HttpFailure(problems.INVALID_JSON, 'The body has half a character (a lone surrogate).');
  }
  return value;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/**
 * How many names a JSON text has: its colons outside of strings.
 * @throws HttpFailure 400 when it is
 * nested too deep
 */
function countNames(bytes: Uint8Array): number {
  let names = 0;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i]!;
    if (inString) {
      if (byte === backslash) i += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) {
      inString = true;
    } else if (byte === colon) {
      names += 1;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > maxNesting) {
        throw new HttpFailure(problems.INVALID_JSON, `The body is nested more than ${maxNesting} levels deep.`);
      }
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    }
  }
  return names;
}

function countFields(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  let fields = Array.isArray(value) ? 0 : inner.length;
  for (const one of inner) fields += countFields(one);
  return fields;
}

/** Half characters all look the same once they are stored: two ids would be one. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => name.isWellFormed() && isWellFormed(inner));
}
