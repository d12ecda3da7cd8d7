import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleText } from '../../src/engine/rule-text.ts';
import { capShift, categoryShift, chainedBit, fareBases, peakShift } from '../../src/engine/tap-outcomes.ts';

const names = {
  digits: 2,
  categories: ['adult', 'child'],
  stationId: (number: number) => (number === 7 ? 'harbour' : null),
};

const ends = (from: number, to: number): number => (from | (to << 16)) >>> 0;
const { none, zones, stations, maximum, grace, sameStation, overtime } = fareBases;

const rows: readonly (readonly [terms: number, ends: number, cappedBy: number, text: string | null])[] = [
  [none, 0, 0, null],
  [zones, ends(1, 3), 0, 'zones 1-3'],
  [zones, ends(3, 1), 0, 'zones 3-1'],
  [zones, ends(2, 2), 0, 'zone 2'],
  [stations, ends(7, 0xfffe), 0, 'harbour - 65534'],
  [maximum, 0, 0, 'maximum fare'],
  [maximum | (1 << categoryShift), 0, 0, 'maximum fare, child'],
  [grace, 0, 0, 'within the grace'],
  [sameStation, 0, 0, 'same station'],
  [overtime, 0, 0, 'overtime: two maximum fares'],
  [zones | (31 << peakShift), ends(1, 3), 0, 'zones 1-3, peak'],
  [zones | (31 << capShift), ends(1, 3), 5, 'zones 1-3, capped by 0.05'],
  [zones | chainedBit, ends(1, 3), 0, 'zones 1-3, difference on the chain'],
  [
    zones | (1 << peakShift) | (1 << capShift) | chainedBit | (1 << categoryShift),
    ends(1, 3),
    120,
    'zones 1-3, peak, child, capped by 1.20, difference on the chain',
  ],
  [zones | (255 << categoryShift), ends(256, 1), 0, 'zones 256-1, category 255'],
];

test('a rule is told in words', () => {
  for (const [terms, between, cappedBy, text] of rows) assert.equal(ruleText(terms, between, cappedBy, names), text);
});

test('amounts have the digits of their currency', () => {
  const told = (digits: number, cappedBy: number): string | null =>
    ruleText(zones | (1 << capShift), ends(1, 1), cappedBy, { ...names, digits });
  assert.equal(told(0, 120), 'zone 1, capped by 120');
  assert.equal(told(3, 120), 'zone 1, capped by 0.120');
  assert.equal(told(2, 123_456), 'zone 1, capped by 1234.56');
});
