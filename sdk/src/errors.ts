/**
 * One class for all failures. Refusals of the store carry its code and status; lost connections
 * have a class of their own.
 */

/** Every code of the store, and three of this client at the end (with status 0, or the proxy's). */
export const errorCodes = [
  'KEY_REUSED',
  'KEYS_FULL',
  'TOO_LATE',
  'UNKNOWN_SALE',
  'UNKNOWN_HOLD',
  'UNKNOWN_ORDER',
  'UNKNOWN_ENTRY',
  'UNKNOWN_SEAT',
  'UNKNOWN_SECTION',
  'UNKNOWN_CUSTOMER',
  'EMAIL_TAKEN',
  'UNKNOWN_LINE',
  'CUSTOMER_EXISTS',
  'INVALID_QUANTITY',
  'CUSTOMER_REQUIRED',
  'CURRENCY_MISMATCH',
  'INVALID_WINDOW',
  'SEATS_REQUIRED',
  'NO_SEATS',
  'NOT_YOURS',
  'SEAT_REPEATED',
  'BEST_ALONE',
  'CAPACITY_FOLLOWS',
  'HOLD_CONFIRMED',
  'HOLD_RELEASED',
  'HOLD_EXPIRED',
  'ENTRY_ENDED',
  'ORDER_CANCELLED',
  'LINE_CANCELLED',
  'SEAT_EXISTS',
  'CLOSED',
  'PAUSED',
  'NOT_OPEN',
  'LIMIT_REACHED',
  'HOLDS_TOO_MUCH',
  'SOLD_OUT',
  'SEAT_TAKEN',
  'STILL_AVAILABLE',
  'NOT_TOGETHER',
  'WAITLIST_FULL',
  'CAPACITY_TOO_LOW',
  'SALE_NOT_EMPTY',
  'UNKNOWN_CARD',
  'UNKNOWN_GATE',
  'UNKNOWN_STATION',
  'CARD_EXISTS',
  'GATE_EXISTS',
  'UNKNOWN_CATEGORY',
  'TARIFF_IN_PAST',
  'INVALID_TARIFF',
  'BALANCE_LIMIT',
  'INVALID_AMOUNT',
  'MARK_MOVED',
  'ADJUSTED_ALREADY',
  'SUM_MOVED',
  'UNKNOWN_KEY',
  'TARIFF_LIMIT',
  'INVALID_JSON',
  'INVALID_REQUEST',
  'MISSING_KEY',
  'INVALID_KEY',
  'UNAUTHORIZED',
  'TOKEN_REQUIRED',
  'NOT_ITS_GATE',
  'NOT_ITS_GATE',
  'FOREIGN_HOST',
  'FOREIGN_ORIGIN',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'BODY_TIMEOUT',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_TYPE',
  'UNSUPPORTED_ENCODING',
  'TOO_MANY_CALLS',
  'POSITION_UNKNOWN',
  'INTERNAL',
  'NO_LISTS',
  'LISTS_BEHIND',
  'NOT_TAKEN',
  'RESULT_UNKNOWN',
  /** No answer: the store was not reached, the connection broke, or it was too slow. */
  'NETWORK',
  /** An answer that is not the store's JSON: something else answers at this address. */
  'BAD_ANSWER',
  /**
   * An error without the store's problem document: from a proxy in between, or in the shape of a
   * dialect.
   */
  'HTTP_ERROR',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface FieldError {
  /** JSON pointer into the body, or the name of a parameter. */
  readonly path: string;
  readonly message: string;
}

/** One attempt's failure. */
export interface Failure {
  readonly code: string;
  /** HTTP status; 0 when there was no usable answer. */
  readonly status: number;
  readonly retryable: boolean;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** The wait that Retry-After asks for, ms; null without it. */
  readonly retryAfterMs: number | null;
  /** The answer's JSON object; null for any other answer. */
  readonly body: object | null;
  readonly cause?: unknown;
}

/** Facts about the call beyond its last failure. */
export interface FailedCall {
  /** The idempotency key the call was made with; null for calls without. */
  readonly key: string | null;
  readonly attempts: number;
  readonly resultUnknown: boolean;
}

/** The store refused, or could not be reached. `code` says which; the message is for people. */
export class HoldfastError extends Error {
  override readonly name: string = 'HoldfastError';
  readonly code: ErrorCode | (string & {});
  /** HTTP status; 0 when there was no usable answer. */
  readonly status: number;
  /** True when the same request, sent again later, may succeed. */
  readonly retryable: boolean;
  readonly detail: string;
  /** For INVALID_REQUEST: each wrong field. */
  readonly errors: readonly FieldError[];
  /** The wait that the store asks for, ms from the answer; null if it names none. */
  readonly retryAfterMs: number | null;
  /** The JSON of the answer, such as a dialect's own error; null without one. */
  readonly body: object | null;
  /**
   * The idempotency key of the call. A new call with this `key` has one effect in all, whether or
   * not this one was carried out.
   */
  readonly key: string | null;
  /** How often it was sent. */
  readonly attempts: number;
  /** True when the command may have been carried out. A call with the same key finds out. */
  readonly resultUnknown: boolean;

  constructor(failure: Failure, call: FailedCall) {
    super(sentence(failure, call), failure.cause === undefined ? undefined : { cause: failure.cause });
    this.code = failure.code;
    this.status = failure.status;
    this.retryable = failure.retryable;
    this.detail = failure.detail;
    this.errors = failure.errors;
    this.retryAfterMs = failure.retryAfterMs;
    this.body = failure.body;
    this.key = call.key;
    this.attempts = call.attempts;
    this.resultUnknown = call.resultUnknown;
  }
}

/** No usable answer came: code NETWORK or BAD_ANSWER, status 0; the reason is the `cause`. */
export class NetworkError extends HoldfastError {
  override readonly name: string = 'NetworkError';
}

export function errorOf(failure: Failure, call: FailedCall): HoldfastError {
  return failure.status === 0 ? new NetworkError(failure, call) : new HoldfastError(failure, call);
}

export function networkFailure(code: 'NETWORK' | 'BAD_ANSWER', detail: string, cause?: unknown): Failure {
  return { code, status: 0, retryable: true, detail, errors: [], retryAfterMs: null, body: null, cause };
}

function sentence({ code, detail }: Failure, { key, resultUnknown }: FailedCall): string {
  const unknown = ' It is not known whether this was done';
  if (!resultUnknown) return `${code}: ${detail}`;
  return `${code}: ${detail}${unknown}${key === null ? '.' : `; the same key (${key}) tells.`}`;
}
