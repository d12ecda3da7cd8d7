/**
 * The picture of what the size of a batch does to throughput and latency: SVG, the same bytes for
 * the same figures. Both axes are logarithmic; each series is a line of points with its figures.
 */
import type { Figure } from './report.ts';

export interface BatchPoint {
  readonly batch: number;
  readonly perSecond: number;
  /** Of a batch, from its sending to its answer. */
  readonly p99Ms: number;
}

export interface BatchSeries {
  readonly name: string;
  readonly points: readonly BatchPoint[];
}

const width = 760;
const panel = { height: 240, left: 78, right: 24, top: 44, bottom: 34 } as const;
const colours: readonly string[] = ['#0b6e99', '#b4521e', '#4d7a2b', '#7a3b8f'];
const ink = '#2b2b2b';
const faint = '#d9d9d9';

/** The names of the series by the benchmark that measures them. */
const measured: Readonly<Record<string, string>> = {
  taps: 'into the log file, one batch after the other, in process',
  'taps-stream': 'over one WebSocket, several batches in flight',
};

/** The picture of what these benchmarks measured. @throws when none of the figures is of a batch */
export function pictureOf(figures: readonly Figure[], caption: string): string {
  const medians = new Map(figures.map(({ id, estimate }) => [id, estimate.median]));
  const series = Object.entries(measured).map(([bench, name]) => {
    const sizes = [...medians.keys()].flatMap((id) => new RegExp(`^${bench}/(\\d+)/rate$`).exec(id)?.[1] ?? []);
    const points = sizes.map((size) => ({
      batch: Number(size),
      perSecond: medians.get(`${bench}/${size}/rate`) ?? 0,
      p99Ms: medians.get(`${bench}/${size}/p99`) ?? 0,
    }));
    return { name, points };
  });
  return tapsPicture(
    series.filter(({ points }) => points.length > 0),
    caption,
  );
}

interface Axis {
  readonly low: number;
  readonly high: number;
}

/**
 * `caption`: where and when it was measured. @throws for no points, and for those that are not
 * above 0
 */
export function tapsPicture(series: readonly BatchSeries[], caption: string): string {
  const points = series.flatMap((each) => each.points);
  if (points.length === 0) throw new Error('a picture needs points');
  if (points.some(({ batch, perSecond, p99Ms }) => !(batch > 0 && perSecond > 0 && p99Ms > 0)))
    throw new Error('every figure of the picture is above 0');
  const batches = [...new Set(points.map(({ batch }) => batch))].sort((a, b) => a - b);
  const height = 2 * panel.height + 34 + 20 * series.length + 24;
  const legendTop = 2 * panel.height + 14;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="${ink}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawPanel(0, 'durable taps a second', series, batches, ({ perSecond }) => perSecond),
    ...drawPanel(panel.height, 'latency of a batch, p99, ms', series, batches, ({ p99Ms }) => p99Ms),
    ...series.flatMap(({ name }, at) => legendLine(name, at, legendTop + 20 * at)),
    text(panel.left, height - 14, caption, 'start', 'font-size="11"'),
    '</svg>',
  ].join('\n')}\n`;
}

function drawPanel(
  top: number,
  title: string,
  series: readonly BatchSeries[],
  batches: readonly number[],
  of: (point: BatchPoint) => number,
): string[] {
  const all = series.flatMap(({ points }) => points.map(of));
  const axis: Axis = {
    low: 10 ** Math.floor(Math.log10(Math.min(...all))),
    high: 10 ** Math.ceil(Math.log10(Math.max(...all) * 1.01)),
  };
  const yOf = (value: number): number => place(value, axis, top + panel.height - panel.bottom, top + panel.top);
  const [first = 1, last = first] = [batches[0], batches.at(-1)];
  const across: Axis = first === last ? { low: first / 2, high: first * 2 } : { low: first, high: last };
  const xOf = (batch: number): number => place(batch, across, panel.left + 30, width - panel.right - 30);
  const parts = [text(panel.left, top + 24, title, 'start', 'font-weight="600"')];
  for (let value = axis.low; value <= axis.high * 1.001; value *= 10) {
    const y = yOf(value);
    parts.push(
      line(panel.left, y, width - panel.right, y, faint, 1),
      text(panel.left - 8, y + 4, grouped(value), 'end'),
    );
  }
  const base = top + panel.height - panel.bottom;
  for (const batch of batches) parts.push(text(xOf(batch), base + 18, grouped(batch), 'middle'));
  parts.push(text(panel.left - 8, base + 18, 'taps a batch', 'end', 'font-size="11"'));
  series.forEach(({ points }, at) => {
    const colour = colourOf(at);
    const sorted = points.toSorted((a, b) => a.batch - b.batch);
    sorted.slice(1).forEach((point, index) => {
      const before = sorted[index]!;
      parts.push(line(xOf(before.batch), yOf(of(before)), xOf(point.batch), yOf(of(point)), colour, 2));
    });
    for (const point of sorted) {
      const [x, y] = [xOf(point.batch), yOf(of(point))];
      parts.push(`<circle cx="${round(x)}" cy="${round(y)}" r="4" fill="${colour}"/>`);
      parts.push(text(x, y - 9, short(of(point)), 'middle', `fill="${colour}"`));
    }
  });
  return parts;
}

/** A value's place on a logarithmic axis between two places of the picture. */
function place(value: number, { low, high }: Axis, from: number, to: number): number {
  return from + ((Math.log10(value) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))) * (to - from);
}

function legendLine(name: string, at: number, y: number): string[] {
  const colour = colourOf(at);
  return [
    line(panel.left, y, panel.left + 24, y, colour, 2),
    `<circle cx="${panel.left + 12}" cy="${round(y)}" r="4" fill="${colour}"/>`,
    text(panel.left + 34, y + 4, name, 'start'),
  ];
}

function colourOf(at: number): string {
  return colours[at % colours.length]!;
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, thick: number): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map(round);
  return `<line x1="${a}" y1="${b}" x2="${c}" y2="${d}" stroke="${colour}" stroke-width="${thick}"/>`;
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end', more = ''): string {
  const attributes = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${more === '' ? '' : ` ${more}`}`;
  return `<text ${attributes}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `8,192`, `0.1` */
function grouped(value: number): string {
  return value >= 1 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(1)));
}

/** `2.4 M`, `813 k`, `12`, `0.31` */
function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(2))} M`;
  if (value >= 1000) return `${Number((value / 1000).toPrecision(3))} k`;
  return String(Number(value.toPrecision(value >= 10 ? 3 : 2)));
}
