/**
 * The fields of one row, from CSV or JSON, read by the names of their columns. A wrong field is
 * noted, and reading goes on.
 */
import { composed, hasControlCharacter } from '../../doors/kit/texts.ts';
import { parseDateOrTime, whyNoTime } from '../times.ts';
import type { Flaw, Place } from './flaws.ts';
import { flawAt, quote } from './flaws.ts';

export class Fields {
  readonly place: Place;
  private readonly values: ReadonlyMap<string, unknown>;
  private readonly flaws: Flaw[];

  /** `values`: texts from CSV, or values from JSON. An empty text is no value. */
  constructor(place: Place, values: ReadonlyMap<string, unknown>, flaws: Flaw[]) {
    this.place = place;
    this.values = values;
    this.flaws = flaws;
  }

  /** A text of limited length, in NFC and trimmed. A whole number is read as its digits. */
  text(column: string, maxCharacters: number): string {
    const text = this.optionalText(column, maxCharacters);
    if (text === null && !this.isFlawed(column)) this.flaw(column, 'there is no value: write one');
    return text ?? '';
  }

  optionalText(column: string, maxCharacters: number): string | null {
    const value = this.value(column);
    if (value === null) return null;
    const isNumber = typeof value === 'number' && Number.isSafeInteger(value);
    if (typeof value !== 'string' && !isNumber) {
      this.flaw(column, `${this.shown(value)} is no text: write it in quotes`);
      return null;
    }
    const text = composed(String(value).trim());
    if (text.length > maxCharacters)
      this.flaw(column, `${quote(text)} has ${text.length} characters: at most ${maxCharacters} are allowed`);
    if (hasControlCharacter(text))
      this.flaw(column, `${quote(text)} has a line break, a tab or another control character: take it away`);
    if (!text.isWellFormed()) this.flaw(column, `${quote(text)} has half of a character: write the whole one`);
    return text;
  }

  /** A date or a time with its zone, as ms. A date means its first moment in UTC. */
  timeMs(column: string): number {
    const value = this.value(column);
    const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
    const ms = typeof value === 'string' ? parseDateOrTime(text) : null;
    if (ms !== null) return ms;
    if (value === null) this.flaw(column, 'there is no value: write a date, such as 2026-12-31');
    else this.flaw(column, `${quote(text)} ${whyNoTime(text)}: write 2026-12-31, or 2026-12-31T19:30:00+01:00`);
    return 0;
  }

  /** Yes or no; an empty field is no. */
  isTrue(column: string): boolean {
    const value = this.value(column);
    if (value === null) return false;
    if (typeof value === 'boolean') return value;
    const known = typeof value === 'string' ? truths.get(value.trim().toLowerCase()) : undefined;
    if (known !== undefined) return known;
    this.flaw(column, `${this.shown(value)} is neither true nor false: write one of the two, or nothing for false`);
    return false;
  }

  optionalWholeNumber(column: string, least: number, most: number): number | null {
    const value = this.value(column);
    if (value === null) return null;
    const number = typeof value === 'string' && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : value;
    if (Number.isSafeInteger(number) && Number(number) >= least && Number(number) <= most) return Number(number);
    this.flaw(column, `${this.shown(value)} is no whole number from ${least} to ${most}: write one, or nothing`);
    return null;
  }

  flaw(column: string | null, message: string): void {
    this.flaws.push(flawAt(this.place, column, message));
  }

  private isFlawed(column: string): boolean {
    const last = this.flaws.at(-1);
    const { line, element } = this.place;
    return last?.line === line && last.element === element && last.column === column;
  }

  private value(column: string): unknown {
    const value = this.values.get(column) ?? null;
    return typeof value === 'string' && value.trim() === '' ? null : value;
  }

  private shown(value: unknown): string {
    return quote(typeof value === 'string' ? value : JSON.stringify(value));
  }
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);
