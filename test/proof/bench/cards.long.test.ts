/** A small run of the benchmark of cards, with servers that are killed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cards } from '../../../src/proof/bench/cards.ts';
import { defaults } from '../../../src/proof/bench/settings.ts';

test('a small run gives each figure, within what a card may take', async () => {
  // With fewer, the room that is left in segments and buckets would decide.
  const report = await cards({ ...defaults, cards: 200_000, rounds: 1 });
  assert.deepEqual(report.complaints, []);
  const figures = Object.fromEntries(report.figures.map(({ id, estimate }) => [id, estimate.median]));
  assert.deepEqual(Object.keys(figures), [
    'cards/resting',
    'cards/travelled',
    'cards/resident',
    'cards/replayed',
    'cards/ready',
  ]);
  // A card has four words of hash, a reference, a balance and its times at the least.
  assert.ok(figures['cards/resting']! > 40 && figures['cards/travelled']! > 80, JSON.stringify(figures));
  assert.ok(figures['cards/replayed']! > 1000 && figures['cards/ready']! > 0.01);
});
