/** A few random histories through the engine and the reference; `random.long.test.ts` has many. */
import { test } from 'node:test';
import { agree, Findings } from './histories-run.ts';
import { seedsFor } from './random.ts';

for (const seed of seedsFor(20))
  test(`engine and reference agree after every step of history ${seed}`, () => agree(seed, new Findings()));
