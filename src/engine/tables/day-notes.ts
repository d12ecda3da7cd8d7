/**
 * What is noted of single days of a card, where a day was out of the ordinary: fares that count
 * towards no cap, taps out of order, adjustments. The notes of a card are a chain from its row in
 * `travel.ts`.
 */
import { ByteColumn, NumberColumn, WordColumn } from '../base/columns.ts';
import type { Ref, RefColumn } from '../base/ref.ts';
import { noRef, refOf, rowOf } from '../base/ref.ts';
import type { Stored, Table } from './table.ts';
import { stored } from './table.ts';

/**
 * used: the row is in use. disordered: a tap came out of order, and the day is to be settled.
 * settled: its settlement was booked. adjusted: `run` has booked.
 */
export const noteBits = { disordered: 1, settled: 2, adjusted: 4, used: 8 } as const;

interface NoteHead {
  readonly dayNotes: number;
  readonly freeDayNotes: number;
  readonly owedDays: number;
}

export class DayNotes implements Table<NoteHead> {
  rows = 0;
  /** Days that are disordered and not settled. */
  owed = 0;
  private free = noRef;

  readonly card = new WordColumn();
  /** `dayOf` */
  private readonly day = new WordColumn();
  readonly bits = new ByteColumn();
  /** Sum of the day's fares that count towards no cap. */
  readonly uncounted = new NumberColumn();
  /** Sum of the day's adjustments. It may pass what one amount can be. */
  readonly adjusted = new NumberColumn();
  /** The last run that booked it. */
  readonly run = new WordColumn();
  /** The day on which it was changed last. */
  readonly changedOn = new WordColumn();
  /** Position of the last record that brought a tap out of order, or an adjustment. */
  readonly movedAt = new NumberColumn();
  readonly next = new WordColumn() as RefColumn;

  /** Days since 1970-01-01. */
  dayOf(row: number): number {
    return this.day.get(row) | 0;
  }

  /** Whether the row is in use. */
  isUsed(row: number): boolean {
    return (this.bits.get(row) & noteBits.used) !== 0;
  }

  /** The note of a day in a chain; none. */
  find(first: Ref, day: number): Ref {
    let note = first;
    while (note !== noRef && this.dayOf(rowOf(note)) !== day) note = this.next.get(rowOf(note));
    return note;
  }

  /** Adds a note before the first of a chain. */
  add(first: Ref, card: number, day: number): Ref {
    let row = rowOf(this.free);
    if (row < 0) {
      row = this.rows;
      this.rows += 1;
    } else {
      this.free = this.next.get(row);
    }
    this.card.set(row, card);
    this.day.set(row, day);
    this.bits.set(row, noteBits.used);
    this.uncounted.set(row, 0);
    this.adjusted.set(row, 0);
    this.run.set(row, 0);
    this.changedOn.set(row, day);
    this.movedAt.set(row, 0);
    this.next.set(row, first);
    return refOf(row);
  }

  /** Frees the notes of a chain that are done with; returns what is left of it. */
  prune(first: Ref, isDone: (row: number) => boolean): Ref {
    let left = first;
    let before = -1;
    for (let note = first; note !== noRef;) {
      const row = rowOf(note);
      const next = this.next.get(row);
      if (isDone(row)) {
        if (before < 0) left = next;
        else this.next.set(before, next);
        this.bits.set(row, 0);
        this.next.set(row, this.free);
        this.free = note;
      } else {
        before = row;
      }
      note = next;
    }
    return left;
  }

  /** Whether a day waits for its settlement. */
  isOwed(row: number): boolean {
    const bits = this.bits.get(row);
    return (bits & noteBits.disordered) !== 0 && (bits & noteBits.settled) === 0;
  }

  head(): NoteHead {
    return { dayNotes: this.rows, freeDayNotes: this.free, owedDays: this.owed };
  }

  restore({ dayNotes = 0, freeDayNotes = 0, owedDays = 0 }: Partial<NoteHead>): void {
    this.rows = dayNotes;
    this.free = freeDayNotes as Ref;
    this.owed = owedDays;
  }

  columns(): Stored[] {
    const { card, day, bits, uncounted, adjusted, run, changedOn, next, movedAt } = this;
    return stored(this.rows, [card, day, bits, uncounted, adjusted, run, changedOn, next, movedAt]);
  }
}
