import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arena } from '../../../src/engine/base/arena.ts';
import { Random } from '../random.ts';

const encoder = new TextEncoder();
const segmentBytes = 1 << 20;

function add(arena: Arena, text: string): number {
  const bytes = encoder.encode(text);
  return arena.add(bytes, 0, bytes.length);
}

function restoredFrom(arena: Arena): Arena {
  const bytes = new Uint8Array(arena.used);
  for (const [number, segment] of arena.segments.entries()) {
    const at = number * segmentBytes;
    bytes.set(segment.subarray(0, Math.max(0, Math.min(segmentBytes, arena.used - at))), at);
  }
  const restored = new Arena();
  restored.used = arena.used;
  let at = 0;
  restored.restore((count) => bytes.subarray(at, (at += count)));
  assert.equal(at, arena.used > 1 ? arena.used : 0);
  return restored;
}

test('a text comes back as it went in', () => {
  const arena = new Arena();
  const texts = ['anna', '', 'Ännä', '客户', '𝕳old', '\u{feff}anna', 'a\0b', ' '];
  const references = texts.map((text) => add(arena, text));
  assert.deepEqual(
    references.map((reference) => arena.text(reference)),
    texts,
  );
  assert.ok(references.every((reference) => reference > 0));
});

test('only the named part of the bytes is kept', () => {
  const arena = new Arena();
  assert.equal(arena.text(arena.add(encoder.encode('hold anna fast'), 5, 4)), 'anna');
});

test('texts of every length lie over several segments and survive a restore', () => {
  const random = new Random(1);
  const arena = new Arena();
  const kept: [reference: number, text: string][] = [];
  while (arena.segments.length < 5) {
    const letter = String.fromCharCode(97 + random.below(26));
    const text = letter.repeat(random.pick([0, 1, 20, 255, 4000, 65_535]));
    kept.push([add(arena, text), text]);
  }
  const restored = restoredFrom(arena);
  assert.equal(restored.segments.length, arena.segments.length);
  for (const [reference, text] of kept) {
    assert.equal(arena.text(reference), text);
    assert.equal(restored.text(reference), text);
  }
  assert.equal(add(restored, 'more'), add(arena, 'more'), 'a restored arena goes on where the first one would');
  assert.deepEqual(restored.segments, arena.segments);
});

test('a text may end exactly with its segment, and the next begins the next one', () => {
  const arena = new Arena();
  while (segmentBytes - arena.used > 65_537) add(arena, 'x'.repeat(65_535));
  const last = add(arena, 'y'.repeat(segmentBytes - arena.used - 2));
  assert.equal(arena.used, segmentBytes);
  assert.equal(arena.segments.length, 1);
  const restored = restoredFrom(arena);
  for (const one of [arena, restored]) {
    assert.match(one.text(last), /^y+$/);
    assert.equal(one.text(add(one, 'z')), 'z');
    assert.equal(one.segments.length, 2);
  }
});

test('a text that does not fit its segment, even by one byte, is whole in the next', () => {
  for (let over = 1; over <= 4; over += 1) {
    const arena = new Arena();
    while (segmentBytes - arena.used > 65_537) add(arena, 'x'.repeat(65_535));
    const text = 'y'.repeat(segmentBytes - arena.used - 2 + over);
    const reference = add(arena, text);
    assert.equal(reference, segmentBytes);
    assert.equal(arena.text(reference), text);
    assert.equal(restoredFrom(arena).text(reference), text);
  }
});

test('an empty arena restores to an empty one', () => {
  const restored = restoredFrom(new Arena());
  assert.equal(restored.segments.length, 0);
  assert.equal(restored.text(add(restored, 'anna')), 'anna');
});

test('a text has at most 65,535 bytes', () => {
  const arena = new Arena();
  assert.throws(() => add(arena, 'x'.repeat(65_536)), /at most 65,535/);
  assert.equal(arena.used, 1);
});

test('a read past the written texts is refused', () => {
  const arena = new Arena();
  add(arena, 'anna');
  for (const reference of [0, -1, arena.used, 1e9]) assert.throws(() => arena.text(reference), /no text/);
});
