/**
 * The result of every benchmark: figures with their intervals, notes on the method, and complaints,
 * which fail it.
 */
import type { Estimate } from './statistics.ts';

export interface Figure {
  /** Path of names, stable across releases: `purchase/tickets/256/ratio`. */
  readonly id: string;
  /** The figure in words. */
  readonly what: string;
  readonly unit: Unit;
  readonly estimate: Estimate;
}

export type Unit = '× bare' | '/s' | 'µs CPU' | 'ms' | 's' | 'bytes' | 'MB' | 'cores' | '×' | '%';

export interface Report {
  readonly bench: string;
  readonly figures: readonly Figure[];
  /** Sentences for the reader: the method, and what limits the figures. */
  readonly notes: readonly string[];
  /** What could not be proved. A benchmark with a complaint has failed, at any speed. */
  readonly complaints: readonly string[];
  /** Lines for people, in place of the table. */
  readonly lines?: readonly string[];
}

/** A figure that was measured once. */
export function single(value: number): Estimate {
  return { median: value, low: value, high: value, coverage: 0, rounds: 1 };
}

/** The report as text: its lines, or a table of its figures; then notes and complaints. */
export function reportText(report: Report): string {
  const parts = [...(report.lines ?? [])];
  if (report.lines === undefined && report.figures.length > 0)
    parts.push(table(['', 'median', 'interval', 'unit'], report.figures.map(row)));
  for (const note of report.notes) parts.push(`- ${note}`);
  for (const complaint of report.complaints) parts.push(`FAILED: ${complaint}`);
  return parts.join('\n');
}

function row({ what, unit, estimate }: Figure): string[] {
  return [what, number(estimate.median), interval(estimate), unit];
}

/** `0.84 … 0.91`, and the coverage where it is not the usual 95 %. */
export function interval(estimate: Estimate): string {
  if (estimate.rounds < 2) return 'once';
  const range = `${number(estimate.low)} … ${number(estimate.high)}`;
  return estimate.coverage >= 0.95 ? range : `${range} (${Math.round(estimate.coverage * 100)} %)`;
}

/** Three significant digits, thousands grouped. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 1 || value === 0 ? value.toFixed(2) : value.toFixed(3);
}

/** Columns aligned by spaces: the first to the left, the rest to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  return all
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
