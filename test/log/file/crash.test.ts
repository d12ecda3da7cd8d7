/**
 * The power is cut at every single operation of the disk, with every kind of loss: all that was
 * acknowledged is there afterwards, once, and the log goes on. A crash is never mistaken for
 * damage. `crash.long.test.ts` has more of each.
 */
import { describe, test } from 'node:test';
import { cutAgainAndAgain, cutEverywhere } from '../support/power-cuts.ts';

describe('a log whose power is cut', () => {
  for (const loss of ['nothing', 'everything', 'some'] as const)
    test(`at every operation, losing ${loss} of what was not synced`, () => cutEverywhere(loss, 1));

  test('again and again, also while it recovers', () => cutAgainAndAgain(30));
});
