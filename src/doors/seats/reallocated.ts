/**
 * Seats that came back by a record of the log and were given at once to customers who waited. This
 * is read from columns that never change, so an answer that tells it can be repeated.
 */
import { listedSeats } from '../../engine/tables/seats.ts';
import type { State } from '../../engine/state.ts';
import type { SeatStatus } from './input.ts';
import type { RecordView } from './records.ts';
import { seats as seatRecords, show, userIdOf } from './records.ts';

/** Seats that one waiting customer was given. */
interface Reallocation {
  readonly status: 'booked' | 'reserved';
  /** Small id; null for what is reserved. */
  readonly bookingId: number | null;
  /** Null for a customer who is no user of this door. */
  readonly userId: number | null;
  /** Rows. */
  readonly seats: readonly number[];
}

/** As clients see it: seats by their ids. */
export function shownReallocation(state: State, { status, bookingId, userId, seats }: Reallocation): object {
  return { status, bookingId, userId, seats: seats.map((seat) => state.seats.doorNumber.get(seat)) };
}

/**
 * What the record at a position gave to customers who waited for a sale. The record itself must
 * have sold nothing of that sale.
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

/** First row at or after a position, in a table whose positions never decrease. */
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

/** The status of a seat right after the record at a position made it available. */
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
 * A seat's record with a status that it had earlier. Nothing else of it changes while its row is
 * the same.
 */
export function seatWith(state: State, seat: number, status: SeatStatus): RecordView {
  return { ...show(state, seatRecords, seat), status };
}
