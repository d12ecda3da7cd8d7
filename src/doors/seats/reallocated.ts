/**
 * What a record of the log came to beside the answer to its command: seats that came back and were
 * reallocated at once to those who waited. It is read off columns that never change: an answer that
 * tells of it can be given again.
 */
import { listedSeats } from '../../engine/tables/seats.ts';
import type { State } from '../../engine/state.ts';
import type { SeatStatus } from './input.ts';
import type { RecordView } from './records.ts';
import { seats as seatRecords, show, userIdOf } from './records.ts';

/** Seats that somebody who waited was given. */
export interface Reallocation {
  readonly status: 'booked' | 'reserved';
  /** Small id; null for what is reserved. */
  readonly bookingId: number | null;
  /** Null for who is no user of this door. */
  readonly userId: number | null;
  /** Rows. */
  readonly seats: readonly number[];
}

/** As clients see it: seats by their ids. */
export function shownReallocation(state: State, { status, bookingId, userId, seats }: Reallocation): object {
  return { status, bookingId, userId, seats: seats.map((seat) => state.seats.doorNumber.get(seat)) };
}

/**
 * What those who wait for a sale were given by the record at a position. The record must have sold
 * nothing there itself.
 */
export function reallocatedAt(state: State, sale: number, position: number): Reallocation[] {
  return [...bookedAt(state, sale, position), ...reservedAt(state, sale, position)];
}

function* bookedAt(state: State, sale: number, position: number): Generator<Reallocation> {
  const { orders, lines } = state;
  const at = (order: number): number => orders.position.get(order);
  for (let order = firstAt(orders.count, at, position); order < orders.count && at(order) === position; order += 1) {
    if (lines.sale.get(orders.firstLine.get(order)) !== sale) continue;
    yield {
      status: 'booked',
      bookingId: orders.doorNumber.get(order),
      userId: userIdOf(state, orders.customer.get(order)),
      seats: seatsOfOrder(state, order),
    };
  }
}

function* reservedAt(state: State, sale: number, position: number): Generator<Reallocation> {
  const { holds } = state;
  const at = (hold: number): number => holds.position.get(hold);
  for (let hold = firstAt(holds.count, at, position); hold < holds.count && at(hold) === position; hold += 1) {
    if (holds.sale.get(hold) !== sale) continue;
    const userId = userIdOf(state, holds.customer.get(hold));
    yield { status: 'reserved', bookingId: null, userId, seats: seatsOfHold(state, hold) };
  }
}

/** First row at a position or behind it, of a table whose positions never fall. */
function firstAt(count: number, positionOf: (row: number) => number, position: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (positionOf(middle) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What became of a seat that the record at a position made available. */
export function statusAt(state: State, seat: number, position: number): SeatStatus {
  const given = reallocatedAt(state, state.seats.sale.get(seat), position).find(({ seats }) => seats.includes(seat));
  return given?.status ?? 'available';
}

/** Lines of an order. */
export function linesOfOrder(state: State, order: number): number[] {
  const { orders } = state;
  const first = orders.firstLine.get(order);
  return Array.from({ length: orders.lineCount.get(order) }, (_, i) => first + i);
}

export function seatsOfLine(state: State, line: number): number[] {
  return listedSeats(state, state.lines.seats.get(line), state.lines.quantity.get(line));
}

export function seatsOfOrder(state: State, order: number): number[] {
  return linesOfOrder(state, order).flatMap((line) => seatsOfLine(state, line));
}

export function seatsOfHold(state: State, hold: number): number[] {
  return listedSeats(state, state.holds.seats.get(hold), state.holds.quantity.get(hold));
}

/**
 * A seat's record with the status that it had at some time: nothing else of it changes while its
 * row stands.
 */
export function seatWith(state: State, seat: number, status: SeatStatus): RecordView {
  return { ...show(state, seatRecords, seat), status };
}
