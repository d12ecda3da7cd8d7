/**
 * PUT /api/seats/:id: what a status asks for is a command of its own, depending on what the seat is
 * now. If it is otherwise by the time of the command, the engine refuses.
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
import type { Call } from '../../http/call.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { invalid } from '../kit/input.ts';
import type { Instead, Operation } from '../kit/operation.ts';
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

/** Where the seats stand that this dialect makes: it knows no sections. */
export const ownSection = 'Hall';
/** Of one seat, whether all others are gone does not matter. */
const notFree = { SOLD_OUT: 'Seat is booked, reserved or blocked' } as const;
/** What cannot be changed, but may well be blocked. */
export const inUse = { SEAT_TAKEN: 'Seat is booked or reserved' } as const;

interface Asked extends RecordChange {
  readonly caller: Pick<Call, 'isOperator' | 'client'>;
  /** What the body names. Filled in with the command: a column without a value names nothing. */
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
 * Fills the command that a change comes to as the seat is now; returns an answer where there is
 * nothing to do.
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

/** It names the place that the seat has: nothing is to be done. */
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
  // What was booked or reserved together does not end, nor is it bought, for one seat of it.
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

/** Another place, or to be blocked or not. */
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

/** The seat as the change left it, by whichever command it came to. */
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
 * A seat that was made or changed: blocked, or for whoever waited for one. `asked`: what it was
 * told to be.
 */
export function seatAfter(state: State, { thing, position }: Outcome, asked: SeatStatus | undefined): RecordView {
  const blocked = asked === undefined ? state.seats.madeState.get(thing) === seatStates.blocked : asked === 'blocked';
  return seatWith(state, thing, blocked ? 'blocked' : statusAt(state, thing, position));
}
