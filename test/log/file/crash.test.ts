/**
 * The power is cut at every single operation of the disk, with every kind of loss: all acknowledged
 * records are there afterwards, once, and the log goes on. A crash is never mistaken for damage.
 * `crash.long.test.ts` has more of each.
 */
import { describe, test } from 'node:test';
import { cutAgainAndAgain, cutEverywhere } from '../support/power-cuts.ts';

describe('a log whose power is cut', () => {
  for (const loss of ['nothing', 'everything', 'some'] as const)
    test(`a power cut at any operation that loses ${loss} of what was not synced breaks no promise`, () =>
      cutEverywhere(loss, 1));

  test('power cuts again and again, even during recovery, break no promise', () => cutAgainAndAgain(30));
});
