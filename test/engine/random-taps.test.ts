/** A few random histories of taps through the engine and the reference; the long test has many. */
import { test } from 'node:test';
import { agree, Findings } from './histories-run.ts';
import { TapHistory } from './histories-taps.ts';
import { seedsFor } from './random.ts';

for (const seed of seedsFor(20)) {
  test(`engine and reference agree after every step of taps ${seed}`, () =>
    agree(seed, new Findings(), (random) => new TapHistory(random)));
}
