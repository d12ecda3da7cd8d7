/** The Idempotency-Key header: bare or as a quoted string of RFC 8941, which are the same key. */
import { HttpFailure, problems } from './problems.ts';

export const maxKeyCharacters = 255;

/** The key as the client meant it, or null when there is none. @throws HttpFailure 400 for a malformed one. */
export function readKey(header: string | null): string | null {
  if (header === null) return null;
  const key = header.charCodeAt(0) === 0x22 ? unquote(header) : header;
  if (key === '') return null;
  return checkKey(key);
}

/** @throws HttpFailure 400 */
export function checkKey(key: string): string {
  if (key.length > maxKeyCharacters) {
    throw new HttpFailure(
      problems.INVALID_KEY,
      `The Idempotency-Key has ${key.length} characters; at most ${maxKeyCharacters} are taken.`,
    );
  }
  for (let i = 0; i < key.length; i += 1) {
    const unit = key.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f) throw new HttpFailure(problems.INVALID_KEY);
  }
  return key;
}

function unquote(header: string): string {
  const inner = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header)?.[1];
  if (inner === undefined)
    throw new HttpFailure(problems.INVALID_KEY, 'The Idempotency-Key begins with a quote and is no quoted string.');
  return inner.replaceAll(/\\(["\\])/g, '$1');
}
