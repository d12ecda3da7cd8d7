/**
 * The dialects' shared readers of requests: bodies, small ids, texts, times. Each refusal is a 400
 * with a sentence.
 */
import { parseJson } from '../../http/body.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { hasControlCharacter } from './texts.ts';
import { timeFlaw, timeMsOf, timePattern } from './times.ts';

export type Body = Readonly<Record<string, unknown>>;

/** Larger ones would not fit the engine's columns, and are never given. */
const maxId = 0xffffffff;

/** The failure of a malformed request. */
export function invalid(message: string): HttpFailure {
  return new HttpFailure(problems.INVALID_REQUEST, message);
}

/** The failure of a named thing that does not exist. */
export function missing(message: string): HttpFailure {
  return new HttpFailure(problems.NOT_FOUND, message);
}

/** The body as JSON. @throws HttpFailure 400 */
export function jsonOf(call: Call, body: Uint8Array): unknown {
  return parseJson(body, call.bodyLimit);
}

/**
 * The object in a request. No body counts as an empty object, so a dialect can name the missing
 * fields.
 * @throws HttpFailure 400
 */
export function bodyOf(call: Call, bytes: Uint8Array): Body {
  if (bytes.length === 0) return {};
  const body = jsonOf(call, bytes);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('Body must be a JSON object');
  return body as Body;
}

/** Whether a field is missing or empty. */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** The number that a text has in digits, without a leading zero; null for any other text. */
export function numberIn(text: string): number | null {
  return /^(?:0|[1-9]\d{0,9})$/.test(text) ? Number(text) : null;
}

/** A whole number within limits. @throws HttpFailure 400 */
export function checkWhole(value: unknown, name: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw invalid(`${name} must be a whole number from ${min} to ${max}`);
  }
  return value;
}

/** A whole number within limits, or its digits. @throws HttpFailure 400 */
export function readWhole(value: unknown, name: string, min: number, max: number): number {
  return checkWhole(typeof value === 'string' ? numberIn(value) : value, name, min, max);
}

/** A whole number in a query; `otherwise` when absent. @throws HttpFailure 400 */
export function readParameter(
  query: URLSearchParams,
  name: string,
  otherwise: number,
  min: number,
  max: number,
): number {
  const text = query.get(name);
  return text === null ? otherwise : readWhole(text, name, min, max);
}

/** A small id, as a number or in digits; 0 for anything else. */
export function readId(value: unknown): number {
  const id = typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isInteger(id) && id >= 1 && id <= maxId ? id : 0;
}

/**
 * Counted in UTF-16 units, as the log limits them. A lone surrogate was already refused with its
 * JSON.
 */
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
