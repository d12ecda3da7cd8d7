/** The hall of a new sale, checked so that every mistake is named by its place in the body. */
import type { Static } from 'typebox';
import type { HallDefinition, RowDefinition, SeatDefinition } from '../../engine/commands/sales.ts';
import { labelOf } from '../../engine/tables/seats.ts';
import type { FieldError } from '../../http/problems.ts';
import { checkOf, invalidField } from '../kit/validation.ts';
import { composed } from '../kit/texts.ts';
import { seatsOfHall, seatsOfRow } from '../kit/sale-definition.ts';
import type { hallFrame } from './seat-schemas.ts';
import { hallRange, hallSeat, maxHallSeats, maxRowSeats, seatName } from './seat-schemas.ts';

const checkName = checkOf(seatName);
const checkSeat = checkOf(hallSeat);
const checkRange = checkOf(hallRange);
/** Maximum of seats that one answer names. */
const maxErrors = 20;

/**
 * The hall in a body. The engine checks whether its seats' names differ.
 * @throws HttpFailure
 * 400
 */
export function readHall(frame: Static<typeof hallFrame>, at: string): HallDefinition {
  const sections = frame.sections.map(({ name, rows }, s) => ({
    name: composed(name),
    rows: rows.map((row, r) => ({
      ...row,
      name: composed(row.name),
      seats: readSeats(row.seats, `${at}/sections/${s}/rows/${r}/seats`),
    })),
  }));
  const hall = { sections };
  if (seatsOfHall(hall) > maxHallSeats) throw invalidField(at, `has more than ${maxHallSeats} seats`);
  return hall;
}

function readSeats(value: unknown, path: string): RowDefinition['seats'] {
  if (typeof value !== 'object' || value === null) throw invalidField(path, 'is neither a list of seats nor a range');
  if (!Array.isArray(value)) {
    const range = checkRange(value, path);
    if (range.to < range.from) throw invalidField(`${path}/to`, 'is less than from');
    if (seatsOfRow(range) > maxRowSeats) throw invalidField(path, `has more than ${maxRowSeats} seats`);
    return range;
  }
  const given: readonly unknown[] = value;
  if (given.length > maxRowSeats) throw invalidField(path, `has more than ${maxRowSeats} seats`);
  return given.map((seat, i): SeatDefinition => {
    const seatPath = `${path}/${i}`;
    if (typeof seat !== 'object' || seat === null) return composed(checkName(seat, seatPath));
    const { number, ...terms } = checkSeat(seat, seatPath);
    return { number: composed(number), ...terms };
  });
}

/** The seats whose label a previous seat has. `at`: where the hall is in the body. */
export function repeatedSeats({ sections }: HallDefinition, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const labels = new Set<string>();
  for (const [s, section] of sections.entries()) {
    for (const [r, { name, seats }] of section.rows.entries()) {
      const path = `${at}/sections/${s}/rows/${r}/seats`;
      const count = seatsOfRow(seats);
      for (let i = 0; i < count && errors.length < maxErrors; i += 1) {
        const label = labelOf(section.name, name, numberAt(seats, i));
        const seatPath = 'from' in seats ? path : `${path}/${i}`;
        if (labels.has(label)) errors.push({ path: seatPath, message: `gives the hall a second ${label}` });
        labels.add(label);
      }
    }
  }
  return errors;
}

function numberAt(seats: RowDefinition['seats'], i: number): string {
  if ('from' in seats) return String(seats.from + i);
  const seat = seats[i]!;
  return typeof seat === 'string' ? seat : seat.number;
}
