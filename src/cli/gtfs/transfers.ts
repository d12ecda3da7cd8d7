/** Changes between stations: which ones a feed has, and within which time they cost no new fare. */
import { tariffLimits } from '../../engine/commands/tariff.ts';
import type { Feed } from './feed.ts';
import type { Notes } from './notes.ts';
import { named } from './notes.ts';
import type { Products } from './products.ts';

/** A rule that gives no time: as long as a walk between stations may take. */
const usualMinutes = 30;
const fromExitToEntry = '2';
const plusNothing = '0';

/**
 * The minutes of a feed's rules for transfers; null where none is without a new fare. What it costs
 * is the difference to the fare of the whole way.
 */
export function transferMinutes(feed: Feed, { full }: Products, notes: Notes): number | null {
  const free: number[] = [];
  for (const row of feed.rows('fare_transfer_rules.txt')) {
    const product = row('fare_product_id');
    const groups = `from ${row('from_leg_group_id') || 'any'} to ${row('to_leg_group_id') || 'any'}`;
    if (row('fare_transfer_type') !== plusNothing || (product !== '' && full.get(product) !== 0)) {
      notes.add(`transfers ${groups}, which have a price of their own`);
      continue;
    }
    notes.add('transfers without a new fare: here a change costs the difference to the fare of the whole way');
    const seconds = Number(row('duration_limit') || 60 * usualMinutes);
    if (row('duration_limit') !== '' && row('duration_limit_type') !== fromExitToEntry) {
      notes.add(`transfers ${groups}: their time counts from the exit to the next entry here`);
    }
    if (Number(row('transfer_count') || 0) > 0)
      notes.add(`transfers ${groups}: their number, which is not limited here`);
    free.push(Math.max(1, Math.floor(seconds / 60)));
  }
  return free.length === 0 ? null : Math.min(...free);
}

type Interchanges = { readonly from: string; readonly to: string; readonly minutes: number }[];

/** `stationOf`: by stop. `minutes`: null where changes cost a new fare. */
export function readInterchanges(
  feed: Feed,
  stationOf: ReadonlyMap<string, string>,
  kept: ReadonlySet<string>,
  minutes: number | null,
  notes: Notes,
): Interchanges {
  const joined = feed.rows('fare_leg_join_rules.txt').filter((row) => row('from_stop_id') !== '');
  const walks = minutes === null ? [] : feed.rows('transfers.txt').filter((row) => isWalk(row('transfer_type')));
  const found = new Map<string, { from: string; to: string; minutes: number }>();
  for (const row of [...joined, ...walks]) {
    const [from, to] = [stationOf.get(row('from_stop_id')), stationOf.get(row('to_stop_id'))];
    if (from === undefined || to === undefined || from === to || !kept.has(from) || !kept.has(to)) continue;
    const walk = Math.ceil(Number(row('min_transfer_time') || 0) / 60);
    const limit = Math.min(tariffLimits.minutes, Math.max(minutes ?? usualMinutes, walk));
    found.set(JSON.stringify([from, to]), { from, to, minutes: limit });
  }
  const all = [...found.values()];
  if (all.length <= tariffLimits.interchanges) return all;
  const left = all.slice(tariffLimits.interchanges).map(({ from, to }) => `${from} to ${to}`);
  notes.add(`changes between stations beyond ${tariffLimits.interchanges}: ${named(left)}`);
  return all.slice(0, tariffLimits.interchanges);
}

/** Neither one that is not possible, nor one in the vehicle. */
function isWalk(type: string): boolean {
  return ['', '0', '1', '2'].includes(type);
}
