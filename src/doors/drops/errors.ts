/** The drops dialect's refusals: `{"error":"…"}`, in its documented words where it has them. */
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { jsonAnswer } from '../kit/answers.ts';
import type { Dialect, Words } from '../kit/operation.ts';
import type { HttpFailure } from '../../http/problems.ts';

export const reservationGone = 'Reservation not found or not active';

/**
 * The engine's refusals in the words of the dialect, all 400 there. Those not listed keep their own
 * status.
 */
const words: Words = {
  UNKNOWN_SALE: 'Drop not found',
  CUSTOMER_EXISTS: 'Username already exists',
  SOLD_OUT: 'Out of stock',
  NOT_OPEN: 'Drop has not started',
  CLOSED: 'Drop has ended',
  PAUSED: 'Drop is paused',
  LIMIT_REACHED: 'Purchase limit reached',
  HOLDS_TOO_MUCH: 'You hold as much of this drop as you may',
  UNKNOWN_HOLD: reservationGone,
  NOT_YOURS: reservationGone,
  HOLD_CONFIRMED: reservationGone,
  HOLD_RELEASED: reservationGone,
  HOLD_EXPIRED: 'Reservation has expired',
};

export function errorAnswer(status: number, error: string): Answer {
  return jsonAnswer({ error }, status);
}

/**
 * A failure of the listener in the dialect's shape. An unknown path and an unknown method are the
 * same to it.
 */
export function failed(failure: HttpFailure, call: Call): Answer {
  const { status, code } = failure.row;
  if (status === 405 || (status === 404 && call.route === null)) return errorAnswer(404, 'Route not found');
  if (code === 'INVALID_JSON') return errorAnswer(400, `Invalid JSON: ${failure.detail}`);
  return errorAnswer(status, failure.detail);
}

export const dialect: Dialect = {
  words,
  refusal: ({ row }, own) => (own === undefined ? errorAnswer(row.status, row.sentence) : errorAnswer(400, own)),
};
