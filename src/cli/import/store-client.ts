/**
 * A running store as a command asks it over HTTP. What has a key is sent again until it is answered: the key makes that the same
 * request. A store that never answered is taken for none at once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { HttpFailure } from '../../http/problems.ts';
import type { Check } from '../../doors/kit/validation.ts';
import { UserError } from '../../store/user-error.ts';

const timeoutMs = 30_000;
/** Between attempts; the last one is followed by giving up. */
const pausesMs = [200, 500, 1000, 2000, 4000];

export interface Reply {
  readonly status: number;
  readonly text: string;
  /** `Idempotency-Replayed`. */
  readonly replayed: boolean;
}

export class StoreClient {
  readonly url: string;
  private readonly operatorKey: string | null;
  private hasAnswered = false;

  /** `url`: without a slash at its end. */
  constructor(url: string, operatorKey: string | null) {
    this.url = url;
    this.operatorKey = operatorKey;
  }

  /** @throws UserError unless the answer is a 200 that passes the check */
  async get<Value>(path: string, check: Check<Value>): Promise<Value> {
    const reply = await this.ask('GET', path);
    if (reply.status !== 200) throw this.refusal(path, reply);
    return this.checked(path, reply, check);
  }

  /** Whether there is something at a path. @throws UserError unless the answer is a 200 or a 404 */
  async has(path: string): Promise<boolean> {
    const reply = await this.ask('GET', path);
    if (reply.status !== 200 && reply.status !== 404) throw this.refusal(path, reply);
    return reply.status === 200;
  }

  /** @throws UserError unless the answer is a 201 that passes the check */
  async post<Value>(
    path: string,
    body: unknown,
    key: string,
    check: Check<Value>,
  ): Promise<{ readonly value: Value; readonly replayed: boolean }> {
    const reply = await this.ask('POST', path, JSON.stringify(body), key);
    if (reply.status !== 201) throw this.refusal(path, reply);
    return { value: this.checked(path, reply, check), replayed: reply.replayed };
  }

  private async ask(method: 'GET' | 'POST', path: string, body?: string, key?: string): Promise<Reply> {
    const headers: Record<string, string> = {
      ...(this.operatorKey === null ? {} : { Authorization: `Bearer ${this.operatorKey}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    };
    for (let attempt = 0; ; attempt += 1) {
      const waitMs = pausesMs[attempt];
      try {
        // A redirect is not followed: the key is for the store that was named.
        const response = await fetch(`${this.url}${path}`, {
          method,
          headers,
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
          ...(body === undefined ? {} : { body }),
        });
        const replayed = response.headers.get('Idempotency-Replayed') === 'true';
        const reply = { status: response.status, text: await response.text(), replayed };
        this.hasAnswered = true;
        if (!mayPass(reply.status) || waitMs === undefined) return reply;
      } catch (error) {
        const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
        if (!this.hasAnswered)
          throw new UserError(
            `no store answers at ${this.url} (${reason}): start it, or name the running one with --url`,
          );
        if (waitMs === undefined) throw new UserError(`the store at ${this.url} does not answer any more (${reason})`);
      }
      await pause(waitMs);
    }
  }

  private checked<Value>(path: string, { text }: Reply, check: Check<Value>): Value {
    try {
      return check(JSON.parse(text));
    } catch (error) {
      if (!(error instanceof HttpFailure || error instanceof SyntaxError)) throw error;
      throw new UserError(`${this.url} is not a Holdfast that this program knows: ${path} answers something else`);
    }
  }

  private refusal(path: string, { status, text }: Reply): UserError {
    if (status === 401) {
      const has =
        this.operatorKey === null
          ? 'needs its operator key: put it into HOLDFAST_OPERATOR_KEY'
          : 'has another operator key than HOLDFAST_OPERATOR_KEY holds: put the right one there';
      return new UserError(`the store at ${this.url} ${has}`);
    }
    const { sentence, code } = saidIn(text);
    // A path that is not there, where a thing that is not there has a code of its own.
    if (sentence === null || (status === 404 && (code === null || code === 'NOT_FOUND'))) {
      return new UserError(
        `${this.url} answers ${path} with ${status}: name the address of a store with --url, and one whose doors v1 and seats are open`,
      );
    }
    return new UserError(`the store at ${this.url} refused: ${sentence}`);
  }
}

/** Whether the same request may be answered otherwise in a moment. */
function mayPass(status: number): boolean {
  return status === 503 || status === 500 || status === 408;
}

/** What an error says, in the words of the native API or of the seats dialect; nulls for what is neither. */
function saidIn(text: string): { sentence: string | null; code: string | null } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { sentence: null, code: null };
  }
  const { detail, message, code } = (value ?? {}) as { detail?: unknown; message?: unknown; code?: unknown };
  const sentence = [detail, message].find((each) => typeof each === 'string') ?? null;
  return { sentence, code: typeof code === 'string' ? code : null };
}
