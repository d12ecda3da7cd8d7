/**
 * DELETE /api/events/book: cancels one booking, or all of an event. The seats go to the waitlist
 * first.
 */
import { doors, kinds } from '../../engine/command.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Node } from '../../node/node.ts';
import type { Operation } from '../kit/operation.ts';
import { noSuchRow, orNoSuchRow } from '../kit/operation.ts';
import { booked } from './answers.ts';
import { CancelAll, fillCancellation } from './cancel-all.ts';
import { fieldsOf } from './fields.ts';
import type { Cancelling } from './input.ts';
import { readCancelling } from './input.ts';
import { setKey } from './keys.ts';
import { linesOfOrder, reallocatedAt, seatsOfLine, seatWith, shownReallocation, statusAt } from './reallocated.ts';
import { eventRow, events } from './records.ts';

const eventMissing = 'Event not found';

/**
 * One booking takes one command. Cancelling all begins with a change of nothing, which carries the
 * key: its position says which bookings are meant (`cancel-all.ts`).
 */
export function cancelBookings(node: Node): Operation<Cancelling> {
  const all = new CancelAll(node);
  return {
    read: (call, body) => readCancelling(fieldsOf(call, body)),
    fill: ({ eventId, bookingId }, state, command) => {
      const event = eventRow(state, eventId);
      if (bookingId === null) {
        command.reset(kinds.updateSale).body = { sale: orNoSuchRow(event) };
        return undefined;
      }
      const order = events.find(state, eventId) < 0 ? noSuchRow : findOrder(state, event, bookingId);
      fillCancellation(command, state, event, order);
      return undefined;
    },
    keep: (key, { eventId, bookingId }, command) =>
      setKey(command, key, bookingId === null ? ['cancel all', eventId] : ['cancel', eventId, bookingId]),
    words: ({ eventId }, _, state) => ({
      UNKNOWN_SALE: eventMissing,
      ...(events.find(state, eventId) < 0 ? { UNKNOWN_ORDER: eventMissing } : {}),
    }),
    answer: (outcome, { eventId, bookingId }, state) =>
      bookingId === null ? all.cancel(eventId, outcome.position) : cancelledOne(outcome, eventId, bookingId, state),
  };
}

/** Row of a booking of an event, or `noSuchRow`. */
function findOrder(state: State, event: number, bookingId: number): number {
  const order = state.orders.namespaces.row(doors.seats, bookingId);
  const ofEvent = order >= 0 && linesOfOrder(state, order).some((line) => state.lines.sale.get(line) === event);
  return ofEvent ? order : noSuchRow;
}

function cancelledOne({ thing, position }: Outcome, eventId: number, bookingId: number, state: State): Answer {
  const event = eventRow(state, eventId);
  const returned = returnedBy(state, event, thing, position);
  const about = {
    eventId,
    bookingId,
    seatsReturned: returned.length,
    seats: returned.map((seat) => seatWith(state, seat, statusAt(state, seat, position))),
    reallocated: reallocatedAt(state, event, position).map((one) => shownReallocation(state, one)),
  };
  return booked(about, 'Booking cancelled successfully');
}

/** Seats of an event that an order gave back at a position. */
function returnedBy(state: State, event: number, order: number, position: number): number[] {
  const { lines } = state;
  const returned = linesOfOrder(state, order).filter(
    (line) => lines.sale.get(line) === event && lines.cancelledAt.get(line) === position,
  );
  return returned.flatMap((line) => seatsOfLine(state, line));
}
