/**
 * The tickets dialect's refusals: its own codes where its documents have them, else the listener's.
 */
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import type { HttpFailure } from '../../http/problems.ts';
import { problems } from '../../http/problems.ts';
import type { RouteTerms } from '../../http/route.ts';
import { jsonAnswer, jsonText } from '../kit/answers.ts';
import { KeyTooLong } from '../kit/idempotency.ts';
import type { Dialect } from '../kit/operation.ts';

const soldOutBody = '{"error":"SOLD_OUT"}';

/**
 * Paths of the rush, whose errors have a code. Errors of the others have their status, and the code
 * beside it.
 */
const rushPaths = new Set(['/api/v1/event', '/api/v1/purchase', '/api/v1/stats']);

function errorAnswer(route: RouteTerms | null, status: number, error: string, message: string): Answer {
  const isOfRush = route === null || rushPaths.has(route.path);
  return jsonAnswer({ success: false, ...(isOfRush ? {} : { statusCode: status }), error, message }, status);
}

function notFound(message: string): Answer {
  return jsonAnswer({ success: false, statusCode: 404, message }, 404);
}

const ownCodes: Readonly<Record<string, string>> = {
  INVALID_JSON: 'VALIDATION_ERROR',
  INVALID_REQUEST: 'VALIDATION_ERROR',
  MISSING_KEY: 'MISSING_IDEMPOTENCY_KEY',
  INVALID_KEY: 'INVALID_IDEMPOTENCY_KEY',
  KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
};

/** A failure of the listener in the dialect's shape. */
export function failed(failure: HttpFailure, { route }: Pick<Call, 'route'> = { route: null }): Answer {
  const { code, status } = failure.row;
  if (status === 404) return notFound(failure.detail);
  return errorAnswer(route, status, ownCodes[code] ?? code, messageOf(failure));
}

function messageOf(failure: HttpFailure): string {
  if (failure.row === problems.MISSING_KEY) return 'Idempotency-Key header is required';
  return failure instanceof KeyTooLong ? 'Idempotency-Key header too long' : failure.detail;
}

export const dialect: Dialect = {
  words: {},
  refusal: ({ row: { code, status, sentence } }, _, route) => {
    if (code === 'SOLD_OUT' && route !== null && rushPaths.has(route.path)) return jsonText(soldOutBody, 409);
    return errorAnswer(route, status, ownCodes[code] ?? code, sentence);
  },
};
