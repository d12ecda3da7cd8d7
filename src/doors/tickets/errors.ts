/** How the tickets dialect says no. Codes of its own where its documents have them; else those of the listener. */
import type { OutcomeRow } from '../../engine/outcomes.ts';
import type { Call } from '../../http/call.ts';
import { jsonHeaders, jsonResponse } from '../kit/json.ts';
import type { HttpFailure } from '../../http/problems.ts';
import { HttpFailure as Failure, problems } from '../../http/problems.ts';

const soldOutBody = '{"error":"SOLD_OUT"}';

/** Paths of the rush, whose errors have a code; those of all others have their status, and the code beside it. */
const rushPaths = new Set(['/api/v1/event', '/api/v1/purchase', '/api/v1/stats']);

function errorResponse(call: Pick<Call, 'route'>, status: number, error: string, message: string): Response {
  const { route } = call;
  const isOfRush = route === null || rushPaths.has(route.path);
  return jsonResponse({ success: false, ...(isOfRush ? {} : { statusCode: status }), error, message }, status);
}

/** To throw where something is not there. */
export function missing(message: string): HttpFailure {
  return new Failure(problems.NOT_FOUND, message);
}

function notFound(message: string): Response {
  return jsonResponse({ success: false, statusCode: 404, message }, 404);
}

export function validationFailure(message: string): HttpFailure {
  return new Failure(problems.INVALID_REQUEST, message);
}

const ownCodes: Readonly<Record<string, string>> = {
  INVALID_JSON: 'VALIDATION_ERROR',
  INVALID_REQUEST: 'VALIDATION_ERROR',
  MISSING_KEY: 'MISSING_IDEMPOTENCY_KEY',
  INVALID_KEY: 'INVALID_IDEMPOTENCY_KEY',
  KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
};

/** A failure of the listener in the dialect's shape. */
export function failed(failure: HttpFailure, call: Pick<Call, 'route'> = { route: null }): Response {
  const { code, status } = failure.row;
  if (status === 404) return notFound(failure.detail);
  if (code === 'MISSING_KEY')
    return errorResponse(call, 400, 'MISSING_IDEMPOTENCY_KEY', 'Idempotency-Key header is required');
  if (code === 'INVALID_KEY') {
    const message = failure.detail.includes('characters;') ? 'Idempotency-Key header too long' : failure.detail;
    return errorResponse(call, 400, 'INVALID_IDEMPOTENCY_KEY', message);
  }
  return errorResponse(call, status, ownCodes[code] ?? code, failure.detail);
}

/** A refusal of the engine in the dialect's shape. */
export function refused(row: OutcomeRow, call: Call): Response {
  call.outcome = row.code;
  if (row.code === 'SOLD_OUT' && call.route !== null && rushPaths.has(call.route.path)) {
    return new Response(soldOutBody, { status: 409, headers: jsonHeaders });
  }
  const response = errorResponse(call, row.status, ownCodes[row.code] ?? row.code, row.sentence);
  if (row.status === 503) response.headers.set('Retry-After', '1');
  return response;
}
