/** The rule that made a fare, in words: "zones 1-3, peak, child, capped by 1.20". */
import { capShift, categoryShift, chainedBit, fareBases, peakShift } from './tap-outcomes.ts';

/** What the words of a rule name by numbers. */
export interface RuleNames {
  /** Digits of the currency behind the point. */
  readonly digits: number;
  /** Rider categories, by index; the first pays in full and is not mentioned. */
  readonly categories: readonly string[];
  stationId(number: number): string | null;
}

/**
 * `terms`, `ends`: as in `FareRule`, entry in the low half of `ends`. `cappedBy`: minor units. Null
 * where no rule made a fare.
 */
export function ruleText(terms: number, ends: number, cappedBy: number, names: RuleNames): string | null {
  const base = baseText(terms & 0xf, ends & 0xffff, ends >>> 16, names);
  if (base === null) return null;
  const words = [base];
  if (((terms >>> peakShift) & 0x1f) > 0) words.push('peak');
  const category = (terms >>> categoryShift) & 0xff;
  if (category > 0) words.push(names.categories[category] ?? `category ${category}`);
  if (((terms >>> capShift) & 0x1f) > 0) words.push(`capped by ${amountText(cappedBy, names.digits)}`);
  if ((terms & chainedBit) !== 0) words.push('difference on the chain');
  return words.join(', ');
}

function baseText(base: number, from: number, to: number, names: RuleNames): string | null {
  switch (base) {
    case fareBases.zones:
      return from === to ? `zone ${from}` : `zones ${from}-${to}`;
    case fareBases.stations:
      return `${names.stationId(from) ?? from} - ${names.stationId(to) ?? to}`;
    case fareBases.maximum:
      return 'maximum fare';
    case fareBases.grace:
      return 'within the grace';
    case fareBases.sameStation:
      return 'same station';
    case fareBases.overtime:
      return 'overtime: two maximum fares';
    default:
      return null;
  }
}

/** 120 as "1.20" with two digits. */
function amountText(amount: number, digits: number): string {
  if (digits === 0) return String(amount);
  const text = String(amount).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
