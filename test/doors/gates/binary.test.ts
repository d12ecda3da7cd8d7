/** Taps and outcomes as rows of bytes: the vector of the design, and what is refused. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { BinaryTaps, rowBytes, writeOutcomes } from '../../../src/doors/gates/binary.ts';
import { noCard } from '../../../src/engine/commands/taps.ts';
import { TapRows } from '../../../src/engine/tables/journal.ts';
import { fareBases, tapFlags, tapResults } from '../../../src/engine/tap-outcomes.ts';
import { HttpFailure } from '../../../src/http/problems.ts';
import { binaryTap } from './binary-tap.ts';

/** The blocks of bytes in the design's vector. */
function vector(): Uint8Array[] {
  const design = fs.readFileSync(path.join(import.meta.dirname, '../../../src/doors/gates/DESIGN.md'), 'utf8');
  const section = /### A vector\n(.*?)\n## /s.exec(design)?.[1] ?? '';
  const blocks = section.match(/(?:^ {4}(?:[0-9a-f]{2} ?)+\n)+/gm) ?? [];
  return blocks.map((block) => Uint8Array.from(block.match(/[0-9a-f]{2}/g) ?? [], (byte) => Number.parseInt(byte, 16)));
}

describe('the binary form', () => {
  test('the taps of the design’s vector are read as it says', () => {
    const [bytes] = vector();
    const taps = new BinaryTaps(bytes!);
    assert.equal(taps.count, 2);
    const read = [0, 1].map((i) => [
      [taps.gate(i), taps.epoch(i), taps.sequence(i)],
      [taps.direction(i), taps.decided(i)],
      taps.namesUuid(i) ? taps.cardUuid(i) : taps.cardNumber(i),
      taps.station(i),
      new Date(taps.atMs(i)).toISOString(),
    ]);
    assert.deepEqual(read, [
      [[7, 3, 41], [1, 0], '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1', 0, '2026-06-01T12:00:00.250Z'],
      [[7, 3, 42], [0, 1], 1_000_001, 12, '2026-06-01T11:05:00.000Z'],
    ]);
  });

  test('the outcome of the design’s vector is written as it says', () => {
    const taps = new TapRows();
    const row = taps.add();
    taps.sequence[row] = 41;
    taps.card[row] = noCard;
    taps.result[row] = tapResults.open;
    taps.flags[row] = tapFlags.DISTANT;
    taps.fare[row] = 250;
    taps.balance[row] = -30;
    taps.journey[row] = 5_000_000_001;
    taps.ruleTerms[row] = fareBases.zones | (1 << 4) | (2 << 9) | (1 << 16);
    taps.ruleEnds[row] = 1 | (3 << 16);
    taps.cappedBy[row] = 120;
    const written = writeOutcomes({ taps, first: 0, count: 1, gate: () => 7 });
    assert.deepEqual([...written], [...vector()[1]!]);
    assert.deepEqual([...writeOutcomes({ taps, first: 0, count: 1, gate: () => 7 }, 8).subarray(8)], [...written]);
  });

  test('a batch that begins behind other bytes is read the same', () => {
    const [bytes] = vector();
    const behind = new Uint8Array(4 + bytes!.length);
    behind.set(bytes!, 4);
    assert.equal(new BinaryTaps(behind, 4).sequence(1), 42);
  });
});

/** The failure of a batch. */
function flawOf(bytes: Uint8Array): HttpFailure {
  let taken = 0;
  try {
    taken = new BinaryTaps(bytes).count;
  } catch (error) {
    assert.ok(error instanceof HttpFailure);
    return error;
  }
  throw new Error(`${taken} taps were taken`);
}

/** Three taps, the third changed. */
function changed(change: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(3 * rowBytes);
  for (let i = 0; i < 3; i += 1) bytes.set(binaryTap({ sequence: i + 1 }), i * rowBytes);
  change(new DataView(bytes.buffer, 2 * rowBytes));
  return bytes;
}

describe('a binary batch that is refused', () => {
  const flaws: Readonly<Record<string, readonly [offset: number, change: (view: DataView) => void]>> = {
    'a sequence of 0': [8, (view) => view.setUint32(8, 0, true)],
    'a direction of 2': [12, (view) => view.setUint8(12, 2)],
    'a direction of 255': [12, (view) => view.setUint8(12, 255)],
    'a decision of 3': [13, (view) => view.setUint8(13, 3)],
    'a decision of 4': [13, (view) => view.setUint8(13, 4)],
    'a form of 2': [14, (view) => view.setUint8(14, 2)],
    'a reserved byte that is not 0': [15, (view) => view.setUint8(15, 1)],
    'a byte behind a card number': [31, (view) => view.setUint8(31, 128)],
    'a byte right behind a card number': [20, (view) => view.setUint8(20, 1)],
    'a second reserved byte that is not 0': [39, (view) => view.setUint8(39, 7)],
    'a time that is no number': [40, (view) => view.setFloat64(40, NaN, true)],
    'an infinite time': [40, (view) => view.setFloat64(40, Infinity, true)],
    'a time after the year 9999': [40, (view) => view.setFloat64(40, 1e15, true)],
    'a time before the year 1': [40, (view) => view.setFloat64(40, -1e14, true)],
  };

  for (const [name, [offset, change]] of Object.entries(flaws)) {
    test(`${name} is refused, with its offset and the tap’s index`, () => {
      const { row, detail, errors } = flawOf(changed(change));
      assert.equal(row.status, 400);
      assert.match(detail, new RegExp(`^Byte ${2 * rowBytes + offset} of the batch: `));
      assert.deepEqual(
        errors.map((error) => error.path),
        ['/2'],
      );
    });
  }

  test('no byte is taken that the form does not allow', () => {
    // Each byte of a tap with a card number, at each value: taken, or refused with that very byte.
    for (let offset = 0; offset < rowBytes; offset += 1) {
      for (const value of [1, 2, 3, 4, 127, 128, 255]) {
        const bytes = binaryTap({ sequence: 1 });
        bytes[offset] = value;
        const mayBe = offset < 12 || (offset >= 16 && offset < 20) || (offset >= 32 && offset < 36) || offset >= 40;
        const isSmall = (offset === 12 && value < 2) || (offset === 13 && value < 3) || (offset === 14 && value < 2);
        if (mayBe || isSmall) continue;
        assert.match(flawOf(bytes).detail, new RegExp(`^Byte ${offset} `), `${offset} ${value}`);
      }
    }
  });

  test('an empty, a cut off and an oversized batch are refused', () => {
    assert.match(flawOf(new Uint8Array(0)).detail, /^Byte 0 of the batch: the batch is empty/);
    for (const extra of [1, 47]) {
      const { row, detail } = flawOf(changed(() => undefined).subarray(0, 2 * rowBytes + extra));
      assert.deepEqual([row.status, detail.startsWith('Byte 96 of the batch: the batch is cut off')], [400, true]);
    }
    const { row, detail } = flawOf(new Uint8Array(8193 * rowBytes));
    assert.deepEqual([row.status, /byte 393216/.test(detail)], [413, true]);
  });
});
