/** `holdfast bench NAME`: measures this build on this machine, and proves what it measured. */
import { bestAvailable } from '../proof/bench/best-available.ts';
import { endOnSignals } from '../proof/processes/children.ts';
import { engine } from '../proof/bench/engine.ts';
import { expiry } from '../proof/bench/expiry.ts';
import { follow } from '../proof/bench/follow.ts';
import { holdConfirm } from '../proof/bench/hold-confirm.ts';
import { latency } from '../proof/bench/latency.ts';
import { logStream } from '../proof/bench/log-stream.ts';
import { memory } from '../proof/bench/memory.ts';
import { NotProvenError } from '../proof/audit/claim.ts';
import { purchase } from '../proof/bench/purchase.ts';
import { recovery } from '../proof/bench/recovery.ts';
import { refusals } from '../proof/bench/refusals.ts';
import type { Report } from '../proof/bench/report.ts';
import { reportText } from '../proof/bench/report.ts';
import { rush } from '../proof/bench/rush.ts';
import { seatMap } from '../proof/bench/seat-map.ts';
import type { BenchSettings } from '../proof/bench/settings.ts';
import { readArguments } from '../proof/bench/settings.ts';
import { start } from '../proof/bench/start.ts';
import { streams } from '../proof/bench/streams.ts';
import type { CliCommand } from './command.ts';
import { UserError } from '../store/user-error.ts';

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
  expiry,
  streams,
  follow,
};

export const bench: CliCommand = {
  summary: 'Measure this build on this machine',
  usage: `holdfast bench NAME [flags]

  rush           1,000 buyers at once at a running server's ticket event; exit code 1 when its count disagrees
  purchase       durable purchases by both dialects, as a ratio to the bare server
  refusals       a sold-out storm, as a ratio to the bare server
  hold-confirm   holds, then their confirmations, by /v1 and the drops dialect, as a ratio to the bare server
  best-available holds of the best two seats in a hall of 100,000, half sold, as a ratio to the bare server
  seat-map       the map of 10,000 seats, whole and compact
  latency        of a durable purchase at half of the peak rate, from the time it was due
  engine         the engine alone, in this process
  log-stream     batches into a durable log file, in this process
  recovery       replaying a log, and being ready after kill -9
  start          ready on an empty folder
  memory         bytes a key and a hold, and resident memory after a rush
  expiry         100,000 holds that end in one second, while others buy
  streams        10,000 streams and 2,000 Socket.IO clients, while others buy
  follow         the SQL views catching up with a log, and what following costs the sale

  --json                  one JSON object on stdout
  --url URL               a server that runs already (rush: http://127.0.0.1:3000); else one is started on an empty folder
  --drops-port 4000       hold-confirm: where the server at --url has its drops dialect
  --rounds 9              interleaved rounds; figures are medians with their 95 % interval
  --seconds 2             measured part of a run
  --connections 64,256    numbers of connections
  --records 2000000       recovery, follow: records in the log
  --users 1000            rush: requests at once
  --holds 100000          expiry: holds that end in one second
  --readers 10000         streams: readers of Server-Sent Events
  --sockets 2000          streams: Socket.IO clients
  --postgres URL          follow: a PostgreSQL server to follow into as well
  --compare               rush: a server of our own against the bare one, in rounds`,
  run: runBench,
};

async function runBench(args: readonly string[]): Promise<number> {
  const { names, json, settings } = readArguments(args);
  const [name = ''] = names;
  const benchmark = benchmarks[name];
  if (benchmark === undefined || names.length > 1) {
    throw new UserError(`name one benchmark: ${Object.keys(benchmarks).join(', ')}`);
  }
  endOnSignals();
  const report = await execute(name, benchmark, { ...settings, progress: showProgress });
  console.log(json ? JSON.stringify(report) : reportText(report));
  return report.complaints.length === 0 ? 0 : 1;
}

/** Runs one benchmark; what it could not prove is a complaint, anything else is thrown. */
export async function execute(name: string, benchmark: Benchmark, settings: BenchSettings): Promise<Report> {
  try {
    return await benchmark(settings);
  } catch (error) {
    if (!(error instanceof NotProvenError)) throw error;
    return { bench: name, figures: [], notes: [], complaints: [error.message] };
  }
}

/** On stderr, so that stdout is the result alone; on a terminal each sentence takes the place of the last. */
export function showProgress(sentence: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${sentence}`);
  else process.stderr.write(`${sentence}\n`);
}
