/** Interleaved rounds: every side once a round, in the same order, on servers that stay up; the warm-up of each run is not counted. */
import type { Generator } from './load/generator.ts';
import type { LoadResult } from './load/spec.ts';
import type { Figure } from './report.ts';
import type { Shape, Side } from './sides.ts';
import { estimate, median, ratios } from './statistics.ts';

/** What each side's runs gave, round by round. */
export type Rounds = ReadonlyMap<string, readonly LoadResult[]>;

export async function interleave(
  generator: Generator,
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

export function runsOf(rounds: Rounds, name: string): readonly LoadResult[] {
  const runs = rounds.get(name);
  if (runs === undefined) throw new Error(`no side is called ${name}`);
  return runs;
}

/** Ratio to the bare side, and rate and CPU a request of both. `id` and `what` begin the figures' own. */
export function figuresOf(rounds: Rounds, id: string, what: string, side: string, bare: string): Figure[] {
  const ours = runsOf(rounds, side);
  const theirs = runsOf(rounds, bare);
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

/** Server CPU a request; 0 where the server's processes are not ours to see. */
export function cpuMicroseconds({ serverCpu, perSecond }: LoadResult): number {
  return (serverCpu / perSecond) * 1e6;
}

/** How much of a core others than server and generator may take before a note says so. */
const quietCores = 0.15;
/** From this share of one core on, the generator may be what limits a figure. */
const generatorLimit = 0.95;

/** What limits these figures, in sentences: the load process, or somebody else on the machine. */
export function limitsOf(rounds: Rounds): string[] {
  const notes: string[] = [];
  for (const [name, runs] of rounds) {
    const generator = median(runs.map((run) => run.generatorCpu));
    const server = median(runs.map((run) => run.serverCpu));
    if (generator >= generatorLimit && server < generator) {
      notes.push(
        `${name}: the load process used ${generator.toFixed(2)} of a core, the server ${server.toFixed(2)}: the generator limits this figure`,
      );
    }
  }
  const others = [...rounds.values()].flat().map((run) => run.othersCpu);
  return others.length === 0 ? notes : [...notes, ...othersNote(median(others))];
}

/** Says so when others took much of the machine. */
export function othersNote(cores: number): string[] {
  return cores > quietCores ? [`other processes took ${cores.toFixed(2)} cores: the machine was not quiet`] : [];
}
