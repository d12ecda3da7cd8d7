/** `holdfast bench NAME`: measures this build on this machine, and proves what it measured. */
import fs from 'node:fs';
import { benchmarks, execute, showProgress } from '../proof/bench/benchmarks.ts';
import { reportText } from '../proof/bench/report.ts';
import { pictureOf } from '../proof/bench/taps-picture.ts';
import type { BenchSettings } from '../proof/bench/settings.ts';
import { defaults } from '../proof/bench/settings.ts';
import { endOnSignals } from '../proof/processes/children.ts';
import { UserError } from '../store/user-error.ts';
import type { CliCommand } from './command.ts';
import { programFolder } from './command.ts';
import { parseFlags, wholeNumber } from './flags.ts';
import { environmentOf } from './settings.ts';

export const bench: CliCommand = {
  summary: 'Measure this build on this machine',
  usage: `holdfast bench NAME [flags]

  rush           1,000 buyers at once at a running server's ticket event; exit code 1 when its count disagrees
  purchase       durable purchases by both dialects, as a ratio to the bare server *
  refusals       a sold-out storm, as a ratio to the bare server *
  hold-confirm   holds, then their confirmations, by /v1 and the drops dialect, as a ratio to the bare server *
  best-available holds of the best two seats in a hall of 100,000, half sold, as a ratio to the bare server
  seat-map       the map of 10,000 seats, whole and compact *
  latency        of a durable purchase at half of the peak rate, from the time it was due
  engine         the engine alone, in this process
  log-stream     batches into a durable log file, in this process
  recovery       replaying a log, and being ready after kill -9
  start          ready on an empty folder
  memory         bytes a key and a hold, and resident memory after a rush
  cards          bytes a card, resting and travelling, and being ready with all of them after kill -9
  expiry         100,000 holds that end in one second, while others buy
  streams        10,000 streams and 2,000 Socket.IO clients, while others buy
  taps           taps through the engine alone, and in batches into a durable log file, in this process
  taps-stream    taps over one WebSocket, several batches in flight
  tap-latency    of a single tap over HTTP at 20,000 a second, from the time it was due
  day            a metropolis' day of taps, with offline gates, repeated taps and a server that is killed
  follow         the SQL views catching up with a log, and what following costs the sale

  * on the operator's road, where no key is set, and in the same rounds on the public one: an operator key is set, buyers have none

  --json                  one JSON object on stdout
  --url URL               a server that runs already (rush: http://127.0.0.1:3000); else one is started on an empty folder.
                          Its operator key, where it has one, is taken from HOLDFAST_OPERATOR_KEY; buyers go without
  --drops-port 4000       hold-confirm: where the server at --url has its drops dialect
  --rounds 9              interleaved rounds; figures are medians with their 95 % interval
  --seconds 2             measured part of a run
  --connections 64,256    numbers of connections
  --records 2000000       recovery, follow: records in the log
  --cards 10000000        cards: how many are issued; day: 2000000
  --users 1000            rush: requests at once
  --holds 100000          expiry: holds that end in one second
  --readers 10000         streams: readers of Server-Sent Events
  --sockets 2000          streams: Socket.IO clients
  --taps 24000000         day: taps; with --gates 1000, --kills 5, and --seed 1; taps: at most a million
  --views                 day: the SQL views catch up with it afterwards, into SQLite and --postgres
  --postgres URL          follow: a PostgreSQL server to follow into as well
  --picture FILE          taps, taps-stream: an SVG of the size of a batch against throughput and latency
  --compare               rush: a server of our own against the bare one, in rounds`,
  run: runBench,
};

async function runBench(args: readonly string[]): Promise<number> {
  const { names, json, picture, settings } = readBenchArguments(args);
  const [name = ''] = names;
  const benchmark = benchmarks[name];
  if (benchmark === undefined || names.length > 1) {
    throw new UserError(`name one benchmark: ${Object.keys(benchmarks).join(', ')}`);
  }
  endOnSignals();
  const report = await execute(name, benchmark, { ...settings, progress: showProgress });
  if (picture !== null) fs.writeFileSync(picture, pictureOf(report.figures, `holdfast bench ${name}`));
  console.log(json ? JSON.stringify(report) : reportText(report));
  return report.complaints.length === 0 ? 0 : 1;
}

export interface BenchArguments {
  readonly names: readonly string[];
  readonly json: boolean;
  /** File for the picture of taps; null for none. */
  readonly picture: string | null;
  readonly settings: BenchSettings;
}

const flags = {
  json: 'boolean',
  url: 'string',
  'drops-port': 'string',
  rounds: 'string',
  seconds: 'string',
  connections: 'string',
  records: 'string',
  cards: 'string',
  users: 'string',
  holds: 'string',
  readers: 'string',
  sockets: 'string',
  postgres: 'string',
  compare: 'boolean',
  picture: 'string',
  taps: 'string',
  gates: 'string',
  kills: 'string',
  views: 'boolean',
  seed: 'string',
} as const;

/** Reads the arguments behind `holdfast bench`. @throws UserError */
export function readBenchArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parseFlags(args, flags, { positionals: true });
  const whole = (name: keyof typeof flags, otherwise: number, min: number, max: number): number => {
    const text = values[name];
    return typeof text === 'string' ? wholeNumber(`--${name}`, text, min, max) : otherwise;
  };
  const connections = values.connections?.split(',').map((text) => wholeNumber('--connections', text, 1, 16_384));
  return {
    names: positionals,
    json: values.json ?? false,
    picture: values.picture ?? null,
    settings: {
      ...defaults,
      ...(values.url === undefined ? {} : serverAt(values.url)),
      dropsPort: whole('drops-port', defaults.dropsPort, 1, 65_535),
      rounds: whole('rounds', defaults.rounds, 1, 1000),
      measureMs: values.seconds === undefined ? defaults.measureMs : secondsOf(values.seconds) * 1000,
      connections: connections ?? defaults.connections,
      records: whole('records', defaults.records, 1000, 50_000_000),
      cards: values.cards === undefined ? defaults.cards : wholeNumber('--cards', values.cards, 100, 100_000_000),
      users: whole('users', defaults.users, 1, 10_000),
      holds: whole('holds', defaults.holds, 1000, 1_000_000),
      readers: whole('readers', defaults.readers, 1, 15_000),
      sockets: whole('sockets', defaults.sockets, 0, 4000),
      postgres: values.postgres ?? null,
      compare: values.compare ?? false,
      taps: whole('taps', defaults.taps, 1000, 100_000_000),
      gates: whole('gates', defaults.gates, 2, 10_000),
      views: values.views ?? false,
      kills: whole('kills', defaults.kills, 0, 100),
      seed: whole('seed', defaults.seed, 0, 2 ** 32 - 1),
    },
  };
}

/** A running server, and its operator key where the environment has one. */
function serverAt(text: string): Pick<BenchSettings, 'url' | 'operatorKey'> {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'http:') {
    throw new UserError(`--url is "${text}"; it may be an http:// address such as http://127.0.0.1:3000`);
  }
  return { url: url.origin, operatorKey: environmentOf(programFolder)['HOLDFAST_OPERATOR_KEY'] || null };
}

function secondsOf(text: string): number {
  const value = Number(text);
  if (!(value >= 0.1 && value <= 600)) throw new UserError(`--seconds is "${text}"; it may be from 0.1 to 600`);
  return value;
}
