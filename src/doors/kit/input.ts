/** What the dialects share of reading requests by hand: bodies, small ids, texts, times. Each refusal is a 400 with a sentence. */
import { parseJson } from '../../http/body.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { hasControlCharacter } from './texts.ts';
import { timeFlaw, timeMsOf, timePattern } from './times.ts';

export type Body = Readonly<Record<string, unknown>>;

/** Larger ones would not fit the columns of the engine, and none is ever given. */
const maxId = 0xffffffff;

/** To throw where a request is not as it should be. */
export function invalid(message: string): HttpFailure {
  return new HttpFailure(problems.INVALID_REQUEST, message);
}

/** The body as JSON. @throws HttpFailure 400 */
export function jsonOf(call: Call, body: Uint8Array): unknown {
  return parseJson(body, call.bodyLimit);
}

/** The object of a request; none at all is an empty one: a dialect can name what it lacks. @throws HttpFailure 400 */
export function bodyOf(call: Call, bytes: Uint8Array): Body {
  if (bytes.length === 0) return {};
  const body = jsonOf(call, bytes);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('Body must be a JSON object');
  return body as Body;
}

/** The same, of a call whose body is still to come. @throws HttpFailure 400 */
export async function readBody(call: Call): Promise<Body> {
  return bodyOf(call, await call.readBytes());
}

/** A small id, as a number or in digits; 0 for what is none. */
export function readId(value: unknown): number {
  const id = typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isInteger(id) && id >= 1 && id <= maxId ? id : 0;
}

/** Counted in UTF-16 units, as the log has room for them; half of a character is refused with the JSON that it came in. */
export function checkText(text: string, name: string, maxCharacters: number): string {
  if (text.length > maxCharacters) throw invalid(`${name} must have at most ${maxCharacters} characters`);
  if (hasControlCharacter(text)) throw invalid(`${name} must not have control characters`);
  return text;
}

const time = new RegExp(timePattern);

/** Ms of a date or a time of ISO 8601, in UTC where it names no zone. @throws HttpFailure 400 */
export function readTime(value: unknown, name: string): number {
  if (typeof value !== 'string' || !time.test(value)) {
    throw invalid(`${name} must be a time such as 2026-01-11T09:00:00.000Z`);
  }
  const ms = timeMsOf(value);
  if (ms === null) throw invalid(`${name} ${timeFlaw(value)}`);
  return ms;
}
