/**
 * The written results: judged figures, figures that are only shown, and the part written by hand.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { writeResults } from '../../bench/results.ts';
import { judge, notMeasured, targets, targetText } from '../../bench/targets.ts';
import type { Judged, Target } from '../../bench/targets.ts';
import type { Figure, Unit } from '../../src/proof/bench/report.ts';
import { estimate } from '../../src/proof/bench/statistics.ts';

/** A figure over three rounds. */
function figure(id: string, unit: Unit, ...values: readonly number[]): Figure {
  return { id, what: `the figure ${id}`, unit, estimate: estimate(values) };
}

const measured = [
  figure('streams/memory/sse', 'bytes', 4300, 4400, 4500),
  figure('streams/loss', '%', 12, 11, 30),
  figure('streams/delay/sse/p50', 'ms', 180, 190, 200),
  figure('streams/delay/sse/p99', 'ms', 700, 800, 900),
  figure('expiry/announced/p99', 'ms', 90, 110, 150),
];

function judgedOf(figures: readonly Figure[]): Judged[] {
  const byId = new Map(figures.map((each) => [each.id, each]));
  return targets.map((target) => judge(target, byId));
}

function written(judged: readonly Judged[], before?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-results-'));
  try {
    const file = join(folder, 'RESULTS.md');
    if (before !== undefined) writeFileSync(file, before);
    const report = { bench: 'streams', figures: measured, notes: ['a note'], complaints: [] };
    const described = { facts: [], command: 'npm run bench', minutes: 19, rounds: 9, peers: [], notRun: [] };
    writeResults(file, { ...described, judged, reports: [report] });
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The cells of the row that begins so. */
function row(text: string, beginning: string): string[] {
  const line = text.split('\n').find((each) => each.startsWith(`| ${beginning}`));
  return (line ?? '').slice(2, -2).split(' | ');
}

describe('a target', () => {
  const verdict = (target: Pick<Target, 'atLeast' | 'atMost'>, ...values: readonly number[]): string =>
    judge({ figure: 'a', work: '', ...target }, new Map([['a', figure('a', '/s', ...values)]])).verdict;

  test('a target is met when the nearer end of the interval reaches it', () => {
    assert.equal(verdict({ atLeast: 10 }, 8, 9, 10), 'met');
    assert.equal(verdict({ atLeast: 10 }, 7, 8, 9), 'missed');
    assert.equal(verdict({ atMost: 10 }, 10, 11, 12), 'met');
    assert.equal(verdict({ atMost: 10 }, 11, 12, 13), 'missed');
    assert.equal(verdict({ atMost: 10 }, -3, -2, -1), 'met');
  });

  test('a target without a bound is shown and not judged', () => {
    assert.equal(verdict({}, 1, 2, 3), 'no target');
    assert.equal(targetText({ figure: 'a', work: '' }, 'ms'), '–');
    assert.equal(targetText({ figure: 'a', work: '', atMost: 10_240 }, 'bytes'), '≤ 10,240 bytes');
    assert.equal(targetText({ figure: 'a', work: '', atLeast: 2 }), '≥ 2');
  });

  test('a target of a figure that was not taken is not run, with a bound or without', () => {
    for (const bound of [{}, { atMost: 1 }]) {
      assert.equal(judge({ figure: 'a', work: '', ...bound }, new Map()).verdict, 'not run');
    }
  });

  test('a target is asked of each figure once', () => {
    const figures = targets.map((target) => target.figure);
    assert.equal(new Set(figures).size, figures.length);
  });
});

describe('the results', () => {
  test('the results judge what streams and expiry are to reach, and show the p99 of a delivery beside its p50', () => {
    const text = written(judgedOf(measured));
    const interval = (range: string): string => `${range} (75 %)`;
    assert.deepEqual(row(text, 'server memory, a stream').slice(1), [
      '≤ 10,240 bytes',
      '4,400',
      interval('4,300 … 4,500'),
      'met',
    ]);
    assert.deepEqual(row(text, 'purchases lost to 10,000 streams').slice(1), [
      '≤ 10 %',
      '12.0',
      interval('11.0 … 30.0'),
      'missed by 10 %',
    ]);
    assert.deepEqual(row(text, 'change to delivery, stream, p50').slice(1), [
      '≤ 250 ms',
      '190',
      interval('180 … 200'),
      'met',
    ]);
    assert.deepEqual(row(text, 'change to delivery, stream, p99').slice(1), [
      '–',
      '800',
      interval('700 … 900'),
      'no target',
    ]);
    assert.deepEqual(row(text, 'deadline to back and announced').slice(1), [
      '≤ 100 ms',
      '110',
      interval('90.0 … 150'),
      'met',
    ]);
    const missed = text.split('\n').filter((line) => line.includes('short by'));
    assert.equal(missed.length, 1);
    assert.match(missed.join(), /^- purchases lost to 10,000 streams .*: 12.0 %, short by 10.0 %$/);
  });

  test('the results show each target of a shop on both roads, one below the other', () => {
    const figures = ['purchase/orders/256/ratio', 'public/purchase/orders/256/ratio', 'public/seat-map/full'];
    const units: readonly Unit[] = ['× bare', '× bare', 'ms'];
    const text = written(judgedOf(figures.map((id, at) => figure(id, units[at]!, 0.5, 0.6, at === 1 ? 0.7 : 0.9))));
    const rows = text.split('\n').filter((line) => line.startsWith('| durable POST /v1/sales/{id}/orders'));
    assert.deepEqual(
      rows.map((line) => line.slice(2, -2).split(' | ')),
      [
        [
          'durable POST /v1/sales/{id}/orders, 256 connections',
          '≥ 0.85 × bare',
          '0.600',
          '0.500 … 0.900 (75 %)',
          'met',
        ],
        [
          'durable POST /v1/sales/{id}/orders, 256 connections, public road',
          '≥ 0.85 × bare',
          '0.600',
          '0.500 … 0.700 (75 %)',
          'missed by 18 %',
        ],
        ['durable POST /v1/sales/{id}/orders, 64 connections', '≥ 0.65', '–', '–', 'not run'],
        ['durable POST /v1/sales/{id}/orders, 64 connections, public road', '≥ 0.65', '–', '–', 'not run'],
      ],
    );
    assert.deepEqual(row(text, 'the map of 10,000 seats as JSON, one call, public road').slice(4), ['met']);
    assert.match(text, /There are two roads\./);
    const shops = targets.filter(({ figure: id }) => /^(purchase|refusals|hold|confirm|best|seat-map)\b/.test(id));
    for (const { figure: id } of shops)
      assert.ok(
        targets.some((each) => each.figure === `public/${id}`),
        id,
      );
  });

  test('the results say what was not run, and list no benchmark as not measured', () => {
    const text = written(judgedOf([]));
    assert.deepEqual(row(text, 'change to delivery, stream, p99').slice(1), ['–', '–', '–', 'not run']);
    assert.deepEqual(row(text, 'change to delivery, stream, p50').slice(1), ['≤ 250', '–', '–', 'not run']);
    assert.doesNotMatch(notMeasured.join('\n'), /streams|expire/);
  });

  test('the results keep what was written by hand', () => {
    const text = written(judgedOf(measured), '# Results\nFrom before.\n\n## Where the time goes\n\nIn the sync.\n');
    assert.doesNotMatch(text, /From before/);
    assert.ok(text.endsWith('\n## Where the time goes\n\nIn the sync.\n'));
  });
});
