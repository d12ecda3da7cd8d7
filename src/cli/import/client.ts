/**
 * The store that an import goes into, over HTTP by the sdk. A keyed request is retried until it is
 * answered. If no store answers at the address, that is said at once, and every refusal becomes a
 * sentence for the command line.
 */
import type { Answered, Asked } from '../../../sdk/src/index.ts';
import { Holdfast, HoldfastError } from '../../../sdk/src/index.ts';
import type { Check } from '../../doors/kit/validation.ts';
import { HttpFailure } from '../../http/problems.ts';
import { UserError } from '../../store/user-error.ts';
import { reasonOf } from '../../reason.ts';

const attemptMs = 30_000;
/** When the store is gone, the pauses between the attempts take some six seconds. */
const retry = { attempts: 6, baseMs: 500 };

export interface StoreAddress {
  /** Without a slash at its end. */
  readonly url: string;
  readonly operatorKey: string | null;
  /**
   * For a store that this process serves to itself: why that store failed, or null. The user does
   * not know its address.
   */
  readonly failure?: () => string | null;
}

interface Checked<Value> {
  readonly value: Value;
  /** An earlier call with the same key had the effect. */
  readonly replayed: boolean;
}

export class StoreClient {
  readonly url: string;
  private readonly address: StoreAddress;
  private readonly store: Holdfast;
  /** Ends each call with a UserError, once it is known that no store is at the address. */
  private readonly noStore = new AbortController();
  private hasAnswered = false;
  private readonly needs: string;

  /**
   * `needs`: the doors that are asked, for a sentence that says they must be open.
   * @throws UserError for an operator key that no header carries
   */
  constructor(address: StoreAddress, needs = 'doors v1 and seats are') {
    this.needs = needs;
    const { url, operatorKey } = address;
    this.url = url;
    this.address = address;
    const fetch = (target: string, init: RequestInit): Promise<Response> => this.fetch(target, init);
    const deadlineMs = retry.attempts * attemptMs;
    try {
      this.store = new Holdfast({ url, operatorKey: operatorKey ?? undefined, attemptMs, deadlineMs, retry, fetch });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new UserError('HOLDFAST_OPERATOR_KEY has characters that no header carries: put the right one there');
    }
  }

  /** @throws UserError unless the answer is a success that passes the check */
  async get<Value>(path: string, check: Check<Value>): Promise<Value> {
    return (await this.ask({ method: 'GET', path }, check)).value;
  }

  /** @throws UserError unless the answer is a success that passes the check */
  post<Value>(path: string, body: object, key: string, check: Check<Value>): Promise<Checked<Value>> {
    return this.ask({ method: 'POST', path, body, keyed: true }, check, key);
  }

  /** @throws UserError unless the answer is a success */
  async remove(path: string): Promise<void> {
    try {
      await this.request({ method: 'DELETE', path });
    } catch (error) {
      throw this.told(path, error);
    }
  }

  /**
   * Whether there is something at a path. @throws UserError unless the answer is a success or a 404
   */
  async has(path: string): Promise<boolean> {
    try {
      await this.request({ method: 'GET', path });
      return true;
    } catch (error) {
      if (error instanceof HoldfastError && error.status === 404) return false;
      throw this.told(path, error);
    }
  }

  private async ask<Value>(asked: Asked, check: Check<Value>, key?: string): Promise<Checked<Value>> {
    let given: Answered<object>;
    try {
      given = await this.request(asked, key);
    } catch (error) {
      throw this.told(asked.path, error);
    }
    try {
      return { value: check({ ...given }), replayed: given.answer.replayed };
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      throw this.unknown(asked.path);
    }
  }

  private request(asked: Asked, key?: string): Promise<Answered<object>> {
    return this.store.request(asked, { key, signal: this.noStore.signal });
  }

  private async fetch(target: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      // Redirects are not followed: the operator key is for the named store only.
      response = await fetch(target, { ...init, redirect: 'manual' });
    } catch (error) {
      if (!this.hasAnswered) {
        const reason = reasonOf(error).replace(/\.$/, '');
        this.noStore.abort(
          new UserError(`no store answers at ${this.url} (${reason}): start it, or name the running one with --url`),
        );
      }
      throw error;
    }
    this.hasAnswered = true;
    if (response.ok && response.headers.get('Content-Type')?.startsWith('application/json') !== true)
      this.noStore.abort(this.unknown(new URL(target).pathname));
    return response;
  }

  /** The error to throw for a failed call. */
  private told(path: string, error: unknown): unknown {
    if (!(error instanceof HoldfastError)) return error;
    const { status, code, detail, body } = error;
    const { operatorKey, failure } = this.address;
    if (code === 'BAD_ANSWER') return this.unknown(path);
    if (status === 0)
      return new UserError(`the store at ${this.url} does not answer any more (${detail.replace(/\.$/, '')})`);
    if (status === 401) {
      const has =
        operatorKey === null
          ? 'needs its operator key: put it into HOLDFAST_OPERATOR_KEY'
          : 'has another operator key than HOLDFAST_OPERATOR_KEY holds: put the right one there';
      return new UserError(`the store at ${this.url} ${has}`);
    }
    // The path is unknown to the store. A missing thing would have a code of its own.
    if (body === null || (status === 404 && (code === 'HTTP_ERROR' || code === 'NOT_FOUND'))) {
      return new UserError(
        `${this.url} answers ${path} with ${status}: name the address of a store with --url, and one whose ${this.needs} open`,
      );
    }
    if (failure !== undefined) return new UserError(failure() ?? detail);
    return new UserError(`the store at ${this.url} refused: ${detail}`);
  }

  private unknown(path: string): UserError {
    return new UserError(`${this.url} is not a Holdfast that this program knows: ${path} answers something else`);
  }
}
