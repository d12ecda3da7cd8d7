/**
 * Tokens: HMAC-SHA-256 under the deployment's secret. Of a thing's place in the history of its
 * store they are a function, so a replay gives the same one, on any node, and nothing is stored: of
 * the store (the random key of its first record), what the thing is, its id, and the epoch in which
 * the id was given. So a token of another store, of a store that was begun anew, or of an id that
 * was given again after a restore opens nothing.
 *
 * Things from before the first epoch keep the tokens they came with: of the id alone.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { hmacOf } from '../../http/hmac.ts';

/** What a token opens. */
export type TokenPurpose = 'hold' | 'order' | 'waitlist';

/** A thing with a token. */
export interface TokenOf {
  readonly purpose: TokenPurpose;
  readonly id: string;
  /** Where the thing came to be. */
  readonly position: number;
}

/**
 * The history that the things are of. Asked each time: a store goes through epochs while this
 * lives.
 */
export interface TokenHistory {
  /** The random key of the store's first record. */
  readonly store: string;
  /** The epoch in force at a position; null before the first. */
  epochAt(position: number): string | null;
}

/**
 * 43 characters of base64url are 256 bits and two more, which must be zero: only one text stands
 * for a token.
 */
const canonical = /^[\w-]{42}[AEIMQUYcgkosw048]$/;

export class Tokens {
  private readonly history: TokenHistory;
  private readonly current: string;
  private readonly previous: string | null;

  /** `previous`: the secret before the last rotation; its tokens still open what they opened. */
  constructor(history: TokenHistory, current: string, previous: string | null = null) {
    this.history = history;
    this.current = current;
    this.previous = previous;
  }

  of(thing: TokenOf): string {
    return this.sign(this.textOf(thing));
  }

  /** The token whose text is this. */
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

  /** A hash of 32 bits, never 0, by which the same text is known again and not told. */
  hashOf(text: string): number {
    return createHmac('sha256', this.current).update(`address\n${text}`).digest().readUInt32LE(0) || 1;
  }

  /**
   * What the token of a thing signs. No two things share it: no part can hold a line break, and an
   * id alone is no text of four lines.
   */
  textOf({ purpose, id, position }: TokenOf): string {
    const epoch = this.history.epochAt(position);
    return epoch === null ? id : `${this.history.store}\n${purpose}\n${id}\n${epoch}`;
  }
}
