/** Fares of the older form: prices by zones of origin and destination. */
import { UserError } from '../../store/user-error.ts';
import { amountOf, currencyIn } from './amounts.ts';
import type { Feed } from './feed.ts';
import type { FeedFares } from './fares.ts';
import type { Notes } from './notes.ts';
import { named } from './notes.ts';
import { RuleIndex } from './rule-index.ts';

interface Rule {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** The zone of each stop. */
export function zonesOfStops(feed: Feed): Map<string, string[]> {
  const zones = feed.rows('stops.txt').map((row): [string, string] => [row('stop_id'), row('zone_id')]);
  return new Map(zones.filter(([, zone]) => zone !== '').map(([stop, zone]) => [stop, [zone]]));
}

/** @throws UserError where all fares are by what gates do not know */
export function readFaresV1(feed: Feed, notes: Notes): FeedFares {
  const attributes = feed.rows('fare_attributes.txt');
  const currency = currencyIn(attributes, 'currency_type', notes);
  const amounts = new Map<string, number>();
  for (const row of attributes) {
    const amount = row('currency_type') === currency ? amountOf(row('price'), currency) : null;
    if (amount === null) notes.add(`fare ${row('fare_id')}: its price ${row('price')} ${row('currency_type')}`);
    else amounts.set(row('fare_id'), amount);
  }
  const rows = feed.rows('fare_rules.txt').filter((row) => amounts.has(row('fare_id')));
  const skipped = (column: string): string[] => rows.filter((row) => row(column) !== '').map((row) => row('fare_id'));
  const byRoute = new Set(skipped('route_id'));
  const byWay = new Set(skipped('contains_id'));
  if (byRoute.size > 0) notes.add(`fares of single routes, which gates do not know: ${named(byRoute)}`);
  if (byWay.size > 0) notes.add(`fares by the zones on the way, which gates do not know: ${named(byWay)}`);
  const ruled = new Set(rows.map((row) => row('fare_id')));
  const rules: Rule[] = rows
    .filter((row) => row('route_id') === '' && row('contains_id') === '')
    .map((row) => ({ from: row('origin_id'), to: row('destination_id'), amount: amounts.get(row('fare_id'))! }));
  // A fare without a rule holds everywhere.
  for (const [fare, amount] of amounts) if (!ruled.has(fare)) rules.push({ from: '', to: '', amount });
  if (rules.length === 0) throw new UserError('the feed has no fares by zones: all are by route, or by the way taken');
  const index = new RuleIndex(rules);
  return {
    currency,
    categories: new Map(),
    activeGroups: [new Set()],
    groupAt: () => 0,
    priceOf: (from, to) => {
      // Of several fares a rider takes the cheapest.
      const cheapest = index.between(from, to).reduce((least, { amount }) => Math.min(least, amount), Infinity);
      return cheapest === Infinity ? null : cheapest;
    },
    transferMinutes: transferMinutes(feed, notes),
  };
}

/** Within which one may change between stations without a new fare; null for not at all. */
function transferMinutes(feed: Feed, notes: Notes): number | null {
  const rows = feed.rows('fare_attributes.txt').filter((row) => row('transfers') !== '0');
  if (rows.length === 0) return null;
  const seconds = new Set(rows.map((row) => Number(row('transfer_duration') || 0)).filter((each) => each > 0));
  if (seconds.size > 1) notes.add('different times for transfers: the shortest holds for all');
  return seconds.size === 0 ? null : Math.max(1, Math.floor(Math.min(...seconds) / 60));
}
