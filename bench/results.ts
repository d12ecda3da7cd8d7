/** Writes RESULTS.md, and the same table for the terminal. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { interval, number, table } from '../src/proof/bench/report.ts';
import type { Report } from '../src/proof/bench/report.ts';
import type { NotRun, Peer } from './peers.ts';
import { notMeasured, targetText } from './targets.ts';
import type { Judged } from './targets.ts';

/** From this heading on the file is written by hand, and left as it is. */
const byHand = '## Where the time goes';

export interface Results {
  readonly facts: readonly (readonly [string, string])[];
  readonly command: string;
  readonly minutes: number;
  readonly rounds: number;
  readonly judged: readonly Judged[];
  readonly reports: readonly Report[];
  readonly peers: readonly Pick<Peer, 'name' | 'about' | 'versions'>[];
  readonly notRun: readonly NotRun[];
}

const head = ['work', 'target', 'median', 'interval', ''];

export function judgedTable(judged: readonly Judged[]): string {
  return table(head, judged.map(judgedRow));
}

function judgedRow({ target, figure, verdict, missedBy }: Judged): string[] {
  if (figure === null) return [target.work, targetText(target), '–', '–', verdict];
  const { estimate, unit } = figure;
  const by = verdict === 'missed' ? ` by ${(missedBy * 100).toFixed(0)} %` : '';
  return [target.work, targetText(target, unit), number(estimate.median), interval(estimate), verdict + by];
}

export function writeResults(file: string, results: Results): void {
  const { facts, command, minutes, rounds, judged, reports, peers, notRun } = results;
  const missed = judged.filter(({ verdict }) => verdict === 'missed');
  const complaints = reports.flatMap((report) => report.complaints.map((complaint) => `${report.bench}: ${complaint}`));
  const text = [
    '# Results',
    `Written by \`${command}\`, which took ${minutes.toFixed(0)} minutes. Figures of another machine, or of another hour on this one, differ; ratios`,
    'differ least, which is why most targets are ratios.',
    '',
    ...(complaints.length > 0
      ? ['**Not proved, and so worth nothing:**', ...complaints.map((each) => `- ${each}`), '']
      : []),
    markdown(['', ''], facts),
    '',
    '## Targets',
    `A target is met when the interval of its figure reaches it. Intervals are those of the median over ${rounds} rounds, or fewer where a round is long, at 95 %`,
    'where not said otherwise.',
    '',
    markdown(head, judged.map(judgedRow)),
    '',
    ...(missed.length > 0
      ? ['Missed, counted from the nearer end of the interval:', ...missed.map(missedLine), '']
      : []),
    '## Method',
    ...method.map((line) => `- ${line}`),
    '',
    '## Peers',
    ...peers.map(({ name, about, versions }) => `- ${name} (${versions}): ${about}.`),
    ...notRun.map(({ name, why }) => `- ${name}: **not run**, since ${why}.`),
    '',
    '## All figures',
    ...reports.flatMap(reportSection),
    '## Not measured',
    ...notMeasured.map((each) => `- ${each}`),
    '',
  ].join('\n');
  writeFileSync(file, text + keptByHand(file));
}

const method: readonly string[] = [
  'Rounds are interleaved: each side once a round, in the same order, on servers that keep running; every run has a warm-up that is not counted. ' +
    'A ratio is the median of the ratios of the rounds.',
  'The load comes from a process of its own over keep-alive connections, a fresh random idempotency key a request. Where that process, or somebody else ' +
    'on the machine, limits a figure, a note says so.',
  "The bare server is Bun's own with one route a request: it parses the JSON body and answers JSON of the same size as ours, and does nothing else.",
  'After every run of ours and of a peer what clients were told is compared with what the server counts: each yes once, the stock down by as much, some keys ' +
    'replayed to the byte. Our log is read again twice over: by its records alone, and by an engine of its own that must have our outcomes. A run that ' +
    'fails this fails the benchmark.',
  'There are two roads. Without an operator key whoever asks from this machine is the operator, and gets no tokens. On the public road an operator key is set ' +
    'and buyers have none: access is checked, each hold and order comes with a token, and the confirmation of a hold presents it. Both are measured in the same rounds.',
  'Latency is taken at a constant arrival rate, from the time each request was due.',
  'What readers of a stream are told is timed from the change that it tells of, and an expiry from the deadline in the log. While holds expire the counts move by themselves: ' +
    'what was sold meanwhile is proved by the log at the end.',
];

function missedLine({ target, figure, missedBy }: Judged): string {
  return `- ${target.work}: ${number(figure!.estimate.median)} ${figure!.unit}, short by ${(missedBy * 100).toFixed(1)} %`;
}

function reportSection(report: Report): string[] {
  const rows = report.figures.map(({ what, unit, estimate }) => [
    what,
    number(estimate.median),
    interval(estimate),
    unit,
  ]);
  return [
    `### ${report.bench}`,
    '',
    markdown(['', 'median', 'interval', 'unit'], rows),
    '',
    ...report.notes.map((note) => `- ${note}`),
    '',
  ];
}

function markdown(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(line)].join('\n');
}

function keptByHand(file: string): string {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const at = before.indexOf(byHand);
  return at < 0 ? '' : `\n${before.slice(at)}`;
}
