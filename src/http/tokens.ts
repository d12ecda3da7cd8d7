/**
 * Tokens of holds and orders: HMAC-SHA-256 of the thing's id under the deployment's secret. A function of the id, so a replay
 * gives the same one, on any node; nothing is stored.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export class Tokens {
  private readonly current: string;
  private readonly previous: string | null;

  /** `previous`: the secret before the last rotation; its tokens still open what they opened. */
  constructor(current: string, previous: string | null = null) {
    this.current = current;
    this.previous = previous;
  }

  of(id: string): string {
    return sign(this.current, id).toString('base64url');
  }

  opens(id: string, token: string): boolean {
    const presented = Buffer.from(token, 'base64url');
    for (const secret of [this.current, this.previous]) {
      if (secret === null) continue;
      const expected = sign(secret, id);
      if (presented.length === expected.length && timingSafeEqual(presented, expected)) return true;
    }
    return false;
  }
}

function sign(secret: string, id: string): Buffer {
  return createHmac('sha256', secret).update(id).digest();
}
