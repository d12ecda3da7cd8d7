/** The rows that can be imported: events, and the seats of events. */
import { maxStatusCharacters, maxTextCharacters } from '../../doors/seats/input.ts';
import { maxRank, maxSeatNameCharacters } from '../../doors/v1/seat-schemas.ts';
import type { Fields } from './fields.ts';
import type { Flaw, Place, Reading } from './flaws.ts';
import { flawAt, readingOf, spellPlace } from './flaws.ts';
import { readTable } from './table.ts';

export interface EventRow extends Place {
  readonly name: string;
  readonly eventDateMs: number;
  /** As it was written; null where it was not. */
  readonly status: string | null;
}

export interface SeatRow extends Place {
  /** The event's id or its name: only the store knows which. */
  readonly event: string;
  readonly section: string | null;
  readonly rowNumber: string;
  readonly seatNumber: string;
  readonly accessible: boolean;
  /** Lower is better; null where it was not written. */
  readonly rank: number | null;
}

/** Rows of `name`, `event_date`, `status`. */
export function readEvents(bytes: Uint8Array, fileName: string): Reading<EventRow[]> {
  const columns = { required: ['name', 'event_date'], optional: ['status'] };
  return readTable(bytes, fileName, columns, (fields) => ({
    ...fields.place,
    name: fields.text('name', maxTextCharacters),
    eventDateMs: fields.timeMs('event_date'),
    status: fields.optionalText('status', maxStatusCharacters),
  }));
}

/** Rows of `event`, `section`, `row_number`, `seat_number`, `accessible`, `rank`; no seat twice. */
export function readSeats(bytes: Uint8Array, fileName: string): Reading<SeatRow[]> {
  const required = ['event', 'row_number', 'seat_number'];
  const columns = { required, optional: ['section', 'accessible', 'rank'] };
  const seen = new Map<string, Place>();
  const twice: Flaw[] = [];
  const reading = readTable(bytes, fileName, columns, (fields) => {
    const seat = readSeat(fields);
    const { event, section, rowNumber, seatNumber } = seat;
    if (event === '' || rowNumber === '' || seatNumber === '') return seat;
    const place = JSON.stringify([event, section, rowNumber, seatNumber]);
    const first = seen.get(place);
    if (first === undefined) seen.set(place, seat);
    else twice.push(flawAt(seat, null, sameSeat(first)));
    return seat;
  });
  return readingOf(reading.ok ? reading.value : [], [...(reading.ok ? [] : reading.flaws), ...twice]);
}

/** `first`: where the seat is, too. */
export function sameSeat(first: Place): string {
  return `the same seat is on ${spellPlace(first)}: keep one of them`;
}

function readSeat(fields: Fields): SeatRow {
  return {
    ...fields.place,
    event: fields.text('event', maxTextCharacters),
    section: fields.optionalText('section', maxSeatNameCharacters),
    rowNumber: fields.text('row_number', maxSeatNameCharacters),
    seatNumber: fields.text('seat_number', maxSeatNameCharacters),
    accessible: fields.isTrue('accessible'),
    rank: fields.optionalWholeNumber('rank', 0, maxRank),
  };
}
