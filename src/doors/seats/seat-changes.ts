/**
 * PUT /api/seats/:id. Each status asks for another command, depending on what the seat is now. If
 * the seat has changed by the time of the command, the engine refuses it.
 */
import type { SeatChange } from '../../engine/commands/seats.ts';
import type { Command } from '../../engine/command.ts';
import { kinds } from '../../engine/command.ts';
import { cancellationOf } from '../../engine/commands/cancellation.ts';
import { termsOf } from '../../engine/commands/holds.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { State } from '../../engine/state.ts';
import { seatStates } from '../../engine/tables/seats.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { invalid } from '../kit/input.ts';
import type { Caller, Instead, Operation } from '../kit/operation.ts';
import type { Shares } from '../kit/shares.ts';
import { updated } from './answers.ts';
import { noRecord } from './errors.ts';
import type { RecordChange } from './fields.ts';
import { changeIn, fieldsOf, idIn } from './fields.ts';
import type { Seat, SeatStatus } from './input.ts';
import { readSeatChange } from './input.ts';
import { setKey } from './keys.ts';
import { seatsOfHold, seatsOfOrder, seatWith, statusAt } from './reallocated.ts';
import type { RecordView } from './records.ts';
import { seatRow, seats, show } from './records.ts';

/** The section of seats that are made here: the dialect has no sections. */
export const ownSection = 'Hall';
/** Only this seat matters, not whether the whole event is sold out. */
const notFree = { SOLD_OUT: 'Seat is booked, reserved or blocked' } as const;
/** For changes that are allowed on a blocked seat. */
export const inUse = { SEAT_TAKEN: 'Seat is booked or reserved' } as const;

interface Asked extends RecordChange {
  readonly caller: Caller;
  /** What the body changes: set by `fill`, since that depends on the seat. */
  change: Partial<Seat>;
}

export function changeSeat(shares: Shares | null): Operation<Asked> {
  return {
    read: (call, body) => ({ body: fieldsOf(call, body), id: idIn(call), caller: call, change: {} }),
    fill: (asked, state, command) => {
      const { id, body, caller } = asked;
      const seat = seatRow(state, id);
      asked.change = readSeatChange(changeIn(body, state, seats, id, seat));
      const instead = fillChange(command, state, seat, asked.change, caller.isOperator);
      if (instead !== undefined) return instead;
      if (command.kind === kinds.hold) shares?.limit(command, caller, state.seats.sale.get(seat));
      return undefined;
    },
    keep: (key, { id, change }, command) => setKey(command, key, ['change seat', id, change]),
    words: (_, { kind }) => (kind === kinds.changeSeat ? inUse : notFree),
    answer: (outcome, { id, change }, state) => updated(changedSeat(state, outcome, id, change.status)),
  };
}

/**
 * Fills the command for a change, as the seat is now. Returns an answer where no command is needed.
 */
function fillChange(
  command: Command,
  state: State,
  seat: number,
  change: Partial<Seat>,
  isOperator: boolean,
): Instead | undefined {
  const { eventId, status } = change;
  const buys = status === 'booked' || status === 'reserved';
  if (!buys && !isOperator) throw new HttpFailure(problems.UNAUTHORIZED);
  command.reset(kinds.changeSeat);
  if (seat < 0) return noRecord();
  const { sales, seats: table } = state;
  if (eventId !== undefined && eventId !== sales.doorNumber.get(table.sale.get(seat))) {
    throw invalid('A seat stays in its event: delete it there and create another');
  }
  const moves = isElsewhere(state, seat, change);
  if (moves && buys) {
    return invalid(`Another place and the status ${status} are two changes: send one after the other`);
  }
  if (moves || status === 'blocked') command.body = placeChange(state, seat, change);
  else if (status === undefined) return unchanged(state, seat);
  else fillStatus(command, state, seat, status, isOperator);
  return undefined;
}

/** Whether a change names another place than the seat has. */
function isElsewhere({ seats: table }: State, seat: number, { row, number }: Partial<Seat>): boolean {
  return (
    (row !== undefined && String(row) !== table.rowOf(seat)) ||
    (number !== undefined && String(number) !== table.number(seat))
  );
}

/** The request names the place that the seat already has: nothing changes. */
function unchanged(state: State, seat: number): Instead {
  if (seats.find(state, state.seats.doorNumber.get(seat)) < 0) return noRecord();
  return updated(show(state, seats, seat));
}

function fillStatus(command: Command, state: State, seat: number, status: SeatStatus, isOperator: boolean): void {
  const { lines, orders, holds, seats: table } = state;
  const sale = table.sale.get(seat);
  const holder = table.holder.get(seat) - 1;
  const isSold = table.state.get(seat) === seatStates.sold;
  const isHeld = table.state.get(seat) === seatStates.held;
  // Seats that were booked or reserved together are not freed or confirmed one by one.
  const alone = (isSold && lines.quantity.get(holder) === 1) || (isHeld && holds.quantity.get(holder) === 1);
  if (status === 'booked' && isHeld && alone && isOperator) {
    command.reset(kinds.confirm).target = holder;
  } else if (status === 'booked') {
    linesOf(command.reset(kinds.order)).addSeats(sale, [seat]);
  } else if (status === 'reserved') {
    linesOf(command.reset(kinds.hold)).addSeats(sale, [seat]);
    termsOf(command).holdMs = state.sales.holdMs.get(sale);
  } else if (isHeld && alone) {
    command.reset(kinds.release).target = holder;
  } else if (isSold && alone) {
    const order = lines.order.get(holder);
    command.reset(kinds.cancel).target = order;
    cancellationOf(command).add(holder - orders.firstLine.get(order));
  } else {
    command.reset(kinds.changeSeat).body = { sale, seat, blocked: false };
  }
}

/** Another place, or blocked or unblocked. */
function placeChange({ seats: table }: State, seat: number, { row, number, status }: Partial<Seat>): SeatChange {
  const own = table.section(seat) === ownSection;
  return {
    sale: table.sale.get(seat),
    seat,
    ...(row === undefined ? {} : { row: String(row), ...(own ? { rank: row } : {}) }),
    ...(number === undefined ? {} : { number: String(number) }),
    ...(status === undefined ? {} : { blocked: status === 'blocked' }),
  };
}

/** The seat as the change left it, by the kind of command that it came to. */
function changedSeat(state: State, outcome: Outcome, id: number, asked: SeatStatus | undefined): RecordView {
  const { kind, thing, position } = outcome;
  if (kind === kinds.changeSeat) return seatAfter(state, outcome, asked);
  const byHold = kind === kinds.hold || kind === kinds.release;
  const named = byHold ? seatsOfHold(state, thing) : seatsOfOrder(state, thing);
  const seat = named.find((one) => state.seats.doorNumber.get(one) === id);
  if (seat === undefined) throw new Error(`seat ${id} is not in what was done for it`);
  if (kind === kinds.hold) return seatWith(state, seat, 'reserved');
  const returned = kind === kinds.release || kind === kinds.cancel;
  return seatWith(state, seat, returned ? statusAt(state, seat, position) : 'booked');
}

/**
 * A seat right after it was made or changed: blocked, available, or given to a waiting customer.
 * `asked`: the status that the request named.
 */
export function seatAfter(state: State, { thing, position }: Outcome, asked: SeatStatus | undefined): RecordView {
  const blocked = asked === undefined ? state.seats.madeState.get(thing) === seatStates.blocked : asked === 'blocked';
  return seatWith(state, thing, blocked ? 'blocked' : statusAt(state, thing, position));
}
