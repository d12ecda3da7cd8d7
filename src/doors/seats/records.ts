/**
 * The dialect's records: users, events and seats as rows of columns. Their small ids count up from
 * 1 and are never reused. The columns are what a record shows and what a list can be filtered by.
 */
import { doors } from '../../engine/command.ts';
import { customerProfile } from '../../engine/tables/customers.ts';
import { seatStates } from '../../engine/tables/seats.ts';
import type { State } from '../../engine/state.ts';
import { saleStates } from '../../engine/tables/sales.ts';
import { formatTime } from '../kit/ids.ts';
import { numberIn } from '../kit/input.ts';
import { sayableTime } from '../kit/times.ts';
import type { SeatStatus } from './input.ts';

export type Value = string | number | null;
export type RecordView = Readonly<{ [column: string]: Value }>;

/** One kind of record. A row is the engine's. */
export interface RecordKind {
  /** In the order in which they are shown. */
  readonly columns: Readonly<{ [column: string]: (state: State, row: number) => Value }>;
  /** The highest id that was given. */
  readonly count: (state: State) => number;
  /** Row of an id, or -1 when it was never given or its record is removed. */
  readonly find: (state: State, id: number) => number;
}

/** A record as it is now. */
export function show(state: State, kind: RecordKind, row: number): RecordView {
  return Object.fromEntries(Object.entries(kind.columns).map(([name, column]) => [name, column(state, row)]));
}

/** Row of the user with an id, removed or not; -1 for none. */
export function userRow(state: State, id: number): number {
  return state.customers.namespaces.row(doors.seats, id);
}

/** Small id of a customer by row + 1; null for none, and for one who is no user of this door. */
export function userIdOf(state: State, customer: number): number | null {
  const { customers } = state;
  if (customer === 0 || customers.door.get(customer - 1) !== doors.seats) return null;
  return customers.doorNumber.get(customer - 1);
}

export const users: RecordKind = {
  columns: {
    id: (state, row) => state.customers.doorNumber.get(row),
    email: (state, row) => customerProfile(state, row).email,
    name: (state, row) => customerProfile(state, row).name,
    created_at: (state, row) => formatTime(state.customers.createdAtMs.get(row)),
  },
  count: (state) => state.customers.namespaces.count(doors.seats),
  find: (state, id) => {
    const row = userRow(state, id);
    return row >= 0 && state.customers.removed.get(row) === 0 ? row : -1;
  },
};

/** Row of the event with an id, removed or not; -1 for none. */
export function eventRow(state: State, id: number): number {
  return state.sales.namespaces.row(doors.seats, id);
}

/** The status of an open event. Any other text means closed. */
export const openStatus = 'active';

/**
 * The status as it was given, unless the native API has opened, paused or closed the event since.
 */
export function eventStatus(state: State, row: number): string {
  const { sales } = state;
  const given = sales.attributes[row]?.['status'];
  const closed = sales.state.get(row) === saleStates.closed || state.civilMs >= sales.closesAtMs.get(row);
  if (!closed) return sales.state.get(row) === saleStates.paused ? 'paused' : openStatus;
  return given === undefined || given === openStatus ? 'closed' : given;
}

export const events: RecordKind = {
  columns: {
    id: (state, row) => state.sales.doorNumber.get(row),
    name: (state, row) => state.sales.name[row] ?? null,
    event_date: (state, row) => {
      const date = state.sales.attributes[row]?.['event_date'];
      return date === undefined ? null : sayableTime(date);
    },
    status: eventStatus,
    created_at: (state, row) => formatTime(state.sales.createdAtMs.get(row)),
  },
  count: (state) => state.sales.namespaces.count(doors.seats),
  find: (state, id) => {
    const row = eventRow(state, id);
    return row >= 0 && state.sales.removed.get(row) === 0 ? row : -1;
  },
};

/** Row of the seat with an id, removed or not; -1 for none. */
export function seatRow(state: State, id: number): number {
  return state.seats.namespaces.row(doors.seats, id);
}

const statuses = new Map<number, SeatStatus>([
  [seatStates.available, 'available'],
  [seatStates.held, 'reserved'],
  [seatStates.sold, 'booked'],
  [seatStates.blocked, 'blocked'],
]);

/**
 * Rows and numbers of halls that were not made here may be any text. This dialect shows numbers
 * only.
 */
export const seats: RecordKind = {
  columns: {
    id: (state, row) => state.seats.doorNumber.get(row),
    event_id: (state, row) => state.sales.doorNumber.get(state.seats.sale.get(row)),
    row_number: (state, row) => numberIn(state.seats.rowOf(row)),
    seat_number: (state, row) => numberIn(state.seats.number(row)),
    status: (state, row) => statuses.get(state.seats.state.get(row)) ?? null,
    created_at: (state, row) => formatTime(state.seats.createdAtMs.get(row)),
  },
  count: (state) => state.seats.namespaces.count(doors.seats),
  find: (state, id) => {
    const row = seatRow(state, id);
    if (row < 0 || state.seats.state.get(row) === seatStates.removed) return -1;
    // A removed event takes its seats with it.
    return state.sales.removed.get(state.seats.sale.get(row)) === 0 ? row : -1;
  },
};
