/** The rows that can be imported: events, and the seats of events. */
import type { Fields } from './fields.ts';
import type { Flaw, Reading } from './flaws.ts';
import { readingOf } from './flaws.ts';
import { readTable } from './table.ts';

export interface EventRow {
  readonly line: number;
  readonly name: string;
  readonly eventDateMs: number;
  /** As it was written; null where it was not. */
  readonly status: string | null;
}

export interface SeatRow {
  readonly line: number;
  /** The event's id or its name: only the store knows which. */
  readonly event: string;
  readonly section: string | null;
  readonly rowNumber: string;
  readonly seatNumber: string;
  readonly accessible: boolean;
  /** Lower is better; null where it was not written. */
  readonly rank: number | null;
}

export const maxNameCharacters = 200;
export const maxStatusCharacters = 50;
/** Of a section, a row, a seat. */
export const maxPlaceCharacters = 40;
export const maxRank = 1_000_000;

/** Rows of `name`, `event_date`, `status`. */
export function readEvents(bytes: Uint8Array, fileName: string): Reading<EventRow[]> {
  const columns = { required: ['name', 'event_date'], optional: ['status'] };
  return readTable(bytes, fileName, columns, (fields) => ({
    line: fields.line,
    name: fields.text('name', maxNameCharacters),
    eventDateMs: fields.timeMs('event_date'),
    status: fields.optionalText('status', maxStatusCharacters),
  }));
}

/** Rows of `event`, `section`, `row_number`, `seat_number`, `accessible`, `rank`; no seat twice. */
export function readSeats(bytes: Uint8Array, fileName: string): Reading<SeatRow[]> {
  const required = ['event', 'row_number', 'seat_number'];
  const columns = { required, optional: ['section', 'accessible', 'rank'] };
  const seen = new Map<string, number>();
  const twice: Flaw[] = [];
  const reading = readTable(bytes, fileName, columns, (fields) => {
    const seat = readSeat(fields);
    const { line, event, section, rowNumber, seatNumber } = seat;
    if (event === '' || rowNumber === '' || seatNumber === '') return seat;
    const place = JSON.stringify([event, section, rowNumber, seatNumber]);
    const first = seen.get(place);
    if (first === undefined) seen.set(place, line);
    else twice.push({ line, column: null, message: `the same seat is on line ${first}: keep one of them` });
    return seat;
  });
  return readingOf(reading.ok ? reading.value : [], [...(reading.ok ? [] : reading.flaws), ...twice]);
}

function readSeat(fields: Fields): SeatRow {
  return {
    line: fields.line,
    event: fields.text('event', maxNameCharacters),
    section: fields.optionalText('section', maxPlaceCharacters),
    rowNumber: fields.text('row_number', maxPlaceCharacters),
    seatNumber: fields.text('seat_number', maxPlaceCharacters),
    accessible: fields.isTrue('accessible'),
    rank: fields.optionalWholeNumber('rank', 0, maxRank),
  };
}
