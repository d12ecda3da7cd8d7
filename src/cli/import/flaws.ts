/**
 * What is wrong with a user's file: where, and what to do. All flaws are collected. A file with any
 * flaw is not imported at all.
 */

/** Where a row of a file is. */
export interface Place {
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** Its number in a JSON array, from 1, if several elements begin on that line. */
  readonly element?: number;
}

export interface Flaw extends Partial<Pick<Place, 'element'>> {
  /** Counts from 1; null for the file as a whole. */
  readonly line: number | null;
  /** The column's name, a path in JSON, or null for the whole line. */
  readonly column: string | null;
  /** What is wrong and what to do about it, without a full stop. */
  readonly message: string;
}

/** The value that was read, or the flaws. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly flaws: readonly Flaw[] };

/** The value if no flaw was found, otherwise the flaws in the order of the file. */
export function readingOf<Value>(value: Value, flaws: readonly Flaw[]): Reading<Value> {
  if (flaws.length === 0) return { ok: true, value };
  const order = (one: Flaw, other: Flaw): number =>
    (one.line ?? 0) - (other.line ?? 0) || (one.element ?? 0) - (other.element ?? 0);
  return { ok: false, flaws: flaws.toSorted(order) };
}

/** A flaw of a row. `column`: null for the whole row. */
export function flawAt({ line, element }: Place, column: string | null, message: string): Flaw {
  return { line, ...(element === undefined ? {} : { element }), column, message };
}

/** A row in words: `line 7`, or `line 1, element 7`. */
export function spellPlace({ line, element }: Place): string {
  return `line ${line}${element === undefined ? '' : `, element ${element}`}`;
}

/** `seats.csv line 7, column rank: …`, or `hall.json at /sections/0/name: …` */
export function spellFlaw(file: string, { line, element, column, message }: Flaw): string {
  if (column?.startsWith('/') === true) return `${file} at ${column}: ${message}`;
  const row = line === null ? '' : ` ${spellPlace({ line, ...(element === undefined ? {} : { element }) })}`;
  const place = `${row}${column === null ? '' : `, column ${column}`}`;
  return `${file}${place}: ${message}`;
}

/** A text as part of a sentence: quoted, shortened, and without control characters. */
export function quote(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return JSON.stringify(short);
}

/** Line ends of every system. */
export const lineEnds = /\r\n|\n|\r/g;
