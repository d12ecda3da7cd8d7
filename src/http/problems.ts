/**
 * The listener's own errors: code, status, sentence, and whether a retry of the same request can
 * succeed. The engine's outcomes are in `engine/outcomes.ts`. Together they are all codes, and
 * `docs/errors.md` lists exactly these.
 */
export interface ProblemRow {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly sentence: string;
}

function row(code: string, status: number, retryable: boolean, sentence: string): ProblemRow {
  return { code, status, retryable, sentence };
}

export const problems = {
  INVALID_JSON: row('INVALID_JSON', 400, false, 'The body is not valid JSON in UTF-8.'),
  INVALID_REQUEST: row(
    'INVALID_REQUEST',
    400,
    false,
    'The request does not have the documented form; `errors` names each place.',
  ),
  MISSING_KEY: row(
    'MISSING_KEY',
    400,
    false,
    'This call needs an Idempotency-Key header: a value of your own, unique for each request.',
  ),
  INVALID_KEY: row(
    'INVALID_KEY',
    400,
    false,
    'The Idempotency-Key has at most 255 characters and no control characters.',
  ),
  UNAUTHORIZED: row('UNAUTHORIZED', 401, false, 'This call needs the operator key: Authorization: Bearer KEY.'),
  TOKEN_REQUIRED: row(
    'TOKEN_REQUIRED',
    403,
    false,
    'This needs the token that came with the hold, order or place in line: Holdfast-Token: TOKEN.',
  ),
  NOT_ITS_GATE: row('NOT_ITS_GATE', 403, false, 'This key is bound to other gates.'),
  FOREIGN_HOST: row(
    'FOREIGN_HOST',
    403,
    false,
    'Without an operator key the store answers to a loopback name only (Host: localhost), or to one in HOLDFAST_PUBLIC_HOSTS.',
  ),
  FOREIGN_ORIGIN: row(
    'FOREIGN_ORIGIN',
    403,
    false,
    'Pages of this origin may not write here. Name it in CORS_ORIGIN to allow it.',
  ),
  NOT_FOUND: row('NOT_FOUND', 404, false, 'There is nothing at this path.'),
  METHOD_NOT_ALLOWED: row(
    'METHOD_NOT_ALLOWED',
    405,
    false,
    'This path does not take this method; the Allow header names those it takes.',
  ),
  BODY_TIMEOUT: row('BODY_TIMEOUT', 408, true, 'The body did not arrive in time.'),
  BODY_TOO_LARGE: row('BODY_TOO_LARGE', 413, false, 'The body is larger than this call takes.'),
  UNSUPPORTED_TYPE: row('UNSUPPORTED_TYPE', 415, false, 'The body must be JSON: Content-Type: application/json.'),
  UNSUPPORTED_ENCODING: row(
    'UNSUPPORTED_ENCODING',
    415,
    false,
    'The body may come as it is, or with Content-Encoding: gzip or deflate.',
  ),
  POSITION_UNKNOWN: row(
    'POSITION_UNKNOWN',
    409,
    false,
    'The position is none of this store: it is of another history, as before a restore. Ask without it.',
  ),
  TOO_MANY_CALLS: row(
    'TOO_MANY_CALLS',
    429,
    true,
    'Too many registrations came from this address just now. Retry later; a retry of one that was taken is always answered.',
  ),
  INTERNAL: row('INTERNAL', 500, true, 'Something went wrong here. The log has the details under this request id.'),
  NO_LISTS: row(
    'NO_LISTS',
    501,
    false,
    'This store keeps no lists by customer or sale: it was started with --sql none.',
  ),
  LISTS_BEHIND: row(
    'LISTS_BEHIND',
    503,
    true,
    'The lists cannot be read just now, or are not as far as asked yet. Retry later; /readyz says how far they are.',
  ),
  NOT_TAKEN: row('NOT_TAKEN', 503, true, 'The store cannot take this now. Nothing was done. Retry later.'),
  RESULT_UNKNOWN: row(
    'RESULT_UNKNOWN',
    503,
    true,
    'It is not known whether this was done. Retry with the same key: it tells.',
  ),
} as const satisfies Record<string, ProblemRow>;

export interface FieldError {
  /** JSON pointer into the body, or the name of a parameter. */
  readonly path: string;
  readonly message: string;
}

/**
 * Thrown by any code that handles a request; the listener turns it into the dialect's own error.
 */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly row: ProblemRow;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    failed: ProblemRow,
    detail?: string,
    errors: readonly FieldError[] = [],
    headers: Record<string, string> = {},
  ) {
    super(detail ?? failed.sentence);
    this.row = failed;
    this.detail = detail ?? failed.sentence;
    this.errors = errors;
    this.headers = headers;
  }
}

/** Seconds after which a refused client should retry. */
export const retryAfterSeconds = 1;
