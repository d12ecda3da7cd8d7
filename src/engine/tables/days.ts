/**
 * Days of the tariff's time zone: how far they are closed, and where in the log each began. A day
 * is closed 26 hours after its end: then journeys that begun on it end, and what was out of order
 * is settled.
 */
import type { Table } from './table.ts';

/** How long after its end a day is closed, ms. */
export const closedAfterMs = 26 * 3_600_000;
/** Days before a day that may change what it costs: those of caps, chains and journeys. */
export const contextDays = 9;
/** Days before a disordered one that it may change: a journey may have begun on them. */
export const lookedBackDays = 2;
/** For so many days it is known where they began in the log. */
const keptStarts = 400;

interface DaysHead {
  readonly closedDay: number | null;
  readonly closingDay: number | null;
  readonly closingCursor: number;
  readonly nextDayMs: number;
  readonly dayStarts: readonly (readonly [number, number])[];
}

export class Days implements Table<DaysHead> {
  /** The last day that is closed; null while none was. */
  closed: number | null = null;
  /** The day that is being closed, with those before it; null for none. */
  closing: number | null = null;
  /** The next row of `travel` to look at while a day is being closed. */
  cursor = 0;
  /** Civil time at which the next day begins, ms. */
  nextMs = 0;
  /** Day, and the first position of a record on it; ascending. */
  readonly starts: (readonly [day: number, position: number])[] = [];

  begin(day: number, position: number): void {
    const last = this.starts.at(-1);
    if (last !== undefined && last[0] >= day) return;
    this.starts.push([day, position]);
    if (this.starts.length > keptStarts) this.starts.shift();
  }

  /** A position from which on all records of a day lie; 1 when it began before all that is kept. */
  startOf(day: number): number {
    let position = 1;
    for (const [started, at] of this.starts) {
      if (started > day) break;
      position = at;
    }
    return position;
  }

  head(): DaysHead {
    const { closed, closing, cursor, nextMs, starts } = this;
    return { closedDay: closed, closingDay: closing, closingCursor: cursor, nextDayMs: nextMs, dayStarts: [...starts] };
  }

  restore({
    closedDay = null,
    closingDay = null,
    closingCursor = 0,
    nextDayMs = 0,
    dayStarts = [],
  }: Partial<DaysHead>): void {
    this.closed = closedDay;
    this.closing = closingDay;
    this.cursor = closingCursor;
    this.nextMs = nextDayMs;
    for (const [day, position] of dayStarts) this.starts.push([day, position]);
  }
}
