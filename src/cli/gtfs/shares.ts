/** The share of a rider category, found by its prices. */
import type { Share } from '../../engine/commands/tariff.ts';
import { tariffLimits } from '../../engine/commands/tariff.ts';
import { partOf } from '../../engine/tables/tariff-version.ts';

const rounds = ['nearest', 'down', 'up'] as const;
/** Fractions such as 1/3 and percentages. */
const denominators = [1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 25, 100];

/**
 * The simplest share that makes all of a category's prices of the full ones; null where there is
 * none.
 */
export function shareIn(prices: readonly (readonly [full: number, own: number])[]): Share | null {
  const highest = prices.reduce((one, other) => (other[0] > one[0] ? other : one), [0, 0] as const);
  for (const denominator of [...denominators, highest[0]]) {
    if (denominator < 1 || denominator > tariffLimits.denominator) continue;
    const about = (denominator * highest[1]) / highest[0];
    for (const numerator of [Math.floor(about), Math.ceil(about)]) {
      if (!(numerator >= 0 && numerator <= denominator)) continue;
      for (const round of rounds) {
        const share = { numerator, denominator, round };
        if (prices.every(([full, own]) => partOf(full, share) === own)) return share;
      }
    }
  }
  return null;
}
