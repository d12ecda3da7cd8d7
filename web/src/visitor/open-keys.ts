/**
 * Idempotency keys of requests that the store has not judged yet, by purpose: trying again
 * continues them.
 */
import { randomId } from '../shared/keep.ts';
import { isSettled } from './trouble.ts';

export class OpenKeys {
  private readonly keys = new Map<string, string>();

  /**
   * Makes a call with the key of its purpose: a new key, or that of an open earlier call.
   * @throws as the call does
   */
  async call<Answer>(purpose: string, call: (key: string) => Promise<Answer>): Promise<Answer> {
    const key = this.keys.get(purpose) ?? randomId();
    this.keys.set(purpose, key);
    try {
      const answer = await call(key);
      this.keys.delete(purpose);
      return answer;
    } catch (error) {
      if (isSettled(error)) this.keys.delete(purpose);
      throw error;
    }
  }

  /** Whether a call for this purpose is still open. */
  has(purpose: string): boolean {
    return this.keys.has(purpose);
  }
}
