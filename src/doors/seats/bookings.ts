/** POST /api/events/book: the best seats there are, together if that can be. */
import { kinds } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { customerId } from '../../engine/tables/customers.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { formatId, formatTime } from '../kit/ids.ts';
import type { Context } from './context.ts';
import { booked } from './context.ts';
import { noSuchRow } from '../kit/operation.ts';
import { missing } from './errors.ts';
import { readFields } from './fields.ts';
import { seatsOfOrder, seatWith } from './reallocated.ts';
import type { Booking } from './input.ts';
import { readBooking } from './input.ts';
import { eventRow, userIdOf, userRow, users } from './records.ts';

const words = { UNKNOWN_SALE: 'Event not found' } as const;

export class Bookings {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  async book(call: Call): Promise<Answer> {
    const asked = readBooking(await readFields(call));
    const { context } = this;
    const { state, command } = context;
    const named = ['book', asked];
    const render = (outcome: Outcome): Answer => this.renderBooked(outcome, asked, call);
    if (asked.userId !== null && users.find(state, asked.userId) < 0) {
      return context.submitNothing(call, named, render, () => {
        throw missing('User not found');
      });
    }
    const event = eventRow(state, asked.eventId);
    linesOf(command.reset(kinds.order)).addBest(event < 0 ? noSuchRow : event, asked.quantity, 0, false, true);
    linesOf(command).partial = asked.partial;
    if (asked.userId !== null) command.setCustomer(this.customerOf(asked.userId));
    return context.submit(call, named, render, words);
  }

  /** The engine's id of a user that is there. */
  private customerOf(userId: number): string {
    const { state } = this.context;
    const id = customerId(state, userRow(state, userId) + 1);
    if (id === null) throw new Error(`user ${userId} has no id`);
    return id;
  }

  private renderBooked(outcome: Outcome, { eventId, userId, quantity }: Booking, call: Call): Answer {
    const { state } = this.context;
    const { thing: row, replayed } = outcome;
    const { orders, waitlist } = state;
    const joined = outcome.kind === kinds.joinWaitlist;
    const seats = joined ? [] : seatsOfOrder(state, row).map((seat) => seatWith(state, seat, 'booked'));
    const entry = joined ? row : orders.entry.get(row) - 1;
    // Who was in line before may be somebody else, whose id was named: of that place no more is told than that it is there.
    const shown = entry < 0 || this.maySee(entry, outcome, call);
    const booking = {
      bookingId: joined ? null : orders.doorNumber.get(row),
      eventId,
      userId,
      numberOfSeats: quantity,
      bookedSeats: seats.length,
      seats,
      waitlisted: entry < 0 || !shown ? null : this.waitlisted(entry),
      created_at: formatTime(joined ? waitlist.createdAtMs.get(row) : orders.createdAtMs.get(row)),
    };
    return booked(replayed, booking, this.message(seats.length, quantity, entry, outcome.position, shown));
  }

  /** Whether a place in line is the caller's: taken by this very call, or told by it before there were epochs; or the caller an operator. */
  private maySee(entry: number, { position }: Outcome, call: Call): boolean {
    const { waitlist, epochs } = this.context.state;
    return call.isOperator || waitlist.position.get(entry) === position || epochs.at(position) === null;
  }

  private message(got: number, asked: number, entry: number, position: number, shown: boolean): string {
    if (entry < 0) return 'Seats booked successfully';
    const { waitlist } = this.context.state;
    const seats = got === 0 ? 'No seats left' : `Booked ${got} of ${asked} seats`;
    if (!shown) return `${seats}; on the waitlist already`;
    // Who was in line before stays there, for what they asked for then.
    return waitlist.position.get(entry) === position
      ? `${seats}; on the waitlist for ${waitlist.quantity.get(entry)}`
      : `${seats}; on the waitlist already, for ${waitlist.quantity.get(entry)}`;
  }

  /** A place in line, as it was taken. */
  private waitlisted(entry: number): object {
    const { state } = this.context;
    const { waitlist, genesis } = state;
    return {
      id: formatId('waitlist', genesis.cell, entry),
      userId: userIdOf(state, waitlist.customer.get(entry)),
      numberOfSeats: waitlist.quantity.get(entry),
      created_at: formatTime(waitlist.createdAtMs.get(entry)),
    };
  }
}
