/**
 * Tokens: HMAC-SHA-256 under the deployment's secret. They are a function of the store (the random
 * key of its first record), the purpose, the thing's id, and the epoch in which the id was given.
 * So a replay gives the same token, on any node, and nothing is stored. A token of another store,
 * of a store that was started over, or of an id that was given again after a restore opens nothing.
 *
 * Things from before the first epoch keep their first tokens: a function of the id alone.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { hmacOf } from '../../http/hmac.ts';

/** What a token opens. */
export type TokenPurpose = 'hold' | 'order' | 'waitlist';

/** A thing with a token. */
export interface TokenOf {
  readonly purpose: TokenPurpose;
  readonly id: string;
  /** The position at which the thing was made. */
  readonly position: number;
}

/**
 * The history that the things belong to. Read each time: a store passes through epochs while this
 * object lives.
 */
export interface TokenHistory {
  /** The random key of the store's first record. */
  readonly store: string;
  /** The epoch at a position; null before the first. */
  epochAt(position: number): string | null;
}

/**
 * 43 characters of base64url are 256 bits and two more, which must be zero: each token has exactly
 * one text.
 */
const canonical = /^[\w-]{42}[AEIMQUYcgkosw048]$/;

export class Tokens {
  private readonly history: TokenHistory;
  private readonly current: string;
  private readonly previous: string | null;

  /** `previous`: the secret before the last rotation; its tokens stay valid. */
  constructor(history: TokenHistory, current: string, previous: string | null = null) {
    this.history = history;
    this.current = current;
    this.previous = previous;
  }

  of(thing: TokenOf): string {
    return this.sign(this.textOf(thing));
  }

  /** The token for this text. */
  readonly sign = (text: string): string => hmacOf(this.current, text);

  opens(thing: TokenOf, token: string): boolean {
    if (!canonical.test(token)) return false;
    const presented = Buffer.from(token);
    const text = this.textOf(thing);
    for (const secret of [this.current, this.previous]) {
      if (secret !== null && timingSafeEqual(presented, Buffer.from(hmacOf(secret, text)))) return true;
    }
    return false;
  }

  /** A hash of 32 bits, never 0: recognizes the same text without revealing it. */
  hashOf(text: string): number {
    return createHmac('sha256', this.current).update(`address\n${text}`).digest().readUInt32LE(0) || 1;
  }

  /**
   * The text that a thing's token signs. It is unique: no part can contain a line break, and an id
   * alone is not a text of four lines.
   */
  textOf({ purpose, id, position }: TokenOf): string {
    const epoch = this.history.epochAt(position);
    return epoch === null ? id : `${this.history.store}\n${purpose}\n${id}\n${epoch}`;
  }
}
