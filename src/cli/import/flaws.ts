/** What is wrong with a file that somebody wrote: where, and what to do. All flaws are collected; a file with one is not imported at all. */

export interface Flaw {
  /** Counts from 1; null for the file as a whole. */
  readonly line: number | null;
  /** The column's name, a path in JSON, or null for the whole line. */
  readonly column: string | null;
  /** What is wrong and what to do about it, without a full stop. */
  readonly message: string;
}

/** What was read, or why nothing was. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly flaws: readonly Flaw[] };

/** The value when no flaw was found; otherwise the flaws, in the order of the file. */
export function readingOf<Value>(value: Value, flaws: readonly Flaw[]): Reading<Value> {
  if (flaws.length === 0) return { ok: true, value };
  return { ok: false, flaws: flaws.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0)) };
}

/** `seats.csv line 7, column rank: …`, or `hall.json at /sections/0/name: …` */
export function spellFlaw(file: string, { line, column, message }: Flaw): string {
  if (column?.startsWith('/') === true) return `${file} at ${column}: ${message}`;
  const place = `${line === null ? '' : ` line ${line}`}${column === null ? '' : `, column ${column}`}`;
  return `${file}${place}: ${message}`;
}

/** A text as part of a sentence: quoted, cut where it is long, with nothing that moves a cursor. */
export function quote(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return JSON.stringify(short);
}
