/** A hall's file: sections, their rows, their seats; every seat spelled out once it is read. */
import { Type } from 'typebox';
import { HttpFailure } from '../../http/problems.ts';
import { type Check, checkOf } from '../../http/validation.ts';
import { textOf } from './file-text.ts';
import type { Flaw, Reading } from './flaws.ts';
import { quote, readingOf } from './flaws.ts';
import { maxPlaceCharacters, maxRank } from './rows.ts';

export interface HallSeat {
  readonly number: string;
  readonly accessible: boolean;
  /** How good the seat is, lower is better: its own, or its row's, or null. */
  readonly rank: number | null;
}

export interface HallRow {
  readonly name: string;
  readonly seats: readonly HallSeat[];
}

export interface HallSection {
  readonly name: string;
  readonly rows: readonly HallRow[];
}

export interface Hall {
  readonly sections: readonly HallSection[];
}

export const maxHallSeats = 100_000;
const maxSeatNumber = 99_999;

const closed = { additionalProperties: false };
const place = Type.String({ minLength: 1, maxLength: maxPlaceCharacters, pattern: '^[^\\u0000-\\u001f\\u007f]*$' });
const rank = Type.Integer({ minimum: 0, maximum: maxRank });
const seatNumber = Type.Integer({ minimum: 1, maximum: maxSeatNumber });
// Each part is checked by itself: a check names a few errors at most, and an error in one part must not hide those of others.
const parts = Type.Array(Type.Unknown(), { minItems: 1 });
const checkHall = checkOf(Type.Object({ sections: parts }, closed));
const checkSection = checkOf(Type.Object({ name: place, rows: parts }, closed));
const checkRow = checkOf(Type.Object({ name: place, seats: Type.Unknown(), rank: Type.Optional(rank) }, closed));
const checkNumber = checkOf(place);
const checkSeat = checkOf(
  Type.Object({ number: place, accessible: Type.Optional(Type.Boolean()), rank: Type.Optional(rank) }, closed),
);
const checkRange = checkOf(Type.Object({ from: seatNumber, to: seatNumber }, closed));

/** Flaws name their place as a path, such as /sections/0/rows/2/seats. */
export function readHall(bytes: Uint8Array): Reading<Hall> {
  const decoded = textOf(bytes);
  if (!decoded.ok) return decoded;
  const flaws: Flaw[] = [];
  let value: unknown;
  try {
    value = JSON.parse(decoded.value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `it is not JSON (${reason}): write one object with "sections"`;
    return { ok: false, flaws: [{ line: null, column: null, message }] };
  }
  const file = checked(checkHall, value, '', flaws);
  if (file === null) return { ok: false, flaws };
  return readingOf({ sections: sectionsOf(file.sections, flaws) }, flaws);
}

/** The value when it passes; otherwise null, and what is wrong stands among the flaws. */
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

function sectionsOf(given: readonly unknown[], flaws: Flaw[]): HallSection[] {
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
  return sections.map(({ name, rows }) => ({
    name,
    rows: rows.map(({ name: ofRow, seats }) => ({ name: ofRow, seats })),
  }));
}

function rowOf(given: unknown, path: string, room: { left: number }, flaws: Flaw[]): (HallRow & Named) | null {
  const row = checked(checkRow, given, path, flaws);
  if (row === null) return null;
  const seats = seatsOf(row.seats, row.rank ?? null, `${path}/seats`, room, flaws);
  return { name: row.name, path, seats };
}

/** `room`: how many seats the hall may still have; where there is none left they are counted, and not made. */
function seatsOf(
  given: unknown,
  rankOfRow: number | null,
  path: string,
  room: { left: number },
  flaws: Flaw[],
): HallSeat[] {
  if (Array.isArray(given)) {
    room.left -= given.length;
    if (given.length === 0) flaws.push({ line: null, column: path, message: 'must have at least one seat' });
    const seats = given.map((each, i) => seatOf(each, rankOfRow, `${path}/${i}`, flaws));
    const named = seats.flatMap((seat, i) => (seat === null ? [] : { name: seat.number, path: `${path}/${i}` }));
    noneTwice(named, 'seat', flaws);
    return seats.filter((seat) => seat !== null);
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
  room.left -= count;
  if (room.left < 0) return [];
  const numbers = Array.from({ length: count }, (_, i) => String(range.from + i));
  return numbers.map((number) => ({ number, accessible: false, rank: rankOfRow }));
}

function seatOf(given: unknown, rankOfRow: number | null, path: string, flaws: Flaw[]): HallSeat | null {
  if (typeof given === 'string') {
    const number = checked(checkNumber, given, path, flaws);
    return number === null ? null : { number, accessible: false, rank: rankOfRow };
  }
  if (typeof given !== 'object' || given === null) {
    flaws.push({ line: null, column: path, message: 'must be a number in quotes, or {"number": "3"}' });
    return null;
  }
  const seat = checked(checkSeat, given, path, flaws);
  return seat === null
    ? null
    : { number: seat.number, accessible: seat.accessible ?? false, rank: seat.rank ?? rankOfRow };
}

/** A part of the file that has a name, and where it is. */
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
