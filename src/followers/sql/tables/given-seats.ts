/**
 * Which seats a hold or line was given. The engine has no number for that: the n-th seat of one,
 * from 0, is row `512 * its row + n`. So rows ascend with their holds or lines, none is taken
 * twice, and each rebuild numbers them the same.
 */
import { maxSeats } from '../../../engine/commands/lines.ts';
import type { State } from '../../../engine/state.ts';
import type { Column, TableName } from '../table.ts';
import { id, link } from '../table.ts';

export function firstSeatOf(owner: number, quantity: number): number {
  if (quantity > maxSeats) throw new RangeError(`row ${owner} has more than ${maxSeats} seats`);
  return owner * maxSeats;
}

/** `listOf`: the list in `state.seats` that a hold's or line's seats are in. */
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
