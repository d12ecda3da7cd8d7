/**
 * As `crash.test.ts`, with many ways of losing a part of what was not synced, and many histories.
 */
import { describe, test } from 'node:test';
import { cutAgainAndAgain, cutEverywhere } from '../support/power-cuts.ts';

describe('a log whose power is cut', () => {
  test('a power cut at any operation that loses some unsynced writes breaks no promise', () =>
    cutEverywhere('some', 12));

  test('power cuts again and again, even during recovery, break no promise', () => cutAgainAndAgain(300));
});
