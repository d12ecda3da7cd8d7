/**
 * Which seats a hold or line was given. The engine does not number these. The n-th seat, from 0,
 * has row `512 * row of the hold or line + n`. So rows ascend with their holds or lines, are
 * unique, and are the same in every rebuild.
 */
import { maxSeats } from '../../../engine/commands/lines.ts';
import type { State } from '../../../engine/state.ts';
import type { Column, TableName } from '../table.ts';
import { id, link } from '../table.ts';

export function firstSeatOf(owner: number, quantity: number): number {
  if (quantity > maxSeats) throw new RangeError(`row ${owner} has more than ${maxSeats} seats`);
  return owner * maxSeats;
}

/** `listOf`: the list in `state.seats` with the seats of a hold or line. */
export function seatColumns(
  name: string,
  table: TableName,
  listOf: (state: State, owner: number) => number,
): readonly Column[] {
  const ownerOf = (row: number): number => Math.floor(row / maxSeats);
  return [
    id,
    link(name, table, (_, row) => ownerOf(row) + 1),
    link('seat_id', 'seats', (state, row) => state.seats.listedSeat(listOf(state, ownerOf(row)), row % maxSeats) + 1),
  ];
}
