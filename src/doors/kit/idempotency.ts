/**
 * The Idempotency-Key header: bare or as a quoted string of RFC 8941, which are the same key. An
 * empty one is none that a client can have meant, so it is refused rather than taken for no key:
 * two purchases with it would both be done.
 *
 * The runtime gives two headers of a name as one, with a comma and a space between. Two equal keys
 * are one key; of two different ones nobody knows which counts. A bare key may look like that by
 * itself, and has to be quoted then.
 */
import { HttpFailure, problems } from '../../http/problems.ts';

const maxKeyCharacters = 255;

/** Apart from other flaws of a key, for dialects that say it in words of their own. */
export class KeyTooLong extends HttpFailure {}

const joint = ', ';
/** More headers of one name than this are not looked at for being equal. */
const maxRepeated = 8;

/**
 * The key as the client meant it, or null when it sent none.
 * @throws HttpFailure 400 for an empty
 * or malformed one, or two
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

/** What a header repeats, with commas between; null when it is no such thing. */
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
