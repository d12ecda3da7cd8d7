/**
 * Interleaved rounds: every side runs once a round, in the same order, on servers that stay up. The
 * warm-up of each run is not counted.
 */
import type { LoadGenerator } from '../load/load-generator.ts';
import type { LoadResult } from '../load/spec.ts';
import type { Figure } from './report.ts';
import type { BenchSettings } from './settings.ts';
import type { Shape, Side } from './sides.ts';
import { estimate, median, ratios } from './statistics.ts';

/** What each side's runs gave, round by round. */
export type Rounds = ReadonlyMap<string, readonly LoadResult[]>;

export async function interleave(
  generator: LoadGenerator,
  sides: readonly Side[],
  shape: Shape,
  rounds: number,
  progress: (sentence: string) => void,
): Promise<Rounds> {
  const results = new Map<string, LoadResult[]>(sides.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const side of sides) {
      progress(`${shape.connections} connections, round ${round}/${rounds}: ${side.name}`);
      results.get(side.name)!.push(await side.run(generator, shape));
    }
  }
  return results;
}

/** One kind of request, sent to a server of ours and to the bare one. */
export interface Pair {
  /** Prefix of the figures' ids. */
  readonly id: string;
  /** Prefix of the figures in words. */
  readonly what: string;
  readonly ours: Side;
  readonly bare: Side;
}

export interface Comparison {
  readonly figures: readonly Figure[];
  /** What limits the figures, each sentence once. */
  readonly notes: readonly string[];
  /** By the number of connections. */
  readonly rounds: ReadonlyMap<number, Rounds>;
}

/** Closed loops at each number of connections: all pairs in every round, then the `others`. */
export async function compare(
  generator: LoadGenerator,
  pairs: readonly Pair[],
  settings: BenchSettings,
  others: readonly Side[] = [],
): Promise<Comparison> {
  const { warmupMs, measureMs, progress } = settings;
  // Several pairs may share a bare side, which runs once a round.
  const named = new Map(
    [...pairs.flatMap(({ ours, bare }) => [ours, bare]), ...others].map((side) => [side.name, side]),
  );
  const sides = [...named.values()];
  const figures: Figure[] = [];
  const byConnections = new Map<number, Rounds>();
  for (const connections of settings.connections) {
    const shape = { connections, warmupMs, measureMs, pacing: { kind: 'closed' } } as const;
    const rounds = await interleave(generator, sides, shape, settings.rounds, progress);
    byConnections.set(connections, rounds);
    for (const pair of pairs) figures.push(...figuresOf(rounds, pair, connections));
  }
  const notes = [...new Set([...byConnections.values()].flatMap(limitsOf))];
  return { figures, notes, rounds: byConnections };
}

export function runsOf(rounds: Rounds, name: string): readonly LoadResult[] {
  const runs = rounds.get(name);
  if (runs === undefined) throw new Error(`no side is called ${name}`);
  return runs;
}

/** The ratio to the bare side, and the rate and CPU a request of both. */
function figuresOf(rounds: Rounds, pair: Pair, connections: number): Figure[] {
  const id = `${pair.id}/${connections}`;
  const what = `${pair.what}, ${connections} connections`;
  const ours = runsOf(rounds, pair.ours.name);
  const theirs = runsOf(rounds, pair.bare.name);
  const paired = ratios(ours.map(rateOf), theirs.map(rateOf));
  return [
    { id: `${id}/ratio`, what: `${what}, to bare`, unit: '× bare', estimate: estimate(paired) },
    ...loadFigures(ours, id, what),
    ...loadFigures(theirs, `${id}/bare`, `${what}, bare`),
  ];
}

function loadFigures(runs: readonly LoadResult[], id: string, what: string): Figure[] {
  const rate: Figure = { id: `${id}/rate`, what, unit: '/s', estimate: estimate(runs.map(rateOf)) };
  const cpu = runs.map(cpuMicroseconds);
  if (cpu.every((each) => each === 0)) return [rate];
  return [rate, { id: `${id}/cpu`, what: `${what}, a request`, unit: 'µs CPU', estimate: estimate(cpu) }];
}

function rateOf({ perSecond }: LoadResult): number {
  return perSecond;
}

/** Server CPU a request; 0 where we cannot see the server's processes. */
export function cpuMicroseconds({ serverCpu, perSecond }: LoadResult): number {
  return (serverCpu / perSecond) * 1e6;
}

/** A note is made when processes other than server and generator take more of a core than this. */
const quietCores = 0.15;
/** From this share of one core on, the generator may limit a figure. */
const generatorLimit = 0.95;
/** From this lateness of sending on, the load process affects the latencies. */
const lateSendMs = 0.5;

/** What limits these figures, in sentences: the load process, or other work on the machine. */
export function limitsOf(rounds: Rounds): string[] {
  const notes = [...rounds].flatMap(([name, runs]) => generatorNotes(name, runs));
  const others = [...rounds.values()].flat().map((run) => run.othersCpu);
  return others.length === 0 ? notes : [...notes, ...othersNote(median(others))];
}

/**
 * How the load process affects a side's figures. In a closed loop it limits them when it uses up
 * its core. In an open loop it always uses up its core, so the lateness of sending tells.
 */
function generatorNotes(name: string, runs: readonly LoadResult[]): string[] {
  const latenessMs = runs.flatMap(({ latency }) => (latency === null ? [] : [latency.lateSendP99]));
  if (latenessMs.length > 0) {
    const late = median(latenessMs);
    const limits = late > lateSendMs ? ': the load process, or the machine, limits these figures' : '';
    return [
      `${name}: the load process sent 99 % of the requests within ${late.toFixed(3)} ms of when they were due${limits}`,
    ];
  }
  const generator = median(runs.map((run) => run.generatorCpu));
  const server = median(runs.map((run) => run.serverCpu));
  if (generator < generatorLimit || server >= generator) return [];
  return [
    `${name}: the load process used ${generator.toFixed(2)} of a core, the server ${server.toFixed(2)}: the generator limits this figure`,
  ];
}

/** A note when other processes took much of the machine. */
export function othersNote(cores: number): string[] {
  return cores > quietCores ? [`other processes took ${cores.toFixed(2)} cores: the machine was not quiet`] : [];
}
