/** Events of the tickets dialect: sales of its namespace, by their ids in the native API. */
import type { SaleDefinition } from '../../engine/command.ts';
import { doors } from '../../engine/command.ts';
import type { State } from '../../engine/state.ts';
import { formatId, formatTime, parseId } from '../ids.ts';
import { countedSale } from '../sale-definition.ts';

/** Row of the newest event, or -1 while there is none. */
export function newestEvent(state: State): number {
  return state.sales.ofDoor[doors.tickets]?.at(-1) ?? -1;
}

/** Row of the event with an id, or -1. */
export function findEvent(state: State, id: string): number {
  const row = parseId('sale', state.genesis.cell, id);
  return row >= 0 && row < state.sales.count && state.sales.door.get(row) === doors.tickets ? row : -1;
}

export function eventCounts(
  state: State,
  row: number,
): { totalSeats: number; seatsSold: number; seatsRemaining: number } {
  const { sales } = state;
  return { totalSeats: sales.capacity.get(row), seatsSold: sales.sold.get(row), seatsRemaining: sales.available(row) };
}

export function eventView(state: State, row: number): Record<string, unknown> {
  const { sales } = state;
  return {
    id: formatId('sale', state.genesis.cell, row),
    name: sales.name[row],
    ...eventCounts(state, row),
    createdAt: formatTime(sales.createdAtMs.get(row)),
  };
}

/** An event as the dialect makes it: open at once, no price, no limits but the ten of a request. */
export function eventDefinition(name: string, totalSeats: number): SaleDefinition {
  return countedSale(name, totalSeats, doors.tickets);
}
