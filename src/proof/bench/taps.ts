/**
 * Taps in this process: through the engine alone, and in batches into a durable log file, each
 * batch durable before the next one begins.
 */
import { Command } from '../../engine/command.ts';
import { Engine } from '../../engine/engine.ts';
import { RecordReader } from '../../engine/record.ts';
import { openFileLog } from '../../log/file/file-log.ts';
import { Replay } from '../../replica/replay.ts';
import { NotProvenError } from '../audit/claim.ts';
import { removeFolder, temporaryFolder, temporaryIsMemory } from '../processes/children.ts';
import { OthersWatch } from '../processes/process-stats.ts';
import { dayMs } from '../taps/day-curve.ts';
import type { CityPlan, Records } from '../taps/engine-taps.ts';
import { cityRecords, flawsOf, tapRecords } from '../taps/engine-taps.ts';
import type { Figure, Report } from './report.ts';
import { number, table } from './report.ts';
import { othersNote } from './rounds.ts';
import type { BenchSettings } from './settings.ts';
import { estimate, median } from './statistics.ts';

export const tapBatches: readonly number[] = [256, 1024, 8192];
/** Of the engine alone: as a node under load has them. */
const engineBatch = 8192;
const cards = 200_000;
const gates = 200;
const maxTaps = 1_000_000;

interface Run {
  readonly perSecond: number;
  /** Of a batch, from its append to its being applied, ms. */
  readonly p50: number;
  readonly p99: number;
}

export async function taps(settings: BenchSettings): Promise<Report> {
  const plan: CityPlan = { taps: Math.min(settings.taps, maxTaps), cards, gates, seed: settings.seed };
  // Yesterday, so that the taps are live.
  const fromMs = Math.floor(Date.now() / dayMs) * dayMs - dayMs;
  const city = cityRecords(plan);
  const batches = new Map(tapBatches.map((size) => [size, tapRecords(plan, size, fromMs)]));
  const alone: number[] = [];
  const runs = new Map<number, Run[]>(tapBatches.map((size) => [size, []]));
  // The first run compiles, and is not counted.
  runAlone(city, batches.get(engineBatch)!);
  const others = new OthersWatch();
  for (let round = 1; round <= settings.rounds; round += 1) {
    settings.progress(`the engine alone, round ${round}/${settings.rounds}`);
    alone.push(runAlone(city, batches.get(engineBatch)!));
    for (const [size, records] of batches) {
      settings.progress(`batches of ${size}, round ${round}/${settings.rounds}`);
      runs.get(size)!.push(await runDurably(city, records));
    }
  }
  const figures = [
    { id: 'taps/engine', what: 'taps through the engine alone', unit: '/s', estimate: estimate(alone) } as const,
    ...[...runs].flatMap(([size, of]) => figuresOf('taps', 'durable taps', size, of)),
  ];
  return {
    bench: 'taps',
    figures,
    lines: [
      `the engine alone: ${number(median(alone))} taps/s`,
      'into the log file, each batch durable before the next:',
      batchTable([...runs].map(([size, of]) => ({ size, runs: of }))),
    ],
    notes: [
      `${plan.taps.toLocaleString('en-US')} taps of ${cards.toLocaleString('en-US')} cards at ${gates} gates, entries and exits of one day, in each run; ` +
        'made and encoded beforehand; a new log and a new engine for each',
      'after each run every tap is counted once, and balances and fares add up to the opening balances',
      ...(temporaryIsMemory() ? ['the temporary folder lies in memory: making it durable cost nothing'] : []),
      ...othersNote(others.cores()),
    ],
    complaints: [],
  };
}

/** Rate and latencies at one size of batch. */
export function figuresOf(id: string, what: string, size: number, runs: readonly Run[]): Figure[] {
  const words = `${what}, batches of ${size.toLocaleString('en-US')}`;
  const of = (pick: (run: Run) => number): Figure['estimate'] => estimate(runs.map(pick));
  return [
    { id: `${id}/${size}/rate`, what: words, unit: '/s', estimate: of((run) => run.perSecond) },
    { id: `${id}/${size}/p50`, what: `${words}: p50 of a batch`, unit: 'ms', estimate: of((run) => run.p50) },
    { id: `${id}/${size}/p99`, what: `${words}: p99 of a batch`, unit: 'ms', estimate: of((run) => run.p99) },
  ];
}

export interface SizeRuns {
  readonly size: number;
  readonly runs: readonly Run[];
}

/** The size of a batch against throughput and latency, in medians. */
export function batchTable(sizes: readonly SizeRuns[]): string {
  const middle = (runs: readonly Run[], pick: (run: Run) => number): string => number(median(runs.map(pick)));
  return table(
    ['taps a batch', 'taps/s', 'p50 ms', 'p99 ms'],
    sizes.map(({ size, runs }) => [
      size.toLocaleString('en-US'),
      middle(runs, (run) => run.perSecond),
      middle(runs, (run) => run.p50),
      middle(runs, (run) => run.p99),
    ]),
  );
}

/** Taps a second. */
function runAlone(city: readonly Records[], batches: readonly Records[]): number {
  const engine = new Engine();
  const reader = new RecordReader();
  const command = new Command();
  const nowMs = Date.now();
  const apply = ({ bytes }: Records): void => {
    reader.reset(bytes);
    while (reader.next(command)) engine.apply(command, engine.position + 1, nowMs);
  };
  for (const records of city) apply(records);
  const beganMs = performance.now();
  for (const batch of batches) apply(batch);
  const tookMs = performance.now() - beganMs;
  return (proven(engine, batches) * 1000) / tookMs;
}

async function runDurably(city: readonly Records[], batches: readonly Records[]): Promise<Run> {
  const folder = temporaryFolder();
  try {
    const log = await openFileLog({ folder });
    const engine = new Engine();
    const replay = new Replay(engine);
    await log.subscribe(1, (batch) => replay.apply(batch));
    let firstNumber = 1;
    const append = async ({ count, bytes }: Records): Promise<void> => {
      const { position: checkPosition, hashLow: checkLow, hashHigh: checkHigh } = engine;
      const checks = { checkPosition, checkLow, checkHigh };
      await log.append({ count, timeMs: Date.now(), nodeId: 1, firstNumber, ...checks, records: bytes });
      firstNumber += count;
    };
    for (const records of city) await append(records);
    const latencies = new Float64Array(batches.length);
    const beganMs = performance.now();
    for (let at = 0; at < batches.length; at += 1) {
      const sentMs = performance.now();
      await append(batches[at]!);
      latencies[at] = performance.now() - sentMs;
    }
    const tookMs = performance.now() - beganMs;
    await log.close();
    latencies.sort();
    const at = (share: number): number => latencies[Math.ceil(share * latencies.length) - 1]!;
    return { perSecond: (proven(engine, batches) * 1000) / tookMs, p50: at(0.5), p99: at(0.99) };
  } finally {
    removeFolder(folder);
  }
}

/** How many taps there were. @throws NotProvenError */
function proven(engine: Engine, batches: readonly Records[]): number {
  const made = batches.reduce((sum, { taps: count }) => sum + count, 0);
  const flaws = flawsOf(engine, made);
  if (flaws.length > 0) throw new NotProvenError(flaws.join('; '));
  return made;
}
