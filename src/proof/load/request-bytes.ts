/**
 * One connection's request: bytes prepared once. Each send patches in a fresh key and, where asked
 * for, the id and the token of a thing.
 */
import { keyLength } from './keys.ts';
import type { KeySource } from './keys.ts';
import type { MadeThings, TextList } from './made-things.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** In a path, where the id goes. */
const idHole = '{id}';

export interface RequestForm {
  readonly path: string;
  readonly body: string;
  /** Whether the request carries the token of the thing that it acts upon. */
  readonly withToken: boolean;
  /** Number of the connection, from 1, which the body may name as `{lane}`. */
  readonly lane?: number;
}

/**
 * In a body: the number of the request on its connection, and whether that is a way in or out, in
 * turn.
 */
const [countHole, wayHole] = ['{count}', '{way}'];
const countDigits = 10;
const ways = ['"in" ', '"out"'].map((way) => encoder.encode(way));

/** The place of a patch, and its present length. */
interface Hole {
  at: number;
  length: number;
}

export class RequestBytes {
  /** What to send next; valid until the next `renew`. */
  bytes: Uint8Array = new Uint8Array(0);
  private readonly path: string;
  /** The bytes before the id, between it and the token, and after the token. */
  private readonly pieces: readonly Uint8Array[];
  private readonly keyInLast: number;
  private readonly id: Hole = { at: 0, length: 0 };
  private readonly token: Hole = { at: 0, length: 0 };
  private keyAt = 0;
  /** From the key on; 0 for none. */
  private readonly countAfterKey: number;
  private readonly wayAfterKey: number;
  private sent = 0;

  constructor(host: string, { path, body: asked, withToken, lane = 0 }: RequestForm) {
    this.path = path;
    const named = asked.replaceAll('{lane}', String(lane));
    const body = named.replace(countHole, ' '.repeat(countDigits)).replace(wayHole, '"in" ');
    const [start = '', end = ''] = path.split(idHole);
    const zeros = '0'.repeat(keyLength);
    const length = encoder.encode(body).length;
    const middle = `${end} HTTP/1.1\r\nHost: ${host}\r\n${withToken ? 'Holdfast-Token: ' : ''}`;
    const beforeKey = `${withToken ? '\r\n' : ''}Content-Type: application/json\r\nIdempotency-Key: `;
    const last = `${beforeKey}${zeros}\r\nContent-Length: ${length}\r\n\r\n${body}`;
    this.pieces = [`POST ${start}`, middle, last].map((piece) => encoder.encode(piece));
    this.keyInLast = encoder.encode(beforeKey).length;
    const bodyAfterKey = last.length - body.length - beforeKey.length;
    const place = (hole: string, before: number): number =>
      named.includes(hole) ? bodyAfterKey + named.indexOf(hole) + before : 0;
    const [countAt, wayAt] = [named.indexOf(countHole), named.indexOf(wayHole)];
    // The one that stands first has moved the other.
    this.countAfterKey = place(countHole, wayAt >= 0 && wayAt < countAt ? 5 - wayHole.length : 0);
    this.wayAfterKey = place(wayHole, countAt >= 0 && countAt < wayAt ? countDigits - countHole.length : 0);
    this.layOut(0, 0);
  }

  /**
   * Turns it into the next request: a fresh key, and the id and token of the next thing, if any.
   */
  renew(keys: KeySource, things: MadeThings | null, index: number): void {
    if (things !== null) {
      const { ids, tokens } = things;
      const [idLength, tokenLength] = [ids.lengthOf(index), tokens === null ? 0 : tokens.lengthOf(index)];
      if (idLength !== this.id.length || tokenLength !== this.token.length) this.layOut(idLength, tokenLength);
      this.patch(ids, index, this.id);
      if (tokens !== null) this.patch(tokens, index, this.token);
    }
    keys.write(this.bytes, this.keyAt);
    this.sent += 1;
    if (this.countAfterKey > 0) this.writeCount(this.keyAt + this.countAfterKey);
    if (this.wayAfterKey > 0) this.bytes.set(ways[(this.sent - 1) % 2]!, this.keyAt + this.wayAfterKey);
  }

  /** The number of this request, behind blanks. */
  private writeCount(at: number): void {
    let rest = this.sent;
    for (let digit = at + countDigits - 1; digit >= at; digit -= 1) {
      this.bytes[digit] = rest > 0 ? 0x30 + (rest % 10) : 0x20;
      rest = Math.floor(rest / 10);
    }
  }

  get key(): string {
    return decoder.decode(this.bytes.subarray(this.keyAt, this.keyAt + keyLength));
  }

  get pathText(): string {
    return this.path.replace(idHole, this.textIn(this.id));
  }

  get tokenText(): string | null {
    return this.token.length === 0 ? null : this.textIn(this.token);
  }

  private patch(texts: TextList, index: number, { at }: Hole): void {
    texts.copy(index, this.bytes, at);
  }

  private textIn({ at, length }: Hole): string {
    return decoder.decode(this.bytes.subarray(at, at + length));
  }

  private layOut(idLength: number, tokenLength: number): void {
    const [first, middle, last] = this.pieces as [Uint8Array, Uint8Array, Uint8Array];
    this.id.at = first.length;
    this.id.length = idLength;
    this.token.at = first.length + idLength + middle.length;
    this.token.length = tokenLength;
    const lastAt = this.token.at + tokenLength;
    this.bytes = new Uint8Array(lastAt + last.length);
    this.bytes.set(first);
    this.bytes.set(middle, first.length + idLength);
    this.bytes.set(last, lastAt);
    this.keyAt = lastAt + this.keyInLast;
  }
}
