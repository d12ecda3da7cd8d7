/**
 * The statistics of interleaved rounds: medians and their intervals, without assuming any
 * distribution.
 *
 * The interval of a median is a pair of order statistics (the binomial, or sign-test, interval):
 * with nine values it reaches from the second to the eighth and covers 96.1 %. With fewer than six
 * values no pair covers 95 %. Then it is the whole range, and `coverage` says how much that covers.
 */

export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Probability that the interval holds the true median, 0 to 1. */
  readonly coverage: number;
  /** Number of values. */
  readonly rounds: number;
}

/** The middle value, or the mean of the two in the middle. @throws for no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  if (upper === undefined) throw new Error('no values have no median');
  return sorted.length % 2 === 1 ? upper : (upper + sorted[(sorted.length >> 1) - 1]!) / 2;
}

/**
 * The median with the narrowest interval that covers at least `confidence`, or the whole range
 * where none does.
 */
export function estimate(values: readonly number[], confidence = 0.95): Estimate {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = intervalRank(sorted.length, confidence);
  return {
    median: median(sorted),
    low: sorted[rank]!,
    high: sorted[sorted.length - 1 - rank]!,
    coverage: coverageOf(sorted.length, rank),
    rounds: sorted.length,
  };
}

/** The paired ratios of two series that were measured in turn. */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  if (ours.length !== theirs.length) throw new Error('a round is missing on one side');
  return ours.map((value, round) => value / theirs[round]!);
}

/** How many values the interval leaves out at each end. */
function intervalRank(count: number, confidence: number): number {
  let rank = 0;
  while (2 * (rank + 1) < count && coverageOf(count, rank + 1) >= confidence) rank += 1;
  return rank;
}

/**
 * 1 - 2 P(at most `rank` heads of `count` fair coins): the probability that the interval holds the
 * median.
 */
function coverageOf(count: number, rank: number): number {
  let tail = 0;
  let ways = 1;
  for (let k = 0; k <= rank; k += 1) {
    tail += ways;
    ways = (ways * (count - k)) / (k + 1);
  }
  return Math.max(0, 1 - (2 * tail) / 2 ** count);
}
