import { changeKinds } from '../../../engine/changes.ts';
import type { State } from '../../../engine/state.ts';
import { seatStates } from '../../../engine/tables/seats.ts';
import { named, namesOf, sqlText } from '../cells.ts';
import type { Table } from '../table.ts';
import { changes, id, integer, kept, link, nullable, text } from '../table.ts';

const stateNames = namesOf(seatStates);

/**
 * A seat that is renamed or moved becomes a new row with the same number in its dialect; the old
 * row is removed.
 */
export const seats: Table = {
  name: 'seats',
  of: { count: (state) => state.seats.count, changes: [changeKinds.seat] },
  generated: ['label'],
  columns: [
    id,
    link(
      'sale_id',
      'sales',
      kept(({ seats }) => seats.sale, 'id'),
    ),
    text('section', ({ seats }, seat) => sqlText(seats.section(seat))),
    text('row', ({ seats }, seat) => sqlText(seats.rowOf(seat))),
    text('number', ({ seats }, seat) => sqlText(seats.number(seat))),
    /** In its row, from 1: seats whose places differ by one are neighbours. */
    integer(
      'place',
      kept(({ seats }) => seats.place),
    ),
    /** Rank of the seat, 0 best. */
    integer(
      'rank',
      kept(({ seats }) => seats.rank),
    ),
    integer(
      'accessible',
      kept(({ seats }) => seats.accessible),
    ),
    text('status', ({ seats }, seat) => named(stateNames, seats.state.get(seat)), changes),
    /** Not null exactly while it is held. */
    link('hold_id', 'holds', (state, seat) => holderOf(state, seat, seatStates.held), { ...nullable, ...changes }),
    /** Not null exactly while it is sold. */
    link('order_line_id', 'order_lines', (state, seat) => holderOf(state, seat, seatStates.sold), {
      ...nullable,
      ...changes,
    }),
    integer(
      'door_number',
      kept(({ seats }) => seats.doorNumber, 'unlessZero'),
      nullable,
    ),
    integer(
      'created_at_ms',
      kept(({ seats }) => seats.createdAtMs),
    ),
    /** Position of the last change. */
    integer(
      'changed_position',
      kept(({ seats }) => seats.changedAt),
      changes,
    ),
  ],
};

/** Its owner in this state: row + 1 of a hold or line. */
function holderOf({ seats }: State, seat: number, state: number): number | null {
  return seats.state.get(seat) === state ? seats.holder.get(seat) : null;
}
