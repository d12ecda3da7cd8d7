/**
 * One request of one client, kept with its answer. All operations together are the clients' record,
 * with which everything else is compared.
 */

import type { HttpAnswer, HttpRequest } from '../load/http-client.ts';
import { positionNumber } from '../load/json.ts';

/**
 * - `create`: a sale; by the operator
 * - `purchase`: in the tickets dialect; `order`, `basket`: in the native API, on one sale or on
 *   several
 */
export type OperationKind =
  | 'create'
  | 'purchase'
  | 'order'
  | 'basket'
  | 'hold'
  | 'confirm'
  | 'extend'
  | 'release'
  | 'cancel'
  | 'read';

export interface Line {
  readonly sale: string;
  readonly quantity: number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Log position from the answer's header; null where the dialect has none. */
  readonly position: number | null;
  readonly replayed: boolean;
}

/**
 * What is asked. It is fixed when the operation is made, since a retry must be the same request.
 */
export interface Request extends HttpRequest {
  readonly kind: OperationKind;
  /**
   * Quantities by sale. Confirm, extend, release and cancel have those of the hold or order that
   * they act upon.
   */
  readonly lines: readonly Line[];
  /** The hold or order that this acts upon. */
  readonly of: Operation | null;
}

/**
 * Invariant: `answer` is the one definite answer, set once, or null while the outcome is unknown.
 * The operation took effect, if it did, between `callNs` (of the first attempt) and `returnNs` (of
 * that answer).
 */
export interface Operation extends Request {
  readonly client: number;
  readonly callNs: number;
  returnNs: number | null;
  answer: Answer | null;
  /**
   * Log position of the effect, as the log has it; null before the log was read, or without effect.
   */
  loggedAt: number | null;
}

export function isOk(operation: Operation): boolean {
  return operation.answer !== null && isOkStatus(operation.answer.status);
}

export function isOkStatus(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Whether an answer settles what happened. After a 5xx only a retry with the key can tell more. */
export function isDefinite(answer: Answer): boolean {
  return answer.status < 500;
}

/** What a client keeps of an answer. @throws ShapeError for a malformed position */
export function answerOf({ status, body, header }: HttpAnswer): Answer {
  const position = header('Holdfast-Position');
  return {
    status,
    body,
    position: position === null ? null : positionNumber(position),
    replayed: header('Idempotency-Replayed') === 'true',
  };
}

/** The name of an operation in a description of a problem. */
export function nameOf(operation: Operation): string {
  const lines = operation.lines.map(({ sale, quantity }) => `${quantity} of ${sale}`).join(' and ');
  return `${operation.kind} ${operation.key ?? operation.path} (${lines}; client ${operation.client})`;
}

export function positionOf(operation: Operation): number | null {
  return operation.answer?.position ?? null;
}
