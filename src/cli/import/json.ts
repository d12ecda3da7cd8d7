/**
 * Rows as JSON: an array of objects, or one object a line. Each row is parsed by itself. So each
 * has its line, and a flaw in one does not hide those of others.
 */
import type { Flaw, Place } from './flaws.ts';
import { flawAt, lineEnds } from './flaws.ts';

export interface JsonRow {
  readonly place: Place;
  readonly object: Readonly<Record<string, unknown>>;
}

export interface JsonReading {
  /** The rows without a flaw. */
  readonly rows: readonly JsonRow[];
  readonly flaws: readonly Flaw[];
}

/** A piece of text that must be one row. */
interface Piece {
  readonly line: number;
  readonly text: string;
}

/** `text` has no byte order mark. */
export function readJsonRows(text: string): JsonReading {
  const rows: JsonRow[] = [];
  const flaws: Flaw[] = [];
  const isArray = /^\s*\[/.test(text);
  for (const { place, text: piece } of placed(isArray ? elementsOf(text, flaws) : linesOf(text))) {
    let value: unknown;
    try {
      value = JSON.parse(piece);
    } catch {
      const message = isArray
        ? 'this element of the array is not JSON: look for a missing comma, quote or bracket'
        : 'it is not JSON: write one whole object in each line, or one array of objects in brackets';
      flaws.push(flawAt(place, null, message));
      continue;
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      rows.push({ place, object: value as Record<string, unknown> });
    else flaws.push(flawAt(place, null, 'it is no object: write {"name": …} with the columns as names'));
  }
  return { rows, flaws };
}

/** Adds the element's number where several begin on one line. */
function placed(pieces: readonly Piece[]): { readonly place: Place; readonly text: string }[] {
  return pieces.map(({ line, text }, i) => {
    const isAlone = pieces[i - 1]?.line !== line && pieces[i + 1]?.line !== line;
    return { place: isAlone ? { line } : { line, element: i + 1 }, text };
  });
}

function linesOf(text: string): Piece[] {
  return text
    .split(lineEnds)
    .map((each, i) => ({ line: i + 1, text: each }))
    .filter((each) => each.text.trim() !== '');
}

/**
 * The elements of an array, found by brackets and quotes alone. Parsing them finds errors inside.
 */
function elementsOf(text: string, flaws: Flaw[]): Piece[] {
  const pieces: Piece[] = [];
  let line = 1;
  let depth = 0;
  let isText = false;
  let begin: { at: number; line: number } | null = null;
  let isOver = false;
  const end = (at: number): void => {
    if (begin !== null) pieces.push({ line: begin.line, text: text.slice(begin.at, at) });
    begin = null;
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!;
    const endsLine = letter === '\n' || (letter === '\r' && text[at + 1] !== '\n');
    if (endsLine) line += 1;
    if (isText) {
      if (letter === '\\') at += 1;
      // A JSON text has no line break. An unclosed one ends here, and the rows after it are still
      // read.
      else if (letter === '"' || endsLine) isText = false;
      continue;
    }
    if (/\s/.test(letter)) continue;
    if (isOver) {
      flaws.push({ line, column: null, message: 'there is text behind the end of the array: take it away' });
      return pieces;
    }
    const closes = letter === ']' || letter === '}';
    if (depth === 1 && letter === '}')
      flaws.push({ line, column: null, message: 'this brace closes nothing: an array ends with ]' });
    if (depth === 1 && (letter === ',' || closes)) {
      if (begin === null && (letter === ',' || pieces.length > 0))
        flaws.push({ line, column: null, message: 'there is nothing before this comma or bracket: take a comma away' });
      end(at);
    } else if (depth >= 1) {
      begin ??= { at, line };
    }
    if (letter === '"') isText = true;
    else if (letter === '[' || letter === '{') depth += 1;
    else if (closes) depth -= 1;
    isOver = depth === 0;
  }
  if (!isOver) {
    end(text.length);
    flaws.push({
      line,
      column: null,
      message: 'the array is not closed: the file is cut short, or a bracket is missing',
    });
  }
  return pieces;
}
