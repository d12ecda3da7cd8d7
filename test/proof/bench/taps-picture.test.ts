/** The picture of batches: the same for the same figures, and a figure for each point. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Figure } from '../../../src/proof/bench/report.ts';
import { single } from '../../../src/proof/bench/report.ts';
import type { BatchSeries } from '../../../src/proof/bench/taps-picture.ts';
import { pictureOf, tapsPicture } from '../../../src/proof/bench/taps-picture.ts';

const file: BatchSeries = {
  name: 'into the log file, in process',
  points: [
    { batch: 8192, perSecond: 4_210_000, p99Ms: 4.1 },
    { batch: 256, perSecond: 812_400, p99Ms: 0.61 },
    { batch: 1024, perSecond: 2_130_000, p99Ms: 0.9 },
  ],
};
const stream: BatchSeries = {
  name: 'over a WebSocket & <durable>',
  points: [
    { batch: 256, perSecond: 99_960, p99Ms: 12.345 },
    { batch: 8192, perSecond: 640_000, p99Ms: 120 },
  ],
};
const caption = 'two cores, 2026-12-01';

/** Points of circles of one colour, without the legend's. */
function circles(picture: string, colour: string): { x: number; y: number }[] {
  const found = [...picture.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="4" fill="(#[0-9a-f]+)"\/>/g)];
  return found.filter(([, , , of]) => of === colour).map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

describe('the picture of batches', () => {
  test('the same figures give the same bytes, and others do not', () => {
    assert.equal(tapsPicture([file, stream], caption), tapsPicture([file, stream], caption));
    assert.notEqual(tapsPicture([file], caption), tapsPicture([file, stream], caption));
  });

  test('every point has its mark and its figure, and each series its name', () => {
    const picture = tapsPicture([file, stream], caption);
    for (const words of [
      '812 k',
      '2.1 M',
      '4.2 M',
      '100 k',
      '640 k',
      '0.61',
      '0.9',
      '4.1',
      '12.3',
      '120',
      '8,192',
      caption,
    ])
      assert.ok(picture.includes(`>${words}</text>`), words);
    assert.ok(picture.includes('over a WebSocket &amp; &lt;durable&gt;</text>'));
    assert.equal(circles(picture, '#0b6e99').length, 2 * 3 + 1);
    assert.equal(circles(picture, '#b4521e').length, 2 * 2 + 1);
  });

  test('more is higher, larger batches are further to the right, and nothing leaves the picture', () => {
    const picture = tapsPicture([file, stream], caption);
    const [w = 0, h = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(picture) ?? []).slice(1).map(Number);
    const [small, middle, large] = circles(picture, '#0b6e99');
    assert.ok(small!.y > middle!.y && middle!.y > large!.y && small!.x < middle!.x && middle!.x < large!.x);
    for (const [, x, y] of picture.matchAll(/[xc][12xy]?="([\d.-]+)" [yc][12y]?="([\d.-]+)"/g))
      assert.ok(Number(x) >= 0 && Number(x) <= w && Number(y) >= 0 && Number(y) <= h, `${x} ${y}`);
  });

  test('one size of batch is a picture too; no points, and figures that are not above 0, are refused', () => {
    assert.match(tapsPicture([{ name: 'one', points: [{ batch: 1024, perSecond: 10, p99Ms: 1 }] }], ''), /^<svg /);
    assert.throws(() => tapsPicture([], caption), /needs points/);
    assert.throws(() => tapsPicture([{ name: 'one', points: [{ batch: 1, perSecond: 0, p99Ms: 1 }] }], ''), /above 0/);
  });

  test('it is made of the figures of both benchmarks, or of one, and needs a batch', () => {
    const figure = (id: string, value: number): Figure => ({ id, what: '', unit: '/s', estimate: single(value) });
    const ours = [
      figure('taps/engine', 5),
      figure('taps/256/rate', 1000),
      figure('taps/256/p50', 1),
      figure('taps/256/p99', 2),
    ];
    const theirs = [figure('taps-stream/1024/rate', 3000), figure('taps-stream/1024/p99', 4)];
    const both = pictureOf([...theirs, ...ours], '');
    assert.ok(both.includes('in process</text>') && both.includes('in flight</text>'));
    assert.ok(!pictureOf(ours, '').includes('in flight</text>'));
    assert.throws(() => pictureOf([figure('latency/p99', 1)], ''), /needs points/);
  });
});
