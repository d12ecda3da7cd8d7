/** Every benchmark by its name, and how one is run. */
import { NotProvenError } from '../audit/claim.ts';
import { bestAvailable } from './best-available.ts';
import { cards } from './cards.ts';
import { day } from './day.ts';
import { engine } from './engine.ts';
import { expiry } from './expiry.ts';
import { follow } from './follow.ts';
import { holdConfirm } from './hold-confirm.ts';
import { latency } from './latency.ts';
import { logStream } from './log-stream.ts';
import { memory } from './memory.ts';
import { purchase } from './purchase.ts';
import { recovery } from './recovery.ts';
import { refusals } from './refusals.ts';
import type { Report } from './report.ts';
import { rush } from './rush.ts';
import { seatMap } from './seat-map.ts';
import type { BenchSettings } from './settings.ts';
import { start } from './start.ts';
import { streams } from './streams.ts';
import { tapLatency } from './tap-latency.ts';
import { tapsStream } from './taps-stream.ts';
import { taps } from './taps.ts';

export type Benchmark = (settings: BenchSettings) => Promise<Report>;

export const benchmarks: Readonly<Record<string, Benchmark>> = {
  rush,
  purchase,
  refusals,
  'hold-confirm': holdConfirm,
  'best-available': bestAvailable,
  'seat-map': seatMap,
  latency,
  engine,
  'log-stream': logStream,
  recovery,
  start,
  memory,
  cards,
  expiry,
  streams,
  taps,
  'taps-stream': tapsStream,
  'tap-latency': tapLatency,
  day,
  follow,
};

/** Runs one benchmark. What it could not prove becomes a complaint; any other error is thrown. */
export async function execute(name: string, benchmark: Benchmark, settings: BenchSettings): Promise<Report> {
  try {
    return await benchmark(settings);
  } catch (error) {
    if (!(error instanceof NotProvenError)) throw error;
    return { bench: name, figures: [], notes: [], complaints: [error.message] };
  }
}

/**
 * Goes to stderr, which leaves stdout to the result. On a terminal each sentence replaces the last.
 */
export function showProgress(sentence: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${sentence}`);
  else process.stderr.write(`${sentence}\n`);
}
