import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyedHash } from '../../../src/engine/base/keyed-hash.ts';

const key = [0x833d3433, 0x009f389f, 0x2398e64f, 0x417acf39];
const counted = Uint8Array.from({ length: 128 }, (_, i) => i);

function tag(hash: KeyedHash): string {
  return [hash.h0, hash.h1, hash.h2, hash.h3].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(' ');
}

/** Of the bytes 0, 1, 2, … under the key above, as the designers of Chaskey-8 published them. */
const published: readonly (readonly [length: number, tag: string])[] = [
  [0, '792e8fe5 75ce87aa 2d1450b5 1191970b'],
  [1, '13a9307b 50e62c89 4577bd88 c0bbdc18'],
  [2, '55df8922 2c7ff577 73809ef4 4e5084c0'],
  [16, '79271ca9 d66a1c71 81ca474e 49831cad'],
];

for (const [length, expected] of published) {
  test(`the tag of ${length} bytes is the published one`, () => {
    const hash = new KeyedHash(key);
    hash.plain(counted, 0, length);
    assert.equal(tag(hash), expected);
    assert.equal(naiveTag(counted.subarray(0, length)), expected);
  });
}

test('the tag is that of the plain algorithm at every length', () => {
  const hash = new KeyedHash(key);
  for (let length = 0; length <= 100; length += 1) {
    hash.plain(counted, 0, length);
    assert.equal(tag(hash), naiveTag(counted.subarray(0, length)), `${length} bytes`);
  }
});

/**
 * Chaskey-8 step by step, as its paper puts it: 128-bit blocks as four words, the last one padded
 * and masked.
 */
function naiveTag(message: Uint8Array): string {
  const block = (bytes: Uint8Array): bigint => bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const twice = (value: bigint): bigint => BigInt.asUintN(128, value << 1n) ^ (value >> 127n ? 0x87n : 0n);
  const k0 = key.reduceRight((value, word) => (value << 32n) | BigInt(word), 0n);
  const blocks: bigint[] = [];
  for (let at = 0; at < message.length; at += 16) blocks.push(block(message.subarray(at, at + 16)));
  const whole = message.length > 0 && message.length % 16 === 0;
  const last = blocks.length > 0 ? blocks.pop()! : 0n;
  const padding = whole ? 0n : 1n << BigInt(8 * (message.length % 16));
  const mask = whole ? twice(k0) : twice(twice(k0));
  let state = k0;
  for (const each of blocks) state = permuted(state ^ each);
  state = permuted(state ^ last ^ padding ^ mask) ^ mask;
  return [0n, 32n, 64n, 96n]
    .map((shift) =>
      BigInt.asUintN(32, state >> shift)
        .toString(16)
        .padStart(8, '0'),
    )
    .join(' ');
}

function permuted(state: bigint): bigint {
  const word = (value: bigint): bigint => BigInt.asUintN(32, value);
  const turned = (value: bigint, bits: bigint): bigint => word(value << bits) | (value >> (32n - bits));
  let [v0, v1, v2, v3] = [word(state), word(state >> 32n), word(state >> 64n), word(state >> 96n)];
  for (let round = 0; round < 8; round += 1) {
    v0 = word(v0 + v1);
    v1 = turned(v1, 5n) ^ v0;
    v0 = turned(v0, 16n);
    v2 = word(v2 + v3);
    v3 = turned(v3, 8n) ^ v2;
    v0 = word(v0 + v3);
    v3 = turned(v3, 13n) ^ v0;
    v2 = word(v2 + v1);
    v1 = turned(v1, 7n) ^ v2;
    v2 = turned(v2, 16n);
  }
  return v0 | (v1 << 32n) | (v2 << 64n) | (v3 << 96n);
}

test('a prefix of two words hashes as its eight bytes would, at every length', () => {
  const hash = new KeyedHash(key);
  const [p0, p1] = [0xfedcba98, 0x76543210];
  for (let length = 0; length <= 70; length += 1) {
    const whole = new Uint8Array(8 + length);
    const view = new DataView(whole.buffer);
    view.setUint32(0, p0, true);
    view.setUint32(4, p1, true);
    whole.set(counted.subarray(3, 3 + length), 8);
    hash.plain(whole, 0, whole.length);
    const expected = tag(hash);
    hash.prefixed(p0, p1, counted, 3, length);
    assert.equal(tag(hash), expected, `${length} bytes`);
    hash.prefixed(p0 | 0, p1 | 0, counted, 3, length);
    assert.equal(tag(hash), expected, `${length} bytes, signed words`);
  }
});

test('only the bytes of the range count', () => {
  const hash = new KeyedHash(key);
  for (let length = 0; length <= 40; length += 1) {
    hash.plain(counted.slice(5, 5 + length), 0, length);
    const expected = tag(hash);
    hash.plain(counted, 5, length);
    assert.equal(tag(hash), expected);
  }
});

test('every bit of the message, its length and the key changes the tag', () => {
  const hash = new KeyedHash(key);
  const seen = new Set<string>();
  const note = (noted: KeyedHash, length: number, bytes = counted): void => {
    noted.plain(bytes, 0, length);
    seen.add(tag(noted));
  };
  for (let length = 0; length <= 64; length += 1) note(hash, length);
  for (let bit = 0; bit < 8 * 33; bit += 1) {
    const changed = counted.slice();
    changed[bit >>> 3]! ^= 1 << (bit & 7);
    note(hash, 33, changed);
  }
  for (let bit = 0; bit < 128; bit += 1) {
    note(new KeyedHash(key.map((word, i) => (i === bit >>> 5 ? word ^ (1 << (bit & 31)) : word))), 33);
  }
  assert.equal(seen.size, 65 + 8 * 33 + 128);
});

test('a key has four words', () => {
  assert.throws(() => new KeyedHash([1, 2, 3]), /four words/);
});
