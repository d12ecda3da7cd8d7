import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyedHash } from '../../src/engine/keyed-hash.ts';

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
  });
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
