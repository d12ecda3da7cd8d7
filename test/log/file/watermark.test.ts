import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createWatermark, readWatermark, Watermark, watermarkBytes } from '../../../src/log/file/watermark.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';

const watermarkPath = '/log/watermark';

function made(): MemoryDisk {
  const disk = new MemoryDisk();
  createWatermark(disk, '/log');
  return disk;
}

function reading(disk: MemoryDisk): ReturnType<typeof readWatermark> {
  return readWatermark(disk.files().get(watermarkPath) ?? new Uint8Array(0));
}

function opened(disk: MemoryDisk): Watermark {
  const { state } = reading(disk);
  assert.ok(state !== null);
  return new Watermark(disk.open(watermarkPath, 'write'), state);
}

describe('the watermark', () => {
  test('the watermark of a new log is 1 and on the disk', () => {
    const disk = made();
    disk.cutPower();
    disk.restart('everything');
    assert.deepEqual([...disk.files().keys()], [watermarkPath]);
    assert.deepEqual(reading(disk), { state: { sequence: 0, end: 1, start: 1 }, brokenSlots: [] });
  });

  test('the watermark is the last one noted', () => {
    const disk = made();
    const watermark = opened(disk);
    for (const end of [2, 3, 3, 1000, Number.MAX_SAFE_INTEGER]) {
      watermark.note(end);
      assert.equal(reading(disk).state?.end, end);
    }
    assert.throws(() => watermark.note(5), /never falls/);
  });

  test('a watermark torn at any byte is the old one or the new one', () => {
    for (let notes = 1; notes <= 5; notes += 1) {
      for (let written = 0; written <= 64; written += 1) {
        const disk = made();
        const watermark = opened(disk);
        for (let end = 2; end < 2 + notes; end += 1) watermark.note(end);
        disk.onOperation = () => ({ kind: 'power', written });
        assert.throws(() => watermark.note(100));
        disk.onOperation = null;
        disk.restart('nothing');
        const { state } = reading(disk);
        assert.equal(state?.end, written === 64 ? 100 : 1 + notes);
        // And it goes on from there.
        opened(disk).note(200);
        assert.equal(reading(disk).state?.end, 200);
      }
    }
  });

  test('a settled watermark survives a power cut that tears every later write', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const disk = made();
      const watermark = opened(disk);
      for (let end = 2; end < 10; end += 1) watermark.note(end);
      watermark.settle(10, 4);
      for (let end = 11; end < 40; end += 1) watermark.note(end);
      disk.cutPower();
      disk.restart('some', seed);
      const { state } = reading(disk);
      assert.ok(state !== null && state.end >= 10 && state.end < 40 && state.start === 4);
    }
  });

  test('a watermark with any bit flipped is at most one step behind', () => {
    const disk = made();
    const watermark = opened(disk);
    watermark.settle(10, 1);
    for (let end = 11; end < 20; end += 1) watermark.note(end);
    for (let bit = 0; bit < watermarkBytes * 8; bit += 1) {
      const flipped = disk.copy();
      flipped.flip(watermarkPath, bit >> 3, 1 << (bit & 7));
      const { state, brokenSlots } = reading(flipped);
      assert.ok(state !== null && (state.end === 19 || state.end === 18));
      assert.deepEqual(brokenSlots, [Math.floor(bit / 8 / 64)]);
    }
  });
});
