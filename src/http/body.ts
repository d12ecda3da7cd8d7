/** Bodies: within limits of size, and JSON with exactly one meaning. */
import { HttpFailure, problems } from './problems.ts';

/** Limit of a body where its route names none (`Route.maxBodyBytes`). */
export const maxBodyBytes = 64 * 1024;
/** Far deeper than any documented request. */
const maxNesting = 32;

/** Keep the byte order mark, so that JSON.parse rejects it: RFC 8259 forbids to send one. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function tooLarge(limit: number = maxBodyBytes): HttpFailure {
  return new HttpFailure(problems.BODY_TOO_LARGE, `The body is larger than ${limit} bytes.`);
}

/**
 * The value of a JSON text. Also refused: too deep nesting, lone surrogates, and a duplicate name
 * in one object, which two readers may take differently. `limit`: maximum bytes.
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
  // A duplicate name leaves fewer names in the value than in the text.
  if (countFields(value) !== names) throw new HttpFailure(problems.INVALID_JSON, 'The body names a field twice.');
  // UTF-8 has no lone surrogates; an escape can make one.
  if (bytes.includes(backslash) && !isWellFormed(value)) {
    throw new HttpFailure(problems.INVALID_JSON, 'The body has half a character (a lone surrogate).');
  }
  return value;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/**
 * Counts the names in a JSON text: its colons outside of strings.
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

/** Lone surrogates look the same once stored: two ids would become one. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => name.isWellFormed() && isWellFormed(inner));
}
