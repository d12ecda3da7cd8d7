/** Idempotency keys, and the tokens of orders, holds and places in line. */

const maxKeyLength = 255;
/** Printable ASCII that a header carries unchanged: no spaces at the ends, no quote in front. */
const bareKey = /^[!#-~](?:[ -~]*[!-~])?$/;

/** A unique key: a random UUID. */
export function newKey(): string {
  // Browsers have randomUUID on https and localhost only. A page in a local network must work too.
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Returns the key. @throws RangeError if a header would not carry it unchanged */
export function checkedKey(key: string): string {
  if (key.length <= maxKeyLength && bareKey.test(key)) return key;
  throw new RangeError(
    `an idempotency key is 1 to ${maxKeyLength} printable ASCII characters, without a quote in front and spaces at its ends`,
  );
}

/**
 * Keeps the tokens of holds, orders and places in line by their ids; those of places in line also
 * by sale and customer. A Map will do. A store that writes to the browser's storage lets a reopened
 * page go on with its holds.
 */
export interface TokenStore {
  get(id: string): string | null | undefined;
  set(id: string, token: string): unknown;
}

/** The newest tokens, in memory: a client that runs for weeks does not grow. */
export class RecentTokens implements TokenStore {
  private readonly most: number;
  private readonly tokens = new Map<string, string>();

  constructor(most = 10_000) {
    this.most = most;
  }

  get(id: string): string | undefined {
    return this.tokens.get(id);
  }

  set(id: string, token: string): void {
    this.tokens.delete(id);
    this.tokens.set(id, token);
    if (this.tokens.size <= this.most) return;
    for (const oldest of this.tokens.keys()) {
      this.tokens.delete(oldest);
      return;
    }
  }
}

/** Keeps the tokens in an answer: its own, and that of the hold it offers. */
export function rememberTokens(tokens: TokenStore, body: object): void {
  if ('id' in body && 'token' in body && typeof body.id === 'string' && typeof body.token === 'string') {
    tokens.set(body.id, body.token);
  }
  if ('hold' in body && typeof body.hold === 'object' && body.hold !== null) rememberTokens(tokens, body.hold);
}
