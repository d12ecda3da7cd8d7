/** The share of a rider category: a decimal or a fraction outside, a rational within. */
import { tariffLimits } from '../../engine/commands/tariff.ts';

interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/** In lowest terms; null for what is no share of a whole. */
export function ratioOf(share: number | string): Ratio | null {
  const [, top, bottom] = (typeof share === 'string' && /^(\d{1,7})\/(\d{1,7})$/.exec(share)) || [];
  if (top !== undefined && bottom !== undefined) return reduced(Number(top), Number(bottom));
  // The shortest text that is this number: six decimals at most, and none in another notation.
  const decimals = /^[01](?:\.(\d{1,6}))?$/.exec(String(share))?.[1] ?? '';
  if (typeof share === 'string' || !/^[01](?:\.\d{1,6})?$/.test(String(share))) return null;
  const denominator = 10 ** decimals.length;
  return reduced(Math.round(Math.abs(share) * denominator), denominator);
}

/** A number where six decimals say it exactly, else a fraction. */
export function shareText({ numerator, denominator }: Ratio): number | string {
  return (numerator * 1_000_000) % denominator === 0 ? numerator / denominator : `${numerator}/${denominator}`;
}

function reduced(numerator: number, denominator: number): Ratio | null {
  if (denominator === 0 || numerator > denominator) return null;
  const by = commonDivisor(numerator, denominator);
  if (denominator / by > tariffLimits.denominator) return null;
  return { numerator: numerator / by, denominator: denominator / by };
}

function commonDivisor(one: number, other: number): number {
  return one === 0 ? other : commonDivisor(other % one, one);
}
