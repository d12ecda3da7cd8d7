/** The native API's refusals. */
import type { Answer, Headers } from '../../http/answer.ts';
import type { FieldError, ProblemRow } from '../../http/problems.ts';
import type { Dialect } from './operation.ts';
import { writePosition } from './positions.ts';

/** application/problem+json (RFC 9457), the error of the native API. */
export function problemAnswer(
  failed: ProblemRow,
  detail: string = failed.sentence,
  errors: readonly FieldError[] = [],
  headers: Headers = {},
): Answer {
  return {
    status: failed.status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
    body: problemText(failed, detail, errors),
  };
}

/** Its body. */
export function problemText(
  failed: ProblemRow,
  detail: string = failed.sentence,
  errors: readonly FieldError[] = [],
): string {
  return JSON.stringify({
    type: `urn:holdfast:problem:${failed.code.toLowerCase().replaceAll('_', '-')}`,
    title: failed.sentence,
    status: failed.status,
    code: failed.code,
    detail,
    retryable: failed.retryable,
    ...(errors.length > 0 ? { errors } : {}),
  });
}

/** The engine's own words, unless an operation has better ones, and where they are true. */
export const dialect: Dialect = {
  words: {},
  refusal: ({ row, position }, own = row.sentence, _, state) =>
    problemAnswer(row, own, [], { 'Holdfast-Position': writePosition(state, position) }),
};
