/** POST /api/events/book: the best seats, together where possible. */
import { kinds } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { State } from '../../engine/state.ts';
import { customerId } from '../../engine/tables/customers.ts';
import type { Answer } from '../../http/answer.ts';
import { formatId, formatTime } from '../kit/ids.ts';
import { missing } from '../kit/input.ts';
import type { Caller, Operation } from '../kit/operation.ts';
import { orNoSuchRow } from '../kit/operation.ts';
import { booked } from './answers.ts';
import { fieldsOf } from './fields.ts';
import type { Booking } from './input.ts';
import { readBooking } from './input.ts';
import { setKey } from './keys.ts';
import { seatsOfOrder, seatWith } from './reallocated.ts';
import { eventRow, userIdOf, userRow, users } from './records.ts';

interface Asked {
  readonly booking: Booking;
  readonly caller: Caller;
}

const words = { UNKNOWN_SALE: 'Event not found' } as const;

export const book: Operation<Asked> = {
  read: (call, body) => ({ booking: readBooking(fieldsOf(call, body)), caller: call }),
  fill: ({ booking: { eventId, quantity, userId, partial } }, state, command) => {
    const lines = linesOf(command.reset(kinds.order));
    if (userId !== null && users.find(state, userId) < 0) return missing('User not found');
    lines.addBest(orNoSuchRow(eventRow(state, eventId)), quantity, 0, false, true);
    lines.partial = partial;
    if (userId !== null) command.setCustomer(customerOf(state, userId));
    return undefined;
  },
  keep: (key, { booking }, command) => setKey(command, key, ['book', booking]),
  words: () => words,
  answer: renderBooked,
};

/** The engine's id of a user that exists. */
function customerOf(state: State, userId: number): string {
  const id = customerId(state, userRow(state, userId) + 1);
  if (id === null) throw new Error(`user ${userId} has no id`);
  return id;
}

function renderBooked(
  outcome: Outcome,
  { booking: { eventId, userId, quantity }, caller }: Asked,
  state: State,
): Answer {
  const { thing: row, position } = outcome;
  const { orders, waitlist } = state;
  const joined = outcome.kind === kinds.joinWaitlist;
  const seats = joined ? [] : seatsOfOrder(state, row).map((seat) => seatWith(state, seat, 'booked'));
  const entry = joined ? row : orders.entry.get(row) - 1;
  // A place in line from before may belong to another person, whose id the caller named. All that
  // the caller is told of it is that it exists.
  const shown = entry < 0 || caller.isOperator || isOwnEntry(state, entry, position);
  const booking = {
    bookingId: joined ? null : orders.doorNumber.get(row),
    eventId,
    userId,
    numberOfSeats: quantity,
    bookedSeats: seats.length,
    seats,
    waitlisted: entry < 0 || !shown ? null : waitlisted(state, entry),
    created_at: formatTime(joined ? waitlist.createdAtMs.get(row) : orders.createdAtMs.get(row)),
  };
  return booked(booking, message(state, seats.length, quantity, entry, position, shown));
}

/**
 * Whether a place in line was taken by the call at a position. An answer from before there were
 * epochs told the place in any case, and is repeated as it was.
 */
function isOwnEntry({ waitlist, epochs }: State, entry: number, position: number): boolean {
  return waitlist.position.get(entry) === position || epochs.at(position) === null;
}

function message(
  { waitlist }: State,
  got: number,
  asked: number,
  entry: number,
  position: number,
  shown: boolean,
): string {
  if (entry < 0) return 'Seats booked successfully';
  const seats = got === 0 ? 'No seats left' : `Booked ${got} of ${asked} seats`;
  if (!shown) return `${seats}; on the waitlist already`;
  // A user who was in line before stays there, with the earlier quantity.
  return waitlist.position.get(entry) === position
    ? `${seats}; on the waitlist for ${waitlist.quantity.get(entry)}`
    : `${seats}; on the waitlist already, for ${waitlist.quantity.get(entry)}`;
}

/** A place in line, as it was taken. */
function waitlisted(state: State, entry: number): object {
  const { waitlist, genesis } = state;
  return {
    id: formatId('waitlist', genesis.cell, entry),
    userId: userIdOf(state, waitlist.customer.get(entry)),
    numberOfSeats: waitlist.quantity.get(entry),
    created_at: formatTime(waitlist.createdAtMs.get(entry)),
  };
}
