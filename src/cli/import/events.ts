/**
 * Events of a file become sales of the seats dialect, as POST /api/events makes them. An event is
 * known by its name and date.
 */
import { formatTime } from '../../doors/kit/ids.ts';
import { composed } from '../../doors/kit/texts.ts';
import { openStatus } from '../../doors/seats/records.ts';
import type { ImportFile } from './arguments.ts';
import type { Flaw, Place, Reading } from './flaws.ts';
import { flawAt, quote, readingOf, spellPlace } from './flaws.ts';
import type { EventRow } from './rows.ts';
import { Progress } from './run.ts';
import { makeOnce, stoppedAt } from './once.ts';
import type { EventBody, KnownEvent, Target } from './target.ts';

export interface NewEvent {
  /** Its row in the file, from 1. The key ends with it. */
  readonly row: number;
  readonly place: Place;
  readonly body: EventBody;
}

export interface EventsPlan {
  readonly toMake: readonly NewEvent[];
  /** How many events of the file exist already. */
  readonly there: number;
}

/** Which rows are to be made, given the known events. */
export function planEvents(rows: readonly EventRow[], known: readonly KnownEvent[]): Reading<EventsPlan> {
  const standing = new Set(known.map(({ name, date }) => identity(name, date)));
  const places = new Map<string, Place>();
  const flaws: Flaw[] = [];
  const toMake: NewEvent[] = [];
  for (const [i, row] of rows.entries()) {
    const { name, eventDateMs, status } = row;
    const date = formatTime(eventDateMs);
    const event = identity(name, date);
    const first = places.get(event);
    if (first !== undefined) {
      const message = `an event of this name and date is on ${spellPlace(first)}: keep one of them, or name them apart`;
      flaws.push(flawAt(row, null, message));
      continue;
    }
    places.set(event, row);
    if (!standing.has(event))
      toMake.push({ row: i + 1, place: row, body: { name, event_date: date, ...(status === null ? {} : { status }) } });
  }
  return readingOf({ toMake, there: rows.length - toMake.length }, flaws);
}

/** In NFC. Names of a file are in NFC, but an older store may have other forms. */
function identity(name: string, date: string | null): string {
  return JSON.stringify([composed(name), date]);
}

/** The maximum number of statuses, and of lines, that a report names. */
const maxNamed = 5;

/** How many of the new events take no bookings, and their statuses; null if all do. */
export function closedNote(made: readonly NewEvent[]): string | null {
  const counts = new Map<string, number>();
  let closed = 0;
  for (const { body } of made) {
    const { status = openStatus } = body;
    if (status === openStatus) continue;
    closed += 1;
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  if (closed === 0) return null;
  const named = Array.from(counts, ([status, count]) => `${quote(status)} (${count})`);
  const more = named.length > maxNamed ? ', …' : '';
  const bookings = closed === 1 ? 'takes no bookings: its' : 'take no bookings: their';
  return `${closed} of ${made.length} ${bookings} status is ${named.slice(0, maxNamed).join(', ')}${more}; only "${openStatus}" is open`;
}

/** How many of the new events have a date in the past, and still take bookings. Null for none. */
export function pastNote(made: readonly NewEvent[], nowMs: number): string | null {
  const past = made.filter(({ body }) => Date.parse(body.event_date) < nowMs);
  if (past.length === 0) return null;
  const are = past.length === 1 ? 'has a date' : 'have dates';
  const lines = past.slice(0, maxNamed).map(({ place }) => spellPlace(place));
  return `${past.length} of ${made.length} ${are} in the past (${lines.join('; ')}${past.length > lines.length ? '; …' : ''}), which does not close an event`;
}

/** Makes the events of a plan, in the order of the file. @throws UserError if it stops midway */
export async function makeEvents(target: Target, { hash }: ImportFile, plan: EventsPlan): Promise<void> {
  const { toMake, there } = plan;
  const total = toMake.length + there;
  const progress = new Progress(total, 'events');
  progress.done = there;
  try {
    // One after the other: ids must follow the order of the file, and two connections may overtake
    // each other.
    for (const { row, place, body } of toMake) {
      try {
        await makeOnce(
          `import-${hash}-${row}`,
          (key) => target.createEvent(body, key),
          ({ id }) => target.eventStands(Number(id)),
        );
      } catch (error) {
        throw stoppedAt(error, spellPlace(place), progress.done, total, 'events');
      }
      progress.done += 1;
    }
  } finally {
    progress.stop();
  }
}
