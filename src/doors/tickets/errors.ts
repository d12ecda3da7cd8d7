/** How the tickets dialect says no. Codes of its own where its documents have them; else those of the listener. */
import type { OutcomeRow } from '../../engine/outcomes.ts';
import type { Call } from '../../http/call.ts';
import { jsonHeaders, jsonResponse } from '../../http/json.ts';
import type { HttpFailure } from '../../http/problems.ts';
import { HttpFailure as Failure, problems } from '../../http/problems.ts';

const soldOutBody = '{"error":"SOLD_OUT"}';

export function soldOut(): Response {
  return new Response(soldOutBody, { status: 409, headers: jsonHeaders });
}

export function errorResponse(status: number, error: string, message: string): Response {
  return jsonResponse({ success: false, error, message }, status);
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
export function failed(failure: HttpFailure): Response {
  const { code, status } = failure.row;
  if (status === 404) return notFound(failure.detail);
  if (code === 'MISSING_KEY')
    return errorResponse(400, 'MISSING_IDEMPOTENCY_KEY', 'Idempotency-Key header is required');
  if (code === 'INVALID_KEY') {
    const message = failure.detail.includes('characters;') ? 'Idempotency-Key header too long' : failure.detail;
    return errorResponse(400, 'INVALID_IDEMPOTENCY_KEY', message);
  }
  return errorResponse(status, ownCodes[code] ?? code, failure.detail);
}

/** A refusal of the engine in the dialect's shape. */
export function refused(row: OutcomeRow, call: Call): Response {
  call.outcome = row.code;
  if (row.code === 'SOLD_OUT') return soldOut();
  const response = errorResponse(row.status, ownCodes[row.code] ?? row.code, row.sentence);
  if (row.status === 503) response.headers.set('Retry-After', '1');
  return response;
}
