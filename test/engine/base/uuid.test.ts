import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuidBytes, uuidText } from '../../../src/engine/base/uuid.ts';
import { Random } from '../random.ts';

const encoder = new TextEncoder();

function read(text: string): string | null {
  const bytes = encoder.encode(`x${text}y`);
  const into = new Uint8Array(16);
  return uuidBytes(bytes, 1, bytes.length - 2, into) ? uuidText(into, 0) : null;
}

test('a UUID in its canonical form is 16 bytes, and comes back the same', () => {
  const random = new Random(1);
  const made = Array.from({ length: 200 }, () => {
    const bytes = Uint8Array.from({ length: 20 }, () => random.below(256));
    return uuidText(bytes, 4);
  });
  const known = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
  for (const text of [...known, ...made]) assert.equal(read(text), text);
});

test('any other text is none', () => {
  const text = '01234567-89ab-cdef-0123-456789abcdef';
  const others = [
    text.toUpperCase(),
    text.replaceAll('-', ''),
    `{${text}}`,
    text.slice(1),
    `${text}0`,
    text.replace('-', '_'),
    text.replace('0', 'g'),
    text.replace('9', '-'),
    text.replace('0', '/'),
    text.replace('0', ':'),
    text.replace('a', '`'),
    'ä'.repeat(18),
    '',
  ];
  for (const other of others) assert.equal(read(other), null, other);
});
