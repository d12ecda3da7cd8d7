/** The engine's seats, and who was given which, as rows of the manifest; as `row-writers.ts` does with all else. */
import { seatStates } from '../../engine/tables/seats.ts';
import type { State } from '../../engine/state.ts';
import { columnsOf, named, namesOf, positiveOrNull, sqlText } from './cells.ts';
import type { FillableRows } from './row-batch.ts';
import { seatOf } from './schema.ts';

const seatStateNames = namesOf(seatStates);

export function fillSeats(state: State, rows: Uint32Array, into: FillableRows): void {
  const { seats } = state;
  const columns = columnsOf(into, 14);
  const [id, saleId, section, hallRow, number, place, rank, accessible, status, holdId, orderLineId] = columns;
  const [, , , , , , , , , , , doorNumber, createdAtMs, changedPosition] = columns;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!;
    const stateNumber = seats.state.get(row);
    const holder = seats.holder.get(row);
    id![at] = row + 1;
    saleId![at] = seats.sale.get(row) + 1;
    section![at] = sqlText(seats.section(row));
    hallRow![at] = sqlText(seats.rowOf(row));
    number![at] = sqlText(seats.number(row));
    place![at] = seats.place.get(row);
    rank![at] = seats.rank.get(row);
    accessible![at] = seats.accessible.get(row);
    status![at] = named(seatStateNames, stateNumber);
    holdId![at] = stateNumber === seatStates.held ? holder : null;
    orderLineId![at] = stateNumber === seatStates.sold ? holder : null;
    doorNumber![at] = positiveOrNull(seats.doorNumber.get(row));
    createdAtMs![at] = seats.createdAtMs.get(row);
    changedPosition![at] = seats.changedAt.get(row);
  }
  into.end(rows.length);
}

/** The seats of the holds from row `start` to before `end`: what a hold was given never changes. */
export function fillHoldSeats({ holds, seats }: State, start: number, end: number, into: FillableRows): void {
  // Where nobody was ever given a seat, there is no hold to look at.
  if (seats.listed === 0) return into.end(0);
  let at = 0;
  for (let row = start; row < end; row += 1) {
    const list = holds.seats.get(row);
    if (list > 0) at = fillList(seats, row, list, holds.quantity.get(row), at, into);
  }
  into.end(at);
}

/** The seats of the order lines from row `start` to before `end`. */
export function fillOrderLineSeats({ lines, seats }: State, start: number, end: number, into: FillableRows): void {
  if (seats.listed === 0) return into.end(0);
  let at = 0;
  for (let row = start; row < end; row += 1) {
    const list = lines.seats.get(row);
    if (list > 0) at = fillList(seats, row, list, lines.quantity.get(row), at, into);
  }
  into.end(at);
}

/** One row a seat of a hold's or line's list, from cell `at` on; returns the cell behind them. */
function fillList(
  seats: State['seats'],
  row: number,
  list: number,
  quantity: number,
  at: number,
  into: FillableRows,
): number {
  const [id, ownerId, seatId] = columnsOf(into, 3);
  for (let nth = 0; nth < quantity; nth += 1) {
    id![at + nth] = seatOf(row, nth);
    ownerId![at + nth] = row + 1;
    seatId![at + nth] = seats.listedSeat(list, nth) + 1;
  }
  return at + quantity;
}
