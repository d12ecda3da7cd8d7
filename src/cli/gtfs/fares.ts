/** What both forms of a feed's fares come to. */
import type { Share } from '../../engine/commands/tariff.ts';

export interface FeedFares {
  readonly currency: string;
  /** Rider categories besides the full one. */
  readonly categories: ReadonlyMap<string, Share>;
  /** The sets of timeframes that hold together at some minute of the week. */
  readonly activeGroups: readonly ReadonlySet<string>[];
  /** Which of them holds at a minute of the week, from Monday 0:00 on. */
  groupAt(minute: number): number;
  /** Minor units, of who pays in full; null where the feed has no such fare. */
  priceOf(from: readonly string[], to: readonly string[], active: ReadonlySet<string>): number | null;
  /** Within which a change between stations costs the difference alone; null for never. */
  readonly transferMinutes: number | null;
}
