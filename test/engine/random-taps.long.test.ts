/**
 * Two hundred random histories of taps through the engine and the reference. Together they reach
 * every way in which a tap can end. `HOLDFAST_SEED=7` runs one history, `HOLDFAST_RUNS=5000` more
 * of them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fareBases, tapFlags, tapReasons, tapResults } from '../../src/engine/tap-outcomes.ts';
import { agree, Findings } from './histories-run.ts';
import { TapHistory } from './histories-taps.ts';
import { seedsFor } from './random.ts';

const findings = new Findings();
const seeds = seedsFor(200);
const tooFew = seeds.length < 100 && 'too few histories for that';

for (const seed of seeds) {
  test(`engine and reference agree after every step of taps ${seed}`, () =>
    agree(seed, findings, (random) => new TapHistory(random)));
}

/** Of all taps: result, reason, flags, whether replayed, terms of the rule. */
function tapsSeen(): readonly (readonly [number, number, number, number, number])[] {
  return [...findings.taps.keys()].map((said) => {
    const [result = 0, reason = 0, flags = 0, replayed = 0, terms = 0] = said.split(' ').map(Number);
    return [result, reason, flags, replayed, terms];
  });
}

function missing(table: Readonly<Record<string, number>>, isSeen: (number: number) => boolean): string[] {
  return Object.keys(table).filter((name) => !isSeen(table[name]!));
}

test('the random histories of taps reach every result, reason, flag and kind of fare', { skip: tooFew }, () => {
  const seen = tapsSeen();
  const results = missing(tapResults, (number) => seen.some(([result]) => result === number));
  // `taps-limits.test.ts` has the first. The second is a flag alone: an exit keeps nobody in.
  const reasons = missing(tapReasons, (number) => seen.some(([, reason]) => reason === number));
  const flags = missing(tapFlags, (bit) => seen.some(([, , all]) => (all & bit) !== 0));
  const bases = missing(fareBases, (base) => seen.some(([, , , , terms]) => (terms & 15) === base));
  assert.deepEqual(
    { results, reasons, flags, bases },
    {
      results: [],
      reasons: ['TOO_MANY_EPOCHS', 'NO_FARE'],
      flags: [],
      bases: [],
    },
  );
});

test('they have peaks, caps, chains, categories and repeats', { skip: tooFew }, () => {
  const seen = tapsSeen();
  const parts = { peak: 0x1f0, cap: 0x3e00, chained: 0x4000, category: 0xff_0000 };
  assert.deepEqual(
    missing(parts, (bits) => seen.some(([, , , , terms]) => (terms & bits) !== 0)),
    [],
  );
  assert.ok(seen.some(([result, , , replayed]) => replayed === 1 && result !== tapResults.unknown));
});

test('they reach every outcome of commands about cards', { skip: tooFew }, () => {
  const codes = ['UNKNOWN_CARD', 'UNKNOWN_GATE', 'UNKNOWN_STATION', 'CARD_EXISTS', 'GATE_EXISTS', 'UNKNOWN_CATEGORY'];
  const more = ['TARIFF_IN_PAST', 'INVALID_TARIFF', 'BALANCE_LIMIT', 'INVALID_AMOUNT', 'MARK_MOVED', 'UNKNOWN_KEY'];
  const money = ['ADJUSTED_ALREADY', 'SUM_MOVED', 'CURRENCY_MISMATCH', 'INVALID_QUANTITY', 'NO_EFFECT', 'KEY_REUSED'];
  assert.deepEqual(
    [...codes, ...more, ...money].filter((code) => !findings.seen.has(code)),
    [],
  );
});
