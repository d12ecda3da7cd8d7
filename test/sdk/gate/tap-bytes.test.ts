/**
 * The binary form of taps and outcomes, byte by byte, and its tables beside those of the engine.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WireTap } from '../../../sdk/src/gate/index.ts';
import {
  readOutcome,
  readTap,
  tapBytes,
  tapFlags,
  tapReasons,
  tapWindow,
  writeTap,
} from '../../../sdk/src/gate/index.ts';
import { tapWindow as windowOfEngine } from '../../../src/engine/commands/taps.ts';
import { tapFlags as flagsOfEngine, tapReasons as reasonsOfEngine } from '../../../src/engine/tap-outcomes.ts';

const tap: WireTap = {
  gate: 7,
  epoch: 0x01020304,
  sequence: 1000,
  card: '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1',
  station: 9,
  direction: 'out',
  decided: 'opened',
  atMs: Date.UTC(2026, 0, 5, 8, 30),
};
const vector =
  '07000000 04030201 e8030000 01 01 01 00 6544ecbf09f54dbd962c10cc2fc4a8f1 09000000 00000000 00003470d4b87942';

function bytesOf(hex: string): DataView<ArrayBuffer> {
  return new DataView(new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex')).buffer);
}

function hexOf(one: WireTap, filled = 0): string {
  const bytes = new Uint8Array(tapBytes + 2).fill(filled);
  writeTap(new DataView(bytes.buffer), 1, one);
  assert.deepEqual([bytes[0], bytes[tapBytes + 1]], [filled, filled], 'it wrote beyond its bytes');
  return Buffer.from(bytes.slice(1, tapBytes + 1)).toString('hex');
}

describe('taps as bytes', () => {
  test('a tap by UUID has these bytes, whatever was there before', () => {
    assert.equal(hexOf(tap), vector.replaceAll(' ', ''));
    assert.equal(hexOf(tap, 0xff), vector.replaceAll(' ', ''));
    assert.equal(hexOf({ ...tap, card: '6544ECBF-09F5-4DBD-962C-10CC2FC4A8F1' }), vector.replaceAll(' ', ''));
  });

  test('a tap by number has the number and zeros', () => {
    const hex = hexOf({ ...tap, card: 0x1234, direction: 'in', decided: 'none', station: 0 }, 0xff);
    assert.equal(hex.slice(24, 64), `00000000${'34120000'.padEnd(32, '0')}`);
    assert.equal(hex.slice(64, 80), '0'.repeat(16));
  });

  test('what was written is read back', () => {
    const view = new DataView(new ArrayBuffer(2 * tapBytes));
    const other: WireTap = { ...tap, card: 0xffffffff, decided: 'denied', direction: 'in', atMs: -0.5 };
    writeTap(view, 0, tap);
    writeTap(view, tapBytes, other);
    assert.deepEqual([readTap(view, 0), readTap(view, tapBytes)], [tap, other]);
  });

  test('numbers that a field does not hold are refused', () => {
    for (const wrong of [{ gate: -1 }, { sequence: 2 ** 32 }, { epoch: 0.5 }, { station: NaN }, { atMs: Infinity }]) {
      assert.throws(() => hexOf({ ...tap, ...wrong }), RangeError, JSON.stringify(wrong));
    }
    for (const card of ['ann', '', 0, -1, 1.5, 2 ** 32, '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f']) {
      assert.throws(() => hexOf({ ...tap, card }), RangeError, String(card));
    }
  });

  test('an outcome is read from these bytes', () => {
    const view = bytesOf(
      '07000000 e8030000 00 00 0104 01 000000 2c010000 38ffffff 0000000000001040 00000000 11520200 01000300 78000000',
    );
    assert.equal(view.byteLength, tapBytes);
    assert.deepEqual(readOutcome(view, 0), {
      gate: 7,
      sequence: 1000,
      result: 'open',
      reason: null,
      flags: ['UNKNOWN_CARD', 'DISTANT'],
      replayed: true,
      fare: 300,
      balance: -200,
      journey: 4,
      expected: 0,
      rule: { base: 'zones', peak: 1, cap: 9, chained: true, category: 2, entry: 1, exit: 3, cappedBy: 120 },
    });
  });

  test('a gap and a denial are read, and numbers of a later store have no name', () => {
    const bytes = new Uint8Array(tapBytes);
    const view = new DataView(bytes.buffer);
    view.setUint8(8, 2);
    view.setUint32(32, 12, true);
    const gap = readOutcome(view, 0);
    assert.deepEqual([gap.result, gap.expected, gap.journey, gap.rule.base], ['gap', 12, null, 'none']);
    view.setUint8(8, 1);
    view.setUint8(9, 7);
    assert.deepEqual([readOutcome(view, 0).result, readOutcome(view, 0).reason], ['deny', 'LOW_BALANCE']);
    view.setUint8(8, 200);
    view.setUint8(9, 200);
    view.setUint8(36, 0x0f);
    assert.deepEqual(
      [readOutcome(view, 0).result, readOutcome(view, 0).reason, readOutcome(view, 0).rule.base],
      ['unknown', null, 'none'],
    );
  });

  test("the tables are the engine's", () => {
    assert.deepEqual(Object.fromEntries(tapReasons.map((reason, index) => [reason, index + 1])), {
      ...reasonsOfEngine,
    });
    assert.deepEqual(Object.fromEntries(tapFlags.map((flag, bit) => [flag, 2 ** bit])), { ...flagsOfEngine });
    assert.equal(tapWindow, windowOfEngine);
  });
});
