/**
 * As `crash.test.ts`, with many ways of losing a part of what was not synced, and many histories.
 */
import { describe, test } from 'node:test';
import { cutAgainAndAgain, cutEverywhere } from '../support/power-cuts.ts';

describe('a log whose power is cut', () => {
  test('at every operation, losing some of what was not synced', () => cutEverywhere('some', 12));

  test('again and again, also while it recovers', () => cutAgainAndAgain(300));
});
