/**
 * /api/seats: adds and removes the seats of events, one by one. Changes are in `seat-changes.ts`.
 */
import type { SeatAddition } from '../../engine/commands/seats.ts';
import { kinds } from '../../engine/command.ts';
import type { Operation } from '../kit/operation.ts';
import { noSuchRow, orNoSuchRow } from '../kit/operation.ts';
import { created, deleted } from './answers.ts';
import { fieldsOf, idIn } from './fields.ts';
import type { Seat } from './input.ts';
import { readSeat } from './input.ts';
import { setKey } from './keys.ts';
import { eventRow, seatRow } from './records.ts';
import { inUse, ownSection, seatAfter } from './seat-changes.ts';

/** A seat as this dialect adds it. A low row number is a good row. */
export function seatAddition(row: number, number: number): SeatAddition & { readonly rank: number } {
  return { section: ownSection, row: String(row), number: String(number), rank: row };
}

export const createSeat: Operation<Seat> = {
  read: (call, body) => readSeat(fieldsOf(call, body)),
  fill: ({ eventId, row, number, status }, state, command) => {
    command.reset(kinds.addSeats).body = {
      sale: orNoSuchRow(eventRow(state, eventId)),
      seats: [{ ...seatAddition(row, number), blocked: status === 'blocked' }],
    };
    return undefined;
  },
  keep: (key, asked, command) => setKey(command, key, ['create seat', asked]),
  words: () => ({ UNKNOWN_SALE: 'Event not found' }),
  answer: (outcome, { status }, state) => created(seatAfter(state, outcome, status)),
};

export const removeSeat: Operation<number> = {
  read: idIn,
  fill: (id, state, command) => {
    const seat = orNoSuchRow(seatRow(state, id));
    const sale = seat === noSuchRow ? noSuchRow : state.seats.sale.get(seat);
    command.reset(kinds.removeSeat).body = { sale, seat };
    return undefined;
  },
  keep: (key, id, command) => setKey(command, key, ['delete seat', id]),
  words: () => inUse,
  answer: deleted,
};
