/**
 * The Idempotency-Key header: bare, or a quoted string of RFC 8941; both forms are the same key. An
 * empty one is refused, not ignored: otherwise two purchases with it would both be done.
 *
 * The runtime joins two headers of one name with a comma and a space. Two equal keys are one key;
 * with two different ones, neither can be preferred. A bare key that looks like that must be
 * quoted.
 */
import { HttpFailure, problems } from '../../http/problems.ts';

const maxKeyCharacters = 255;

/** Its own failure, for dialects with a sentence of their own for it. */
export class KeyTooLong extends HttpFailure {}

const joint = ', ';
/** More repetitions of a header than this are not compared. */
const maxRepeated = 8;

/**
 * The key that the client meant, or null when it sent none.
 * @throws HttpFailure 400 for an empty or malformed one, or for two
 */
export function readKey(header: string | null): string | null {
  if (header === null) return null;
  const key = keyIn(header);
  if (key === '') throw emptyKey('header');
  return checkKey(key);
}

/** The key of a call that must have one. @throws HttpFailure 400 */
export function requireKey(header: string | null): string {
  const key = header === null ? '' : keyIn(header);
  if (key === '') throw new HttpFailure(problems.MISSING_KEY);
  return checkKey(key);
}

/** @throws HttpFailure 400 */
export function checkKey(key: string): string {
  if (key === '') throw emptyKey('key');
  if (key.length > maxKeyCharacters) {
    throw new KeyTooLong(
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

function emptyKey(what: string): HttpFailure {
  return new HttpFailure(
    problems.INVALID_KEY,
    `The Idempotency-Key ${what} is empty: send a value of your own, unique for each request, or leave it out.`,
  );
}

function keyIn(header: string): string {
  const isQuoted = header.charCodeAt(0) === 0x22;
  const quoted = isQuoted ? unquote(header) : null;
  if (quoted !== null) return quoted;
  if (header.includes(joint)) {
    const one = repeatedIn(header);
    if (one !== null) return keyIn(one);
    throw new HttpFailure(
      problems.INVALID_KEY,
      'Two different Idempotency-Keys came: send one. A key that has a comma and a space in it goes in quotes: "a, b".',
    );
  }
  if (!isQuoted) return header;
  throw new HttpFailure(problems.INVALID_KEY, 'The Idempotency-Key begins with a quote and is no quoted string.');
}

/** The value that a header repeats, joined by commas; null if it does not repeat one. */
function repeatedIn(header: string): string | null {
  for (let times = 2; times <= maxRepeated; times += 1) {
    const length = (header.length - joint.length * (times - 1)) / times;
    if (length < 0) return null;
    if (!Number.isInteger(length)) continue;
    const one = header.slice(0, length);
    if (Array.from({ length: times }, () => one).join(joint) === header) return one;
  }
  return null;
}

function unquote(header: string): string | null {
  const inner = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header)?.[1];
  return inner === undefined ? null : inner.replaceAll(/\\(["\\])/g, '$1');
}
