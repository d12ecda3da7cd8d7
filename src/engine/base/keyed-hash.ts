/**
 * Chaskey (Mouha et al., SAC 2014; 8 rounds): a 128-bit keyed hash made of 32-bit additions,
 * rotations and xors, which is what JavaScript numbers do well. Keyed, because ids and idempotency
 * keys come from clients: without the key a client cannot craft two that collide. No client ever
 * sees a tag. 64-bit designs (SipHash) cost several times as much here, unkeyed ones (Murmur) have
 * known collisions. The standard's 12 rounds (ISO/IEC 29192-6) would cost half as much again for a
 * margin against attackers who see tags.
 */
const rounds = 8;

export class KeyedHash {
  /** The last tag, four signed 32-bit words. */
  h0 = 0;
  h1 = 0;
  h2 = 0;
  h3 = 0;

  private readonly key: Int32Array;
  private readonly fullSubkey: Int32Array;
  private readonly paddedSubkey: Int32Array;
  private readonly otherBytes = new Uint8Array(4);

  /** `key`: four 32-bit words. */
  constructor(key: readonly number[]) {
    if (key.length !== 4) throw new Error('the hash key has four words');
    this.key = Int32Array.from(key, (word) => word | 0);
    this.fullSubkey = timesTwo(this.key);
    this.paddedSubkey = timesTwo(this.fullSubkey);
  }

  /** Tag of `length` bytes. Kept in h0..h3. */
  plain(bytes: Uint8Array, start: number, length: number): void {
    this.absorb(0, 0, 0, bytes, start, length);
  }

  /** Tag of an 8-byte prefix, given as two words, followed by `length` bytes. Kept in h0..h3. */
  prefixed(p0: number, p1: number, bytes: Uint8Array, start: number, length: number): void {
    this.absorb(8, p0, p1, bytes, start, length);
  }

  /** Hash of two numbers; `tag` separates the kinds of pairs. Kept in h0..h3. */
  pair(tag: number, one: number, other: number): void {
    const { otherBytes } = this;
    otherBytes[0] = other;
    otherBytes[1] = other >>> 8;
    otherBytes[2] = other >>> 16;
    otherBytes[3] = other >>> 24;
    this.absorb(8, tag, one, otherBytes, 0, 4);
  }

  /**
   * The message is `prefixLength` (0 or 8) bytes of prefix and then the bytes. One function,
   * because then the state stays in registers.
   */
  private absorb(prefixLength: number, p0: number, p1: number, bytes: Uint8Array, start: number, length: number): void {
    const key = this.key;
    let v0 = key[0]!;
    let v1 = key[1]!;
    let v2 = key[2]!;
    let v3 = key[3]!;
    let at = start;
    let left = prefixLength + length;
    let subkey = key;
    let first = prefixLength > 0;
    for (;;) {
      const last = left <= 16;
      if (first) {
        v0 ^= p0;
        v1 ^= p1;
        if (left >= 16) {
          v2 ^= word(bytes, at);
          v3 ^= word(bytes, at + 4);
        } else {
          v2 ^= partialWord(bytes, at, left - 8);
          v3 ^= partialWord(bytes, at + 4, left - 12);
        }
        at += 8;
        first = false;
      } else if (left >= 16) {
        v0 ^= word(bytes, at);
        v1 ^= word(bytes, at + 4);
        v2 ^= word(bytes, at + 8);
        v3 ^= word(bytes, at + 12);
        at += 16;
      } else {
        v0 ^= partialWord(bytes, at, left);
        v1 ^= partialWord(bytes, at + 4, left - 4);
        v2 ^= partialWord(bytes, at + 8, left - 8);
        v3 ^= partialWord(bytes, at + 12, left - 12);
      }
      if (last) {
        subkey = left === 16 ? this.fullSubkey : this.paddedSubkey;
        v0 ^= subkey[0]!;
        v1 ^= subkey[1]!;
        v2 ^= subkey[2]!;
        v3 ^= subkey[3]!;
      }
      for (let round = rounds; round > 0; round -= 1) {
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
      if (last) break;
      left -= 16;
    }
    this.h0 = v0 ^ subkey[0]!;
    this.h1 = v1 ^ subkey[1]!;
    this.h2 = v2 ^ subkey[2]!;
    this.h3 = v3 ^ subkey[3]!;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/**
 * Up to four bytes as a word, padded with one 1 byte and zeros; negative `left`: past the padding.
 */
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
