/**
 * CSV by RFC 4180, and as spreadsheets write it. Fields are separated by commas, semicolons or
 * tabs. Fields in double quotes may hold separators, line breaks and doubled quotes. Lines end in
 * CRLF, LF or CR; blank lines are skipped. Reading goes on after a flaw, so one pass names them
 * all.
 */
import type { Flaw } from './flaws.ts';
import { lineEnds } from './flaws.ts';

/** The separators, and their names in a sentence. The first one is the standard's. */
const delimiters: ReadonlyMap<string, string> = new Map([
  [',', 'commas'],
  [';', 'semicolons'],
  ['\t', 'tabs'],
]);

/** Excel's first line that names the delimiter, which is never a letter, digit, quote or space. */
const separatorLine = /^"?sep=([^\s\w"]|\t)"?(?:\r\n|\n|\r|$)/i;

export interface CsvRecord {
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvReading {
  /** The records without a flaw. */
  readonly records: readonly CsvRecord[];
  readonly flaws: readonly Flaw[];
  /** The separators in words, such as `semicolons`. */
  readonly delimiters: string;
}

/**
 * `text` has no byte order mark. A `sep=` line names the delimiter. Otherwise it is the one that
 * finds most of the `known` names in the first line, or else most fields.
 */
export function readCsv(text: string, known: ReadonlySet<string> = new Set()): CsvReading {
  const [separator = '', named] = separatorLine.exec(text) ?? [];
  const delimiter = named ?? delimiterOf(text, known);
  const reader = new CsvReader(text, delimiter);
  if (named !== undefined) reader.skipTo(separator.length);
  return { ...reader.read(), delimiters: delimiters.get(delimiter) ?? `"${delimiter}"` };
}

function delimiterOf(text: string, known: ReadonlySet<string>): string {
  let best = { delimiter: ',', names: 0, fields: 0 };
  for (const delimiter of delimiters.keys()) {
    const fields = new CsvReader(text, delimiter).readFirst();
    const names = fields.filter((field) => known.has(columnName(field))).length;
    if (names > best.names || (names === best.names && fields.length > best.fields))
      best = { delimiter, names, fields: fields.length };
  }
  return best.delimiter;
}

/** A field of the first line as the name of a column. */
export function columnName(field: string): string {
  return field.trim().toLowerCase();
}

class CsvReader {
  private readonly text: string;
  private readonly delimiter: string;
  private readonly records: CsvRecord[] = [];
  private readonly flaws: Flaw[] = [];
  private at = 0;
  private line = 1;
  /** An unclosed quote swallows the rest of the file. Reading then goes on after its line, once. */
  private hasResumed = false;

  constructor(text: string, delimiter: string) {
    this.text = text;
    this.delimiter = delimiter;
  }

  /** Begins on the second line, which must exist. */
  skipTo(at: number): void {
    this.at = at;
    this.line = 2;
  }

  read(): Omit<CsvReading, 'delimiters'> {
    while (this.at < this.text.length) this.readLine();
    return { records: this.records, flaws: this.flaws };
  }

  /** The fields of the first record; none where it has a flaw. */
  readFirst(): readonly string[] {
    while (this.at < this.text.length && this.records.length + this.flaws.length === 0) this.readLine();
    return this.records[0]?.fields ?? [];
  }

  private readLine(): void {
    const { line } = this;
    const fields = this.readRecord();
    if (fields !== null && (fields.length > 1 || fields[0]?.trim() !== '')) this.records.push({ line, fields });
  }

  /** Null for a record that has a flaw. */
  private readRecord(): string[] | null {
    const fields: string[] = [];
    let isSound = true;
    for (;;) {
      const column = fields.length + 1;
      const field = this.text[this.at] === '"' ? this.readQuoted(column) : this.readPlain(column);
      if (field === null) isSound = false;
      else fields.push(field);
      if (this.text[this.at] === this.delimiter && field !== null) {
        this.at += 1;
      } else {
        this.skipLine();
        return isSound ? fields : null;
      }
    }
  }

  private readPlain(column: number): string | null {
    const from = this.at;
    while (this.at < this.text.length && this.text[this.at] !== this.delimiter && !this.isAtLineEnd()) this.at += 1;
    const field = this.text.slice(from, this.at);
    if (!field.includes('"')) return field;
    this.flaw(
      this.line,
      column,
      'there is a quote in a field that does not begin with one: put the whole field in quotes, and double each quote in it',
    );
    return null;
  }

  private readQuoted(column: number): string | null {
    const begin = { at: this.at, line: this.line };
    let field = '';
    this.at += 1;
    for (;;) {
      const end = this.text.indexOf('"', this.at);
      if (end < 0) return this.unclosed(begin, column);
      field += this.take(end);
      this.at = end + 1;
      if (this.text[this.at] !== '"') break;
      field += '"';
      this.at += 1;
    }
    if (this.at === this.text.length || this.text[this.at] === this.delimiter || this.isAtLineEnd()) return field;
    const where = begin.line === this.line ? '' : `, which began on line ${begin.line}`;
    this.flaw(
      this.line,
      column,
      `there is text behind the closing quote of a field${where}: ${article(this.delimiter)} is missing, or a quote in the field is not doubled`,
    );
    return null;
  }

  private unclosed(begin: { at: number; line: number }, column: number): null {
    this.flaw(begin.line, column, 'the quote that opens this field is never closed: add one, or take this one away');
    this.at = this.hasResumed ? this.text.length : begin.at;
    this.line = begin.line;
    this.hasResumed = true;
    return null;
  }

  /** The text up to `end`, whose line breaks are counted. */
  private take(end: number): string {
    const piece = this.text.slice(this.at, end);
    this.line += piece.match(lineEnds)?.length ?? 0;
    return piece;
  }

  private isAtLineEnd(): boolean {
    const letter = this.text[this.at];
    return letter === '\n' || letter === '\r';
  }

  private skipLine(): void {
    lineEnds.lastIndex = this.at;
    this.at = lineEnds.test(this.text) ? lineEnds.lastIndex : this.text.length;
    this.line += 1;
  }

  private flaw(line: number, column: number, message: string): void {
    this.flaws.push({ line, column: String(column), message });
  }
}

function article(delimiter: string): string {
  const name = delimiters.get(delimiter);
  return name === undefined ? `"${delimiter}"` : `a ${name.slice(0, -1)}`;
}
