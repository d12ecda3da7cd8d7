/**
 * Many holds end within one second while others buy. Measures how long after each hold's deadline
 * its stock is back and a reader of the stream knows, and what buyers notice, compared with a quiet
 * run. Deadlines are read from the log, hold by hold.
 */
import { kinds } from '../../engine/command.ts';
import { termsOf } from '../../engine/commands/holds.ts';
import { UserError } from '../../store/user-error.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import type { LoadResult } from '../load/spec.ts';
import { NotProvenError } from '../audit/claim.ts';
import { replayLog } from '../audit/log-replay.ts';
import { closeAndAudit, oneUnit, ordersPath, ordersSide } from './purchase.ts';
import type { Figure, Report } from './report.ts';
import { interleave, limitsOf, runsOf } from './rounds.ts';
import type { Rounds } from './rounds.ts';
import { HoldfastServer } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { createSale, plenty, saleCounts } from './shop.ts';
import { send } from './sides.ts';
import type { Shape, Side } from './sides.ts';
import { StockWatch } from './stock-watch.ts';
import { estimate } from './statistics.ts';

/** Buyers beside: enough to notice every pause, and far from the limit. */
const perSecond = 2000;
const connections = 64;
/**
 * Holds are placed in goes of at most this many, each go with its own hold time. Hold times are
 * whole seconds.
 */
const holdsAGo = 10_000;
/** From the beginning of one go to the next, ms. A whole second makes the deadlines coincide. */
const goMs = 1000;
/** The load that watches the second begins this long before it, and ends as long after, ms. */
const marginMs = 1000;
const announcedWithinMs = 10_000;

export async function expiry(settings: BenchSettings): Promise<Report> {
  if (settings.url !== null) throw new UserError('bench expiry starts its own server: leave out --url');
  const { holds, rounds, progress } = settings;
  const server = await HoldfastServer.start();
  const generator = new LoadGenerator();
  const watches: StockWatch[] = [];
  let sold = 0;
  let both: Rounds;
  try {
    const sale = await createSale(server, plenty);
    const bought = ordersSide('quiet', server, sale);
    const shape = {
      connections,
      warmupMs: 0,
      measureMs: 3 * marginMs,
      pacing: { kind: 'open', perSecond },
    } as const;
    const expiring: Side = {
      name: 'expiring',
      run: async (by, as) => {
        const endsAtMs = await placeHolds(by, server, sale, holds, as);
        const watch = await StockWatch.open(server.url, sale);
        await Bun.sleep(Math.max(0, endsAtMs - marginMs - Date.now()));
        // The log proves at the end what was sold, since holds end while the answers arrive.
        const result = await send(by, server, { path: ordersPath(sale), body: oneUnit }, as);
        await watch.until((held) => held === 0, announcedWithinMs);
        watch.close();
        watches.push(watch);
        return result;
      },
    };
    both = await interleave(generator, [bought, expiring], shape, rounds, progress);
    sold = (await saleCounts(server, sale)).sold;
  } finally {
    await generator.close();
  }
  await server.stop();
  const deadlines = await readDeadlines(server.folder);
  const complaints = [...proveSold(both, sold), ...(await closeAndAudit(server, sold))];
  const lateness = watches.map((watch, round) =>
    watch.lateness(deadlines.subarray(round * holds, (round + 1) * holds)),
  );
  const spans = watches.map((_, round) => deadlines[(round + 1) * holds - 1]! - deadlines[round * holds]!);
  return {
    bench: 'expiry',
    figures: [...latenessFigures(lateness), ...buyerFigures(both)],
    notes: [
      `${holds.toLocaleString('en-US')} holds whose deadlines lie within ${Math.max(...spans)} ms, while ${perSecond} purchases a second are due; a run without ` +
        'expiring holds in turn',
      'from the deadline of each hold, as the log has it, to the first event of a stream that counts its stock as back',
      "a purchase's longest latency counts every pause of the server: each was due at its time, pause or not",
      ...limitsOf(both),
    ],
    complaints,
  };
}

/**
 * Places holds that all end within about a second. Resolves with the first deadline, ms since the
 * epoch.
 */
async function placeHolds(
  generator: LoadGenerator,
  server: HoldfastServer,
  sale: string,
  holds: number,
  shape: Shape,
): Promise<number> {
  const goes = Math.ceil(holds / holdsAGo);
  const endsAtMs = Date.now() + (2 * goes + 3) * goMs;
  let placed = 0;
  while (placed < holds) {
    const leftMs = endsAtMs - Date.now();
    const seconds = Math.floor(leftMs / goMs);
    if (seconds < 2) throw new NotProvenError(`only ${placed} of ${holds} holds could be placed in time`);
    await Bun.sleep(leftMs - seconds * goMs);
    const maxRequests = Math.min(holdsAGo, holds - placed);
    const request = { path: `/v1/sales/${sale}/holds`, body: JSON.stringify({ quantity: 1, seconds }) };
    const go = { ...shape, measureMs: 10_000, pacing: { kind: 'closed' }, maxRequests } as const;
    const { statuses } = await send(generator, server, request, go);
    if (statuses['201'] !== maxRequests) throw new NotProvenError(`holds were answered ${JSON.stringify(statuses)}`);
    placed += maxRequests;
  }
  return endsAtMs;
}

/** The deadline of every hold in the log, ms since the epoch, in the order in which they end. */
async function readDeadlines(folder: string): Promise<Float64Array> {
  const found: number[] = [];
  await replayLog(folder, (command, _, { nowMs }) => {
    if (command.kind === kinds.hold) found.push(nowMs + termsOf(command).holdMs);
  });
  return Float64Array.from(found).sort();
}

/** Every purchase was answered, and exactly the successful ones were sold. */
function proveSold(rounds: Rounds, sold: number): string[] {
  const complaints: string[] = [];
  let yeses = 0;
  for (const run of [...runsOf(rounds, 'quiet'), ...runsOf(rounds, 'expiring')]) {
    yeses += run.statuses['201'] ?? 0;
    if (run.unanswered > 0 || Object.keys(run.statuses).some((status) => status !== '201')) {
      complaints.push(`purchases were answered ${JSON.stringify(run.statuses)}, ${run.unanswered} not at all`);
    }
  }
  if (yeses !== sold) complaints.push(`${yeses} purchases were told yes, ${sold} units were sold`);
  return complaints;
}

function latenessFigures(rounds: readonly Float64Array[]): Figure[] {
  return (
    [
      ['p50', 0.5],
      ['p99', 0.99],
      ['max', 1],
    ] as const
  ).map(([name, share]) => ({
    id: `expiry/announced/${name}`,
    what: `deadline to back and announced, ${name}`,
    unit: 'ms',
    estimate: estimate(rounds.map((ms) => ms[Math.ceil(share * ms.length) - 1]!)),
  }));
}

function buyerFigures(rounds: Rounds): Figure[] {
  const figures: Figure[] = [];
  for (const [side, what] of [
    ['expiring', 'purchase meanwhile'],
    ['quiet', 'purchase while none expire'],
  ] as const) {
    const runs: readonly LoadResult[] = runsOf(rounds, side);
    for (const name of ['p50', 'p99', 'max'] as const) {
      figures.push({
        id: `expiry/${side}/${name}`,
        what: `${what}, ${name}`,
        unit: 'ms',
        estimate: estimate(runs.map(({ latency }) => latency![name])),
      });
    }
  }
  return figures;
}
