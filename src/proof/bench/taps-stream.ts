/**
 * Taps over one WebSocket, several batches in flight, each durable before its answer: the size of a
 * batch against throughput and latency. The gates are a process of their own.
 */
import { auditCards } from '../audit/card-audit.ts';
import { NotProvenError } from '../audit/claim.ts';
import { removeFolder, temporaryFolder } from '../processes/children.ts';
import { OthersWatch } from '../processes/process-stats.ts';
import { HoldfastServer } from '../processes/servers.ts';
import { buildCity, stationCount } from '../taps/city.ts';
import { dayMs } from '../taps/day-curve.ts';
import { TapSenderProcess } from '../taps/sender-process.ts';
import type { TapProgress } from '../taps/spec.ts';
import { streamOf, totalsOf } from './day-life.ts';
import type { Report } from './report.ts';
import { othersNote } from './rounds.ts';
import type { BenchSettings } from './settings.ts';
import { median } from './statistics.ts';
import { batchTable, figuresOf, tapBatches } from './taps.ts';

const cards = 200_000;
const gates = 1000;
/** More than any run comes to. */
const taps = 4_000_000;
/** Taps on their way at most, in at most so many batches. */
const [tapsInFlight, batchesInFlight] = [65_536, 64];
/** A new server has code to compile. */
const minWarmupMs = 1000;
const generatorLimit = 0.95;

export async function tapsStream(settings: BenchSettings): Promise<Report> {
  const sender = new TapSenderProcess();
  const runs = new Map<number, TapProgress[]>(tapBatches.map((size) => [size, []]));
  const others = new OthersWatch();
  try {
    for (let round = 1; round <= settings.rounds; round += 1) {
      for (const [size, of] of runs) {
        settings.progress(`batches of ${size}, round ${round}/${settings.rounds}`);
        of.push(await run(sender, size, round, settings));
      }
    }
  } finally {
    await sender.close();
  }
  const cpu = median([...runs.values()].flat().map((each) => each.cpu));
  return {
    bench: 'taps-stream',
    figures: [...runs].flatMap(([size, of]) => figuresOf('taps-stream', 'taps over a WebSocket', size, of)),
    lines: [
      'taps over one WebSocket, durable, in batches:',
      batchTable([...runs].map(([size, of]) => ({ size, runs: of }))),
    ],
    notes: [
      `${gates} gates and ${cards.toLocaleString('en-US')} cards, in binary; ${tapBatches.map((size) => `${inFlightOf(size)} batches of ${size}`).join(', ')} in flight; a new store for each run`,
      'each answer is compared with what was sent; after each run the store has counted every tap once, and its balances are explained; in the last round so says its log',
      ...(cpu < generatorLimit ? [] : [`the gates used ${cpu.toFixed(2)} of a core: they limit these figures`]),
      ...othersNote(others.cores() - 2),
    ],
    complaints: [],
  };
}

function inFlightOf(batch: number): number {
  return Math.min(batchesInFlight, Math.max(1, Math.floor(tapsInFlight / batch)));
}

async function run(
  sender: TapSenderProcess,
  batchSize: number,
  seed: number,
  settings: BenchSettings,
): Promise<TapProgress> {
  const folder = temporaryFolder();
  const fromMs = Math.floor(Date.now() / dayMs) * dayMs - dayMs;
  try {
    await buildCity(folder, gates, cards);
    await sender.run({
      kind: 'begin',
      traffic: { cards, gates, stations: stationCount, taps, oddShare: 0, fromMs, seed },
      gates: { gates, batchSize, resentOf: 0, offlineOf: 0, seed },
      inFlight: inFlightOf(batchSize),
    });
    const server = await HoldfastServer.start({ folder });
    try {
      const { operatorKey } = server;
      const warmupMs = Math.max(minWarmupMs, settings.warmupMs);
      const measured = { kind: 'measure', warmupMs, measureMs: settings.measureMs } as const;
      const told = await sender.run({ ...measured, url: streamOf(server), operatorKey });
      await prove(server, told);
      return told;
    } finally {
      await server.stop();
      if (seed === settings.rounds) await proveLog(folder);
    }
  } finally {
    removeFolder(folder);
  }
}

/** @throws NotProvenError unless the store has counted what was answered, each once */
async function prove(server: HoldfastServer, { answered, counts, problems }: TapProgress): Promise<void> {
  const { taps: counted, open, denied, explained } = await totalsOf(server);
  const flaws = [...problems];
  if (counted !== answered || open !== counts.open || denied !== counts.denied)
    flaws.push(`${answered} taps were answered, and the store counts ${counted}: ${open} open and ${denied} denied`);
  if (!explained) flaws.push('the store cannot explain its balances');
  if (flaws.length > 0) throw new NotProvenError(flaws.join('; '));
}

/** @throws NotProvenError with what the log contradicts itself in */
async function proveLog(folder: string): Promise<void> {
  const { problems } = await auditCards(folder);
  if (problems.length > 0) throw new NotProvenError(problems.join('; '));
}
