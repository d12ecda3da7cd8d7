/** How the seats dialect says no: `{"success":false,"message":"…"}`. */
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import type { HttpFailure } from '../../http/problems.ts';
import { jsonAnswer } from '../kit/answers.ts';
import { missing } from '../kit/input.ts';
import type { Dialect, Words } from '../kit/operation.ts';

const recordMissing = 'Record not found';
const seatEnded = 'The seat has changed meanwhile: read it again';

/**
 * The engine's refusals in the words of the dialect. Those not listed keep their own sentence.
 */
const words: Words = {
  UNKNOWN_SALE: recordMissing,
  UNKNOWN_SEAT: recordMissing,
  UNKNOWN_CUSTOMER: recordMissing,
  UNKNOWN_ORDER: 'Booking not found',
  EMAIL_TAKEN: 'Email already exists',
  SEAT_EXISTS: 'Seat already exists in this row of the event',
  SEAT_TAKEN: 'Seat is booked, reserved or blocked',
  SALE_NOT_EMPTY: 'Event has booked or reserved seats: cancel them first',
  SOLD_OUT: 'Not enough seats available',
  CLOSED: 'Event is not open for booking',
  PAUSED: 'Event is paused',
  NOT_OPEN: 'Event is not open for booking yet',
  ORDER_CANCELLED: 'Booking is cancelled already',
  LINE_CANCELLED: 'Booking is cancelled already',
  HOLD_CONFIRMED: seatEnded,
  HOLD_RELEASED: seatEnded,
  HOLD_EXPIRED: seatEnded,
};

function errorAnswer(status: number, message: string): Answer {
  return jsonAnswer({ success: false, message }, status);
}

/** To throw where a record does not exist. */
export function noRecord(): HttpFailure {
  return missing(recordMissing);
}

/**
 * A failure of the listener in the dialect's shape. An unknown path and a method that a path does
 * not take are told alike.
 */
export function failed(failure: HttpFailure, call: Call): Answer {
  const { status, code } = failure.row;
  if (status === 405 || (status === 404 && call.route === null)) {
    const path = call.url.pathname;
    return jsonAnswer({ error: 'Not Found', message: 'The requested resource was not found', path }, 404);
  }
  return errorAnswer(status, code === 'INVALID_JSON' ? `Invalid JSON: ${failure.detail}` : failure.detail);
}

export const dialect: Dialect = {
  words,
  // A hold that has ended is a conflict here: another buyer may have the seat.
  refusal: ({ row: { status, sentence } }, own) => errorAnswer(status === 410 ? 409 : status, own ?? sentence),
};
