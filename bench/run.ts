/**
 * `npm run bench`: every benchmark, beside the peers, against the targets. Prints the table and
 * writes RESULTS.md.
 *
 *     npm run bench [-- --quick] [-- --only NAME,NAME] [-- --print]
 *
 * `--quick` tries everything out in a few minutes; its figures are no measurement. RESULTS.md stays
 * as it is with `--quick`, `--only` and `--print`, and when the git tree has uncommitted changes.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseFlags } from '../src/cli/flags.ts';
import { benchmarks, execute, showProgress } from '../src/proof/bench/benchmarks.ts';
import type { Benchmark } from '../src/proof/bench/benchmarks.ts';
import { reasonOf } from '../src/reason.ts';
import { UserError } from '../src/store/user-error.ts';
import { endOnSignals, root } from '../src/proof/processes/children.ts';
import { comparePurchases } from '../src/proof/bench/purchase.ts';
import type { Figure, Report } from '../src/proof/bench/report.ts';
import { reportText } from '../src/proof/bench/report.ts';
import { runsOf } from '../src/proof/bench/rounds.ts';
import { pictureOf } from '../src/proof/bench/taps-picture.ts';
import { defaults } from '../src/proof/bench/settings.ts';
import type { BenchSettings } from '../src/proof/bench/settings.ts';
import { estimate, ratios } from '../src/proof/bench/statistics.ts';
import { uncommitted, whyNotWritten } from './clean-tree.ts';
import { machineFacts } from './machine.ts';
import { startPeers } from './peers.ts';
import type { NotRun, Peer } from './peers.ts';
import { startCluster } from './postgres.ts';
import { judgedTable, writeResults } from './results.ts';
import { judge, targets } from './targets.ts';

const folder = dirname(fileURLToPath(import.meta.url));

/** The settings of each benchmark; those of the purchases are in `purchasesBesidePeers`. */
const full: BenchSettings = { ...defaults, measureMs: 1500, compare: true, progress: showProgress };
const quick: BenchSettings = {
  ...full,
  rounds: 3,
  measureMs: 500,
  warmupMs: 200,
  records: 300_000,
  cards: 200_000,
  holds: 10_000,
  readers: 1000,
  sockets: 200,
};

interface Plan {
  readonly name: string;
  readonly settings: Partial<BenchSettings>;
}

/**
 * The whole must stay below half an hour. Six is the minimum of rounds for a 95 % interval. A round
 * of `expiry` takes half a minute, so it has three, and its interval is their whole range.
 */
const plans: readonly Plan[] = [
  { name: 'start', settings: {} },
  { name: 'memory', settings: {} },
  { name: 'cards', settings: { rounds: 3 } },
  { name: 'engine', settings: {} },
  { name: 'log-stream', settings: {} },
  { name: 'taps', settings: { taps: 1_000_000 } },
  { name: 'taps-stream', settings: { rounds: 6 } },
  { name: 'rush', settings: {} },
  { name: 'tap-latency', settings: { measureMs: 5000 } },
  { name: 'latency', settings: { measureMs: 5000 } },
  { name: 'refusals', settings: { measureMs: 1000 } },
  { name: 'hold-confirm', settings: { measureMs: 1000 } },
  { name: 'best-available', settings: { measureMs: 1000 } },
  { name: 'seat-map', settings: {} },
  { name: 'streams', settings: { rounds: 6 } },
  { name: 'expiry', settings: { rounds: 3 } },
  { name: 'recovery', settings: { records: 10_000_000 } },
  { name: 'follow', settings: { records: 5_000_000, rounds: 6 } },
];

async function main(): Promise<number> {
  const { values } = parseFlags(process.argv.slice(2), { quick: 'boolean', only: 'string', print: 'boolean' });
  const isQuick = values.quick ?? false;
  const base = isQuick ? quick : full;
  const only = values.only?.split(',');
  const writes = !isQuick && only === undefined && values.print !== true;
  // Checked before the measurement and again after it: the sources may have changed meanwhile.
  if (writes && !mayWrite()) return 1;
  const wanted = (name: string): boolean => only === undefined || only.includes(name);
  const beganMs = performance.now();
  const reports: Report[] = [];
  const add = (report: Report): void => {
    reports.push(report);
    console.log(`\n${report.bench}\n${reportText(report)}`);
  };
  let peers: readonly Peer[] = [];
  let notRun: readonly NotRun[] = [];
  if (wanted('purchase')) {
    ({ peers, notRun } = await preparedPeers());
    for (const { name, why } of notRun) console.log(`NOT RUN: ${name}: ${why}`);
    add(await attempt('purchase', (settings) => purchasesBesidePeers(settings, peers), base));
    for (const peer of peers) await peer.close();
  }
  for (const { name, settings } of plans.filter((plan) => wanted(plan.name))) {
    const benchmark: Benchmark = benchmarks[name]!;
    const cluster = name === 'follow' ? await startCluster() : null;
    if (typeof cluster === 'string') console.log(`NOT RUN: following into PostgreSQL: ${cluster}`);
    const postgres = cluster === null || typeof cluster === 'string' ? null : cluster.url;
    add(await attempt(name, benchmark, { ...base, ...(isQuick ? {} : settings), postgres }));
    if (typeof cluster !== 'string') await cluster?.close();
  }
  const figures = new Map<string, Figure>(
    reports.flatMap((report) => report.figures).map((figure) => [figure.id, figure]),
  );
  const judged = targets.map((target) => judge(target, figures));
  const ofTaps = reports.filter(({ bench, figures: some }) => bench.startsWith('taps') && some.length > 0);
  if (!isQuick && values.print !== true && ofTaps.length === 2) {
    const machine = new Map(machineFacts()).get('machine') ?? '';
    const caption = `${machine}, ${new Date().toISOString().slice(0, 10)}`;
    writeFileSync(join(folder, 'taps.svg'), pictureOf([...figures.values()], caption));
  }
  const run = judged.filter(({ verdict }) => verdict !== 'not run' || only === undefined);
  console.log(`\n${judgedTable(run)}`);
  if (writes) {
    if (!mayWrite()) return 1;
    const minutes = (performance.now() - beganMs) / 60_000;
    const file = join(folder, 'RESULTS.md');
    const command = 'npm run bench';
    writeResults(file, {
      facts: machineFacts(),
      command,
      minutes,
      rounds: base.rounds,
      judged,
      reports,
      peers,
      notRun,
    });
    console.log(`\nwritten to bench/RESULTS.md`);
  }
  return reports.some(({ complaints }) => complaints.length > 0) ? 1 : 0;
}

/** Whether the tree has no uncommitted changes; prints a message otherwise. */
function mayWrite(): boolean {
  const why = whyNotWritten(uncommitted(root));
  if (why !== null) console.error(why);
  return why === null;
}

/** A benchmark that breaks does not cost the others' figures. */
async function attempt(name: string, benchmark: Benchmark, settings: BenchSettings): Promise<Report> {
  try {
    return await execute(name, benchmark, settings);
  } catch (error) {
    return { bench: name, figures: [], notes: [], complaints: [`it could not be run: ${reasonOf(error)}`] };
  }
}

/** The purchases, with every peer in every round. */
async function purchasesBesidePeers(settings: BenchSettings, peers: readonly Peer[]): Promise<Report> {
  const sides = peers.map(({ side }) => side);
  const { rounds: byConnections, ...report } = await comparePurchases(settings, sides);
  const figures: Figure[] = [...report.figures];
  for (const [connections, rounds] of byConnections) {
    const ours = runsOf(rounds, 'tickets').map(({ perSecond }) => perSecond);
    for (const { id, name } of peers) {
      const theirs = runsOf(rounds, name).map(({ perSecond }) => perSecond);
      const where = `${connections} connections`;
      figures.push(
        {
          id: `peers/${id}/${connections}/ratio`,
          what: `ours against ${name}, ${where}`,
          unit: '×',
          estimate: estimate(ratios(ours, theirs)),
        },
        { id: `peers/${id}/${connections}/rate`, what: `${name}, ${where}`, unit: '/s', estimate: estimate(theirs) },
      );
    }
  }
  return { ...report, figures };
}

/** Installs the peers' dependencies where they are missing, and starts the peers. */
async function preparedPeers(): Promise<{ peers: Peer[]; notRun: NotRun[] }> {
  if (!isInstalled()) {
    console.error('installing the peers (npm ci in bench/) …');
    const npm = Bun.spawnSync(['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdout: 'inherit',
      stderr: 'inherit',
    });
    if (npm.exitCode !== 0) {
      const why = 'npm ci in bench/ failed';
      return {
        peers: [],
        notRun: [
          { name: 'Fastify + Redis Lua', why },
          { name: 'Fastify + PostgreSQL FOR UPDATE', why },
        ],
      };
    }
  }
  return startPeers();
}

/** Whether the installed packages are those of the lockfile, by the list that npm keeps. */
function isInstalled(): boolean {
  const versions = (file: string): string | null => {
    if (!existsSync(file)) return null;
    const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, { version?: string }> };
    const named = Object.entries(packages).filter(([path]) => path !== '');
    return JSON.stringify(named.map(([path, { version }]) => `${path} ${version}`).sort());
  };
  const locked = versions(join(folder, 'package-lock.json'));
  return locked !== null && locked === versions(join(folder, 'node_modules', '.package-lock.json'));
}

endOnSignals();
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
}
