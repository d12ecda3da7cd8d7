/**
 * CSV as RFC 4180 has it: commas; fields in double quotes may hold commas, line breaks and, doubled, quotes; lines end in CRLF
 * or LF. Blank lines are passed over. Reading goes on behind a flaw, so that one reading names them all.
 */
import type { Flaw } from './flaws.ts';

export interface CsvRecord {
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvReading {
  /** Without those that have a flaw. */
  readonly records: readonly CsvRecord[];
  readonly flaws: readonly Flaw[];
}

/** `text` without a byte order mark. */
export function readCsv(text: string): CsvReading {
  return new CsvReader(text).read();
}

class CsvReader {
  private readonly text: string;
  private readonly records: CsvRecord[] = [];
  private readonly flaws: Flaw[] = [];
  private at = 0;
  private line = 1;
  /** A quote that never ends takes the rest of the file with it: reading goes on behind its line, once. */
  private hasResumed = false;

  constructor(text: string) {
    this.text = text;
  }

  read(): CsvReading {
    while (this.at < this.text.length) {
      const { line } = this;
      const fields = this.readRecord();
      if (fields !== null && (fields.length > 1 || fields[0]?.trim() !== '')) this.records.push({ line, fields });
    }
    return { records: this.records, flaws: this.flaws };
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
      if (this.text[this.at] === ',' && field !== null) {
        this.at += 1;
      } else {
        this.skipLine();
        return isSound ? fields : null;
      }
    }
  }

  private readPlain(column: number): string | null {
    const from = this.at;
    while (this.at < this.text.length && !',\n'.includes(this.text[this.at]!) && !this.isAtLineEnd()) this.at += 1;
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
    if (this.at === this.text.length || this.text[this.at] === ',' || this.isAtLineEnd()) return field;
    const where = begin.line === this.line ? '' : `, which began on line ${begin.line}`;
    this.flaw(
      this.line,
      column,
      `there is text behind the closing quote of a field${where}: a comma is missing, or a quote in the field is not doubled`,
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
    for (let from = piece.indexOf('\n'); from >= 0; from = piece.indexOf('\n', from + 1)) this.line += 1;
    return piece;
  }

  /** Before LF, before CRLF, or before a CR that ends the file. */
  private isAtLineEnd(): boolean {
    const { text, at } = this;
    if (text[at] === '\n') return true;
    return text[at] === '\r' && (text[at + 1] === '\n' || at + 1 === text.length);
  }

  private skipLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end < 0 ? this.text.length : end + 1;
    this.line += 1;
  }

  private flaw(line: number, column: number, message: string): void {
    this.flaws.push({ line, column: String(column), message });
  }
}
