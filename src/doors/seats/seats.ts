/** /api/seats: the seats of events, one by one. What a status asks for is a command of its own. */
import type { SeatAddition, SeatChange } from '../../engine/commands/seats.ts';
import { kinds } from '../../engine/command.ts';
import { cancellationOf } from '../../engine/commands/cancellation.ts';
import { termsOf } from '../../engine/commands/holds.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { seatStates } from '../../engine/tables/seats.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { invalid, readId } from '../kit/input.ts';
import { AvailableSeats } from './available.ts';
import type { Context } from './context.ts';
import { answer, created, deleted, updated } from './context.ts';
import { noSuchRow } from '../kit/operation.ts';
import { missing } from './errors.ts';
import { changeIn, readFields } from './fields.ts';
import { seatsOfHold, seatsOfOrder, seatWith, statusAt } from './reallocated.ts';
import type { Seat, SeatStatus } from './input.ts';
import { readSeat, readSeatChange } from './input.ts';
import { list } from './lists.ts';
import type { RecordView } from './records.ts';
import { eventRow, events, seatRow, seats, show } from './records.ts';

/** Where the seats stand that this dialect makes: it knows no sections. */
const ownSection = 'Hall';
/** Of one seat, whether all others are gone does not matter. */
const notFree = { SOLD_OUT: 'Seat is booked, reserved or blocked' } as const;
/** What cannot be changed, but may well be blocked. */
const inUse = { SEAT_TAKEN: 'Seat is booked or reserved' } as const;

/** A seat as this dialect adds it. Rows with a low number are the good ones. */
export function seatAddition(row: number, number: number): SeatAddition & { readonly rank: number } {
  return { section: ownSection, row: String(row), number: String(number), rank: row };
}

export class Seats {
  private readonly context: Context;
  private readonly available: AvailableSeats;

  constructor(context: Context) {
    this.context = context;
    this.available = new AvailableSeats(context);
  }

  list(call: Call): Promise<Answer> {
    return list(this.context.state, seats, call);
  }

  /** An event that is not there has none. */
  listAvailable(call: Call): Answer | Promise<Answer> {
    const event = events.find(this.context.state, readId(call.param('eventId')));
    return event < 0 ? answer([]) : this.available.answer(call, event);
  }

  one(call: Call): Answer {
    const { state } = this.context;
    const row = seats.find(state, readId(call.param('id')));
    if (row < 0) throw missing();
    return answer(show(state, seats, row));
  }

  async create(call: Call): Promise<Answer> {
    const asked = readSeat(await readFields(call));
    const { context } = this;
    const event = eventRow(context.state, asked.eventId);
    const blocked = asked.status === 'blocked';
    context.command.reset(kinds.addSeats).body = {
      sale: event < 0 ? noSuchRow : event,
      seats: [{ ...seatAddition(asked.row, asked.number), blocked }],
    };
    const render = (outcome: Outcome): Answer => created(outcome, this.changed(outcome, asked.status));
    return context.submit(call, ['create seat', asked], render, { UNKNOWN_SALE: 'Event not found' });
  }

  async change(call: Call): Promise<Answer> {
    const body = await readFields(call);
    const { context } = this;
    const { state } = context;
    const id = readId(call.param('id'));
    const seat = seatRow(state, id);
    const asked = readSeatChange(changeIn(body, state, seats, id, seat));
    const moves = seat >= 0 && this.moves(seat, asked);
    const buys = asked.status === 'booked' || asked.status === 'reserved';
    if (!buys && !call.isOperator) throw new HttpFailure(problems.UNAUTHORIZED);
    if (seat >= 0 && asked.eventId !== undefined && asked.eventId !== this.eventOf(seat)) {
      throw invalid('A seat stays in its event: delete it there and create another');
    }
    const named = ['change seat', id, asked];
    const render = (outcome: Outcome): Answer => updated(outcome, this.rendered(outcome, id, asked.status));
    const otherwise = this.otherwise(seat, asked, moves);
    if (otherwise !== null) return context.submitNothing(call, named, render, otherwise);
    this.fill(seat, asked, moves, call.isOperator);
    if (context.command.kind === kinds.hold) context.shares?.limit(context.command, call, state.seats.sale.get(seat));
    return context.submit(call, named, render, context.command.kind === kinds.changeSeat ? inUse : notFree);
  }

  async remove(call: Call): Promise<Answer> {
    await call.readBytes();
    const { context } = this;
    const id = readId(call.param('id'));
    const seat = seatRow(context.state, id);
    const sale = seat < 0 ? noSuchRow : context.state.seats.sale.get(seat);
    context.command.reset(kinds.removeSeat).body = { sale, seat: seat < 0 ? noSuchRow : seat };
    return context.submit(call, ['delete seat', id], deleted, inUse);
  }

  /** Small id of a seat's event. */
  private eventOf(seat: number): number {
    const { sales, seats: table } = this.context.state;
    return sales.doorNumber.get(table.sale.get(seat));
  }

  /** Whether a change names another place than the seat has. */
  private moves(seat: number, { row, number }: Partial<Seat>): boolean {
    const { seats: table } = this.context.state;
    return (
      (row !== undefined && String(row) !== table.rowOf(seat)) ||
      (number !== undefined && String(number) !== table.number(seat))
    );
  }

  /** The answer to what the engine need not be asked; null where it has to be. */
  private otherwise(seat: number, { status }: Partial<Seat>, moves: boolean): (() => Answer) | null {
    const { state } = this.context;
    if (seat < 0) {
      return () => {
        throw missing();
      };
    }
    if (moves && (status === 'booked' || status === 'reserved')) {
      return () => {
        throw invalid(`Another place and the status ${status} are two changes: send one after the other`);
      };
    }
    if (moves || status !== undefined) return null;
    // It names the place that the seat has: nothing is to be done.
    return () => {
      if (seats.find(state, state.seats.doorNumber.get(seat)) < 0) throw missing();
      return updated(null, show(state, seats, seat));
    };
  }

  /** Fills the command that a change comes to as the seat is now. If it is otherwise by then, the engine refuses. */
  private fill(seat: number, asked: Partial<Seat>, moves: boolean, isOperator: boolean): void {
    const { state, command } = this.context;
    const { lines, orders, holds, seats: table } = state;
    const sale = table.sale.get(seat);
    const holder = table.holder.get(seat) - 1;
    const isSold = table.state.get(seat) === seatStates.sold;
    const isHeld = table.state.get(seat) === seatStates.held;
    // What was booked or reserved together does not end, nor is it bought, for one seat of it.
    const alone = (isSold && lines.quantity.get(holder) === 1) || (isHeld && holds.quantity.get(holder) === 1);
    if (moves || asked.status === 'blocked') {
      command.reset(kinds.changeSeat).body = this.changeOf(seat, asked);
    } else if (asked.status === 'booked' && isHeld && alone && isOperator) {
      command.reset(kinds.confirm).target = holder;
    } else if (asked.status === 'booked') {
      linesOf(command.reset(kinds.order)).addSeats(sale, [seat]);
    } else if (asked.status === 'reserved') {
      linesOf(command.reset(kinds.hold)).addSeats(sale, [seat]);
      termsOf(command).holdMs = state.sales.holdMs.get(sale);
    } else if (isHeld && alone) {
      command.reset(kinds.release).target = holder;
    } else if (isSold && alone) {
      const order = lines.order.get(holder);
      command.reset(kinds.cancel).target = order;
      cancellationOf(command).lines[0] = holder - orders.firstLine.get(order);
      cancellationOf(command).count = 1;
    } else {
      command.reset(kinds.changeSeat).body = { sale, seat, blocked: false };
    }
  }

  /** Another place, or to be blocked or not. */
  private changeOf(seat: number, { row, number, status }: Partial<Seat>): SeatChange {
    const { seats: table } = this.context.state;
    const own = table.section(seat) === ownSection;
    return {
      sale: table.sale.get(seat),
      seat,
      ...(row === undefined ? {} : { row: String(row), ...(own ? { rank: row } : {}) }),
      ...(number === undefined ? {} : { number: String(number) }),
      ...(status === undefined ? {} : { blocked: status === 'blocked' }),
    };
  }

  /** The seat as the change left it, by whichever command it came to. */
  private rendered(outcome: Outcome, id: number, asked: SeatStatus | undefined): RecordView {
    const { state } = this.context;
    const { kind, thing, position } = outcome;
    if (kind === kinds.changeSeat) return this.changed(outcome, asked);
    const byHold = kind === kinds.hold || kind === kinds.release;
    const named = byHold ? seatsOfHold(state, thing) : seatsOfOrder(state, thing);
    const seat = named.find((one) => state.seats.doorNumber.get(one) === id);
    if (seat === undefined) throw new Error(`seat ${id} is not in what was done for it`);
    if (kind === kinds.hold) return seatWith(state, seat, 'reserved');
    const returned = kind === kinds.release || kind === kinds.cancel;
    return seatWith(state, seat, returned ? statusAt(state, seat, position) : 'booked');
  }

  /** A seat that was made or changed: blocked, or for whoever waited for one. `asked`: what it was told to be. */
  private changed({ thing, position }: Outcome, asked: SeatStatus | undefined): RecordView {
    const { state } = this.context;
    const blocked = asked === undefined ? state.seats.madeState.get(thing) === seatStates.blocked : asked === 'blocked';
    return seatWith(state, thing, blocked ? 'blocked' : statusAt(state, thing, position));
  }
}
