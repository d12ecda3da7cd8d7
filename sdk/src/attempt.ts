/** One request and its answer: sent once, in bounded time, and classified. */
import type { Failure, FieldError } from './errors.ts';
import { networkFailure } from './errors.ts';
import { after, retryAfterMs, throwIfAborted } from './retry.ts';

/** The part of `fetch` that is used; a test or a proxy may supply its own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Request {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Headers;
  /** JSON text. */
  readonly body: string | undefined;
}

export type Attempt =
  | { readonly ok: true; readonly status: number; readonly headers: Headers; readonly body: object }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Sends the request and waits at most `timeoutMs` for the whole answer. @throws only the signal's
 * reason, when that is aborted
 */
export async function attempt(
  fetch: Fetch,
  request: Request,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  throwIfAborted(signal);
  const controller = new AbortController();
  const onAbort = (): void => controller.abort();
  signal?.addEventListener('abort', onAbort, { once: true });
  let isLate = false;
  const stop = after(timeoutMs, () => {
    isLate = true;
    controller.abort();
  });
  try {
    const { url, method, headers, body } = request;
    const init: RequestInit = { method, headers, signal: controller.signal, cache: 'no-store' };
    const response = await fetch(url, body === undefined ? init : { ...init, body });
    return judge(response, await response.text());
  } catch (error) {
    throwIfAborted(signal);
    const detail = isLate ? `no answer within ${Math.round(timeoutMs)} ms` : messageOf(error);
    return { ok: false, failure: networkFailure('NETWORK', detail, error) };
  } finally {
    stop();
    signal?.removeEventListener('abort', onAbort);
  }
}

function judge(response: Response, text: string): Attempt {
  if (!response.ok) return { ok: false, failure: failureOf(response, text) };
  const { status, headers } = response;
  const body = text === '' && status === 204 ? {} : objectOf(text);
  if (body !== null) return { ok: true, status, headers, body };
  const detail = `the answer (${status}) is no JSON object: something else answers at ${response.url}`;
  return { ok: false, failure: networkFailure('BAD_ANSWER', detail) };
}

/**
 * The failure in an answer without success: the store's problem document, or a bare status from a
 * proxy in between.
 */
export function failureOf(response: Response, text: string): Failure {
  const { status } = response;
  const body = objectOf(text);
  const problem = body ?? {};
  const waitMs = retryAfterMs(response.headers.get('Retry-After'), Date.now());
  if (!('code' in problem) || typeof problem.code !== 'string') {
    // The dialects have no codes, but a message in words.
    const said = 'message' in problem && typeof problem.message === 'string' ? problem.message : null;
    const detail = said ?? `the answer was ${status} ${response.statusText}`.trimEnd();
    return { code: 'HTTP_ERROR', status, retryable: status >= 500, detail, errors: [], retryAfterMs: waitMs, body };
  }
  return {
    code: problem.code,
    status,
    retryable: 'retryable' in problem && problem.retryable === true,
    detail: 'detail' in problem && typeof problem.detail === 'string' ? problem.detail : problem.code,
    errors: 'errors' in problem ? fieldErrors(problem.errors) : [],
    retryAfterMs: waitMs,
    body,
  };
}

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  const isFieldError = (one: unknown): one is FieldError =>
    typeof one === 'object' &&
    one !== null &&
    'path' in one &&
    typeof one.path === 'string' &&
    'message' in one &&
    typeof one.message === 'string';
  return value.filter(isFieldError);
}

/** The object in a JSON text; null for any other text. */
export function objectOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** An error's message. Node's fetch says only that it failed, and keeps the reason in the cause. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const reason = error.cause instanceof Error && error.cause.message !== '' ? ` (${error.cause.message})` : '';
  return `${error.message}${reason}`;
}
