/** DELETE /api/events/book: bookings back again, one or all of an event; what they had goes to who waits. */
import { doors, kinds } from '../../engine/command.ts';
import { cancellationOf } from '../../engine/commands/cancellation.ts';
import { none } from '../../engine/tables/keys.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { OutcomeRow } from '../../engine/outcomes.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure } from '../../http/problems.ts';
import type { Context } from './context.ts';
import { booked } from './context.ts';
import { noSuchRow } from '../kit/operation.ts';
import { readFields } from './fields.ts';
import type { Reallocation } from './reallocated.ts';
import { linesOfOrder, reallocatedAt, seatsOfLine, seatWith, statusAt } from './reallocated.ts';
import { readCancelling } from './input.ts';
import { eventRow, events } from './records.ts';

/** Cancellations on their way at a time. */
const batchOrders = 256;
/** Of those who were given seats by one call, how many its answer names. */
const mostNamed = 1000;

const eventMissing = 'Event not found';

/** What the cancelling of all bookings came to. */
interface Returned {
  readonly bookings: number;
  readonly seats: number;
  /** Positions of the cancellations, in order. */
  readonly positions: readonly number[];
}

export class Cancellations {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  async cancel(call: Call): Promise<Answer> {
    const { eventId, bookingId } = readCancelling(await readFields(call));
    return bookingId === null ? this.cancelAll(call, eventId) : this.cancelOne(call, eventId, bookingId);
  }

  private cancelOne(call: Call, eventId: number, bookingId: number): Answer | Promise<Answer> {
    const { context } = this;
    const { state, command } = context;
    const event = eventRow(state, eventId);
    const gone = events.find(state, eventId) < 0;
    const order = gone ? noSuchRow : this.findOrder(event, bookingId);
    command.reset(kinds.cancel).target = order;
    if (order !== noSuchRow) this.nameLines(event, order);
    const render = (outcome: Outcome): Answer => {
      const { thing, position, replayed } = outcome;
      const returned = this.returnedBy(event, thing, position);
      const about = {
        eventId,
        bookingId,
        seatsReturned: returned.length,
        seats: returned.map((seat) => seatWith(state, seat, statusAt(state, seat, position))),
        reallocated: reallocatedAt(state, event, position).map((given) => this.named(given)),
      };
      return booked(replayed, about, 'Booking cancelled successfully');
    };
    return context.submit(call, ['cancel', eventId, bookingId], render, gone ? { UNKNOWN_ORDER: eventMissing } : {});
  }

  /** Row of a booking of an event, or noSuchRow. */
  private findOrder(event: number, bookingId: number): number {
    const { state } = this.context;
    const order = state.orders.namespaces.row(doors.seats, bookingId);
    const ofEvent = order >= 0 && linesOfOrder(state, order).some((line) => state.lines.sale.get(line) === event);
    return ofEvent ? order : noSuchRow;
  }

  /** Where an order has lines of other sales, those of the event are cancelled by name: the standing ones, or all for the refusal. */
  private nameLines(event: number, order: number): void {
    const { state, command } = this.context;
    const { lines } = state;
    const all = linesOfOrder(state, order);
    const ours = all.filter((line) => lines.sale.get(line) === event);
    if (ours.length === all.length) return;
    const standing = ours.filter((line) => lines.cancelledAt.get(line) === 0);
    for (const line of standing.length > 0 ? standing : ours) {
      cancellationOf(command).lines[cancellationOf(command).count] = line - all[0]!;
      cancellationOf(command).count += 1;
    }
  }

  /** Seats of an event that an order gave back at a position. */
  private returnedBy(event: number, order: number, position: number): number[] {
    const { state } = this.context;
    const { lines } = state;
    const returned = linesOfOrder(state, order).filter(
      (line) => lines.sale.get(line) === event && lines.cancelledAt.get(line) === position,
    );
    return returned.flatMap((line) => seatsOfLine(state, line));
  }

  private named({ status, bookingId, userId, seats }: Reallocation): object {
    const { doorNumber } = this.context.state.seats;
    return { status, bookingId, userId, seats: seats.map((seat) => doorNumber.get(seat)) };
  }

  /**
   * All bookings that the event had when the call came. A change of nothing comes first: its place in the log says which those are,
   * and the key is its. So a call that was cut short goes on where it was, and never takes away what was booked since.
   */
  private async cancelAll(call: Call, eventId: number): Promise<Answer> {
    const { context } = this;
    const event = eventRow(context.state, eventId);
    context.command.reset(kinds.updateSale).body = { sale: event < 0 ? noSuchRow : event };
    const begin = ({ position, replayed }: Outcome): { position: number; replayed: boolean } => ({
      position,
      replayed,
    });
    const begun = await context.submit(call, ['cancel all', eventId], begin, { UNKNOWN_SALE: eventMissing });
    if ('body' in begun) return begun;
    await this.cancelBefore(event, begun.position);
    const returned = this.returnedSince(event, begun.position);
    const given = returned.positions.flatMap((position) => reallocatedAt(context.state, event, position));
    const about = {
      eventId,
      bookingsCancelled: returned.bookings,
      seatsReturned: returned.seats,
      seatsReallocated: given.reduce((sum, { seats }) => sum + seats.length, 0),
      reallocated: given.slice(0, mostNamed).map((one) => this.named(one)),
    };
    return booked(begun.replayed, about, 'All bookings cancelled successfully');
  }

  /** Cancels what stands of an event's orders from before a position. @throws HttpFailure 503 */
  private async cancelBefore(event: number, position: number): Promise<void> {
    for (;;) {
      const standing = this.standingBefore(event, position);
      if (standing.length === 0) return;
      for (let at = 0; at < standing.length; at += batchOrders) {
        const batch = standing.slice(at, at + batchOrders).map((order) => this.cancelOrder(event, order));
        for (const row of await Promise.all(batch)) {
          // Somebody else may have cancelled it: then there is nothing left to do.
          if (row.number >= 10 && row !== outcomes.ORDER_CANCELLED && row !== outcomes.LINE_CANCELLED) {
            throw new HttpFailure(row);
          }
        }
      }
    }
  }

  private async cancelOrder(event: number, order: number): Promise<OutcomeRow> {
    const { node, command } = this.context;
    command.reset(kinds.cancel).target = order;
    this.nameLines(event, order);
    return node.submit(command, ({ row }) => row, undefined);
  }

  /** Orders from before a position of which a line of the event stands, oldest first. */
  private standingBefore(event: number, position: number): number[] {
    const { lines } = this.context.state;
    const standing = new Set<number>();
    for (const line of this.linesBefore(event, position)) {
      if (lines.cancelledAt.get(line) === 0) standing.add(lines.order.get(line));
    }
    return [...standing].reverse();
  }

  /** What orders from before a position have given back since: all that they had, once none stands. */
  private returnedSince(event: number, position: number): Returned {
    const { lines } = this.context.state;
    const bookings = new Set<number>();
    const positions = new Set<number>();
    let seats = 0;
    for (const line of this.linesBefore(event, position)) {
      const cancelledAt = lines.cancelledAt.get(line);
      if (cancelledAt <= position) continue;
      bookings.add(lines.order.get(line));
      positions.add(cancelledAt);
      seats += lines.quantity.get(line);
    }
    return { bookings: bookings.size, seats, positions: [...positions].sort((one, other) => one - other) };
  }

  /** Lines of an event's orders from before a position, newest first. */
  private *linesBefore(event: number, position: number): Generator<number> {
    const { sales, lines, orders } = this.context.state;
    for (let line = sales.lastLine.get(event); line !== none; line = lines.previousOfSale.get(line)) {
      if (orders.position.get(lines.order.get(line)) < position) yield line;
    }
  }
}
