/**
 * The latency of a durable purchase at half of the peak rate. Requests are due at a constant rate,
 * and latency runs from when each was due: a stall counts for every request that it delays.
 */
import { LoadGenerator } from '../load/load-generator.ts';
import type { Latency } from '../load/spec.ts';
import { closeAndAudit, oneUnit, ticketsPath, ticketsSide } from './purchase.ts';
import type { Figure, Report } from './report.ts';
import { interleave, limitsOf, runsOf } from './rounds.ts';
import { bareRouteLike, serverFor, startBare } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { createEvent, eventCounts, plenty } from './shop.ts';
import { plainSide } from './sides.ts';
import { estimate, median } from './statistics.ts';

const peakRounds = 3;
const peakConnections = 256;

const percentiles: readonly (readonly [keyof Latency, string])[] = [
  ['p50', 'p50'],
  ['p99', 'p99'],
  ['p999', 'p99.9'],
];

export async function latency(settings: BenchSettings): Promise<Report> {
  const ours = await serverFor(settings);
  const generator = new LoadGenerator();
  const figures: Figure[] = [];
  const notes: string[] = [];
  let sold = 0;
  try {
    await createEvent(ours, plenty);
    const bare = await startBare([
      await bareRouteLike(ours, { path: ticketsPath, pattern: ticketsPath, body: oneUnit }),
    ]);
    const side = ticketsSide('purchase', ours);
    const { warmupMs, measureMs, progress } = settings;
    const closed = { connections: peakConnections, warmupMs, measureMs, pacing: { kind: 'closed' } } as const;
    const peaks = await interleave(generator, [side], closed, Math.min(peakRounds, settings.rounds), progress);
    const perSecond = Math.round(median(runsOf(peaks, 'purchase').map((run) => run.perSecond)) / 2);
    const open = { ...closed, pacing: { kind: 'open', perSecond } } as const;
    const sides = [side, plainSide('bare', bare, { path: ticketsPath, body: oneUnit }, 200)];
    const rounds = await interleave(generator, sides, open, settings.rounds, progress);
    for (const [name, what] of [
      ['purchase', 'durable purchase'],
      ['bare', 'bare server'],
    ] as const) {
      const latencies = runsOf(rounds, name).map((run) => run.latency!);
      for (const [percentile, label] of percentiles) {
        const values = latencies.map((each) => each[percentile]);
        figures.push({
          id: `latency/${name}/${percentile}`,
          what: `${what}, ${label}`,
          unit: 'ms',
          estimate: estimate(values),
        });
      }
    }
    notes.push(
      `constant ${perSecond} requests a second, half of the peak of this run, over a pool of ${peakConnections} connections; ` +
        'latency from when each request was due',
      ...limitsOf(peaks),
      ...limitsOf(rounds),
    );
    await bare.close();
    sold = (await eventCounts(ours)).sold;
  } finally {
    await generator.close();
  }
  return { bench: 'latency', figures, notes, complaints: await closeAndAudit(ours, sold) };
}
