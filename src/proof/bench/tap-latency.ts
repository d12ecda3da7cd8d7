/**
 * The latency of a single tap over HTTP at a constant rate, from when it was due, beside the bare
 * server's at the same rate. Each connection is a gate, with one rider who goes in and out.
 */
import { NotProvenError } from '../audit/claim.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import type { LoadResult } from '../load/spec.ts';
import { removeFolder, temporaryFolder } from '../processes/children.ts';
import { HoldfastServer, startBare } from '../processes/servers.ts';
import { call } from '../load/http-client.ts';
import { parseObject } from '../load/json.ts';
import { buildCity } from '../taps/city.ts';
import { totalsOf } from './day-life.ts';
import type { Figure, Report } from './report.ts';
import { interleave, limitsOf, runsOf } from './rounds.ts';
import type { BenchSettings } from './settings.ts';
import type { Side } from './sides.ts';
import { plainSide, send } from './sides.ts';
import { estimate, ratios } from './statistics.ts';

const perSecond = 20_000;
/** A connection a gate, and a gate for the question that the bare server learns its answer from. */
const connections = 128;
const path = '/v1/taps';

const beganMs = Date.now() - 6 * 3_600_000;

/**
 * A tap of the connection's gate in one run of its counter. The runs are minutes apart: a rider who
 * went in at the end of one goes in again, and that is no passback.
 */
function bodyOf(epoch: number): string {
  const at = new Date(beganMs + epoch * 60_000).toISOString();
  return `{"gate":"gate-{lane}","epoch":${epoch},"sequence":{count},"card":"rider-{lane}","direction":{way},"at":"${at}"}`;
}

export async function tapLatency(settings: BenchSettings): Promise<Report> {
  const folder = temporaryFolder();
  await buildCity(folder, connections + 1, 0);
  const ours = await HoldfastServer.start({ folder });
  const generator = new LoadGenerator();
  try {
    for (let rider = 1; rider <= connections + 1; rider += 1) {
      await call(ours, {
        method: 'POST',
        path: '/v1/cards',
        body: JSON.stringify({ id: `rider-${rider}`, balance: { amount: 20_000_000, currency: 'USD' } }),
        key: `rider-${rider}`,
        byOperator: true,
      });
    }
    const asked = bodyOf(1)
      .replaceAll('{lane}', String(connections + 1))
      .replace('{count}', '1')
      .replace('{way}', '"in"');
    const { status, body } = await call(ours, { method: 'POST', path, body: asked, byOperator: true });
    if (status !== 200) throw new NotProvenError(`a tap was answered with ${status}: ${body.slice(0, 200)}`);
    const bare = await startBare([{ path, status: 200, answer: parseObject(body) }]);
    const { warmupMs, measureMs, rounds: count, progress } = settings;
    const open = { connections, warmupMs, measureMs, pacing: { kind: 'open', perSecond } } as const;
    const sides = [tapSide(ours), plainSide('bare', bare, { path, body: bodyOf(1) }, 200)];
    const rounds = await interleave(generator, sides, open, count, progress);
    await bare.close();
    return {
      bench: 'tap-latency',
      figures: figuresOf(runsOf(rounds, 'tap'), runsOf(rounds, 'bare')),
      notes: [
        `constant ${perSecond} taps a second, one a request, as JSON, over ${connections} connections, each a gate; latency from when each was due`,
        'every tap was counted once and opened; entries and exits in turn',
        ...limitsOf(rounds),
      ],
      complaints: [],
    };
  } finally {
    await generator.close();
    await ours.stop();
    removeFolder(folder);
  }
}

/** Each run is a new epoch of all gates, and proved by the store's own count. */
function tapSide(server: HoldfastServer): Side {
  let epoch = 1;
  return {
    name: 'tap',
    run: async (generator, shape) => {
      epoch += 1;
      const before = await totalsOf(server);
      const result = await send(generator, server, { path, body: bodyOf(epoch) }, shape);
      const after = await totalsOf(server);
      const answered = result.statuses[200] ?? 0;
      const opened = after.open - before.open;
      const all = Object.values(result.statuses).reduce((sum, each) => sum + each, 0);
      if (result.unanswered > 0 || answered !== all || opened !== answered || !after.explained) {
        throw new NotProvenError(
          `${answered} of ${all} taps were answered, ${result.unanswered} not at all, and the store opened ${opened} times`,
        );
      }
      return result;
    },
  };
}

function figuresOf(ours: readonly LoadResult[], bare: readonly LoadResult[]): Figure[] {
  const figures: Figure[] = [];
  for (const [id, what, runs] of [
    ['tap', 'a durable tap', ours],
    ['bare', 'bare server', bare],
  ] as const) {
    for (const percentile of ['p50', 'p99'] as const) {
      const values = runs.map(({ latency }) => latency![percentile]);
      figures.push({
        id: `tap-latency/${id}/${percentile}`,
        what: `${what}, ${percentile}`,
        unit: 'ms',
        estimate: estimate(values),
      });
    }
  }
  const p99 = (runs: readonly LoadResult[]): number[] => runs.map(({ latency }) => latency!.p99);
  const paired = ratios(p99(ours), p99(bare));
  figures.push({ id: 'tap-latency/ratio', what: 'p99, to bare', unit: '× bare', estimate: estimate(paired) });
  return figures;
}
