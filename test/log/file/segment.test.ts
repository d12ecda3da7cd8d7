import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  decodeHeader,
  encodeHeader,
  segmentHeaderBytes,
  segmentName,
  segmentNumber,
} from '../../../src/log/file/segment.ts';
import { SegmentIndex } from '../../../src/log/file/segment-index.ts';

const header = {
  version: 1,
  cell: 4_000_000_000,
  number: 77,
  sizeBytes: 64 * 1024 * 1024,
  nonce: { low: 0xdead_beef, high: 0xffff_ffff },
  chain: { position: 2 ** 50 + 1, crc: 0xcafe_f00d, timeMs: 1_700_000_000_000 },
};

describe("a segment's name", () => {
  test('a name sorts like its number and gives it back', () => {
    assert.equal(segmentName(1), 'log-0000000001.seg');
    assert.ok(segmentName(9) < segmentName(10));
    assert.equal(segmentNumber(segmentName(1234567890)), 1234567890);
  });

  test("a segment's name differs from any other file's", () => {
    for (const name of [
      'log-1.seg',
      'log-0000000001.seg.tmp',
      'xlog-0000000001.seg',
      'log-0000000000.seg',
      'watermark',
    ]) {
      assert.equal(segmentNumber(name), 0, name);
    }
  });
});

describe("a segment's header", () => {
  test('a header comes back as it was written', () => {
    assert.deepEqual(decodeHeader(encodeHeader(header)), header);
  });

  test('a header with any bit flipped, or a truncated one, is none', () => {
    const bytes = encodeHeader(header);
    for (let bit = 0; bit < segmentHeaderBytes * 8; bit += 1) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(decodeHeader(flipped), null);
    }
    for (let length = 0; length < segmentHeaderBytes; length += 1)
      assert.equal(decodeHeader(bytes.slice(0, length)), null);
    assert.equal(decodeHeader(new Uint8Array(segmentHeaderBytes)), null);
  });
});

describe("a segment's index", () => {
  test('the index gives the last noted frame at or before a position', () => {
    const chain = (position: number) => ({ position, crc: position, timeMs: 0 });
    const index = new SegmentIndex(chain(1000));
    for (let frame = 1; frame <= 50; frame += 1) index.note(64 + frame * 10_000, chain(1000 + frame));
    assert.deepEqual(index.before(1), { offset: 64, chain: chain(1000) });
    assert.equal(index.before(1000).offset, 64);
    for (let position = 1000; position < 1060; position += 1) {
      const { offset, chain } = index.before(position);
      assert.ok(chain.position <= position && offset === 64 + (chain.position - 1000) * 10_000);
      assert.ok(position - chain.position <= 7 || position > 1050, 'it is near');
    }
  });
});
