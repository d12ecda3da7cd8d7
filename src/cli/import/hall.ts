/**
 * A hall's file: sections, rows and seats, in the form of the native API, and a name for the sale.
 */
import { Type } from 'typebox';
import { repeatedSeats } from '../../doors/v1/hall.ts';
import { saleName } from '../../doors/v1/schemas.ts';
import { composed, namePattern } from '../../doors/kit/texts.ts';
import { maxHallSeats, maxRank, maxRowSeats, maxSeatNameCharacters } from '../../doors/v1/seat-schemas.ts';
import type { HallDefinition, RowDefinition, SeatDefinition } from '../../engine/commands/sales.ts';
import { HttpFailure } from '../../http/problems.ts';
import { checkOf } from '../../doors/kit/validation.ts';
import type { Check } from '../../doors/kit/validation.ts';
import { textOf } from './file-text.ts';
import type { Flaw, Reading } from './flaws.ts';
import { quote, readingOf } from './flaws.ts';
import { reasonOf } from '../../reason.ts';

export interface HallFile {
  /** The sale's name; null if the file has none. */
  readonly name: string | null;
  /** As in the file, except that consecutive numbers become a range. */
  readonly hall: HallDefinition;
}

const maxSeatNumber = 99_999;

const seatName = Type.String({ minLength: 1, maxLength: maxSeatNameCharacters, pattern: namePattern });
const closed = { additionalProperties: false };
const rank = Type.Integer({ minimum: 0, maximum: maxRank });
const seatNumber = Type.Integer({ minimum: 1, maximum: maxSeatNumber });
// Each part is checked by itself: a check names only a few errors, and an error in one part must
// not hide those of others.
const parts = Type.Array(Type.Unknown(), { minItems: 1 });
const checkHall = checkOf(Type.Object({ name: Type.Optional(saleName), sections: parts }, closed));
const checkSection = checkOf(Type.Object({ name: seatName, rows: parts }, closed));
const checkRow = checkOf(Type.Object({ name: seatName, seats: Type.Unknown(), rank: Type.Optional(rank) }, closed));
const checkNumber = checkOf(seatName);
const checkSeat = checkOf(
  Type.Object({ number: seatName, accessible: Type.Optional(Type.Boolean()), rank: Type.Optional(rank) }, closed),
);
const checkRange = checkOf(Type.Object({ from: seatNumber, to: seatNumber }, closed));

/** Flaws name their place as a path, such as /sections/0/rows/2/seats. */
export function readHall(bytes: Uint8Array): Reading<HallFile> {
  const decoded = textOf(bytes);
  if (!decoded.ok) return decoded;
  const flaws: Flaw[] = [];
  let value: unknown;
  try {
    value = JSON.parse(decoded.value, (_, inner: unknown) => {
      if (typeof inner === 'string' && !inner.isWellFormed()) {
        const message = `${quote(inner)} has half of a character: write the whole one`;
        flaws.push({ line: null, column: null, message });
      }
      // Every text of the file is a name.
      if (typeof inner === 'string') return composed(inner);
      return inner;
    });
  } catch (error) {
    const reason = reasonOf(error);
    const message = `it is not JSON (${reason}): write one object with "sections"`;
    return { ok: false, flaws: [{ line: null, column: null, message }] };
  }
  const file = checked(checkHall, value, '', flaws);
  if (file === null) return { ok: false, flaws };
  const hall = { sections: sectionsOf(file.sections, flaws) };
  // Two different names with dashes can give the same label.
  if (flaws.length === 0)
    for (const { path, message } of repeatedSeats(hall, '')) flaws.push({ line: null, column: path, message });
  return readingOf({ name: file.name ?? null, hall }, flaws);
}

/** The value if it passes; otherwise null, after adding to the flaws. */
function checked<Value>(check: Check<Value>, value: unknown, path: string, flaws: Flaw[]): Value | null {
  try {
    return check(value);
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    for (const { path: inside, message } of error.errors) {
      const place = `${path}${inside === '/' ? '' : inside}`;
      flaws.push({ line: null, column: place === '' ? '/' : place, message });
    }
    return null;
  }
}

function sectionsOf(given: readonly unknown[], flaws: Flaw[]): HallDefinition['sections'] {
  const room = { left: maxHallSeats };
  const sections = given.flatMap((each, i) => {
    const path = `/sections/${i}`;
    const section = checked(checkSection, each, path, flaws);
    if (section === null) return [];
    const rows = section.rows.flatMap((row, j) => rowOf(row, `${path}/rows/${j}`, room, flaws) ?? []);
    noneTwice(rows, 'row', flaws);
    return { name: section.name, path, rows };
  });
  noneTwice(sections, 'section', flaws);
  if (room.left < 0) {
    const message = `it has ${maxHallSeats - room.left} seats: a hall has at most ${maxHallSeats}`;
    flaws.push({ line: null, column: '/sections', message });
  }
  return sections.map(({ name, rows }) => ({ name, rows: rows.map(({ path: _, ...row }) => row) }));
}

function rowOf(given: unknown, path: string, room: { left: number }, flaws: Flaw[]): (RowDefinition & Named) | null {
  const row = checked(checkRow, given, path, flaws);
  if (row === null) return null;
  const seats = seatsOf(row.seats, `${path}/seats`, room, flaws);
  return { name: row.name, path, ...(row.rank === undefined ? {} : { rank: row.rank }), seats };
}

/** `room`: how many seats the hall may still have. */
function seatsOf(given: unknown, path: string, room: { left: number }, flaws: Flaw[]): RowDefinition['seats'] {
  if (Array.isArray(given)) {
    if (!countSeats(given.length, path, room, flaws)) return [];
    if (given.length === 0) flaws.push({ line: null, column: path, message: 'must have at least one seat' });
    const seats = given.map((each, i) => seatOf(each, `${path}/${i}`, flaws));
    const named = seats.flatMap((seat, i) => (seat === null ? [] : { name: numberOf(seat), path: `${path}/${i}` }));
    noneTwice(named, 'seat', flaws);
    const sound = seats.filter((seat) => seat !== null);
    return rangeOf(sound) ?? sound;
  }
  if (typeof given !== 'object' || given === null) {
    flaws.push({ line: null, column: path, message: 'must be a list of seats, or {"from": 1, "to": 40}' });
    return [];
  }
  const range = checked(checkRange, given, path, flaws);
  if (range === null) return [];
  const count = range.to - range.from + 1;
  if (count < 1) {
    const message = `goes from ${range.from} to ${range.to}: "to" must not be less than "from"`;
    flaws.push({ line: null, column: path, message });
    return [];
  }
  return countSeats(count, path, room, flaws) ? range : [];
}

/** Whether a row may have this many seats. */
function countSeats(count: number, path: string, room: { left: number }, flaws: Flaw[]): boolean {
  room.left -= count;
  if (count <= maxRowSeats) return true;
  const message = `has ${count} seats: a row has at most ${maxRowSeats}, so make several of it`;
  flaws.push({ line: null, column: path, message });
  return false;
}

/** Null if it has flaws, which are noted. */
function seatOf(given: unknown, path: string, flaws: Flaw[]): SeatDefinition | null {
  if (typeof given === 'string') return checked(checkNumber, given, path, flaws);
  if (typeof given !== 'object' || given === null) {
    flaws.push({ line: null, column: path, message: 'must be a number in quotes, or {"number": "3"}' });
    return null;
  }
  const seat = checked(checkSeat, given, path, flaws);
  if (seat === null) return null;
  return seat.accessible !== true && seat.rank === undefined ? seat.number : seat;
}

function numberOf(seat: SeatDefinition): string {
  return typeof seat === 'string' ? seat : seat.number;
}

/** Seats that are only consecutive numbers, as a range: a hall must fit into one record. */
function rangeOf(seats: readonly SeatDefinition[]): { from: number; to: number } | null {
  const from = Number(seats[0]);
  const isRange = from >= 1 && seats.every((seat, i) => seat === String(from + i));
  return isRange ? { from, to: from + seats.length - 1 } : null;
}

/** A named part of the file, and its place. */
interface Named {
  readonly name: string;
  readonly path: string;
}

function noneTwice(things: readonly Named[], noun: string, flaws: Flaw[]): void {
  const seen = new Map<string, string>();
  for (const { name, path } of things) {
    const first = seen.get(name);
    const message = `${noun} ${quote(name)} is there already, at ${first}: names must differ`;
    if (first === undefined) seen.set(name, path);
    else flaws.push({ line: null, column: path, message });
  }
}
