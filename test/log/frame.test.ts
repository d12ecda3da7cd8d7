import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import {
  batchAt,
  chainAfter,
  chainStart,
  claimedLength,
  continues,
  crcHolds,
  frameOverheadBytes,
  FrameEncoder,
  getUint53,
  putUint53,
} from '../../src/log/frame.ts';
import { assertSame, batch } from './support/batches.ts';

const nonce = { low: 0xffff_fff1, high: 0x8000_0002 };

function encoded(number = 0): { bytes: Uint8Array; view: DataView } {
  const bytes = new FrameEncoder().encode(batch(number), chainStart, batch(number).timeMs, nonce).slice();
  return { bytes, view: new DataView(bytes.buffer) };
}

describe('a frame', () => {
  test('the CRC is the standard CRC-32', () => {
    assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf4_3926);
    assert.equal(crc32(new TextEncoder().encode('6789'), crc32(new TextEncoder().encode('12345'))), 0xcbf4_3926);
  });

  test('a frame has the encoded batch', () => {
    const { bytes, view } = encoded();
    assert.equal(bytes.length, frameOverheadBytes + batch(0).records.length);
    assert.equal(claimedLength(view, 0), bytes.length);
    assert.ok(crcHolds(bytes, view, 0, bytes.length) && continues(view, 0, nonce, chainStart));
    assertSame([batchAt(bytes, view, 0)], [batch(0)]);
    assert.deepEqual(chainAfter(view, 0), {
      position: 11,
      crc: view.getUint32(bytes.length - 4, true),
      timeMs: batch(0).timeMs,
    });
  });

  test('a frame with any bit flipped is none', () => {
    const { bytes, view } = encoded();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const at = bit >> 3;
      const byte = bytes[at] ?? 0;
      bytes[at] = byte ^ (1 << (bit & 7));
      assert.ok(claimedLength(view, 0) !== bytes.length || !crcHolds(bytes, view, 0, bytes.length), `bit ${bit}`);
      bytes[at] = byte;
    }
  });

  test('a whole frame of another place, time or chain does not continue this one', () => {
    const { view } = encoded();
    const chain = { position: 1, crc: 0, timeMs: batch(0).timeMs };
    assert.ok(continues(view, 0, nonce, chain));
    assert.ok(!continues(view, 0, { ...nonce, low: 1 }, chain), 'the nonce, low half');
    assert.ok(!continues(view, 0, { ...nonce, high: 1 }, chain), 'the nonce, high half');
    assert.ok(!continues(view, 0, nonce, { ...chain, crc: 1 }), 'the frame before');
    assert.ok(!continues(view, 0, nonce, { ...chain, position: 2 }), 'the position');
    assert.ok(!continues(view, 0, nonce, { ...chain, timeMs: chain.timeMs + 1 }), 'the time');
    view.setUint32(20, 0, true);
    assert.ok(!continues(view, 0, nonce, chain), 'no record');
  });

  test('a frame stamped again differs only in nonce and CRC', () => {
    const encoder = new FrameEncoder();
    const first = encoder.encode(batch(3), chainStart, 5, nonce).slice();
    const second = encoder.stamp({ low: 1, high: 2 }).slice();
    assert.notEqual(encoder.crc, new DataView(first.buffer).getUint32(first.length - 4, true));
    assert.ok(crcHolds(second, new DataView(second.buffer), 0, second.length));
    assert.deepEqual(second.subarray(16, -4), first.subarray(16, -4));
    assertSame([encoder.batch()], [{ ...batch(3), timeMs: 5 }]);
  });

  test('a frame is refused when a number does not fit its field', () => {
    const encoder = new FrameEncoder();
    const bad = [
      { count: 0 },
      { count: 1.5 },
      { nodeId: 2 ** 48 },
      { nodeId: -1 },
      { firstNumber: 2 ** 53 },
      { checkPosition: -1 },
    ];
    for (const field of bad) assert.throws(() => encoder.encode({ ...batch(0), ...field }, chainStart, 0, nonce));
    assert.throws(() => encoder.encode(batch(0), { ...chainStart, timeMs: 2 }, 1, nonce), /time/);
    assert.throws(() => encoder.encode(batch(0), { ...chainStart, position: Number.MAX_SAFE_INTEGER }, 1, nonce));
  });
});

test('integers up to 2^53 - 1 fit into eight bytes', () => {
  const view = new DataView(new ArrayBuffer(8));
  for (const value of [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 48 + 17, Number.MAX_SAFE_INTEGER]) {
    putUint53(view, 0, value);
    assert.equal(getUint53(view, 0), value);
  }
  view.setUint32(4, 0xffff_ffff, true);
  assert.ok(!Number.isSafeInteger(getUint53(view, 0)));
});
