/**
 * The product's performance targets. A target is met when the interval of its figure reaches it.
 */
import type { Figure, Unit } from '../src/proof/bench/report.ts';

/** A target without a bound only shows its figure in the table, beside one that has a bound. */
export interface Target {
  readonly figure: string;
  readonly work: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

const at256And64 = (id: string, what: string, at256: number, at64: number): Target[] => [
  { figure: `${id}/256/ratio`, work: `${what}, 256 connections`, atLeast: at256 },
  { figure: `${id}/64/ratio`, work: `${what}, 64 connections`, atLeast: at64 },
];

/**
 * The same targets for both roads: a store without an operator key, and one with a key that buyers
 * do not have.
 */
const onBothRoads = (some: readonly Target[]): Target[] =>
  some.flatMap((target) => [
    target,
    { ...target, figure: `public/${target.figure}`, work: `${target.work}, public road` },
  ]);

export const targets: readonly Target[] = [
  ...onBothRoads(at256And64('purchase/tickets', 'durable POST /api/v1/purchase', 0.85, 0.65)),
  ...onBothRoads(at256And64('purchase/orders', 'durable POST /v1/sales/{id}/orders', 0.85, 0.65)),
  ...at256And64('peers/redis', 'against Fastify + Redis Lua without durability', 2, 2),
  ...at256And64('peers/postgres', 'against Fastify + PostgreSQL FOR UPDATE', 10, 10),
  ...onBothRoads(at256And64('refusals/tickets', 'sold-out refusals, tickets', 0.95, 0.95)),
  ...onBothRoads(at256And64('refusals/orders', 'sold-out refusals, orders', 0.95, 0.95)),
  ...onBothRoads(at256And64('hold/v1', 'durable hold, /v1', 0.8, 0.8)),
  ...onBothRoads(at256And64('confirm/v1', 'durable confirmation of a hold, /v1', 0.8, 0.8)),
  ...onBothRoads(at256And64('hold/drops', 'durable reservation, drops', 0.8, 0.8)),
  ...onBothRoads(at256And64('confirm/drops', 'durable purchase of a reservation, drops', 0.8, 0.8)),
  ...onBothRoads(at256And64('best', 'hold of the best two seats in a hall of 100,000, half sold', 0.75, 0.75)),
  ...onBothRoads([
    { figure: 'seat-map/full', work: 'the map of 10,000 seats as JSON, one call', atMost: 5 },
    { figure: 'seat-map/compact/bytes', work: 'the compact map of 10,000 seats', atMost: 30_720 },
  ]),
  { figure: 'engine/purchases', work: 'the engine alone, in process', atLeast: 2_000_000 },
  { figure: 'log-stream/8192', work: 'durable purchases in batches of 8,192, in process', atLeast: 1_000_000 },
  { figure: 'taps/engine', work: 'taps, the engine alone, in process', atLeast: 5_000_000 },
  { figure: 'taps/8192/rate', work: 'durable taps in batches of 8,192, in process', atLeast: 3_000_000 },
  { figure: 'taps-stream/8192/rate', work: 'taps over one WebSocket, durable, batches of 8,192', atLeast: 500_000 },
  { figure: 'tap-latency/ratio', work: 'p99 of a durable tap over HTTP at 20,000/s, to bare', atMost: 2 },
  { figure: 'latency/purchase/p99', work: 'p99 of a durable purchase at half of the peak', atMost: 2 },
  { figure: 'rush/ratio', work: 'the rush of 1,000 buyers, time against bare', atMost: 1.25 },
  { figure: 'recovery/rate', work: 'recovery', atLeast: 2_000_000 },
  { figure: 'recovery/ready', work: 'ready after kill -9 with 10 M records', atMost: 5 },
  { figure: 'memory/key', work: 'an idempotency key', atMost: 64 },
  { figure: 'memory/hold', work: 'a hold', atMost: 96 },
  { figure: 'cards/resting', work: 'a resting card beyond its id, of 10 M', atMost: 64 },
  { figure: 'cards/travelled', work: 'more for a card that travelled, of 2 M', atMost: 96 },
  { figure: 'memory/resident/rush', work: 'resident memory after the rush', atMost: 100 },
  { figure: 'streams/memory/sse', work: 'server memory, a stream of 10,000', atMost: 10_240 },
  { figure: 'streams/loss', work: 'purchases lost to 10,000 streams and 2,000 Socket.IO clients', atMost: 10 },
  { figure: 'streams/delay/sse/p50', work: 'change to delivery, stream, p50', atMost: 250 },
  { figure: 'streams/delay/sse/p99', work: 'change to delivery, stream, p99' },
  {
    figure: 'expiry/announced/p99',
    work: 'deadline to back and announced, 100,000 holds in one second, p99',
    atMost: 100,
  },
  { figure: 'follow/sqlite/rate', work: 'the SQL views following into SQLite', atLeast: 150_000 },
  { figure: 'follow/postgres/rate', work: 'the SQL views following into PostgreSQL', atLeast: 50_000 },
  { figure: 'follow/sqlite/catch-up', work: 'SQLite up to date, 5 M records behind', atMost: 60 },
  { figure: 'follow/loss', work: 'purchases at the peak lost to the SQL follower', atMost: 10 },
  { figure: 'start/ready', work: 'ready on an empty folder', atMost: 0.5 },
];

/** Promised performance that nothing here measures. */
export const notMeasured: readonly string[] = [
  'the waiting room: not in the product yet',
  'the pause of a snapshot',
  'more cores than this machine has, and clients on other machines: everything shares these cores over the loopback',
];

export type Verdict = 'met' | 'missed' | 'not run' | 'no target';

export interface Judged {
  readonly target: Target;
  readonly verdict: Verdict;
  readonly figure: Figure | null;
  /**
   * For a missed target: its distance from the nearest end of the interval, as a share of the
   * target.
   */
  readonly missedBy: number;
}

export function judge(target: Target, figures: ReadonlyMap<string, Figure>): Judged {
  const figure = figures.get(target.figure);
  if (figure === undefined) return { target, verdict: 'not run', figure: null, missedBy: 0 };
  if (target.atLeast === undefined && target.atMost === undefined) {
    return { target, verdict: 'no target', figure, missedBy: 0 };
  }
  const { low, high } = figure.estimate;
  const short = target.atLeast === undefined ? 0 : 1 - high / target.atLeast;
  const over = target.atMost === undefined ? 0 : low / target.atMost - 1;
  const missedBy = Math.max(0, short, over);
  return { target, verdict: missedBy > 0 ? 'missed' : 'met', figure, missedBy };
}

/** `≤ 250 ms`; without the unit where no figure names one. */
export function targetText({ atLeast, atMost }: Target, unit?: Unit): string {
  const value = atLeast ?? atMost;
  if (value === undefined) return '–';
  const bound = `${atLeast === undefined ? '≤' : '≥'} ${value.toLocaleString('en-US')}`;
  return unit === undefined ? bound : `${bound} ${unit}`;
}
