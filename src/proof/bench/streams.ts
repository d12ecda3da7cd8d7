/**
 * The cost of readers, and the delay of what they are told. Thousands of Server-Sent Events and
 * Socket.IO connections watch one sale while purchases run on it at half of the peak rate. A server
 * without readers takes the same load in turn.
 */
import { UserError } from '../../store/user-error.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import type { LoadResult } from '../load/spec.ts';
import { residentBytes } from '../processes/process-stats.ts';
import { closeAndAudit, ordersSide } from './purchase.ts';
import { ReaderProcess } from '../readers/reader-process.ts';
import type { KindReport, ReadersReport } from '../readers/spec.ts';
import type { Figure, Report } from './report.ts';
import { single } from './report.ts';
import { cpuMicroseconds, interleave, limitsOf, runsOf } from './rounds.ts';
import type { Rounds } from './rounds.ts';
import { startWithDrops } from '../processes/servers.ts';
import type { DropsServer, HoldfastServer } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { createDrop, saleCounts } from './shop.ts';
import type { Side } from './sides.ts';
import { estimate, median, ratios } from './statistics.ts';

/**
 * The readers whose delays are measured. They have a process of their own, which gets CPU time like
 * any other.
 */
const witnesses = { readers: 200, sockets: 50 };
const peakRounds = 3;
const connections = 256;
/** Time for the server to settle before its own needs are measured. */
const settleMs = 1500;

interface Shop extends DropsServer<HoldfastServer> {
  readonly sale: string;
}

export async function streams(settings: BenchSettings): Promise<Report> {
  if (settings.url !== null) throw new UserError('bench streams starts its own servers: leave out --url');
  const { warmupMs, measureMs, progress, rounds } = settings;
  const alone = await openShop();
  const watched = await openShop();
  const generator = new LoadGenerator();
  const crowd = new ReaderProcess('idle');
  const witness = new ReaderProcess('usual');
  const sold = { alone: 0, watched: 0 };
  let measured: Measured;
  try {
    const sides = [
      ordersSide('alone', alone.server, alone.sale),
      ordersSide('watched', watched.server, watched.sale),
    ] as const;
    const memory = await openReaders(watched, crowd, witness, settings);
    const closed = { connections, warmupMs, measureMs, pacing: { kind: 'closed' } } as const;
    const peaks = await interleave(generator, sides, closed, Math.min(peakRounds, rounds), progress);
    const perSecond = Math.round(median(runsOf(peaks, 'alone').map((run) => run.perSecond)) / 2);
    const reports: Reports[] = [];
    const reported: Side = {
      name: 'watched',
      run: async (by, shape) => {
        await Promise.all([crowd.begin(), witness.begin()]);
        const result = await sides[1].run(by, shape);
        const [all, some] = await Promise.all([crowd.report(), witness.report()]);
        reports.push({ crowd: all, witness: some });
        return result;
      },
    };
    const open = { ...closed, pacing: { kind: 'open', perSecond } } as const;
    const both = await interleave(generator, [sides[0], reported], open, rounds, progress);
    measured = { perSecond, memory, reports, rounds: both };
    sold.alone = (await saleCounts(alone.server, alone.sale)).sold;
    sold.watched = (await saleCounts(watched.server, watched.sale)).sold;
  } finally {
    await generator.close();
    await crowd.close();
    await witness.close();
  }
  const complaints = [
    ...lostReaders(measured.reports),
    ...(await closeAndAudit(alone.server, sold.alone)),
    ...(await closeAndAudit(watched.server, sold.watched)),
  ];
  return { bench: 'streams', figures: figuresOf(measured), notes: notesOf(measured, settings), complaints };
}

interface Reports {
  readonly crowd: ReadersReport;
  readonly witness: ReadersReport;
}

interface Measured {
  readonly perSecond: number;
  /** Server memory for each reader, bytes. */
  readonly memory: { readonly sse: number; readonly sockets: number };
  readonly reports: readonly Reports[];
  readonly rounds: Rounds;
}

/** A server with a drop on sale, which both dialects and both kinds of stream show. */
async function openShop(): Promise<Shop> {
  const { server, drops } = await startWithDrops();
  const { sale } = await createDrop(server, drops);
  return { server, drops, sale };
}

async function openReaders(
  { server, drops, sale }: Shop,
  crowd: ReaderProcess,
  witness: ReaderProcess,
  { readers, sockets, progress }: BenchSettings,
): Promise<Measured['memory']> {
  const resident = async (): Promise<number> => {
    await Bun.sleep(settleMs);
    return Math.max(...server.pids.map(residentBytes));
  };
  const streamPath = `/v1/stream?sales=${sale}`;
  const socketPath = '/socket.io/?EIO=4&transport=websocket';
  await witness.open('sse', server.url, streamPath, Math.min(readers, witnesses.readers));
  await witness.open('socket.io', drops.url, socketPath, Math.min(sockets, witnesses.sockets));
  const moreReaders = Math.max(0, readers - witnesses.readers);
  const moreSockets = Math.max(0, sockets - witnesses.sockets);
  const before = await resident();
  progress(`opening ${readers} streams`);
  await crowd.open('sse', server.url, streamPath, moreReaders);
  const withStreams = await resident();
  progress(`opening ${sockets} Socket.IO connections`);
  await crowd.open('socket.io', drops.url, socketPath, moreSockets);
  const withSockets = await resident();
  return {
    sse: (withStreams - before) / Math.max(1, moreReaders),
    sockets: (withSockets - withStreams) / Math.max(1, moreSockets),
  };
}

function figuresOf({ perSecond, memory, reports, rounds }: Measured): Figure[] {
  const alone = runsOf(rounds, 'alone');
  const watched = runsOf(rounds, 'watched');
  const losses = ratios(watched.map(rateOf), alone.map(rateOf)).map((ratio) => 100 * (1 - ratio));
  const figures: Figure[] = [
    {
      id: 'streams/loss',
      what: 'purchases lost to readers, at half of the peak',
      unit: '%',
      estimate: estimate(losses),
    },
    { id: 'streams/offered', what: 'purchases offered', unit: '/s', estimate: single(perSecond) },
    { id: 'streams/memory/sse', what: 'server memory, a stream', unit: 'bytes', estimate: single(memory.sse) },
    {
      id: 'streams/memory/socket',
      what: 'server memory, a Socket.IO client',
      unit: 'bytes',
      estimate: single(memory.sockets),
    },
  ];
  for (const [side, what, runs] of [
    ['alone', 'without readers', alone],
    ['watched', 'with readers', watched],
  ] as const) {
    const cpu = runs.map(cpuMicroseconds);
    figures.push(
      { id: `streams/${side}/rate`, what: `purchases ${what}`, unit: '/s', estimate: estimate(runs.map(rateOf)) },
      {
        id: `streams/${side}/p50`,
        what: `purchase ${what}, p50`,
        unit: 'ms',
        estimate: estimate(runs.map((run) => run.latency!.p50)),
      },
      {
        id: `streams/${side}/p99`,
        what: `purchase ${what}, p99`,
        unit: 'ms',
        estimate: estimate(runs.map((run) => run.latency!.p99)),
      },
      { id: `streams/${side}/cpu`, what: `a purchase ${what}`, unit: 'µs CPU', estimate: estimate(cpu) },
    );
  }
  return [
    ...figures,
    ...delayFigures(
      'sse',
      'stream',
      reports.map(({ witness }) => witness.sse),
    ),
    ...delayFigures(
      'socket',
      'Socket.IO',
      reports.map(({ witness }) => witness.sockets),
    ),
  ];
}

function delayFigures(id: string, what: string, reports: readonly KindReport[]): Figure[] {
  const delays = reports.flatMap(({ delay }) => (delay === null ? [] : [delay]));
  if (delays.length === 0) return [];
  return (['p50', 'p99', 'max'] as const).map((name) => ({
    id: `streams/delay/${id}/${name}`,
    what: `change to delivery, ${what}, ${name}`,
    unit: 'ms',
    estimate: estimate(delays.map((delay) => delay[name])),
  }));
}

function notesOf({ perSecond, reports, rounds }: Measured, { readers, sockets }: BenchSettings): string[] {
  const cores = (name: 'alone' | 'watched'): string =>
    median(runsOf(rounds, name).map((run) => run.serverCpu)).toFixed(2);
  return [
    `${readers} streams and ${sockets} Socket.IO connections, all watching the sale that is sold; constant ${perSecond} purchases a second, half of ` +
      `the peak of this run, over ${connections} connections; a server without readers in turn`,
    `the readers are a process at the lowest priority, which took ${median(reports.map(({ crowd }) => crowd.cpu)).toFixed(2)} of a core; delays are ` +
      `measured by ${witnesses.readers} and ${witnesses.sockets} more in a process like any other, for every purchase, told or conflated away`,
    `the server used ${cores('watched')} of a core, without readers ${cores('alone')}`,
    "memory is the growth of the server's resident memory when they connect; the system's own buffers are not in it",
    ...limitsOf(rounds),
  ];
}

function lostReaders(reports: readonly Reports[]): string[] {
  const last = reports.at(-1);
  if (last === undefined) return [];
  const lost = [last.crowd, last.witness].reduce((sum, { sse, sockets }) => sum + sse.lost + sockets.lost, 0);
  return lost === 0 ? [] : [`${lost} readers lost their connection`];
}

function rateOf({ perSecond }: LoadResult): number {
  return perSecond;
}
