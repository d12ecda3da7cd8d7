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

/** Rate, ratio to another side, and CPU a request of one side. `id` and `what` begin the figures' own. */
export function figuresOf(rounds: Rounds, id: string, what: string, side: string, bare: string): Figure[] {
  const runs = runsOf(rounds, side);
  const rates = runs.map(({ perSecond }) => perSecond);
  const bareRates = runsOf(rounds, bare).map(({ perSecond }) => perSecond);
  const figures: Figure[] = [
    { id: `${id}/ratio`, what: `${what}, to bare`, unit: '× bare', estimate: estimate(ratios(rates, bareRates)) },
    { id: `${id}/rate`, what, unit: '/s', estimate: estimate(rates) },
  ];
  const cpu = runs.map(cpuMicroseconds);
  if (cpu.some((each) => each > 0)) {
    figures.push({ id: `${id}/cpu`, what: `${what}, a request`, unit: 'µs CPU', estimate: estimate(cpu) });
  }
  return figures;
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
