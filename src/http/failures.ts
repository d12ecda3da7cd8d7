/** What an error is to a client. */
import { NotTakenError, UnknownResultError } from '../node/errors.ts';
import { HttpFailure, problems } from './problems.ts';

/** Null for an unexpected error, of which the client learns nothing. */
export function failureOf(error: unknown): HttpFailure | null {
  if (error instanceof HttpFailure) return error;
  if (error instanceof NotTakenError) return new HttpFailure(problems.NOT_TAKEN, sentence(error));
  if (error instanceof UnknownResultError) return new HttpFailure(problems.RESULT_UNKNOWN);
  return null;
}

function sentence(error: Error): string {
  return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
}
