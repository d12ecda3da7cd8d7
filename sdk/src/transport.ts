/**
 * Calls that are safe to repeat: one idempotency key over all attempts, backoff between them, one
 * deadline over all, and the tokens and positions of earlier answers.
 */
import type { Fetch } from './attempt.ts';
import { attempt } from './attempt.ts';
import type { Failure } from './errors.ts';
import { errorOf } from './errors.ts';
import type { TokenStore } from './keys.ts';
import { checkedKey, newKey, rememberTokens } from './keys.ts';
import { laterPosition } from './position.ts';
import type { RetryOptions } from './retry.ts';
import { isRetried, sleep, waitMs } from './retry.ts';

export interface CallOptions {
  /**
   * Ends the call at once, with the signal's reason. A command that was sent may still be carried
   * out.
   */
  readonly signal?: AbortSignal | undefined;
  /** How long the call may take with all its attempts, ms. */
  readonly deadlineMs?: number | undefined;
  readonly retry?: RetryOptions | undefined;
  /** The token of the hold, order or place in line, if the client does not know it. */
  readonly token?: string | undefined;
}

export interface ReadOptions extends CallOptions {
  /** A position: the answer is true there or later. So you read your own writes. */
  readonly at?: string | undefined;
}

export interface CommandOptions extends CallOptions {
  /** Idempotency key, to continue an earlier call; by default a new one. */
  readonly key?: string | undefined;
}

/** How an answer came about. */
export interface AnswerInfo {
  /** The log position at which the answer became true; null if the store named none. */
  readonly position: string | null;
  readonly status: number;
  /** An earlier call with this key had the effect; this is its answer. */
  readonly replayed: boolean;
  readonly key: string | null;
  /** How often it was sent. */
  readonly attempts: number;
}

/**
 * The store's answer, with details in `answer`. That member is not enumerable, so copies and JSON
 * hold only the store's fields.
 */
export type Answered<Body> = Body & { readonly answer: AnswerInfo };

/** One call, as it is sent. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path after the store's address, with a slash in front. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
  /** Whether to send an idempotency key: the one of the options, or a new one. */
  readonly keyed?: boolean;
  /** Id of the thing whose token to send. */
  readonly opens?: string;
}

export interface TransportSettings {
  /** Without a slash at the end. */
  readonly url: string;
  readonly fetch: Fetch;
  readonly operatorKey: string | null;
  readonly tokens: TokenStore;
  readonly deadlineMs: number;
  readonly attemptMs: number;
  readonly retry: Required<{ [Name in keyof RetryOptions]: NonNullable<RetryOptions[Name]> }>;
  readonly random: () => number;
}

export class Transport {
  readonly settings: TransportSettings;
  /** The latest position any answer named. */
  position: string | null = null;

  constructor(settings: TransportSettings) {
    this.settings = settings;
  }

  /** @throws HoldfastError, RangeError for a key that no header can carry, the signal's reason */
  async call<Body extends object>(asked: Asked, options: CommandOptions = {}): Promise<Answered<Body>> {
    const { settings } = this;
    const { signal } = options;
    const retry = { ...settings.retry, ...defined(options.retry ?? {}) };
    const key = asked.keyed === true ? checkedKey(options.key ?? newKey()) : null;
    const { method } = asked;
    const body = asked.body === undefined ? undefined : JSON.stringify(asked.body);
    const request = { url: this.urlOf(asked), method, headers: this.headersOf(asked, options, key), body };
    const untilMs = performance.now() + positive(options.deadlineMs ?? settings.deadlineMs, 'deadlineMs');
    let mayBeDone = false;
    for (let attempts = 1; ; attempts += 1) {
      const leftMs = Math.max(1, untilMs - performance.now());
      const result = await attempt(settings.fetch, request, Math.min(settings.attemptMs, leftMs), signal);
      if (result.ok) return this.accept<Body>(result, key, attempts);
      const { failure } = result;
      // The positions of earlier answers are of another history.
      if (failure.code === 'POSITION_UNKNOWN') this.position = null;
      mayBeDone = method !== 'GET' && (leavesUnknown(failure) || (mayBeDone && !settles(failure)));
      const pauseMs = waitMs(failure, attempts - 1, retry, settings.random);
      const isLast = attempts >= retry.attempts || performance.now() + pauseMs >= untilMs;
      if (isLast || !isRetried(failure, retry.refusals)) {
        throw errorOf(failure, { key, attempts, resultUnknown: mayBeDone });
      }
      await sleep(pauseMs, signal);
    }
  }

  /**
   * The headers of every request. @throws TypeError for an operator key that no header can carry
   */
  baseHeaders(): Headers {
    const headers = new Headers();
    if (this.settings.operatorKey !== null) headers.set('Authorization', `Bearer ${this.settings.operatorKey}`);
    return headers;
  }

  urlOf({ path, query = {} }: Pick<Asked, 'path' | 'query'>): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
    const text = parameters.toString();
    return `${this.settings.url}${path}${text === '' ? '' : `?${text}`}`;
  }

  private headersOf(asked: Asked, options: CallOptions, key: string | null): Headers {
    const headers = this.baseHeaders();
    if (asked.body !== undefined) headers.set('Content-Type', 'application/json');
    if (key !== null) headers.set('Idempotency-Key', key);
    const token = options.token ?? (asked.opens === undefined ? null : this.settings.tokens.get(asked.opens));
    if (token != null) headers.set('Holdfast-Token', token);
    return headers;
  }

  private accept<Body extends object>(
    { status, headers, body }: { status: number; headers: Headers; body: object },
    key: string | null,
    attempts: number,
  ): Answered<Body> {
    rememberTokens(this.settings.tokens, body);
    const position = headers.get('Holdfast-Position');
    if (position !== null) this.position = laterPosition(this.position, position);
    const replayed = headers.get('Idempotency-Replayed') === 'true';
    const answer: AnswerInfo = { position, status, replayed, key, attempts };
    Object.defineProperty(body, 'answer', { value: answer });
    // The border: it was checked to be an object; its fields are trusted to be as documented.
    return body as Answered<Body>;
  }
}

/** Whether the command may have been carried out despite this failure. */
function leavesUnknown({ status, code }: Failure): boolean {
  return status === 0 || code === 'RESULT_UNKNOWN' || code === 'INTERNAL' || (status >= 500 && code === 'HTTP_ERROR');
}

/**
 * Whether a failure is the store's judgement of this key: then no earlier attempt had an effect.
 */
function settles({ status, code }: Failure): boolean {
  return code !== 'HTTP_ERROR' && (status === 409 || status === 410 || status === 422);
}

/** @throws RangeError */
export function positive(value: number, name: string): number {
  if (value > 0) return value;
  throw new RangeError(`${name} is ${value}, and must be above 0`);
}

/** Leaves out undefined members, which would otherwise hide a default. */
function defined<Options extends object>(
  options: Options,
): {
  [Name in keyof Options]?: Exclude<Options[Name], undefined>;
} {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Options]?: Exclude<Options[Name], undefined> };
}
