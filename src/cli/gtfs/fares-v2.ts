/** Fares of the newer form: products of legs between areas, by timeframe and rider category. */
import type { Share } from '../../engine/commands/tariff.ts';
import { UserError } from '../../store/user-error.ts';
import type { FeedFares } from './fares.ts';
import type { Feed, Row } from './feed.ts';
import type { Notes } from './notes.ts';
import { named } from './notes.ts';
import type { Products } from './products.ts';
import { readProducts } from './products.ts';
import { RuleIndex } from './rule-index.ts';
import { shareIn } from './shares.ts';
import { readWeek } from './timeframes.ts';
import { transferMinutes } from './transfers.ts';

interface LegRule {
  readonly from: string;
  readonly to: string;
  readonly timeframe: string;
  readonly product: string;
  readonly priority: number;
}

/** The areas of each stop. */
export function areasOfStops(feed: Feed): Map<string, string[]> {
  const areas = new Map<string, string[]>();
  for (const row of feed.rows('stop_areas.txt')) {
    const known = areas.get(row('stop_id'));
    if (known === undefined) areas.set(row('stop_id'), [row('area_id')]);
    else known.push(row('area_id'));
  }
  return areas;
}

/** `network`: the one whose fares are taken, where the feed has several. @throws UserError */
export function readFaresV2(feed: Feed, network: string | null, notes: Notes): FeedFares {
  const products = readProducts(feed, notes);
  const rules = readRules(feed, rowsOfNetwork(feed, network, notes), notes).filter((rule) =>
    products.full.has(rule.product),
  );
  if (rules.length === 0) throw new UserError('the feed has no fares of legs that a tariff could take over');
  const used = new Set(rules.map(({ timeframe }) => timeframe).filter((timeframe) => timeframe !== ''));
  const match = matcher(rules, feed.hasColumn('fare_leg_rules.txt', 'rule_priority'));
  const taken = new Set<string>();
  return {
    currency: products.currency,
    categories: readCategories(products, new Set(rules.map(({ product }) => product)), notes),
    ...readWeek(feed, used, notes),
    priceOf: (from, to, active) => {
      const prices = match(from, to, active).map(({ product }) => [products.full.get(product)!, product] as const);
      if (prices.length === 0) return null;
      const [cheapest] = prices.toSorted(([one], [other]) => one - other);
      for (const [amount, product] of prices) {
        if (amount > cheapest![0] && !taken.has(product)) {
          taken.add(product);
          notes.add(`product ${product}: for the same legs there is a cheaper one, ${cheapest![1]}`);
        }
      }
      return cheapest![0];
    },
    transferMinutes: transferMinutes(feed, products, notes),
  };
}

function rowsOfNetwork(feed: Feed, network: string | null, notes: Notes): readonly Row[] {
  const rows = feed.rows('fare_leg_rules.txt');
  const networks = new Set(rows.map((row) => row('network_id')).filter((id) => id !== ''));
  if (network !== null && !networks.has(network)) {
    throw new UserError(`--network is "${network}"; the feed's fares are of ${named(networks) || 'no network'}`);
  }
  if (networks.size < 2) return rows;
  if (network === null) {
    throw new UserError(`the feed has fares of several networks, ${named(networks)}: name one with --network`);
  }
  networks.delete(network);
  notes.add(`fares of other networks: ${named(networks)}`);
  const own = rows.filter((row) => row('network_id') === network);
  return own.length > 0 ? own : rows.filter((row) => row('network_id') === '');
}

function readRules(feed: Feed, rows: readonly Row[], notes: Notes): LegRule[] {
  const byExit = rows.filter((row) => row('to_timeframe_group_id') !== '');
  if (byExit.length > 0) {
    notes.add(`fares by the time of the exit: ${named(byExit.map((row) => row('fare_product_id')))}`);
  }
  if (feed.has('fare_leg_join_rules.txt') && rows.some((row) => row('network_id') !== '')) {
    notes.add('legs of several networks that are one leg together (fare_leg_join_rules.txt)');
  }
  return rows
    .filter((row) => row('to_timeframe_group_id') === '')
    .map((row) => ({
      from: row('from_area_id'),
      to: row('to_area_id'),
      timeframe: row('from_timeframe_group_id'),
      product: row('fare_product_id'),
      priority: Number(row('rule_priority') || 0),
    }));
}

type Match = (from: readonly string[], to: readonly string[], active: ReadonlySet<string>) => readonly LegRule[];

/**
 * With priorities an empty area is any area, and the highest priority wins. Without, it is the
 * areas that no rule names, and rules for a timeframe go before those for none.
 */
function matcher(rules: readonly LegRule[], hasPriorities: boolean): Match {
  const namedFrom = new Set(rules.map(({ from }) => from));
  const namedTo = new Set(rules.map(({ to }) => to));
  const index = new RuleIndex(rules);
  const holds = (area: string, of: readonly string[], all: ReadonlySet<string>): boolean =>
    area !== '' || hasPriorities || !of.some((each) => all.has(each));
  return (from, to, active) => {
    const found = index
      .between(from, to)
      .filter(
        (rule) =>
          holds(rule.from, from, namedFrom) &&
          holds(rule.to, to, namedTo) &&
          (rule.timeframe === '' || active.has(rule.timeframe)),
      );
    const rank = ({ priority, timeframe }: LegRule): number => (hasPriorities ? priority : timeframe === '' ? 0 : 1);
    const highest = found.reduce((most, rule) => Math.max(most, rank(rule)), -Infinity);
    return found.filter((rule) => rank(rule) === highest);
  };
}

function readCategories({ full, reduced }: Products, used: ReadonlySet<string>, notes: Notes): Map<string, Share> {
  const shares = new Map<string, Share>();
  for (const [id, prices] of reduced) {
    const name = id.normalize('NFC').slice(0, 64);
    const pairs = [...prices].flatMap(([product, own]): [number, number][] =>
      used.has(product) && full.has(product) ? [[full.get(product)!, own]] : [],
    );
    const share = shareIn(pairs);
    if (name === 'adult' || pairs.length === 0)
      notes.add(`rider category ${id}: it has prices where nobody pays in full`);
    else if (share === null) notes.add(`rider category ${id}: its prices are no fixed share of the full ones`);
    else shares.set(name, share);
    const alone = [...used].filter((product) => full.has(product) && !prices.has(product));
    if (share !== null && alone.length > 0) {
      notes.add(`rider category ${id}: it has no price of ${named(alone)}, and gets its share there too`);
    }
  }
  return shares;
}
