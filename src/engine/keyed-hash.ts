/**
 * Chaskey-12 (ISO/IEC 29192-6): a 128-bit keyed hash made of 32-bit additions, rotations and xors, which is what
 * JavaScript numbers do well. Keyed, because ids and idempotency keys come from clients: without the key nobody can craft
 * two that collide. 64-bit designs (SipHash) cost several times as much here, unkeyed ones (Murmur) have known collisions.
 */
export class KeyedHash {
  /** The last tag, four signed 32-bit words. */
  h0 = 0;
  h1 = 0;
  h2 = 0;
  h3 = 0;

  private readonly key: Int32Array;
  private readonly fullSubkey: Int32Array;
  private readonly paddedSubkey: Int32Array;
  private readonly rounds: number;

  /** `key`: four 32-bit words. `rounds`: 12 in the standard; 8 only to check published vectors. */
  constructor(key: readonly number[], rounds = 12) {
    if (key.length !== 4) throw new Error('the hash key has four words');
    this.key = Int32Array.from(key, (word) => word | 0);
    this.fullSubkey = timesTwo(this.key);
    this.paddedSubkey = timesTwo(this.fullSubkey);
    this.rounds = rounds;
  }

  /** Tag of a 16-byte prefix, given as four words, followed by `length` bytes. Kept in h0..h3. */
  prefixed(p0: number, p1: number, p2: number, p3: number, bytes: Uint8Array, start: number, length: number): void {
    const key = this.key;
    this.h0 = key[0]! ^ p0;
    this.h1 = key[1]! ^ p1;
    this.h2 = key[2]! ^ p2;
    this.h3 = key[3]! ^ p3;
    if (length > 0) {
      this.permute();
      this.absorb(bytes, start, length);
      return;
    }
    this.finish(this.fullSubkey);
  }

  /** Tag of `length` bytes. Kept in h0..h3. */
  plain(bytes: Uint8Array, start: number, length: number): void {
    const key = this.key;
    this.h0 = key[0]!;
    this.h1 = key[1]!;
    this.h2 = key[2]!;
    this.h3 = key[3]!;
    this.absorb(bytes, start, length);
  }

  private absorb(bytes: Uint8Array, start: number, length: number): void {
    let at = start;
    let left = length;
    while (left > 16) {
      this.h0 ^= word(bytes, at);
      this.h1 ^= word(bytes, at + 4);
      this.h2 ^= word(bytes, at + 8);
      this.h3 ^= word(bytes, at + 12);
      this.permute();
      at += 16;
      left -= 16;
    }
    if (left === 16) {
      this.h0 ^= word(bytes, at);
      this.h1 ^= word(bytes, at + 4);
      this.h2 ^= word(bytes, at + 8);
      this.h3 ^= word(bytes, at + 12);
      this.finish(this.fullSubkey);
      return;
    }
    this.h0 ^= partialWord(bytes, at, left);
    this.h1 ^= partialWord(bytes, at + 4, left - 4);
    this.h2 ^= partialWord(bytes, at + 8, left - 8);
    this.h3 ^= partialWord(bytes, at + 12, left - 12);
    this.finish(this.paddedSubkey);
  }

  private finish(subkey: Int32Array): void {
    this.h0 ^= subkey[0]!;
    this.h1 ^= subkey[1]!;
    this.h2 ^= subkey[2]!;
    this.h3 ^= subkey[3]!;
    this.permute();
    this.h0 ^= subkey[0]!;
    this.h1 ^= subkey[1]!;
    this.h2 ^= subkey[2]!;
    this.h3 ^= subkey[3]!;
  }

  private permute(): void {
    let v0 = this.h0;
    let v1 = this.h1;
    let v2 = this.h2;
    let v3 = this.h3;
    for (let round = this.rounds; round > 0; round -= 1) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 13) | (v3 >>> 19)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 7) | (v1 >>> 25)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    this.h0 = v0;
    this.h1 = v1;
    this.h2 = v2;
    this.h3 = v3;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Up to four bytes as a word, padded with one 1 byte and zeros; `left` may be negative: past the padding. */
function partialWord(bytes: Uint8Array, at: number, left: number): number {
  if (left < 0) return 0;
  if (left >= 4) return word(bytes, at);
  let value = 1 << (8 * left);
  for (let i = 0; i < left; i += 1) value |= bytes[at + i]! << (8 * i);
  return value;
}

/** Doubling in GF(2^128) with the polynomial x^128 + x^7 + x^2 + x + 1. */
function timesTwo(value: Int32Array): Int32Array {
  const [v0 = 0, v1 = 0, v2 = 0, v3 = 0] = value;
  return Int32Array.of(
    (v0 << 1) ^ ((v3 >>> 31) * 0x87),
    (v1 << 1) | (v0 >>> 31),
    (v2 << 1) | (v1 >>> 31),
    (v3 << 1) | (v2 >>> 31),
  );
}
