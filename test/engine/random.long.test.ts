/**
 * Two hundred random histories through the engine and the reference. Together they reach every
 * outcome. `HOLDFAST_SEED=7` runs one history, `HOLDFAST_RUNS=5000` more of them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomes } from '../../src/engine/outcomes.ts';
import { agree, Findings } from './histories-run.ts';
import { seedsFor } from './random.ts';

const findings = new Findings();
const { seen, waysUsed } = findings;
const seeds = seedsFor(200);

for (const seed of seeds)
  test(`engine and reference agree after every step of history ${seed}`, () => agree(seed, findings));

test('the random histories reach every outcome', { skip: seeds.length < 100 && 'too few histories for that' }, () => {
  assert.deepEqual(
    // Those of cards, gates and tariffs come from the histories of taps.
    Object.values(outcomes)
      .filter(({ number, code }) => number < outcomes.UNKNOWN_CARD.number && !seen.has(code))
      .map(({ code }) => code),
    [],
  );
});

test(
  'the random histories find best seats in every way',
  { skip: seeds.length < 100 && 'too few histories for that' },
  () => {
    const ways = [
      'ordinary pass',
      'open pass',
      'accessible pass',
      'orphan avoided',
      'orphans in the end',
      ...['ordinary', 'open', 'accessible'].flatMap((pass) => [1, 2].map((rows) => `${pass} split over ${rows} rows`)),
      'ordinary split over 3 rows',
      'split across sections',
    ];
    for (const way of ways) assert.ok((waysUsed.get(way) ?? 0) >= 3, `${way}: ${waysUsed.get(way) ?? 0} times`);
  },
);
