import { changeKinds } from '../../../engine/changes.ts';
import { holdStates } from '../../../engine/tables/holds.ts';
import { named, namesOf } from '../cells.ts';
import type { Table, Things } from '../table.ts';
import { changes, id, integer, kept, link, nullable, text } from '../table.ts';
import { firstSeatOf, seatColumns } from './given-seats.ts';

const stateNames = namesOf(holdStates);

const things: Things = { count: (state) => state.holds.count, changes: [changeKinds.hold] };

export const holds: Table = {
  name: 'holds',
  of: things,
  columns: [
    id,
    link(
      'sale_id',
      'sales',
      kept(({ holds }) => holds.sale, 'id'),
    ),
    link(
      'customer_id',
      'customers',
      kept(({ holds }) => holds.customer, 'unlessZero'),
      nullable,
    ),
    integer(
      'quantity',
      kept(({ holds }) => holds.quantity),
    ),
    text('status', ({ holds }, hold) => named(stateNames, holds.state.get(hold)), changes),
    integer(
      'price_amount',
      kept(({ holds }) => holds.amount, 'unlessInfinite'),
      nullable,
    ),
    integer(
      'created_at_ms',
      kept(({ holds }) => holds.createdAtMs),
    ),
    /** Its duration when it was placed. */
    integer(
      'hold_ms',
      kept(({ holds }) => holds.holdMs),
    ),
    /** From the offset of its beginning, so a clock that is set later changes no row. */
    integer('expires_at_ms', (state, hold) => state.civilDeadlineMs(hold, state.holds.position.get(hold)), changes),
    /** Not null exactly when it is confirmed. */
    integer(
      'order_id',
      kept(({ holds }) => holds.order, 'unlessZero'),
      {
        ...nullable,
        ...changes,
        refers: { table: 'orders', later: true },
      },
    ),
    /** The waitlist entry that it was offered to. */
    integer(
      'waitlist_id',
      kept(({ holds }) => holds.entry, 'unlessZero'),
      {
        ...nullable,
        refers: { table: 'waitlist', later: true },
      },
    ),
    integer(
      'door_number',
      kept(({ holds }) => holds.doorNumber, 'unlessZero'),
      nullable,
    ),
    integer(
      'position',
      kept(({ holds }) => holds.position),
    ),
  ],
};

/** The seats that a hold was given, kept after it ended. */
export const holdSeats: Table = {
  name: 'hold_seats',
  of: things,
  rows: {
    count: ({ holds }, hold) => (holds.seats.get(hold) === 0 ? 0 : holds.quantity.get(hold)),
    first: ({ holds }, hold) => firstSeatOf(hold, holds.quantity.get(hold)),
  },
  columns: seatColumns('hold_id', 'holds', ({ holds }, hold) => holds.seats.get(hold)),
};
