/**
 * Cancels all bookings that an event had when the call came: those from before a position of the
 * log. A call that was cut short goes on where it stopped. It never cancels what was booked since.
 */
import { Command, kinds } from '../../engine/command.ts';
import { cancellationOf } from '../../engine/commands/cancellation.ts';
import type { OutcomeRow } from '../../engine/outcomes.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import { none } from '../../engine/tables/keys.ts';
import type { Answer } from '../../http/answer.ts';
import { HttpFailure } from '../../http/problems.ts';
import type { Node } from '../../node/node.ts';
import { noSuchRow } from '../kit/operation.ts';
import { booked } from './answers.ts';
import { linesOfOrder, reallocatedAt, shownReallocation } from './reallocated.ts';
import { eventRow } from './records.ts';

/** Cancellations in flight at a time. */
const batchOrders = 256;
/** Reallocations that one answer names. */
const maxNamed = 1000;

/** What the cancelling of all bookings came to. */
interface Returned {
  readonly bookings: number;
  readonly seats: number;
  /** Positions of the cancellations, in order. */
  readonly positions: readonly number[];
}

export class CancelAll {
  private readonly node: Node;
  private readonly command = new Command();

  constructor(node: Node) {
    this.node = node;
  }

  /** `position`: of the record that the call began with. @throws HttpFailure 503 */
  async cancel(eventId: number, position: number): Promise<Answer> {
    const { state } = this.node.engine;
    const event = eventRow(state, eventId);
    // The batch of that record is being applied; its other records come first.
    await Promise.resolve();
    await this.cancelBefore(event, position);
    const returned = returnedSince(state, event, position);
    const reallocated = returned.positions.flatMap((at) => reallocatedAt(state, event, at));
    const about = {
      eventId,
      bookingsCancelled: returned.bookings,
      seatsReturned: returned.seats,
      seatsReallocated: reallocated.reduce((sum, { seats }) => sum + seats.length, 0),
      reallocated: reallocated.slice(0, maxNamed).map((one) => shownReallocation(state, one)),
    };
    return booked(about, 'All bookings cancelled successfully');
  }

  /**
   * Cancels the standing lines of an event's orders from before a position.
   * @throws HttpFailure 503
   */
  private async cancelBefore(event: number, position: number): Promise<void> {
    for (;;) {
      const standing = standingBefore(this.node.engine.state, event, position);
      if (standing.length === 0) return;
      for (let at = 0; at < standing.length; at += batchOrders) {
        const batch = standing.slice(at, at + batchOrders).map((order) => this.cancelOrder(event, order));
        for (const row of await Promise.all(batch)) {
          // Another request may have cancelled it first.
          if (row.number >= 10 && row !== outcomes.ORDER_CANCELLED && row !== outcomes.LINE_CANCELLED) {
            throw new HttpFailure(row);
          }
        }
      }
    }
  }

  private async cancelOrder(event: number, order: number): Promise<OutcomeRow> {
    fillCancellation(this.command, this.node.engine.state, event, order);
    return this.node.submit(this.command, ({ row }) => row, undefined);
  }
}

/**
 * Fills the command that cancels an order's lines of an event. If the order has lines of other
 * sales, the command names lines: the standing ones of the event, or all of them, so that it is
 * refused.
 */
export function fillCancellation(command: Command, state: State, event: number, order: number): void {
  command.reset(kinds.cancel).target = order;
  if (order === noSuchRow) return;
  const { lines } = state;
  const all = linesOfOrder(state, order);
  const ours = all.filter((line) => lines.sale.get(line) === event);
  if (ours.length === all.length) return;
  const standing = ours.filter((line) => lines.cancelledAt.get(line) === 0);
  for (const line of standing.length > 0 ? standing : ours) cancellationOf(command).add(line - all[0]!);
}

/** Orders from before a position with a standing line of the event, oldest first. */
function standingBefore(state: State, event: number, position: number): number[] {
  const { lines } = state;
  const standing = new Set<number>();
  for (const line of linesBefore(state, event, position)) {
    if (lines.cancelledAt.get(line) === 0) standing.add(lines.order.get(line));
  }
  return [...standing].reverse();
}

/**
 * What orders from before a position have given back since. Once none stands, that is all they had.
 */
function returnedSince(state: State, event: number, position: number): Returned {
  const { lines } = state;
  const bookings = new Set<number>();
  const positions = new Set<number>();
  let seats = 0;
  for (const line of linesBefore(state, event, position)) {
    const cancelledAt = lines.cancelledAt.get(line);
    if (cancelledAt <= position) continue;
    bookings.add(lines.order.get(line));
    positions.add(cancelledAt);
    seats += lines.quantity.get(line);
  }
  return { bookings: bookings.size, seats, positions: [...positions].sort((one, other) => one - other) };
}

/** Lines of an event's orders from before a position, newest first. */
function* linesBefore({ sales, lines, orders }: State, event: number, position: number): Generator<number> {
  for (let line = sales.lastLine.get(event); line !== none; line = lines.previousOfSale.get(line)) {
    if (orders.position.get(lines.order.get(line)) < position) yield line;
  }
}
