/** Fresh idempotency keys, UUID-shaped and random, written straight into a request's bytes. */

export const keyLength = 36;

const digits = new TextEncoder().encode('0123456789abcdef');
/** The places of a UUID's dashes, and of the digits that name its version and variant. */
const dashes: readonly number[] = [8, 13, 18, 23];
const versionAt = 14;
const variantAt = 19;

const places: readonly number[] = Array.from({ length: keyLength }, (_, i) => i).filter((i) => !dashes.includes(i));

/** xoshiro128**: 128 bits of state, period 2^128 - 1; a key costs four steps of it. */
export class KeySource {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(seed: Uint32Array = crypto.getRandomValues(new Uint32Array(4))) {
    [this.a, this.b, this.c, this.d] = seed as unknown as [number, number, number, number];
    if ((this.a | this.b | this.c | this.d) === 0) this.a = 1;
  }

  /** Writes the next key at `at`. */
  write(into: Uint8Array, at: number): void {
    let word = 0;
    for (let i = 0; i < 32; i += 1) {
      if ((i & 7) === 0) word = this.next();
      into[at + places[i]!] = digits[word & 15]!;
      word >>>= 4;
    }
    for (const dash of dashes) into[at + dash] = 0x2d;
    into[at + versionAt] = 0x34;
    into[at + variantAt] = digits[8 | (this.a & 3)]!;
  }

  private next(): number {
    const { b } = this;
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const shifted = b << 9;
    this.c ^= this.a;
    this.d ^= b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }
}

/** One key as text. */
export function freshKey(): string {
  return crypto.randomUUID();
}
