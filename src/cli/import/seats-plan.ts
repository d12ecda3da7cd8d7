/**
 * Which seats of a file are to be added to which events, in records of up to a thousand. The log
 * has a record whole or not at all. So a record whose seats all exist as in the file was imported
 * before; any other existing seat comes from elsewhere.
 */
import type { NewSeat as AddedSeat } from '../../../sdk/src/index.ts';
import { maxRowNumber, maxSeatNumber } from '../../doors/seats/input.ts';
import { composed } from '../../doors/kit/texts.ts';
import { seatAddition } from '../../doors/seats/seats.ts';
import { maxAddedSeats, maxHallSeats, maxRank } from '../../doors/v1/seat-schemas.ts';
import { labelOf } from '../../engine/tables/seats.ts';
import type { Flaw, Place, Reading } from './flaws.ts';
import { flawAt, quote, readingOf } from './flaws.ts';
import type { SeatRow } from './rows.ts';
import { sameSeat } from './rows.ts';
import type { KnownEvent, StandingSeat } from './target.ts';

type Addition = AddedSeat & { readonly rank: number };

interface NewSeat {
  readonly place: Place;
  /** Its row in the file, from 1. */
  readonly row: number;
  readonly seat: Addition;
}

export interface SeatBatch {
  /** Id of the event's sale in the native API. */
  readonly sale: string;
  /** Row of its first seat in the file, from 1. The key ends with it. */
  readonly row: number;
  /** Places of its first and its last seat. */
  readonly places: readonly [Place, Place];
  readonly seats: readonly Addition[];
}

export interface SeatsPlan {
  readonly toAdd: readonly SeatBatch[];
  /** How many seats of the file exist already. */
  readonly there: number;
  readonly events: number;
}

/** `seatsOf`: the existing seats of an event. */
export async function planSeats(
  rows: readonly SeatRow[],
  known: readonly KnownEvent[],
  seatsOf: (event: KnownEvent) => Promise<Iterable<StandingSeat>>,
): Promise<Reading<SeatsPlan>> {
  const flaws: Flaw[] = [];
  const toAdd: SeatBatch[] = [];
  let there = 0;
  const byEvent = seatsByEvent(rows, known, flaws);
  for (const [event, seats] of byEvent) {
    const standing = new Standing(await seatsOf(event));
    const batches: NewSeat[][] = [];
    for (let first = 0; first < seats.length; first += maxAddedSeats)
      batches.push(seats.slice(first, first + maxAddedSeats));
    let count = Math.min(standing.count, maxHallSeats);
    for (const batch of batches) {
      if (batch.every(({ seat }) => standing.has(seat))) {
        there += batch.length;
        continue;
      }
      flaws.push(...flawsOfBatch(batch, standing));
      // Only the first seat beyond the limit is named.
      const beyond = count <= maxHallSeats ? batch[maxHallSeats - count] : undefined;
      if (beyond !== undefined) {
        const message = `${quote(event.name)} has more than ${maxHallSeats} seats with this one: put the rest into another event`;
        flaws.push(flawAt(beyond.place, null, message));
      }
      count += batch.length;
      const [first, last] = [batch[0]!, batch.at(-1)!];
      const seats = batch.map(({ seat }) => seat);
      toAdd.push({ sale: event.sale, row: first.row, places: [first.place, last.place], seats });
    }
  }
  return readingOf({ toAdd, there, events: byEvent.size }, flaws);
}

/** The rows without flaws, by the event that each names. */
function seatsByEvent(
  rows: readonly SeatRow[],
  known: readonly KnownEvent[],
  flaws: Flaw[],
): Map<KnownEvent, readonly NewSeat[]> {
  const names = new EventNames(known);
  const found = new Map<KnownEvent, { readonly seats: NewSeat[]; readonly places: Map<string, Place> }>();
  for (const [i, row] of rows.entries()) {
    const event = names.find(row, flaws);
    const seat = additionOf(row, flaws);
    if (event === null || seat === null) continue;
    let ofEvent = found.get(event);
    if (ofEvent === undefined) found.set(event, (ofEvent = { seats: [], places: new Map() }));
    const label = labelOf(seat.section, seat.row, seat.number);
    const first = ofEvent.places.get(label);
    if (first === undefined) {
      ofEvent.places.set(label, row);
      ofEvent.seats.push({ place: row, row: i + 1, seat });
    } else {
      flaws.push(flawAt(row, null, sameSeat(first)));
    }
  }
  return new Map(Array.from(found, ([event, { seats }]) => [event, seats]));
}

/** Null if it has flaws, which are noted. */
function additionOf(given: SeatRow, flaws: Flaw[]): Addition | null {
  const { section, rank, accessible } = given;
  const before = flaws.length;
  const row = wholeNumber(given, 'row_number', given.rowNumber, 0, maxRowNumber, flaws);
  const number = wholeNumber(given, 'seat_number', given.seatNumber, 1, maxSeatNumber, flaws);
  if (rank === null && row > maxRank) {
    const message = `rank is the row where none is written, and ${row} is too high for one: write a rank, at most ${maxRank}`;
    flaws.push(flawAt(given, 'rank', message));
  }
  if (flaws.length > before) return null;
  return {
    ...seatAddition(row, number),
    ...(section === null ? {} : { section }),
    ...(rank === null ? {} : { rank }),
    ...(accessible ? { accessible } : {}),
  };
}

function wholeNumber(place: Place, column: string, text: string, least: number, most: number, flaws: Flaw[]): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  const message = `${quote(text)} is no whole number from ${least} to ${most}: rows and seats of events are such numbers`;
  flaws.push(flawAt(place, column, message));
  return NaN;
}

function flawsOfBatch(batch: readonly NewSeat[], standing: Standing): Flaw[] {
  return batch.flatMap(({ place, seat }) => {
    const message = standing.refusalOf(seat);
    return message === null ? [] : flawAt(place, null, message);
  });
}

/** The existing seats of one event, by names in NFC. An older store may keep other forms. */
class Standing {
  count = 0;
  private readonly byLabel = new Map<string, StandingSeat>();
  private readonly places = new Map<string, StandingSeat>();

  constructor(seats: Iterable<StandingSeat>) {
    for (const seat of seats) {
      this.count += 1;
      this.byLabel.set(composed(labelOf(seat.section, seat.row, seat.number)), seat);
      this.places.set(placeOf(seat, seat.place), seat);
    }
  }

  /** Whether the seat exists as in the file. */
  has({ section, row, number, rank, accessible = false }: Addition): boolean {
    const seat = this.byLabel.get(labelOf(section, row, number));
    return seat !== undefined && seat.rank === rank && seat.accessible === accessible;
  }

  /** Why a seat cannot be added, and what to do; null when it can. */
  refusalOf(seat: Addition): string | null {
    if (this.byLabel.has(labelOf(seat.section, seat.row, seat.number)))
      return 'the seat is there already: take this line away';
    const other = this.places.get(placeOf(seat, Number(seat.number)));
    if (other === undefined) return null;
    return `seat ${quote(other.number)} stands at this place of the row: take this line away, or change that seat`;
  }
}

function placeOf({ section, row }: { readonly section: string; readonly row: string }, place: number): string {
  return JSON.stringify([composed(section), composed(row), place]);
}

/** Finds events by the names in a file: by id, or by a unique name. */
class EventNames {
  private readonly byId = new Map<string, KnownEvent>();
  private readonly byName = new Map<string, KnownEvent[]>();

  constructor(events: readonly KnownEvent[]) {
    for (const event of events) {
      this.byId.set(String(event.id), event);
      const name = composed(event.name.trim());
      const others = this.byName.get(name);
      if (others === undefined) this.byName.set(name, [event]);
      else others.push(event);
    }
  }

  /** Null after noting a flaw. */
  find(row: SeatRow, flaws: Flaw[]): KnownEvent | null {
    const text = row.event;
    const byId = this.byId.get(text);
    const named = (this.byName.get(text) ?? []).filter((event) => event !== byId);
    const [event = null, ...others] = byId === undefined ? named : [byId, ...named];
    if (others.length === 0 && event !== null) return event;
    const ids = named.slice(0, 10).map(({ id }) => id);
    let message = `there is no event ${quote(text)}: write the id or the name of one that is there`;
    if (byId !== undefined)
      message = `${quote(text)} is the id of one event and the name of another: rename the other, or write its id, ${ids.join(' or ')}`;
    else if (event !== null)
      message = `${named.length} events are called ${quote(text)}: write the id, which is ${ids.join(' or ')}`;
    flaws.push(flawAt(row, 'event', message));
    return null;
  }
}
