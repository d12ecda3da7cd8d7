/** The rows that can be imported: events, and the seats of events. */
import { openStatus } from '../../doors/seats/records.ts';
import { maxStatusCharacters, maxTextCharacters } from '../../doors/seats/input.ts';
import { maxRank, maxSeatNameCharacters } from '../../doors/v1/seat-schemas.ts';
import { UserError } from '../../store/user-error.ts';
import { columnName } from './csv.ts';
import type { Fields } from './fields.ts';
import type { Flaw, Place, Reading } from './flaws.ts';
import { flawAt, readingOf, spellPlace } from './flaws.ts';
import type { Columns } from './table.ts';
import { readTable } from './table.ts';

export interface EventRow extends Place {
  readonly name: string;
  readonly eventDateMs: number;
  /** As written, except for the case of the open status; null if left out. */
  readonly status: string | null;
}

export interface SeatRow extends Place {
  /** The event's id or name; only the store can tell which. */
  readonly event: string;
  readonly section: string | null;
  readonly rowNumber: string;
  readonly seatNumber: string;
  readonly accessible: boolean;
  /** Lower is better; null if left out. */
  readonly rank: number | null;
}

const eventColumns = { required: ['name', 'event_date'], optional: ['status'] } as const;
const seatColumns = {
  required: ['event', 'row_number', 'seat_number'],
  optional: ['section', 'accessible', 'rank'],
} as const;

const noneIgnored: ReadonlySet<string> = new Set();

/** Names of columns that a flag lists, separated by commas. @throws UserError for a required one */
export function readIgnored(flag: string | undefined, noun: 'events' | 'seats'): ReadonlySet<string> {
  const { required } = noun === 'events' ? eventColumns : seatColumns;
  const names = (flag ?? '').split(',').map(columnName);
  const needed = names.find((name) => (required as readonly string[]).includes(name));
  if (needed !== undefined) throw new UserError(`--ignore names ${needed}, which ${noun} must have: leave it out`);
  return new Set(names.filter((name) => name !== ''));
}

/** Rows of `name`, `event_date`, `status`. `ignored`: columns to skip. */
export function readEvents(bytes: Uint8Array, fileName: string, ignored = noneIgnored): Reading<EventRow[]> {
  const columns = columnsWithout(eventColumns, ignored);
  return readTable(bytes, fileName, columns, (fields) => ({
    ...fields.place,
    name: fields.text('name', maxTextCharacters),
    eventDateMs: fields.timeMs('event_date'),
    status: statusOf(fields.optionalText('status', maxStatusCharacters)),
  }));
}

/** The open status may be written in any case; the store has one spelling. */
function statusOf(text: string | null): string | null {
  return text?.toLowerCase() === openStatus ? openStatus : text;
}

/** The columns without the ignored ones. */
function columnsWithout({ required, optional }: Omit<Columns, 'ignored'>, ignored: ReadonlySet<string>): Columns {
  return { required, optional: optional.filter((name) => !ignored.has(name)), ignored };
}

/**
 * Rows of `event`, `section`, `row_number`, `seat_number`, `accessible`, `rank`; no seat twice.
 * `ignored`: columns to skip.
 */
export function readSeats(bytes: Uint8Array, fileName: string, ignored = noneIgnored): Reading<SeatRow[]> {
  const columns = columnsWithout(seatColumns, ignored);
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

/** `first`: the other place of the seat. */
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
