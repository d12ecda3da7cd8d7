/**
 * JSON answers that name the character set, as the dialects' originals do. The native API names
 * none, since JSON has only one.
 */
import type { Answer, Headers } from '../../http/answer.ts';
import { SignedText, withHeaders } from '../../http/answer.ts';
import { retryAfterSeconds } from '../../http/problems.ts';

export const jsonHeaders = { 'Content-Type': 'application/json; charset=utf-8' } as const;
const replayedMark = { 'Idempotency-Replayed': 'true' } as const;
const replayedHeaders = { ...jsonHeaders, ...replayedMark } as const;

/** An answer whose text is already made. */
export function jsonText(body: string, status = 200, headers: Headers = jsonHeaders): Answer {
  return { status, headers, body };
}

export function jsonAnswer(body: unknown, status = 200, more?: Headers): Answer {
  return jsonText(JSON.stringify(body), status, more === undefined ? jsonHeaders : { ...jsonHeaders, ...more });
}

/** A JSON object with a token as its last member; `signs`: what the token signs, null for none. */
export function withToken(object: string, signs: string | null): string | SignedText {
  return signs === null ? object : new SignedText(`${object.slice(0, -1)},"token":"`, signs, '"}');
}

/** Marks an answer as a replay. */
export function asReplayed(answer: Answer): Answer {
  if (answer.headers === jsonHeaders) return { status: answer.status, headers: replayedHeaders, body: answer.body };
  return withHeaders(answer, replayedMark);
}

/**
 * A refusal of the engine with the headers that all of them have: when to retry, and whether it is
 * a replay.
 */
export function asRefusal(answer: Answer, status: number, replayed: boolean): Answer {
  if (status !== 503 && !replayed) return answer;
  return withHeaders(answer, {
    ...(status === 503 ? { 'Retry-After': String(retryAfterSeconds) } : {}),
    ...(replayed ? replayedMark : {}),
  });
}
